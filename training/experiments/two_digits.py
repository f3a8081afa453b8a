"""Two digits over one another, read: `python -m training.experiments.two_digits [--count N]`.

Three questions to the nets of pairs: how often both digits of MultiMNIST's test pairs are read; what they make of one
digit alone; and how often both are read that people outside of the training drew over one another, each redrawn how
well. And what a net of one digit says of the same pairs. Kept in results/two_digits.json.
"""

import argparse
import sys
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import overlaid, pen_strokes
from capsdraw.datasets.data import Split
from capsdraw.datasets.known import data_set
from capsdraw.datasets.overlaid import Overlaid
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.both_right import PairEvaluation, evaluate_pairs
from capsdraw.ink.normalize import digit_from_drawing
from capsdraw.ink.pair import parts_from_drawing, together
from capsdraw.ink.raster import Raster
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards, lighten
from capsdraw.nets.answering import Answering
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind, verdict_of
from training.experiments import store

NETS: Final = ("multi-capsnet", "multi-cnn")
# What a net of one digit says, for contrast.
ONE: Final = "efficient-capsnet"
# The larger side of a drawn digit, canvas units, and how far its middle is from the canvas', either way.
_SIDES, _ASIDE = (190.0, 250.0), 40.0
# The least share of the smaller digit's box that lies in the other's.
_OVER: Final = 0.5


def main() -> int:
    """Measure, and keep what was measured."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.two_digits", description="two digits at once")
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="pairs drawn by writers 26 to 30")
    count = parser.parse_args().count
    try:
        store.write("two_digits", measured(count))
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measured(count: int) -> dict[str, Any]:
    """All of it, as it is kept."""
    data = data_set("mnist")
    test = Split(data.test_images, data.test_labels)
    both = overlaid.pairs(test, len(test.labels))
    people = drawn(count)
    parts = np.concatenate([both.parts(slice(first, first + 500)) for first in range(0, len(both.index), 500)])
    kept: dict[str, Any] = {
        "pairs": len(both.index), "shift": both.shift,
        "overlap_of_images_percent": round(100 * _overlap_of_images(both), 1),
        "overlap_of_ink_percent": round(100 * float(overlaid.overlap(parts).mean()), 1),
        "people": len(people), "people_overlap_percent": round(100 * float(np.mean([_over(one) for one in people])), 1),
        "nets": {},
    }  # fmt: skip
    there = {card.name for card in cards.list_cards()}
    for name in NETS:
        if name not in there:
            continue
        net = lighten.ensure(cards.find(name))
        told = {
            "mnist": _told(evaluate_pairs(net, both, data.name)),
            "alone": _alone(net, test, both.shift),
            "people": _people(net, people),
        }
        kept["nets"][name] = told
        print(name, told, flush=True)
    kept["one"] = {"net": ONE, **_as_one(lighten.ensure(cards.find(ONE)), people)}
    print(kept["one"], flush=True)
    return kept


def drawn(count: int, seed: int = 22) -> list[tuple[Drawing, tuple[int, int]]]:
    """Digits of writers 26 to 30 over one another, in two inks, half and more of the smaller box covered.

    Returns:
        Drawings in canvas units, and the classes of both inks.
    """
    strokes, random = pen_strokes.strokes(), np.random.default_rng(seed)
    chosen: list[tuple[Drawing, tuple[int, int]]] = []
    while len(chosen) < count:
        one, other = random.choice(strokes.held_out, 2, replace=False).tolist()
        labels = int(strokes.labels[one]), int(strokes.labels[other])
        both = Drawing(
            tuple(
                stroke
                for ink, which in enumerate((one, other))
                for stroke in _placed(strokes.drawing(which), ink, random)
            )
        )
        if labels[0] != labels[1] and _over((both, labels)) >= _OVER:
            chosen.append((both, labels))
    return chosen


def _placed(drawing: Drawing, ink: int, random: np.random.Generator) -> list[Stroke]:
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    scale = random.uniform(*_SIDES) / max(float((high - low).max()), 1.0)
    middle = 196 + random.uniform(-_ASIDE, _ASIDE, 2)
    return [
        replace(stroke, points=(stroke.points - (low + high) / 2) * scale + middle, width=24.0, ink=ink)
        for stroke in drawing.strokes
    ]


def _over(pair: tuple[Drawing, tuple[int, int]]) -> float:
    """The share of the smaller digit's box, with the pen's width around it, that lies in the other's."""
    corners = []
    for ink in (0, 1):
        points = np.concatenate([stroke.points for stroke in pair[0].of_ink(ink).strokes])
        corners.append((points.min(0) - 12, points.max(0) + 12))
    (low, high), (other_low, other_high) = corners
    shared = np.clip(np.minimum(high, other_high) - np.maximum(low, other_low), 0, None).prod()
    return float(shared / min((high - low).prod(), (other_high - other_low).prod()))


def _overlap_of_images(both: Overlaid) -> float:
    """Of the images' own squares, which is what the paper's 80% are of."""
    apart = np.abs(np.diff(both.offsets, axis=1))[:, 0]
    side = both.split.images.shape[1]
    return float(((side - apart).prod(1) / side**2).mean())


def _told(result: PairEvaluation) -> dict[str, Any]:
    low, high = result.interval_percent
    return {
        "wrong": result.errors, "wrong_percent": round(result.error_percent, 2),
        "interval_percent": [round(low, 2), round(high, 2)], "one_right": int((result.found == 1).sum()),
        "none_right": int((result.found == 0).sum()),
    }  # fmt: skip


def _alone(net: Answering, test: Split, shift: int) -> dict[str, Any]:
    """One digit on the wider ground: how often it is read, and how often it is said to be alone."""
    where = overlaid.offsets(len(test.labels), shift, np.random.default_rng(1))
    scores = []
    for first in range(0, len(test.labels), 500):
        part = slice(first, first + 500)
        images = (test.images[part, None].astype(np.float32) / 255)[..., None]
        scores.append(net.scores(overlaid.placed(np.repeat(images, 2, 1), where[part], shift)[:, 0]))
    said = np.concatenate(scores)
    order = np.argsort(-said, axis=1, kind="stable")
    second = np.take_along_axis(said, order[:, 1:2], 1)[:, 0]
    return {
        "wrong_percent": round(100 * float((order[:, 0] != test.labels).mean()), 2),
        "taken_for_two_percent": round(100 * float((second >= 0.5).mean()), 2),
    }


def _people(net: Answering, people: list[tuple[Drawing, tuple[int, int]]]) -> dict[str, Any]:
    """Both right, and the mean squared error of each redrawn digit against the true strokes of its ink."""
    right, said, errors, unlike = 0, 0, list[float](), list[float]()
    for drawing, labels in people:
        parts = parts_from_drawing(drawing, net.card.input[0])
        reading = replace(net.read(together(parts)), drawn=parts)
        both = set(labels) == {reading.label, reading.second}
        right += both
        said += both and verdict_of(reading, together(parts), net.card).kind == Kind.PAIR
        if both and reading.parts is not None:
            errors += _errors(reading, labels, parts)
            unlike += _errors(reading, labels[::-1], parts)
    told: dict[str, Any] = {
        "right": right, "right_percent": round(100 * right / len(people), 1),
        "said_to_be_two_percent": round(100 * said / len(people), 1),
    }  # fmt: skip
    if errors:
        told |= {"redrawn_error": round(float(np.mean(errors)), 4), "of_the_other": round(float(np.mean(unlike)), 4)}
    return told


def _errors(reading: Reading, labels: tuple[int, ...], parts: Raster) -> list[float]:
    assert reading.parts is not None
    ordered = reading.parts if labels[0] == reading.label else reading.parts[::-1]
    return [float(((redrawn - true) ** 2).mean()) for redrawn, true in zip(ordered, parts, strict=True)]


def _as_one(net: Answering, people: list[tuple[Drawing, tuple[int, int]]]) -> dict[str, Any]:
    """How often a net of one digit reads one of both, and is sure of it."""
    kinds = dict.fromkeys(map(str, Kind), 0)
    one_of_both = 0
    for drawing, labels in people:
        digit: NDArray[np.float32] = digit_from_drawing(drawing)
        reading = net.read(digit)
        one_of_both += reading.label in labels
        kinds[str(verdict_of(reading, digit, net.card).kind)] += 1
    share = {kind: round(100 * count / len(people), 1) for kind, count in kinds.items() if count}
    return {"one_of_both_percent": round(100 * one_of_both / len(people), 1), "verdicts_percent": share}


if __name__ == "__main__":
    sys.exit(main())
