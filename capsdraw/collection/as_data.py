"""A collection as data to train on: alone, or beside data that a net is to go on knowing. No Keras here.

Its names are those of `datasets.sources`: "collection", and "collection+NAME", where NAME is any other data.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.collection.classes import in_order
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item, content
from capsdraw.datasets import data as data_sets
from capsdraw.datasets.data import MAX_CLASSES, Data, Split
from capsdraw.datasets.measured import intake_of
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.opening import open_data as open_other
from capsdraw.datasets.sources import COLLECTION, has_collection, other_data
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import DIGITS, Intake, of_sketch

# One drawing in so many is never trained on, but measured with.
HELD_OUT: Final = 5
# Images of the other data that are trained on beside the drawings, and those that an epoch is checked with.
OTHERS: Final = 6000
CHECKED: Final = 1000
# The drawings' share of what is trained on, as far as none is seen more often than this in an epoch.
_SHARE: Final = 1 / 3
_MOST_OFTEN: Final = 100
_SEED: Final = 7


@dataclass(frozen=True, eq=False)
class Taught:
    """Drawings as a net sees them.

    Attributes:
        trained, held_out: their images (N, rows, columns[, 3]) uint8 and class numbers.
        unknown: how many are of classes that the net does not know.
    """

    trained: Split
    held_out: Split
    unknown: int = 0


def is_held_out(item: Item) -> bool:
    """Whether a drawing is one of those that nothing is ever trained on, whatever else is kept: by its content."""
    return int(content(item.sketch)[:8], 16) % HELD_OUT == 0


def taught(items: Iterable[Item], names: tuple[str, ...], shape: tuple[int, ...], intake: Intake) -> Taught:
    """Drawings as a net of these classes sees them.

    Args:
        items: from a collection; names: of the net's classes, class 0 first; shape, intake: as its card has them.

    Raises:
        CapsDrawError: a drawing cannot be read.
    """
    numbers = {name: number for number, name in enumerate(names)}
    images: dict[bool, list[NDArray[np.uint8]]] = {True: [], False: []}
    labels: dict[bool, list[int]] = {True: [], False: []}
    unknown = 0
    for item in items:
        number = numbers.get(item.label)
        if number is None:
            unknown += 1
            continue
        part = is_held_out(item)
        images[part].append(np.rint(of_sketch(item.sketch, shape, intake) * 255).astype(np.uint8))
        labels[part].append(number)
    size = shape if shape[2] == 3 else shape[:2]
    trained, held_out = (
        Split(np.array(images[part], np.uint8).reshape(-1, *size), np.array(labels[part], np.uint8))
        for part in (False, True)
    )
    return Taught(trained, held_out, unknown)


def open_data(
    source: str | Path, shape: tuple[int, ...] | None = None, test_only: bool = False,
    watch: ReadMonitor = NO_MONITOR, intake: Intake | None = None,
    collection: Callable[[], Collection] = Collection.to_read,
) -> Data:  # fmt: skip
    """As `datasets.opening.open_data`, and the user's own drawings by the names above.

    Args:
        source, shape, test_only, watch, intake: as there.
        collection: opens it.

    Raises:
        CapsDrawError: also where the collection holds nothing to train on. Cancelled: stopped.
    """
    name = str(source)
    if name == COLLECTION:
        with collection() as drawings:
            return _alone(drawings, shape or (28, 28, 1), intake or DIGITS, watch)
    if has_collection(name):
        with collection() as drawings:
            if not drawings.counts():  # the other data may take long to be read
                raise CapsDrawError("your collection holds nothing to learn from: draw some, and say what they are")
        data = open_other(other_data(name), shape, watch=watch, intake=intake)
        with collection() as drawings:
            return _beside(drawings, data, name)
    return open_other(source, shape, test_only, watch, intake)


def _alone(collection: Collection, shape: tuple[int, ...], intake: Intake, watch: ReadMonitor) -> Data:
    """All drawings, those that are held out as the test part, with the classes that they have."""
    counts = collection.counts()
    names = in_order(counts)
    if not names:
        raise CapsDrawError("your collection is empty: draw something, and say what it is")
    if len(names) > MAX_CLASSES:
        raise CapsDrawError(f"your collection has {len(names):,} classes: a net knows {MAX_CLASSES} at most")
    # Whoever wrote some of the ten digits means digits.
    digits = tuple(str(digit) for digit in range(data_sets.DIGITS))
    numbered = digits if set(names) <= set(digits) else names
    items = _watched(collection.items(), sum(counts.values()), watch)
    known = taught(items, numbered, shape, intake)
    if not len(known.trained.labels):
        raise CapsDrawError("your collection holds too few drawings to train on: keep some more")
    # As they were drawn, the newest would be held out from a fit: of a class or two, from a user who goes by classes.
    trained = known.trained.chosen(np.random.default_rng(_SEED).permutation(len(known.trained.labels)))
    measured = len(known.held_out.labels)
    test = known.held_out if measured else None
    data = data_sets.made(COLLECTION, trained, test, () if numbered == digits else numbered)
    note = f"{measured:,} of your {measured + len(trained.labels):,} drawings are never trained on, only measured with"
    return replace(data, pictures=intake, notes=(note,) if measured else ())


def _watched(items: Iterable[Item], total: int, watch: ReadMonitor) -> Iterator[Item]:
    """The same, and each told."""
    for done, item in enumerate(items, 1):
        watch.tell(min(done, total), total)
        yield item


def _beside(collection: Collection, data: Data, name: str) -> Data:
    """The drawings among images of other data, and at the end those that an epoch is checked with.

    Half of that check are drawings that are trained on, unmoved: by the other data alone, the epoch would be chosen
    that has learnt the least. Those that are held out choose nothing: they tell what came of it.
    """
    images = data.train_images
    intake = data.pictures or intake_of(images)
    names = tuple(data.label(label) for label in range(max(data.classes, data_sets.DIGITS if data.are_digits else 0)))
    known = taught(collection.items(), names, data.shape, intake)
    if not len(known.trained.labels):
        raise CapsDrawError(
            f"your collection holds no drawing of {', '.join(names[:12])}{' …' if len(names) > 12 else ''} to learn "
            "from: draw some, and say what they are"
        )
    random = np.random.default_rng(_SEED)
    order = random.permutation(len(images))
    checked, trained = order[:CHECKED], order[CHECKED : CHECKED + OTHERS]
    if len(trained) < CHECKED:
        raise CapsDrawError(f"'{data.name}' has {len(images):,} images: too few to stand beside a collection")
    own = known.trained
    often = np.arange(_repeated(len(known.trained.labels), len(trained))) % len(known.trained.labels)
    check = np.arange(len(checked)) % len(own.labels)
    size = images.shape[1:]
    begin = random.permutation(len(trained) + len(often))
    mixed = np.concatenate([images[trained], known.trained.images[often].reshape(-1, *size)])[begin]
    labels = np.concatenate([data.train_labels[trained], known.trained.labels[often]])[begin]
    return replace(
        data,
        name=name,
        train_images=np.concatenate([mixed, images[checked], own.images[check].reshape(-1, *size)]),
        train_labels=np.concatenate([labels, data.train_labels[checked], own.labels[check]]),
        notes=(*data.notes, _note(known, len(often))),
    )


def _repeated(drawings: int, others: int) -> int:
    """How many images of an epoch are drawings."""
    wanted = round(others * _SHARE / (1 - _SHARE))
    return max(min(wanted, _MOST_OFTEN * drawings), drawings)


def _note(known: Taught, shown: int) -> str:
    count = len(known.trained.labels)
    rest = f"; {known.unknown:,} of other classes are left out" if known.unknown else ""
    return f"{count:,} of your drawings, {shown / count:.0f} times in each epoch{rest}"
