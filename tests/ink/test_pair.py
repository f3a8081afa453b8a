"""What a net of pairs sees of a drawing in two inks, and of a picture."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.ink import intake, strokes
from capsdraw.ink.normalize import digit_from_drawing
from capsdraw.ink.pair import pair_from_drawing, parts_from_drawing
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke, stroke

SHAPE = (36, 36, 1)


def bar(x: float, top: float, bottom: float, ink: int = 0, width: float | None = None) -> Stroke:
    return replace(stroke([[x, top], [x, bottom]], width), ink=ink)


def box(picture: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(picture.max(1) > 0.1), np.flatnonzero(picture.max(0) > 0.1)
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def test_the_larger_digit_is_twenty_pixels_large_and_the_middle_of_both_in_the_middle() -> None:
    parts = parts_from_drawing(Drawing((bar(100, 0, 200), bar(140, 50, 150, ink=1))), 36)
    top, left, bottom, right = box(parts[0])
    assert bottom - top == 20
    assert (top, bottom) == (8, 28)
    other = box(parts[1])
    assert other[2] - other[0] == pytest.approx(11, abs=1)  # half as long, and as thick
    assert (left + right + other[1] + other[3]) / 4 == pytest.approx(18, abs=0.6)


def test_nets_do_not_see_which_ink_it_was() -> None:
    one = Drawing((bar(100, 0, 200), bar(140, 0, 200, ink=1)))
    other = Drawing((bar(100, 0, 200, ink=1), bar(140, 0, 200)))
    assert np.array_equal(pair_from_drawing(one, 36), pair_from_drawing(other, 36))
    assert digit_from_drawing(one).tolist() == digit_from_drawing(other).tolist()


def test_ink_adds_up_where_both_have_some_and_is_never_more_than_full() -> None:
    crossed = Drawing((bar(100, 0, 200), replace(stroke([[0, 100], [200, 100]]), ink=1)))
    parts, seen = parts_from_drawing(crossed, 36), pair_from_drawing(crossed, 36)
    assert seen.max() == 1.0
    assert np.array_equal(seen, np.minimum(parts.sum(0), 1))


def test_digits_far_apart_stay_in_the_picture() -> None:
    seen = pair_from_drawing(Drawing((bar(0, 0, 100), bar(900, 0, 100, ink=1))), 36)
    top, left, bottom, right = box(seen)
    assert left >= 0
    assert right <= 36
    assert right - left > 28
    assert 0 < top < bottom < 36


def test_one_digit_alone_is_as_large_as_any_other_and_a_dot_is_a_dot() -> None:
    top, _, bottom, _ = box(pair_from_drawing(Drawing((bar(5, 0, 3),)), 36))
    assert bottom - top == 20
    dot = pair_from_drawing(Drawing((stroke([[5, 5]], 24),)), 36)
    assert 3 < dot.sum() < 8
    with pytest.raises(CapsDrawError, match="empty"):
        pair_from_drawing(Drawing(), 36)


@pytest.mark.parametrize("dark_on_light", [False, True])
def test_a_picture_made_as_multimnist_s_is_taken_as_it_is(tmp_path, dark_on_light: bool) -> None:
    seen = pair_from_drawing(Drawing((bar(100, 0, 200), bar(140, 50, 150, ink=1))), 36)
    pixels = np.rint(seen * 255).astype(np.uint8)
    Image.fromarray(255 - pixels if dark_on_light else pixels).save(tmp_path / "pair.png")
    taken = intake.of_file(tmp_path / "pair.png", SHAPE, intake.PAIRS)
    assert taken == pytest.approx(pixels / 255, abs=1e-6)


def test_a_larger_picture_s_ink_is_as_large_as_two_digits_are(tmp_path) -> None:
    picture = np.full((300, 400), 255, np.uint8)
    picture[50:250, 100:120], picture[60:80, 90:240] = 0, 0
    Image.fromarray(picture).save(tmp_path / "pair.png")
    taken = intake.of_file(tmp_path / "pair.png", SHAPE, intake.PAIRS)
    top, left, bottom, right = box(taken)
    assert max(bottom - top, right - left) == pytest.approx(23, abs=1)
    assert taken.shape == (36, 36)


def test_the_canvas_and_a_strokes_file_are_seen_alike(tmp_path) -> None:
    drawing = Drawing((bar(100, 20, 200, width=20.0), bar(140, 50, 150, 1, 20.0)), canvas=392)
    strokes.save(drawing, tmp_path / "pair.json")
    from_file = intake.of_file(tmp_path / "pair.json", SHAPE, intake.PAIRS)
    assert from_file == pytest.approx(intake.of_sketch(Sketch(drawing), SHAPE, intake.PAIRS), abs=1e-6)


def test_inks_are_kept_in_a_file_and_in_all_that_is_done_to_a_sketch(tmp_path) -> None:
    drawing = Drawing((bar(100, 20, 200, width=20.0), bar(140, 50, 150, 1, 20.0)), canvas=392)
    strokes.save(drawing, tmp_path / "pair.json")
    assert [entry.ink for entry in strokes.load(tmp_path / "pair.json").strokes] == [0, 1]
    from capsdraw.ink.sketch import fitted, on_canvas

    for moved in (on_canvas(drawing), fitted(drawing)):
        assert [entry.ink for entry in moved.strokes] == [0, 1]
    rubbed = Sketch(drawing).erased(np.array([[140.0, 100.0]]), 12)
    assert sorted(entry.ink for entry in rubbed.drawing.strokes) == [0, 1, 1]


@pytest.mark.parametrize("ink", [2, -1, True, "red", None, 0.5])
def test_an_ink_that_is_none_is_refused_in_one_line(ink: object) -> None:
    document = {"version": 1, "strokes": [{"points": [[0, 0], [1, 1]], "ink": ink}]}
    with pytest.raises(CapsDrawError, match="ink must be 0 or 1"):
        strokes.from_json(document)


def test_a_file_without_inks_is_as_it_was() -> None:
    drawing = Drawing((bar(100, 20, 200),))
    assert "ink" not in strokes.to_json(drawing)["strokes"][0]
