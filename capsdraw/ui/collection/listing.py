"""Which of the kept drawings are shown, and in which order; counts of classes. No Qt here: a thread does it."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from capsdraw.collection.item import Entry, Said

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

# Drawings of a class below which more are asked for. One in five is never trained on, but measured with
# (`collection.as_data.HELD_OUT`): with fewer, some class would as a rule have none to be measured with.
ENOUGH: Final = 5
# Of a filter: all of them.
ALL: Final = None


class Sorting(Enum):
    """In which order drawings stand."""

    WRONG = "Wrong first"
    CLASS = "By class"
    NEWEST = "Newest first"


@dataclass(frozen=True)
class Choice:
    """What is to be shown.

    Attributes:
        sha256: of the model whose answers count; names: of its classes.
        order: of the drawings; label: of those that are shown, or None for all; writer: likewise.
    """

    sha256: str = ""
    names: tuple[str, ...] = ()
    order: Sorting = Sorting.WRONG
    label: str | None = ALL
    writer: str | None = ALL


@dataclass(eq=False)
class Tally:
    """How many drawings of its own classes a model has read, and how many of them as another class."""

    read: int = 0
    misread: int = 0

    def add(self, entry: Entry, names: Sequence[str], by: int = 1) -> None:
        """One more, or less."""
        if entry.said is not None and entry.label in names:
            self.read += by
            self.misread += by * entry.is_wrong


@dataclass(eq=False)
class Listing:
    """All drawings, and which of them are shown.

    Attributes:
        choice: that it was made for.
        entries: all, the newest first; shown: which of them, by place, in the order in which they stand.
        counts: of all drawings by class; writers: of all, with how many drawings each has, "" among them.
        places: of each drawing in `entries`, by its id.
        tally: of what the model has read.
    """

    choice: Choice = field(default_factory=Choice)
    entries: list[Entry] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    writers: dict[str, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def entry(self, place: int) -> Entry:
        """The drawing that stands at that place."""
        return self.entries[self.shown[place]]

    def hear(self, said: dict[int, Said]) -> None:
        """What the model says of some of the drawings."""
        for drawing, answer in said.items():
            place = self.places.get(drawing)
            if place is not None:
                self.tally.add(self.entries[place], self.choice.names, -1)
                self.entries[place] = self.entries[place]._replace(said=answer)
                self.tally.add(self.entries[place], self.choice.names)

    def unread(self) -> list[int]:
        """Drawings that the model has not read and could, those that are shown first."""
        names = set(self.choice.names)
        in_sight = set(self.shown) if len(self.shown) < len(self.entries) else set()
        shown = (self.entries[place] for place in self.shown)
        others = (entry for place, entry in enumerate(self.entries) if in_sight and place not in in_sight)
        return [entry.id for part in (shown, others) for entry in part if entry.said is None and entry.label in names]


def listed(collection: "Collection | None", choice: Choice) -> Listing:
    """What is kept now, as chosen."""
    with _uncollected():
        return _listed([] if collection is None else collection.entries(choice.sha256), choice)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Of a hundred thousand tuples none holds itself: to look for circles meanwhile would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _listed(entries: list[Entry], choice: Choice) -> Listing:
    counts = Counter(entry.label for entry in entries)
    writers = Counter(entry.writer for entry in entries)
    places = {entry.id: place for place, entry in enumerate(entries)}
    return arranged(
        Listing(choice, entries, [], dict(counts), dict(writers), places, _tallied(entries, choice.names)), choice
    )


def arranged(listing: Listing, choice: Choice) -> Listing:
    """The same drawings as another choice has them."""
    entries = listing.entries
    shown = list(range(len(entries)))
    if choice.label is not ALL or choice.writer is not ALL:
        shown = [
            place
            for place, entry in enumerate(entries)
            if choice.label in (ALL, entry.label) and choice.writer in (ALL, entry.writer)
        ]
    # They come the newest first, and a sort leaves equals as they are.
    if choice.order == Sorting.CLASS:
        ranks = {name: rank for rank, name in enumerate(classes(choice.names, listing.counts))}
        shown.sort(key=lambda place: ranks.get(entries[place].label, len(ranks)))
    elif choice.order == Sorting.WRONG:
        shown = _wrong_first(entries, shown, choice.names)
    return replace(listing, choice=choice, shown=shown)


def classes(names: Sequence[str], counts: dict[str, int]) -> tuple[str, ...]:
    """The model's classes, then the others that are kept."""
    from capsdraw.collection.classes import in_order

    return (*names, *in_order(name for name in counts if name not in names))


def missing(names: Sequence[str], counts: dict[str, int]) -> dict[str, int]:
    """How many more drawings each of the classes needs, of those that do."""
    return {name: ENOUGH - counts.get(name, 0) for name in names if counts.get(name, 0) < ENOUGH}


def _wrong_first(entries: Sequence[Entry], shown: Sequence[int], names: Sequence[str]) -> list[int]:
    """Those that were misread, the surest of them before all; then what was not read, then what is right."""
    known = frozenset(names)
    wrong, unread, right = list[tuple[float, int]](), list[int](), list[int]()
    for place in shown:
        _, label, _, _, said = entries[place]
        if said is None or label not in known:
            unread.append(place)
        elif said.label != label:
            wrong.append((-said.score, place))
        else:
            right.append(place)
    return [*(place for _, place in sorted(wrong)), *unread, *right]


def _tallied(entries: Sequence[Entry], names: Sequence[str]) -> Tally:
    """Of all drawings at once: there may be a hundred thousand."""
    known = frozenset(names)
    wrong = [said.label != label for _, label, _, _, said in entries if said is not None and label in known]
    return Tally(len(wrong), sum(wrong))
