"""What a model learns of one hand: `python -m training.experiments.hands [MODEL…]`, kept in `results/hands.json`.

By the app's own way (`fit.lesson`), in a home of its own. One hand is made up: its 7 is a 1 whose flag is on the other
side, and 20 of them are taught. Five are real, the writers of pen strokes that no recipe learns from: of each, five
drawings of each class are taught, and the others read. One in five of what is taught is held out, as in the app.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from capsdraw.collection.as_data import open_data
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.datasets import pen_strokes
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, lesson
from capsdraw.fit.control import Control
from capsdraw.fit.launch import launch
from capsdraw.ink.intake import of_sketch
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from training.experiments import store

MODELS = ("efficient-capsnet", "capsnet")
# Drawings of the odd hand that are taught, and that are read afterwards; of a writer, of each class.
TAUGHT_ODD, READ_ODD, TAUGHT = 20, 100, 5
_SEED = 11

Labelled = tuple[Drawing, int]


@dataclass(frozen=True)
class Hand:
    """Drawings of one writer: those that are taught, and the others, with their classes."""

    name: str
    taught: tuple[Labelled, ...]
    read: tuple[Labelled, ...]


def main() -> int:
    """Measure the models named, or both."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.hands", description=__doc__)
    parser.add_argument("names", nargs="*", default=MODELS, metavar="MODEL")
    kept: dict[str, Any] = store.read("hands") or {"models": {}}
    try:
        chosen = [cards.find(name) for name in parser.parse_args().names]
        hands = [odd(), *writers()]
        for card in chosen:
            rows = {hand.name: _told(card, hand) for hand in hands}
            kept["models"][card.name] = {"sha256": card.sha256, "hands": rows}
            store.write("hands", kept)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def odd_seven(random: np.random.Generator) -> Drawing:
    """A 7 like a mirrored 1: a stem, and at its top a flag to the right; 100 units high."""
    flag = np.array([[78.0, 34.0], [50.0, 6.0]]) + random.normal(0, 2.5, (2, 2))
    lean = random.normal(0, 6)
    stem = np.array([[50 + lean / 2, 50], [50 + lean, 96]]) + random.normal(0, 2, (2, 2))
    corners = np.concatenate([flag, stem])
    along = np.linspace(0, len(corners) - 1, 30)
    points = np.stack([np.interp(along, range(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)
    return Drawing((Stroke(points),))


def odd() -> Hand:
    """The made-up hand: sevens alone."""
    random = np.random.default_rng(_SEED)
    sevens = [(odd_seven(random), 7) for _ in range(TAUGHT_ODD + READ_ODD)]
    return Hand("odd", tuple(sevens[:TAUGHT_ODD]), tuple(sevens[TAUGHT_ODD:]))


def writers() -> Iterator[Hand]:
    """The real ones; raises CapsDrawError where the pen strokes are not at hand."""
    strokes = pen_strokes.strokes()
    for writer in np.unique(strokes.writers[strokes.held_out]):
        drawn = np.flatnonzero(strokes.writers == writer)
        first = np.concatenate([drawn[strokes.labels[drawn] == label][:TAUGHT] for label in range(10)])
        both = first, np.setdiff1d(drawn, first)
        taught, read = ([(strokes.drawing(int(index)), int(strokes.labels[index])) for index in part] for part in both)
        yield Hand(f"writer {writer}", tuple(taught), tuple(read))


@dataclass(frozen=True)
class Learnt:
    """What a model learnt of a hand: errors in a hundred.

    Attributes:
        before, after: on drawings that were not taught; mnist_before, mnist_after: on the other data's test images.
        seconds: that the fit took.
    """

    before: float
    after: float
    mnist_before: float
    mnist_after: float
    seconds: float


def learnt(card: Card, hand: Hand) -> Learnt:
    """Teach a model a hand, as the app does, in a home of its own; raises CapsDrawError where that fails."""
    with _own_home(), Collection() as collection:
        collection.add(Item(Sketch(drawing), str(label), 1e9) for drawing, label in hand.taught)
        data: list[Data] = []

        def opened(source: str, shape: tuple[int, ...] | None) -> Data:
            data.append(open_data(source, shape, intake=card.intake))
            return data[-1]

        begun = time.perf_counter()
        outcome = launch(lesson.order_for(card), opened, Control(), lambda _: None)
        seconds = time.perf_counter() - begun
        result = lesson.measured(card, outcome.folder, data[-1], collection)
        before, after = Session.open(card), Session(zoo.read(outcome.folder / checkpoint.BEST), card)
        assert result.others.before is not None
        assert result.others.after is not None
        return Learnt(
            _error(before, hand.read), _error(after, hand.read), result.others.before, result.others.after, seconds
        )


def _told(card: Card, hand: Hand) -> dict[str, float]:
    result = learnt(card, hand)
    print(
        f"{card.name:<18} {hand.name:<10} {result.before:6.2f} → {result.after:5.2f}%   "
        f"MNIST {result.mnist_before:.2f} → {result.mnist_after:.2f}%   {result.seconds:.0f} s",
        flush=True,
    )
    return {
        "before": result.before, "after": result.after, "mnist_before": result.mnist_before,
        "mnist_after": result.mnist_after, "seconds": round(result.seconds, 1),
        "taught": len(hand.taught), "read": len(hand.read),
    }  # fmt: skip


def _error(session: Session, drawings: Sequence[Labelled]) -> float:
    card = session.card
    seen = np.stack([of_sketch(Sketch(drawing), card.input, card.intake) for drawing, _ in drawings])
    wrong = session.scores(seen).argmax(1) != [label for _, label in drawings]
    return 100 * float(wrong.mean())


@contextmanager
def _own_home() -> Iterator[Path]:
    """The user's own collection and runs are not touched."""
    before = os.environ.get("CAPSDRAW_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAPSDRAW_HOME"] = home
        try:
            yield Path(home)
        finally:
            del os.environ["CAPSDRAW_HOME"]
            if before is not None:
                os.environ["CAPSDRAW_HOME"] = before


if __name__ == "__main__":
    sys.exit(main())
