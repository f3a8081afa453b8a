"""A drawing is cut along the pen's way, and read at each moment as the canvas would have read it then."""

from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.ink.normalize import digit_from_drawing
from capsdraw.ink.sketch import PEN_WIDTH, Sketch, fitted
from capsdraw.ink.strokes import Drawing, Stroke, stroke
from capsdraw.lab.timeline import MOMENTS, Moment, PenWay, Timeline, runs, timeline
from capsdraw.nets import cards
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.light import Light
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind, Verdict

# 300 units of ink: 100 down, then 200 to the right and back up; the jump between them counts for nothing.
DOWN = Stroke(np.array([[0.0, 0.0], [0.0, 40.0], [0.0, 100.0]]), 10.0, np.array([0.0, 0.4, 1.0]))
CORNER = stroke([[500.0, 0.0], [600.0, 0.0], [600.0, 100.0]], 10.0)
TWO = Drawing((DOWN, CORNER))


def digit(label: int) -> Drawing:
    return fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0))))


def test_the_way_is_what_the_pen_inked() -> None:
    assert PenWay(TWO).ends.tolist() == pytest.approx([1 / 3, 1.0])
    assert PenWay(TWO).ends[-1] == 1


def test_a_cut_in_mid_segment_is_exact_in_place_and_pressure() -> None:
    way = PenWay(TWO)
    part = way.until(70 / 300)
    assert len(part.strokes) == 1
    # Half of the way from 40 to 100.
    assert part.strokes[0].points == pytest.approx(np.array([[0, 0], [0, 40], [0, 70]]))
    assert part.strokes[0].pressure == pytest.approx([0, 0.4, 0.7])
    assert part.strokes[0].width == 10
    part = way.until(250 / 300)
    assert part.strokes[0] is DOWN
    assert part.strokes[1].points == pytest.approx(np.array([[500, 0], [600, 0], [600, 50]]))
    assert part.strokes[1].pressure is None


def test_at_a_point_nothing_is_added_and_at_a_stroke_s_end_it_is_the_stroke_itself() -> None:
    way = PenWay(TWO)
    assert way.until(40 / 300).strokes[0].points.tolist() == [[0, 0], [0, 40]]
    assert way.until(float(way.ends[0])).strokes == (DOWN,)
    assert way.until(1.0) is TWO
    assert way.until(0.0).strokes[0].points.tolist() == [[0, 0]]


def test_standing_still_is_no_way() -> None:
    still = stroke([[0, 0], [0, 0], [10, 0], [10, 0], [20, 0]])
    assert PenWay(Drawing((still,))).until(0.25).strokes[0].points.tolist() == [[0, 0], [0, 0], [5, 0]]


def test_moments_rise_to_the_end_through_every_stroke_s_end_and_are_no_more_than_points() -> None:
    for label in range(10):
        drawing = digit(label)
        way = PenWay(drawing)
        moments = way.moments()
        points = sum(len(each.points) for each in drawing.strokes)
        assert (np.diff(moments) > 0).all()
        assert moments[0] > 0
        assert moments[-1] == 1
        assert set(way.ends) <= set(moments)
        assert len(drawing.strokes) <= len(moments) <= min(MOMENTS, points)
    assert len(PenWay(TWO).moments()) == 6
    assert len(PenWay(TWO).moments(3)) == 3
    lengths = [sum(np.hypot(*np.diff(s.points, axis=0).T).sum() for s in PenWay(TWO).until(m).strokes)
               for m in PenWay(TWO).moments()]  # fmt: skip
    assert lengths == pytest.approx(300 * PenWay(TWO).moments())


def test_dots_take_their_time_and_many_strokes_are_looked_at_here_and_there() -> None:
    dot = stroke([[5.0, 5.0]], PEN_WIDTH)
    alone = PenWay(Drawing((dot,)))
    assert alone.moments().tolist() == [1.0]
    assert alone.until(0.5).strokes == (dot,)
    dotted = PenWay(Drawing((*TWO.strokes, dot)))
    assert dotted.ends.tolist() == pytest.approx([100 / 306, 300 / 306, 1])
    assert len(dotted.until(float(dotted.ends[1])).strokes) == 2
    many = PenWay(Drawing((dot,) * 1000))
    moments = many.moments()
    assert len(moments) == MOMENTS
    assert moments[-1] == 1
    assert [len(many.until(share).strokes) for share in moments[[0, 1, -1]]] == [18, 34, 1000]


def test_which_stroke_the_pen_is_in() -> None:
    way = PenWay(TWO)
    assert [way.stroke_at(share) for share in (0.1, float(way.ends[0]), 0.34, 1.0)] == [0, 0, 1, 1]


@pytest.mark.parametrize("name", ["efficient-capsnet", "keras-cnn"])
def test_each_moment_is_read_as_the_canvas_would_have_and_the_last_one_to_the_bit(name: str) -> None:
    session, sketch = Light.open(cards.find(name)), Sketch(digit(5))
    whole = timeline(session, sketch, 12)
    assert len(whole.moments) == 12
    read = session.read(sketch.digit())
    assert whole.last.sketch is sketch
    assert np.array_equal(whole.last.reading.scores, read.scores)
    assert np.array_equal(whole.last.seen, sketch.digit())
    assert whole.last.reading.label == 5
    assert whole.last.verdict.kind == Kind.SURE
    assert whole.scores.shape == (12, 10)
    assert np.array_equal(whole.scores[-1], read.scores)
    middle = whole.moments[5]
    assert np.array_equal(middle.seen, digit_from_drawing(PenWay(sketch.drawing).until(middle.share)))
    assert np.array_equal(middle.reading.scores, session.read(middle.seen).scores)


def test_a_picture_beneath_was_there_before_the_first_stroke() -> None:
    session = Light.open(cards.find("mlp"))
    picture = np.zeros((392, 392), np.float32)
    picture[100:300, 190:210] = 1
    sketch = Sketch(Drawing((stroke([[120, 120], [280, 120]], PEN_WIDTH),)), picture)
    whole = timeline(session, sketch)
    assert len(whole.moments) == 2
    assert np.array_equal(whole.last.seen, sketch.digit())
    first = replace(sketch, drawing=Drawing((stroke([[120, 120], [200, 120]], PEN_WIDTH),)))
    assert np.array_equal(whole.moments[0].seen, first.digit())


def made(labels: list[int], scores: list[list[float]] | None = None) -> Timeline:
    """A timeline of made-up answers, evenly along the way."""
    kept = scores or np.eye(4)[labels].tolist()
    moments = [
        Moment(
            (index + 1) / len(labels),
            Sketch(TWO),
            np.zeros((28, 28), np.float32),
            Reading("made", NetKind.CAPSULE, label, np.array(of, np.float32), None, None, None, 0.0),
            Verdict(Kind.SURE, label),
        )
        for index, (label, of) in enumerate(zip(labels, kept, strict=True))
    ]
    return Timeline(tuple(moments), PenWay(TWO))


@pytest.mark.parametrize(
    ("labels", "knew", "changes"),
    [
        ([3, 3, 3, 3], 0.25, 0),
        ([1, 3, 3, 3], 0.5, 1),
        # It was right once before, and then thought otherwise.
        ([3, 1, 3, 3], 0.75, 2),
        ([0, 1, 2, 3], 1.0, 3),
        ([2], 1.0, 0),
    ],
)
def test_it_knew_since_the_answer_did_not_change_any_more(labels: list[int], knew: float, changes: int) -> None:
    line = made(labels)
    assert line.settled.share == knew
    assert len(line.answers) - 1 == changes
    assert line.answers[-1][0] == labels[-1]


def test_equal_answers_in_a_row_are_one() -> None:
    assert runs([1, 1, 7, 7, 7, 1]) == [(1, 0), (7, 2), (1, 5)]


def test_the_rival_is_who_scored_most_along_the_way_beside_the_winner() -> None:
    scores = [[0.9, 0.1, 0.0, 0.2], [0.5, 0.3, 0.0, 0.2], [0.0, 0.2, 0.0, 0.9]]
    assert made([0, 0, 3], scores).rival == 0
    assert made([0, 0, 0], [[1.0]] * 3).rival is None


def test_of_two_digits_it_knew_when_it_said_both() -> None:
    """Lengths of both go up and down: which of them is the longer is no change of mind."""
    line = made([3, 3, 1, 3])
    pair = [replace(one, verdict=Verdict(Kind.PAIR, 3, 1)) for one in line.moments[1:]]
    both = replace(line, moments=(line.moments[0], *pair))
    assert [one.says for one in both.moments] == [(3,), (1, 3), (1, 3), (1, 3)]
    assert both.settled.share == 0.5
    assert len(both.said) == 2
    assert both.rival == 1
