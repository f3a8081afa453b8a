"""Of all ways to cut ink into digits the likeliest is read, and one digit stays one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.non_digits import several
from capsdraw.ink import slices, strokes
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ink.slices import Row
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards
from capsdraw.nets.answering import Answering
from capsdraw.nets.light import Light
from capsdraw.nets.reading import Floats, Reading
from capsdraw.nets.side_by_side import UNKNOWN, NumberReader, WrittenNumber, cheapest, reads_numbers
from capsdraw.nets.verdict import Kind, Verdict, verdict_of

EXAMPLES = sorted((Path(__file__).parents[2] / "assets" / "examples").glob("*.json"))


class Counting(Answering):
    """A net that says how many images it was asked about."""

    def __init__(self, net: Answering) -> None:
        super().__init__(net.card, (28, 28, 1), net.capsule_size)
        self._net, self.asked = net, 0

    def answer(self, images: Floats) -> tuple[Floats | None, Floats]:
        self.asked += len(images)
        return self._net.answer(images)

    def decode(self, capsules: Floats) -> Floats:
        return self._net.decode(capsules)


@pytest.fixture(scope="module")
def net() -> Light:
    return Light.open(cards.find("efficient-capsnet"))


def read(net: Answering, drawing: Drawing, reader: NumberReader | None = None) -> WrittenNumber | None:
    sketch = Sketch(drawing)
    digit = sketch.digit()
    verdict = verdict_of(net.read(digit), digit, net.card)
    return (reader or NumberReader()).read_sketch(net, sketch, verdict)


def number(digits: Sequence[int], seed: int = 0) -> Drawing:
    return fitted(several(np.random.default_rng((5, seed)), digits=digits))


def bars(*places: float) -> Row:
    row = slices.of_strokes(Drawing(tuple(Stroke(np.array([[x, 0.0], [x, 100.0]]), 8) for x in places)))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("likely", "wanted"),
    [
        ({(0, 0), (1, 2)}, [(0, 0), (1, 2)]),
        ({(0, 1), (2, 2)}, [(0, 1), (2, 2)]),
        ({(0, 0), (1, 1), (2, 2)}, [(0, 0), (1, 1), (2, 2)]),
        ({(0, 2)}, [(0, 2)]),
        ({(0, 1), (1, 2)}, [(0, 2)]),  # what is left over beside either is no digit
    ],
)
def test_the_figures_that_a_scorer_believes_are_chosen(
    likely: set[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    row = bars(0, 30, 60)
    costs = [0.1 if (figure.first, figure.last) in likely else 3.0 for figure in row.figures]
    chosen, cost = cheapest(row, costs)
    assert [(row.figures[place].first, row.figures[place].last) for place in chosen] == wanted
    assert cost == pytest.approx(sum(costs[place] for place in chosen))


@pytest.mark.parametrize("digits", [(4, 2), (2, 0, 2, 6), (1, 0), (7, 1, 9), (3, 1, 4, 1, 5, 9)], ids=str)
def test_a_number_is_read_digit_by_digit(net: Light, digits: tuple[int, ...]) -> None:
    found = read(net, number(digits))
    assert found is not None
    assert found.text == "".join(map(str, digits))
    lefts = [digit.edges[0] for digit in found.digits]
    assert lefts == sorted(lefts)
    assert all(digit.image.shape == (28, 28) for digit in found.digits)


def test_boxes_hold_the_ink_of_their_digits(net: Light) -> None:
    drawing = number((4, 2))
    found = read(net, drawing)
    assert found is not None
    left, top, right, bottom = found.digits[1].edges
    own = drawing.strokes[-1]
    assert (left, right) == pytest.approx((own.box[0] - (own.width or 0) / 2, own.box[2] + (own.width or 0) / 2))
    assert bottom - top == pytest.approx(own.box[3] - own.box[1] + (own.width or 0))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_of_the_examples_only_forty_two_is_a_number(net: Light, path: Path) -> None:
    found = read(net, strokes.load(path))
    assert (found is not None and found.text) == ("42" if path.stem == "forty-two" else False)


def test_single_digits_stay_what_they_are(net: Light) -> None:
    split = [
        (label, seed)
        for label in range(10)
        for seed in range(10)
        if read(net, fitted(synthetic.drawing(label, np.random.default_rng((8, label, seed))))) is not None
    ]
    assert split == []


def test_a_digit_over_another_is_no_number(net: Light) -> None:
    upper, lower = (fitted(synthetic.drawing(label, np.random.default_rng(label))) for label in (3, 5))
    moved = tuple(Stroke(stroke.points + np.array([0.0, 400.0]), stroke.width) for stroke in lower.strokes)
    assert read(net, Drawing((*upper.strokes, *moved))) is None
    assert read(net, Drawing((*upper.strokes, *lower.strokes))) is None


def test_what_the_net_knows_of_a_stroke_it_is_not_asked_again(net: Light) -> None:
    counting, reader = Counting(net), NumberReader()
    drawing = number((2, 0, 2, 6))
    assert read(counting, drawing, reader) is not None
    first, counting.asked = counting.asked, 0
    grown = Drawing((*drawing.strokes[:-1], Stroke(drawing.strokes[-1].points[:-2], drawing.strokes[-1].width)))
    assert read(counting, grown, reader) is not None
    # All of it as one digit, and the figures that hold the last stroke.
    assert counting.asked <= 5 < first


def test_a_digit_that_the_net_does_not_know_is_a_question_mark(net: Light) -> None:
    digits = number((4, 2)).strokes
    reading = read(net, Drawing(digits))
    assert reading is not None
    first = reading.digits[0]
    none = Verdict(Kind.NONE, 4)
    told = WrittenNumber((replace(first, verdict=none, belief=0.2), reading.digits[1]))
    assert told.text == f"{UNKNOWN}2"
    assert told.doubts == [(1, "no digit it knows")]
    # Where it stands as a digit would, it is believed to be one, and the doubt is told all the same.
    told = WrittenNumber((replace(first, verdict=none, belief=0.9), reading.digits[1]))
    assert (told.text, told.doubts) == ("42", [(1, "no digit it knows")])


def test_nets_of_other_things_read_no_numbers() -> None:
    assert reads_numbers(cards.find("keras-cnn"))
    assert not reads_numbers(cards.find("cifar-cnn"))


def test_a_batch_is_read_as_each_alone(net: Light) -> None:
    images = synthetic.digits(3, 2)[0].astype(np.float32) / 255
    together, alone = net.read_each(images), [net.read(image) for image in images]
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Reading)
        assert one.label == other.label
        assert np.allclose(one.scores, other.scores)
        assert one.error == pytest.approx(other.error)


def test_of_one_stroke_that_is_not_wide_no_parts_are_read(net: Light) -> None:
    """At each move of a pen that drew a spiral forty parts of it were read, and the answer waited for all of them."""
    turn = np.linspace(0.1, 6 * np.pi, 200)
    spiral = np.stack([200 + (60 + 3 * turn) * np.sin(turn), 200 - 110 * np.cos(turn)], 1)
    counting = Counting(net)
    doubtful = Verdict(Kind.NONE, 0)
    assert NumberReader().read_sketch(counting, Sketch(Drawing((Stroke(spiral, 24.0),))), doubtful) is None
    assert counting.asked == 0
    wide = Stroke(spiral * [3.0, 1.0], 24.0)
    NumberReader().read_sketch(counting, Sketch(Drawing((wide,))), doubtful)
    assert counting.asked > 0  # two digits of one stroke are wide


@pytest.mark.parametrize("high", [120, 180, 240])
@pytest.mark.parametrize("apart", [70, 100, 130])
@pytest.mark.parametrize("lean", [0, 12])
def test_ones_may_be_plain_upright_lines(net: Light, high: int, apart: int, lean: int) -> None:
    """A figure without any width was odder than all that the rule had been set on: 11 was no number."""
    along = np.linspace(0.0, 1.0, 20)
    lines = [
        Stroke(np.stack([x + lean * (1 - along), 196 + (along - 0.5) * high], -1), 24.0)
        for x in (196 - apart, 196, 196 + apart)
    ]
    for count in (2, 3):
        found = read(net, Drawing(tuple(lines[:count])))
        assert found is not None
        assert found.text == "1" * count
    assert read(net, Drawing((lines[1],))) is None
