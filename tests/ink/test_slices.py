"""What lies side by side is cut into slices from left to right; what does not, is not."""

import numpy as np
import pytest

from capsdraw.datasets.non_digits import several
from capsdraw.ink import rows, seams, slices
from capsdraw.ink.found import SEVERAL, Box, Found
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.sketch import SIDE, Sketch, fitted
from capsdraw.ink.slices import Row
from capsdraw.ink.strokes import Drawing, Stroke, stroke

Line = list[tuple[float, float]]


def ring(x: float, y: float = 50, wide: float = 30, high: float = 50) -> np.ndarray:
    """A circle from its right to its right."""
    angle = np.linspace(0, 2 * np.pi, 40)
    return np.stack([x + wide * np.cos(angle), y + high * np.sin(angle)], axis=1)


def drawing(*lines: Line | np.ndarray) -> Drawing:
    return Drawing(tuple(stroke(line, 8) for line in lines))


def bar(x: float, top: float = 0, bottom: float = 100) -> Line:
    return [(x, top), (x, bottom)]


def cut(row: Row | None) -> list[tuple[int, int]]:
    assert row is not None
    return [(figure.first, figure.last) for figure in row.figures]


def test_strokes_stand_from_left_to_right_however_they_were_drawn() -> None:
    row = slices.of_strokes(drawing(bar(80), bar(0), bar(40)))
    assert row is not None
    assert [each.middle for each in row.slices] == [0, 40, 80]
    assert row.height == 100
    assert row.gaps[0].tolist() == pytest.approx([0.5, 0.4, 0.4, 0.5])


def test_each_run_of_slices_that_may_be_a_digit_is_a_figure() -> None:
    row = slices.of_strokes(drawing(bar(0), bar(20), bar(120)))
    # The last stands so far away that nothing holds it together with the others.
    assert cut(row) == [(0, 0), (0, 1), (1, 1), (2, 2)]
    assert row is not None
    assert row.figure(0, 1).edges == (0, 0, 20, 100)


def test_a_bar_that_is_no_digit_belongs_to_its_neighbour() -> None:
    """A five without its bar, the bar, a one."""
    row = slices.of_strokes(drawing(ring(30), [(30, 0), (180, 4)], bar(90)))
    assert cut(row) == [(0, 0), (0, 1), (1, 1)]
    assert row is not None
    assert row.figure(0, 0).edges == pytest.approx((0, 0, 180, 100), abs=0.5)
    # Drawn at last, it belongs to what it comes nearest to.
    row = slices.of_strokes(drawing(bar(90), ring(30), bar(180), [(35, 0), (70, 4)]))
    assert row is not None
    assert [len(each.ink) for each in row.slices if isinstance(each.ink, tuple)] == [2, 1, 1]


def test_slanted_strokes_are_apart_where_their_boxes_are_not() -> None:
    row = slices.of_strokes(drawing([(40, 0), (0, 100)], [(70, 0), (30, 100)]))
    assert row is not None
    between, boxes = row.gaps[:, 1].tolist()
    assert between == pytest.approx(0.3, abs=0.06)
    assert boxes == pytest.approx(-0.1)


@pytest.mark.parametrize(
    "lines",
    [
        [ring(30)],
        [bar(0, 0, 100), bar(0, 150, 250)],  # one over another
        [bar(10 * place) for place in range(50)],
        [[(0, 5), (100, 5)], [(0, 5), (90, 5)]],
    ],
    ids=["one digit", "stacked", "a scribble", "flat"],
)
def test_what_does_not_lie_side_by_side_is_no_row(lines: list[Line]) -> None:
    assert slices.of_strokes(drawing(*lines)) is None


def test_two_inks_are_two_digits_over_one_another_and_no_row() -> None:
    strokes = (Stroke(np.array(bar(0)), 8), Stroke(np.array(bar(60)), 8, None, 1))
    assert slices.of_strokes(Drawing(strokes)) is None


def test_two_digits_of_one_stroke_are_cut_between_them() -> None:
    first, second = ring(30), ring(150)[::-1]
    row = slices.of_strokes(drawing(np.concatenate([first, np.roll(second, 20, 0)])))
    assert row is not None
    places = {round(each.edges[0]) for each in row.slices if each.seam}
    assert any(60 <= place <= 120 for place in places)
    assert all(isinstance(each.ink, tuple) for each in row.slices)
    # Between seams lies all of it, and nothing twice.
    assert min(each.edges[0] for each in row.slices) == pytest.approx(0, abs=1)
    assert max(each.edges[2] for each in row.slices) == pytest.approx(180, abs=1)
    for before, after in zip(row.slices, row.slices[1:], strict=False):
        assert after.edges[0] >= before.edges[2] - 15


def test_a_figure_s_digit_is_what_its_strokes_are_alone() -> None:
    row = slices.of_strokes(drawing(ring(30), bar(100)))
    assert row is not None
    alone = Sketch(drawing(ring(30))).digit()
    assert np.array_equal(row.digit(row.figure(0, 0)), alone)


def test_a_seam_goes_where_there_is_least_ink() -> None:
    ink = np.zeros((40, 50), np.float32)
    ink[:, :15] = ink[:, 35:] = 1
    ink[18:22, 15:35] = 1  # a bridge
    (seam,) = seams.seams(ink, 1)
    assert 15 <= seam.min() <= seam.max() < 35
    assert seams.crossed(ink, seam) == 4
    assert seams.seams(np.ones((40, 60), np.float32), 3) == []


def picture(*lines: Line | np.ndarray, margin: float = 30) -> Raster:
    """Ink of a picture with strokes in it, 160 pixels high."""
    own = Drawing(tuple(Stroke(np.asarray(line, np.float64) + margin, 10) for line in lines))
    return render(own, (160, 320), 10)


def test_pieces_of_a_picture_are_slices_in_its_own_pixels() -> None:
    row = rows.of_found(Found(picture(bar(0), bar(60))), 640)
    assert row is not None
    assert cut(row) == [(0, 0), (0, 1), (1, 1)]
    left, top, right, bottom = row.placed(row.figures[0])
    # The file is twice as large as what was looked at; ink of 10 pixels is darker than paper for a little more.
    assert (left, right) == pytest.approx((50, 70), abs=4)
    assert (top, bottom) == pytest.approx((50, 270), abs=4)


def test_digits_that_touch_in_a_picture_are_cut() -> None:
    row = rows.of_found(Found(picture(ring(30), ring(92))), 320)
    assert row is not None
    assert len(row.slices) >= 2
    assert any(each.seam and abs(each.edges[0] - 91) < 12 for each in row.slices)


def test_beside_the_digit_in_its_box_a_picture_s_others_belong_to_the_row_where_there_are_several() -> None:
    ink = picture(ring(30), bar(110), ring(180))
    box = (20 / 320, 10 / 160, 80 / 320, 140 / 160)
    alone, several = (rows.of_found(Found(ink, box, doubts), 320) for doubts in ((), (SEVERAL,)))
    assert several is not None
    assert several.slices[-1].edges[2] > 230
    assert alone is None or alone.slices[-1].edges[2] < 110


def test_an_image_of_a_data_set_is_one_digit() -> None:
    small = np.zeros((28, 28), np.float32)
    small[4:24, 8:10] = small[4:24, 18:20] = 1
    assert rows.of_sketch(Sketch(picture=small)) is None


def test_a_picture_s_row_lies_on_the_canvas_where_the_picture_does() -> None:
    row = rows.of_sketch(Sketch(picture=picture(bar(0), bar(60))))
    assert row is not None
    left, top, _, _ = row.placed(row.figures[0])
    # 320 × 160 pixels lie on 392 × 196 units, 98 from the top.
    assert (left, top) == pytest.approx((25 * 392 / 320, 98 + 25 * 392 / 320), abs=4)


def test_strokes_over_a_picture_are_read_with_it() -> None:
    sketch = Sketch(fitted(drawing(bar(0), bar(60))), np.zeros((300, 300), np.float32))
    row = rows.of_sketch(sketch)
    assert row is not None
    assert len(row.slices) == 2


def test_strokes_over_a_picture_of_several_digits_are_read_with_all_of_them() -> None:
    """The box holds one of them: with the first stroke the others were no longer read, and 87 was an 8 and a stroke."""
    ink = picture(ring(30), bar(110), ring(180))
    left, top, width, height = (20 / 320, 10 / 160, 80 / 320, 140 / 160)
    box = (left * SIDE, SIDE / 4 + top * SIDE / 2, width * SIDE, height * SIDE / 2)
    opened = Sketch(picture=ink, box=box, doubts=(SEVERAL,))
    alone = rows.of_sketch(opened)
    assert alone is not None
    stroke = Stroke(np.array([[350.0, 130.0], [350.0, 260.0]]), 12.0)
    row = rows.of_sketch(opened.with_stroke(stroke))
    assert row is not None
    assert sum(not each.seam for each in row.slices) == 4
    before = [alone.elsewhere(each.edges) for each in alone.slices if not each.seam]
    now = [row.elsewhere(each.edges) for each in row.slices if not each.seam][:3]
    assert [each[0] for each in now] == pytest.approx([each[0] for each in before], abs=3)
    # Where the user has chosen the box, only what lies in it is read of the picture.
    chosen = rows.of_sketch(opened.with_box(box).with_stroke(stroke))
    assert chosen is None or sum(not each.seam for each in chosen.slices) == 2


def test_the_row_of_a_picture_is_not_looked_for_again_with_each_stroke(monkeypatch: pytest.MonkeyPatch) -> None:
    ink = picture(ring(30), bar(110), ring(180))
    opened = Sketch(picture=ink, box=(40.0, 110.0, 60.0, 150.0), doubts=(SEVERAL,))
    looked, known = list[bool](), rows.LastRow()
    real = rows._in_picture

    def counted(of: Raster, box: Box, beyond: bool) -> Row | None:
        looked.append(of is ink)
        return real(of, box, beyond)

    monkeypatch.setattr(rows, "_in_picture", counted)
    for right in (340.0, 350.0, 360.0):
        rows.of_sketch(opened.with_stroke(Stroke(np.array([[right, 130.0], [right, 260.0]]), 12.0)), known)
    rows.of_sketch(opened, known)
    assert looked.count(True) == 1
    assert opened.box is not None
    # The same box, now that somebody chose it, has no neighbours; another one is another.
    for place, box in enumerate((opened.box, (40.0, 110.0, 90.0, 150.0)), 2):
        rows.of_sketch(opened.with_box(box), known)
        assert looked.count(True) == place


def test_while_the_last_digit_grows_the_others_are_not_cut_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = fitted(several(np.random.default_rng(3), digits=(2, 4, 6, 7)))
    *done, last = drawing.strokes
    asked: list[Stroke] = []
    real = slices._slices
    monkeypatch.setattr(slices, "_slices", lambda stroke, *place: asked.append(stroke) or real(stroke, *place))
    known: slices.CutStrokes = {}
    for count in range(2, len(last.points) + 1):
        grown = Drawing((*done, Stroke(last.points[:count], last.width)))
        before = len(asked)
        row = slices.of_strokes(grown, known)
        again = asked[before:]
        anew = slices.of_strokes(grown)
        if count > 2:
            assert again == [grown.strokes[-1]] or len(again) == len(grown.strokes)  # the row is higher or wider now
        assert row is not None
        assert anew is not None
        assert [(each.edges, each.key, each.crossed) for each in row.slices] == [
            (each.edges, each.key, each.crossed) for each in anew.slices
        ]
        assert all(
            np.array_equal(one.outline, other.outline) for one, other in zip(row.slices, anew.slices, strict=True)
        )
    assert len(known) == len(drawing.strokes)


def test_a_stroke_that_is_cut_otherwise_is_known_otherwise() -> None:
    """In a higher row two wide rings are no longer cut: their images of before are of their halves."""
    rings = drawing(ring(50, wide=50), ring(170, wide=50))
    known: slices.CutStrokes = {}
    before = slices.of_strokes(rings, known)
    after = slices.of_strokes(Drawing((*rings.strokes, stroke(bar(260, -15, 115), 8))), known)
    assert before is not None
    assert after is not None
    assert len(after.slices) < len(before.slices) + 1
    assert not {figure.key for figure in before.figures} & {figure.key for figure in after.figures}
