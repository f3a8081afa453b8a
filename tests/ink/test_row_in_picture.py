"""A number in chalk or pencil, which leave grains, is cut between its digits and not between its grains."""

import numpy as np
import pytest
from scipy import ndimage

from capsdraw.datasets.non_digits import several
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.row_in_picture import row_in
from capsdraw.ink.strokes import Drawing, Stroke


def number(digits: tuple[int, ...], seed: int = 4) -> Raster:
    """Its ink, 120 pixels high, by a pen of 9."""
    strokes = several(np.random.default_rng(seed), digits=digits).strokes
    points = np.concatenate([stroke.points for stroke in strokes])
    low, high = points.min(0), points.max(0)
    scale = 120 / (high - low)[1]
    rows, columns = ((high - low) * scale + 40).astype(int)[::-1].tolist()
    return render(
        Drawing(tuple(Stroke((stroke.points - low) * scale + 20, 9) for stroke in strokes)), (rows, columns), 9
    )


def grained(ink: Raster, size: float) -> Raster:
    """Its ink where a rough board took it: about half."""
    rough = ndimage.gaussian_filter(np.random.default_rng(1).random(ink.shape), size)
    return (ink * (rough > np.median(rough))).astype(np.float32)


def dashed(ink: Raster, gap: int) -> Raster:
    """Its ink with so many pixels missing in every twenty, along both diagonals."""
    rows, columns = np.indices(ink.shape)
    return (ink * ((rows + columns) % 20 >= gap)).astype(np.float32)


@pytest.mark.parametrize("spoilt", ["plain", "chalk", "pencil"])
@pytest.mark.parametrize("digits", [(4, 2), (3, 8, 1), (1, 0, 7, 5)], ids=str)
def test_grains_make_no_slices_of_their_own(digits: tuple[int, ...], spoilt: str) -> None:
    ink = number(digits)
    row = row_in({"plain": ink, "chalk": grained(ink, 1.2), "pencil": dashed(ink, 6)}[spoilt])
    plain = row_in(ink)
    assert row is not None
    assert plain is not None
    # A wide digit has seams of its own; what begins a piece has none.
    assert sum(not each.seam for each in row.slices) == len(digits)
    begins = [each.edges[0] for each in row.slices if not each.seam]
    assert begins == pytest.approx([each.edges[0] for each in plain.slices if not each.seam], abs=6)


def test_no_ink_is_no_row() -> None:
    assert row_in(np.zeros((40, 90), np.float32)) is None
