"""A drawing on the canvas on its way into the collection, and back."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capsdraw.collection.item import Item, Said
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.nets.cards import Card
from capsdraw.ui.answers import Answers

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection


@dataclass(frozen=True)
class Keeping:
    """What became of a drawing that was kept.

    Attributes:
        id: of the drawing; label: its class now.
        before: the class that it had in the collection; None where it was not there.
    """

    id: int
    label: str
    before: str | None = None


def item_of(sketch: Sketch, label: str, answers: tuple[Said, ...], writer: str = "") -> Item:
    """What is kept of a drawing on the canvas; what its data may have called it is no longer said."""
    drawing = replace(sketch.drawing, canvas=float(SIDE))
    return Item(replace(sketch, drawing=drawing, label=None), label, time.time(), writer, answers)


def said_of(answers: Answers, readers: dict[str, Card]) -> tuple[Said, ...]:
    """What the model that reads says of the drawing in sight; nothing where its answer is still to come."""
    answer = answers.newest
    card = None if answer is None else readers.get(answer.reading.model)
    if answer is None or card is None:
        return ()
    reading = answer.reading
    return (Said(card.name, card.sha256, card.label(reading.label), float(reading.scores[reading.label])),)


def others_of(answers: Answers, readers: dict[str, Card]) -> list[Card]:
    """The other models of the classes that the one that reads has."""
    reads = readers.get("" if answers.last is None else answers.last.reading.model)
    if reads is None:
        return []
    return [card for card in readers.values() if card.names == reads.names and card.sha256 != reads.sha256]


def keep(collection: "Collection", item: Item) -> Keeping:
    """Keep a drawing under that class, also where it is there as another one already."""
    added = collection.add([item])
    drawing = added.ids[0]
    if added.new:
        return Keeping(drawing, item.label)
    return Keeping(drawing, item.label, collection.relabel({drawing: item.label}).get(drawing, item.label))


def take_back(collection: "Collection", kept: Keeping) -> None:
    """The collection as it was before `keep`."""
    if kept.before is None:
        collection.remove([kept.id])
    else:
        collection.relabel({kept.id: kept.before})
