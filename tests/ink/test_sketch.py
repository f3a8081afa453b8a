"""What lies on the canvas: drawing, erasing, undoing."""

import base64
import struct
import zlib

import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.history import DEPTH, History
from capsdraw.ink import sketch_file
from capsdraw.ink.sketch import PEN_WIDTH, SIDE, Sketch, dark_on_white, fitted, on_canvas, require_ink
from capsdraw.ink.strokes import Drawing, Stroke, stroke

LINE = Sketch(Drawing((stroke([(50, 200), (350, 200)], 24),)))


def test_the_eraser_cuts_a_stroke_in_two() -> None:
    left = LINE.erased(np.array([[200.0, 200.0]]), 20)
    assert len(left.drawing.strokes) == 2
    assert not left.render()[190:210, 190:210].any()
    assert left.render()[200, 100] == 1


def test_the_eraser_away_from_the_ink_changes_nothing() -> None:
    assert LINE.erased(np.array([[200.0, 50.0]]), 20).drawing == LINE.drawing


def test_a_digit_that_was_drawn_on_is_of_no_known_class() -> None:
    known = Sketch(picture=np.ones((28, 28), np.float32), label="7")
    assert known.with_stroke(LINE.drawing.strokes[0]).label is None
    assert known.erased(np.array([[100.0, 100.0]]), 30).label is None


def test_the_eraser_over_all_of_it_leaves_an_empty_canvas() -> None:
    path = np.stack([np.linspace(0, SIDE, 200), np.full(200, 200.0)], 1)
    assert not LINE.erased(path, 30)


def test_the_eraser_rubs_out_a_picture() -> None:
    picture = Sketch(picture=np.ones((28, 28), np.float32))
    rubbed = picture.erased(np.array([[100.0, 100.0]]), 30)
    assert rubbed.render()[100, 100] == 0
    assert rubbed.render()[300, 300] == 1


def test_pressure_is_cut_along_with_its_points() -> None:
    pressed = Stroke(np.array([[50.0, 200.0], [350.0, 200.0]]), 24.0, np.array([0.0, 1.0]))
    first, second = Sketch(Drawing((pressed,))).erased(np.array([[200.0, 200.0]]), 20).drawing.strokes
    assert first.pressure is not None
    assert second.pressure is not None
    assert first.pressure.max() < 0.5 < second.pressure.min()


def test_strokes_over_a_picture_are_read_together() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 8:10] = 1
    both = Sketch(Drawing((stroke([(110, 60), (300, 60)], 28),)), picture)
    assert both.digit()[:, 16:].sum() > 10


def test_a_drawing_in_any_unit_is_fitted_to_the_canvas() -> None:
    small = Drawing((stroke([(0.001, 0.002), (0.003, 0.009)]),))
    points = fitted(small).strokes[0].points
    assert points.min() > 0
    assert points.max() < SIDE
    assert np.abs(Sketch(fitted(small)).digit() - Sketch(small).digit()).max() < 0.01


def test_saved_pictures_are_black_on_white() -> None:
    grey = np.asarray(dark_on_white(LINE.render()))
    assert grey[0, 0] == 255
    assert grey[200, 200] == 0


def test_an_empty_canvas_cannot_be_saved() -> None:
    with pytest.raises(CapsDrawError, match="empty"):
        require_ink(Sketch())


def test_a_sketch_s_damaged_picture_is_told_in_a_line() -> None:
    document = sketch_file.to_document(Sketch(picture=np.eye(40, dtype=np.float32)))
    whole = base64.b64decode(document["picture"])
    huge = struct.pack(">4s2I5B", b"IHDR", 60_000, 60_000, 8, 0, 0, 0, 0)
    large = whole[:12] + huge + struct.pack(">I", zlib.crc32(huge)) + whole[33:]
    data = whole.index(b"IDAT")
    broken = whole[: data + 30] + bytes([whole[data + 30] ^ 255]) + whole[data + 31 :]
    for png in (large, broken, whole[:-30], whole[:20], whole.replace(b"IDAT", b"ID\0T"), b"none"):
        document["picture"] = base64.b64encode(png).decode()
        with pytest.raises(CapsDrawError, match=r"^cannot read 'own': ") as refused:
            sketch_file.from_document(document, "own")
        assert str(refused.value).isprintable()


def test_undo_and_redo_walk_back_and_forth() -> None:
    steps = [Sketch(Drawing((stroke([(n, n)]),))) for n in range(3)]
    history = History(steps[0])
    for one in steps[1:]:
        history.push(one)
    history.undo()
    history.undo()
    assert history.now is steps[0]
    assert not history.can_undo
    history.redo()
    assert history.now is steps[1]
    history.push(steps[0])
    assert not history.can_redo


def test_history_keeps_a_bounded_number_of_steps() -> None:
    history = History(Sketch())
    for _ in range(DEPTH + 50):
        history.push(Sketch())
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert steps == DEPTH


def test_a_drawing_of_known_canvas_lies_where_it_lay() -> None:
    tiny = Drawing((stroke([(10, 12), (14, 20)], 4), stroke([(11, 12), (12, 12)])), canvas=196.0)
    first, second = on_canvas(tiny).strokes
    assert first.points.tolist() == [[20, 24], [28, 40]]
    assert (first.width, second.width) == (8, PEN_WIDTH)


@pytest.mark.parametrize("canvas", [None, 12.0])
def test_a_drawing_beyond_its_canvas_or_of_none_is_fitted(canvas: float | None) -> None:
    drawing = Drawing((stroke([(10, 12), (14, 20)], 4),), canvas)
    assert on_canvas(drawing) == fitted(Drawing(drawing.strokes))


def test_one_long_move_of_the_eraser_erases_what_many_short_ones_do() -> None:
    along = np.linspace(0, 60, 4000)
    tangle = Sketch(Drawing((Stroke(196 + 3 * along[:, None] * np.stack([np.cos(along), np.sin(along)], 1), 6.0),)))
    ends = np.array([[30.0, 60.0], [350.0, 330.0]])
    once = tangle.erased(ends, 12.0)
    step_by_step = tangle.erased(ends[0] + np.linspace(0, 1, 900)[:, None] * (ends[1] - ends[0]), 12.0)
    assert len(once.drawing.strokes) == len(step_by_step.drawing.strokes) > 10
    for one, other in zip(once.drawing.strokes, step_by_step.drawing.strokes, strict=True):
        assert one.points == pytest.approx(other.points, abs=2.1)  # a point at the very edge is kept by one of them


def test_with_a_picture_goes_its_box_and_what_was_doubtful_of_it() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 4:6] = picture[4:24, 20:22] = 1
    opened = Sketch(picture=picture, box=(40.0, 40.0, 60.0, 300.0), doubts=("several digits",))
    half = opened.erased(np.array([[70.0, 0.0], [70.0, 392.0]]), 40)
    assert (half.box, half.doubts) == (opened.box, opened.doubts)
    none = half.erased(np.array([[294.0, 0.0], [294.0, 392.0]]), 40)
    assert not none
    assert (none.picture, none.box, none.doubts) == (None, None, ())


def test_a_box_over_blank_paper_is_told_as_that() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 4:6] = 1
    with pytest.raises(CapsDrawError, match="no ink in the box: drag it over a digit"):
        Sketch(picture=picture, box=(200.0, 40.0, 100.0, 100.0)).digit()


def test_a_drawing_of_any_length_that_was_kept_comes_back() -> None:
    """One of more points than a strokes file may have stood in the way of a whole collection."""
    long = Sketch(Drawing((Stroke(np.random.default_rng(1).uniform(0, SIDE, (30_000, 2)), 24.0),)))
    back = sketch_file.decoded(sketch_file.encoded(long), "drawing.json")
    assert np.array_equal(back.drawing.strokes[0].points, long.drawing.strokes[0].points)
