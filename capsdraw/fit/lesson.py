"""A model learns a hand: what it is trained on, and what came of it, measured on what it never saw.

The fit itself is one like any other: `launch` takes `order_for`'s order with `collection.as_data.open_data`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from capsdraw.collection import as_data
from capsdraw.collection.as_data import taught
from capsdraw.collection.database import Collection
from capsdraw.datasets.data import Data, Split
from capsdraw.datasets.sources import COLLECTION, FILES, SYNTHETIC, collection_beside, local_file, other_data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import adopt, checkpoint, recipes, runs, start
from capsdraw.fit.launch import Order
from capsdraw.fit.recipe import RateSchedule, Recipe
from capsdraw.nets import zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session

# Points of error by which other data may be read worse before that is asked about.
TOLERATED: Final = 0.3
# Images of an epoch of a net of so many parameters or more: it takes a hundred times the time of a small one.
_LARGE: Final = 2_000_000
_FEWER: Final = 3000
_EPOCHS: Final = 4
_EPOCHS_OF_LARGE: Final = 2
_BATCH: Final = 64
_RATE: Final = 5e-4


@dataclass(frozen=True)
class Change:
    """Errors in a hundred, before and after; None where there was nothing to measure with.

    Attributes:
        before, after: the errors; images: how many were read.
    """

    before: float | None = None
    after: float | None = None
    images: int = 0

    @property
    def points(self) -> float:
        """By how much there are more."""
        return 0.0 if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Lesson:
    """What came of a lesson.

    Attributes:
        collection: on drawings that are held out; others: on the test images of the data that it was to remember.
        source: the name of that data.
    """

    collection: Change
    others: Change
    source: str

    @property
    def worse(self) -> str:
        """What the model reads worse now, in words; "" where nothing."""
        said = []
        if self.collection.points > 0:
            said.append(f"your held-out drawings ({_both(self.collection)})")
        if self.others.points > TOLERATED:
            said.append(f"{_title(self.source)} ({_both(self.others)})")
        return " and ".join(said)


def source_for(card: Card) -> str:
    """The data that a model is to go on knowing: what it was trained on; synthetic digits where that is not at hand."""
    source = other_data(card.data_set)
    if source == COLLECTION:
        return SYNTHETIC if card.reads_digits else source
    if source in FILES and local_file(source) is None and card.reads_digits:
        return SYNTHETIC
    return source


def order_for(card: Card, title: str = "") -> Order:
    """What is asked for so that a model learns the user's hand; nothing is read or loaded yet.

    Args:
        card: of the model; title: of the run.

    Raises:
        CapsDrawError: nobody knows of which net it is, or its data has rows and columns exchanged.
    """
    made_by = start.origin(card)
    if made_by is None:
        raise CapsDrawError(f"'{card.name}' cannot learn: its family is unknown, for the run that it came from is gone")
    if card.reads_pairs:
        raise CapsDrawError(f"'{card.name}' reads two digits over one another: choose one that reads a single digit")
    if card.intake.transposed:
        raise CapsDrawError(f"'{card.name}' cannot learn drawings: its data has rows and columns exchanged")
    source = source_for(card)
    alone = source == COLLECTION
    recipe = _recipe(card, made_by, source if alone else collection_beside(source))
    return Order(
        recipe=replace(recipe, title=title or f"{card.title}, your hand"),
        asked=frozenset({"transposed"} if alone else {"transposed", "held_out"}),
    )


def measured(
    card: Card, folder: Path, data: Data, collection: Collection,
    tell: Callable[[int, int], object] | None = None,
) -> Lesson:  # fmt: skip
    """How often the model was wrong before, and is after the run in `folder`.

    Args:
        card: of the model that learnt; folder: of the run.
        data: that was trained on, whose test images are the other data's.
        collection: whose held-out drawings are read.
        tell: told how many of all answers are there.

    Raises:
        CapsDrawError: the run has no model, or a model cannot be read.
    """
    drawings = taught(collection.items(), card.names, card.input, card.intake)
    test = Split(data.test_images, data.test_labels)
    before = Session.open(card)
    after = Session(zoo.read(folder / checkpoint.BEST), card)
    source = other_data(data.name)
    count = 2 * (len(drawings.held_out.labels) + len(test.labels))
    errors: list[float | None] = []
    done = 0
    for session in (before, after):
        for split in (drawings.held_out, test):
            errors.append(_error(session, split))
            done += len(split.labels)
            if tell is not None:
                tell(done, count)
    own = Change(errors[0], errors[2], len(drawings.held_out.labels))
    return Lesson(own, Change(errors[1], errors[3], len(test.labels)), source)


def keep(folder: Path, title: str, data: Data) -> Card:
    """Put what a run has learnt among the user's own models; raises CapsDrawError as `adopt` does."""
    return adopt.adopt(runs.read(folder), title, data.train_images, data.train_labels, data.labels)


def _recipe(card: Card, made_by: Recipe, source: str) -> Recipe:
    """How a model goes on: gently, with the moves of its family's own recipe."""
    large = card.parameters >= _LARGE
    try:
        good = recipes.for_this_machine(recipes.load(made_by.family))
    except CapsDrawError:
        good = made_by
    return Recipe(
        name=f"{card.name}-learnt"[:60], title=card.title, family=made_by.family, options=made_by.options, data=source,
        start=card.name, epochs=_EPOCHS_OF_LARGE if large else _EPOCHS, batch=_BATCH, learning_rate=_RATE,
        schedule=RateSchedule.COSINE, augmentation=good.augmentation, precision=good.precision,
        limit=_FEWER if large else 0, reconstruction=good.reconstruction, held_out=2 * as_data.CHECKED,
    )  # fmt: skip


def _error(session: Session, split: Split) -> float | None:
    if not len(split.labels):
        return None
    return 100 * float(np.mean(session.scores(split.images).argmax(1) != split.labels))


def _both(change: Change) -> str:
    return f"{change.before:.2f} → {change.after:.2f}% wrong"


def _title(source: str) -> str:
    return {"mnist": "MNIST", SYNTHETIC: "synthetic digits"}.get(source, source)
