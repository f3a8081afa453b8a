"""Measures of a picture's ink: how thick, how slanted, how wide. NumPy only."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats

# In the order of the columns of `measure`. All but the loop in pixels, or pixels a pixel.
NAMES = ("thickness", "slant", "width", "height", "loop", "position across", "position down")
# Ink from here on closes a loop.
_CLOSED = 0.35


def measure(pictures: Floats) -> NDArray[np.float64]:
    """(N, 7) measures of N pictures (N, rows, columns) in [0, 1], ink is 1; of a blank picture 0.

    - thickness: of the stroke, pixels: its area over half the length of its outline.
    - slant: by how many pixels a row leans to the right for each pixel further up.
    - width, height: four standard deviations of the ink, the slant taken out of the width.
    - loop: part of the ink's box that is paper closed in by ink.
    - position: of the ink's centre, pixels right of and below the picture's.
    """
    ink = pictures.astype(np.float64)
    _, rows, columns = ink.shape
    x, y = np.arange(columns) - (columns - 1) / 2, np.arange(rows) - (rows - 1) / 2
    mass = np.maximum(ink.sum((1, 2)), 1e-9)
    across, down = (ink.sum(1) @ x) / mass, (ink.sum(2) @ y) / mass
    dx, dy = x[None] - across[:, None], y[None] - down[:, None]
    xx = (ink.sum(1) * dx**2).sum(1) / mass
    yy = (ink.sum(2) * dy**2).sum(1) / mass
    xy = np.einsum("nrc,nc,nr->n", ink, dx, dy) / mass
    slant = -xy / np.maximum(yy, 1e-9)
    upright = np.maximum(xx - xy**2 / np.maximum(yy, 1e-9), 0)
    measured = np.stack(
        [_thickness(ink), slant, 4 * np.sqrt(upright), 4 * np.sqrt(yy), _loops(pictures), across, down], -1
    )
    return np.where(ink.sum((1, 2))[:, None] > 1e-6, measured, 0.0)


def _thickness(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down = (padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]) / 2
    across = (padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]) / 2
    # The slope of an edge, summed across it, is its height: 1. Summed along it too: the outline's length.
    outline = np.hypot(down, across).sum((1, 2))
    return 2 * ink.sum((1, 2)) / np.maximum(outline, 1e-9)


def _loops(pictures: Floats) -> NDArray[np.float64]:
    """Part of the ink's box that paper fills which cannot be reached from outside."""
    ink = pictures > _CLOSED
    paper = ~np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    reached = np.zeros_like(paper)
    reached[:, [0, -1]] = reached[:, :, [0, -1]] = True
    # From place to place beside it, in all pictures at once: one by one, 144 of them took a quarter of a second.
    before = -1
    while (now := int(reached.sum())) != before:
        before = now
        for near, far in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[:, :, 1:], np.s_[:, :, :-1])):
            reached[near] |= reached[far] & paper[near]
            reached[far] |= reached[near] & paper[far]
    boxes = _span(ink, 2) * _span(ink, 1)
    return (paper & ~reached).sum((1, 2)) / np.maximum(boxes, 1)


def _span(ink: NDArray[np.bool_], over: int) -> NDArray[np.float64]:
    """From the first to the last line with ink, (N,); 0 where none has. Lines lie along axis `over`."""
    taken = np.asarray(ink.any(over))
    last = taken.shape[1] - taken[:, ::-1].argmax(1)
    return np.where(taken.any(1), last - taken.argmax(1), 0).astype(np.float64)
