"""A number in chalk or pencil, which leave grains, is cut between its digits and not between its grains."""

import itertools

import numpy as np
import pytest
from scipy import ndimage

from capsdraw.datasets.non_digits import several
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.row_in_picture import row_in
from capsdraw.ink.slices import Row
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


def beginnings(row: Row | None) -> list[float]:
    """Where pieces begin: what is cut off a wide digit has a seam."""
    assert row is not None
    return [each.edges[0] for each in row.slices if not each.seam]


@pytest.mark.parametrize("spoilt", ["chalk", "pencil"])
def test_of_a_long_number_in_chalk_no_digit_is_left_out(spoilt: str) -> None:
    """The six likeliest pieces were its digits: 561415572 was read as 564572."""
    ink = number((1, 4, 2, 7, 1, 0, 3, 7))
    plain, row = row_in(ink), row_in(grained(ink, 1.2) if spoilt == "chalk" else dashed(ink, 6))
    assert row is not None
    assert plain is not None
    assert plain.ink is not None
    assert row.ink is not None
    first, last = row.ink.left, row.ink.left + row.ink.ink.shape[1]
    assert (first, last) == pytest.approx((plain.ink.left, plain.ink.left + plain.ink.ink.shape[1]), abs=6)
    for left, right in itertools.pairwise([*beginnings(plain), last]):
        assert row.ink.ink[:, int(left) - first : int(right) - first].max() > 0.5


def test_broad_chalk_makes_digits_too() -> None:
    """After the first piece only lines of a pen were digits."""
    ink = np.zeros((120, 330), np.float32)
    for left in (20, 120, 220):
        ink[20:100, left : left + 60] = 1
    ink[50:53] = 0
    row = row_in(ink)
    assert row is not None
    assert row.ink is not None
    assert row.ink.ink.shape[1] == pytest.approx(260, abs=4)


def test_on_a_sheet_far_higher_than_a_number_its_pieces_are_no_grains() -> None:
    """Where strokes lie over a picture, all of the canvas was taken for a digit's height, and gaps were closed."""
    ink = number((4, 2))
    clear = np.flatnonzero(~ink[:, 20:-20].any(0)) + 20
    near = np.delete(ink, clear[6:], axis=1)
    sheet = np.pad(near, ((450, 200), (0, 0)))
    begins = beginnings(row_in(sheet, (slice(0, sheet.shape[0]), slice(0, sheet.shape[1]))))
    assert len(begins) == 2
    assert begins == beginnings(row_in(near))


def test_a_dot_far_away_is_none_of_the_row_and_one_beside_it_is() -> None:
    ink = np.pad(number((3, 8, 1)), ((300, 0), (0, 0)))
    alone = row_in(ink)
    assert alone is not None
    spotted = ink.copy()
    spotted[4:24, 8:28] = 1
    row = row_in(spotted)
    assert row is not None
    assert [each.edges for each in row.slices] == [each.edges for each in alone.slices]
    bottom = max(each.edges[3] for each in alone.slices)
    beside = ink.copy()
    beside[int(bottom) - 20 : int(bottom), :18] = 1
    pointed = row_in(beside)
    assert pointed is not None
    assert min(each.edges[0] for each in pointed.slices) < min(each.edges[0] for each in alone.slices)


def test_digits_that_reach_the_border_belong_to_the_row_and_a_shadow_there_does_not() -> None:
    """Of a picture cropped to its number the first and the last digit were left out: 51458 was read as 145."""
    ink = number((4, 7, 2))
    down, across = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    tight = ink[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    begins = beginnings(row_in(ink))
    middle = slice(0, tight.shape[0]), slice(int(begins[1] - across[0]) - 2, int(begins[2] - across[0]) - 2)
    row = row_in(tight, middle, beyond=True)
    assert beginnings(row) == pytest.approx([each - across[0] for each in begins], abs=2)
    shadowed = np.pad(tight, ((0, 0), (0, 60)))
    shadowed[30:110, -40:] = 1
    shaded = row_in(shadowed, middle, beyond=True)
    assert beginnings(shaded) == beginnings(row)


def test_no_ink_is_no_row() -> None:
    assert row_in(np.zeros((40, 90), np.float32)) is None
