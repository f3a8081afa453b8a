"""Large arrays whose images lie across them, as MATLAB writes them, put in order without memory for a second copy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Bytes from which on there may be no room for an array twice; what is less is copied.
_LARGE = 1 << 27
# A part of all columns, and so many images, are moved at once.
_STRIPES, _BLOCK = 12, 1024


def image_after_image(images: NDArray[Any]) -> NDArray[Any]:
    """The same array (N, …) with each image's pixels one behind the other.

    Args:
        images: in any order in memory; a large one is put in order where it lies, and not to be used afterwards.
    """
    fits = images.nbytes >= _LARGE and images.flags.writeable and not images.flags.c_contiguous
    if fits and images.ndim == 2 and images.flags.f_contiguous:
        return _transposed(images.T)
    if fits and images.strides[0] == images[0].nbytes and images.base is not None and _is_whole(images):
        return _each_in_order(images)
    return np.ascontiguousarray(images)


def _is_whole(images: NDArray[Any]) -> bool:
    """Whether all axes but the first lie in the reverse order, and without gaps."""
    return images.ndim > 2 and images[0].flags.f_contiguous


def _each_in_order(images: NDArray[Any]) -> NDArray[Any]:
    """Images that lie one behind the other, each with its axes in reverse."""
    # In memory (N, …) in the reverse order of an image's axes.
    stored = images.transpose(0, *range(images.ndim - 1, 0, -1))
    ordered = stored.reshape(images.shape)
    for first in range(0, len(images), _BLOCK):
        block = slice(first, first + _BLOCK)
        ordered[block] = images[block].copy()
    return ordered


def _transposed(stored: NDArray[Any]) -> NDArray[Any]:
    """(M, N) as (N, M) in the same memory, for M much smaller than N."""
    rows, columns = stored.shape
    if columns < rows:
        return np.ascontiguousarray(stored.T)
    squares, left = divmod(columns, rows)
    flat, whole = stored.reshape(-1), squares * rows
    last = stored[:, whole:].T.copy()
    # The rows without their last columns, so that squares fit.
    for row in range(1, rows):
        flat[row * whole : (row + 1) * whole] = flat[row * columns : row * columns + whole].copy()
    pieces = flat[: rows * whole].reshape(-1, rows)
    # Of each row, its piece in the first square first; then of each square, its rows.
    order = np.arange(rows * squares).reshape(rows, squares).T.reshape(-1)
    width = max(1, rows // _STRIPES)
    for column in range(0, rows, width):
        stripe = slice(column, column + width)
        pieces[:, stripe] = pieces[order, stripe]
    for square in pieces.reshape(squares, rows, rows):
        square[:] = square.T.copy()
    ordered = flat.reshape(columns, rows)
    ordered[columns - left :] = last
    return ordered
