"""What models say now of drawings that are kept: read again in the background, and noted in the collection."""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from capsdraw.collection.item import Item, Said
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import of_sketch
from capsdraw.nets.answering import Answering
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.ui.worker import Worker, in_words

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

# Drawings that are read before they are noted: a tenth of a second, and a stop waits no longer.
_BATCH: Final = 16
# Bytes of a net's file: what a larger one says is not worth its memory where nobody has chosen it.
_SMALL: Final = 10_000_000
_CHOSEN, _OTHERS = range(2)


@dataclass(frozen=True)
class _Request:
    number: int
    kind: int
    card: Card
    ids: tuple[int, ...]
    # That are asked about the same drawings afterwards.
    more: tuple[Card, ...] = ()
    # Of how many in all.
    total: int = 0


class Rereading(QObject):
    """Asks on a thread of its own, behind all else.

    Args:
        opened: gives the collection, on that thread; cache: of nets.

    Signals:
        noted(str, object, int, int): hash of a model, {id of a drawing: `Said`}; how many of how many are read.
        failed(str): a model cannot be asked; one line.
    """

    noted = Signal(str, object, int, int)
    failed = Signal(str)

    def __init__(self, opened: "Callable[[], Collection]", cache: SessionCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened, self._cache = opened, cache
        self._worker: Worker[_Request] = Worker("reread", self._handle)
        self._lock = threading.Lock()
        self._newest = {_CHOSEN: 0, _OTHERS: 0}
        # (hash of a model, drawing) that it cannot read: not asked again.
        self._unread: set[tuple[str, int]] = set()
        self._broken: set[str] = set()

    def ask(self, card: Card, ids: Sequence[int]) -> bool:
        """Have these drawings read by that model, in this order; others that wait are forgotten. Whether any is."""
        unread = self._unread
        wanted = tuple(drawing for drawing in ids if (card.sha256, drawing) not in unread)
        if card.sha256 in self._broken:
            wanted = ()
        self._put(_Request(0, _CHOSEN, card, wanted, total=len(wanted)))
        return bool(wanted)

    def ask_others(self, cards: Iterable[Card], drawing: int) -> None:
        """Have a drawing read by further models that are small and answer without Keras; the newest drawing alone."""
        asked = [card for card in cards if card.sha256 not in self._broken]
        if asked:
            self._put(_Request(0, _OTHERS, asked[0], (drawing,), tuple(asked[1:]), 1))

    def stop(self) -> None:
        """Read no more of what was asked for."""
        with self._lock:
            self._newest[_CHOSEN] += 1

    def close(self, seconds: float = 5.0) -> bool:
        """End, after the batch under way; whether it did."""
        self.stop()
        return self._worker.close(seconds)

    def _put(self, request: _Request) -> None:
        with self._lock:
            self._newest[request.kind] += 1
            number = self._newest[request.kind]
            self._worker.put(replace(request, number=number), request.kind, request.kind)
        self._worker.start()

    def _go_on(self, request: _Request) -> None:
        """What is left of a request, unless a newer one came."""
        with self._lock:
            if request.number == self._newest[request.kind]:
                self._worker.put(request, request.kind, request.kind)

    def _handle(self, request: _Request) -> None:
        if request.number != self._newest[request.kind] or not request.ids:
            return
        card, batch = request.card, request.ids[:_BATCH]
        try:
            if request.kind == _CHOSEN or _is_cheap(card):
                said = self._read(card, batch)
                done = request.total - len(request.ids) + len(batch)
                self._tell(lambda: self.noted.emit(card.sha256, said, done, request.total))
        except Exception as error:
            why = in_words(error, f"{card.title} could not read the kept drawings")
            self._broken.add(card.sha256)
            if request.kind == _CHOSEN:
                self._tell(lambda: self.failed.emit(why))
                return
        if request.kind == _CHOSEN:
            self._go_on(replace(request, ids=request.ids[_BATCH:]))
        elif request.more:
            self._go_on(replace(request, card=request.more[0], more=request.more[1:]))

    @staticmethod
    def _tell(emit: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the window may be gone
            emit()

    def _read(self, card: Card, ids: tuple[int, ...]) -> dict[int, Said]:
        collection = self._opened()
        net = self._cache.answering(self._cache.current(card))
        said: dict[int, Said] = {}
        # One by one, for those that are gone leave no gap.
        for drawing in ids:
            try:
                items = list(collection.items([drawing]))
            except CapsDrawError:  # this one is damaged, which is said when it is opened
                self._unread.add((card.sha256, drawing))
                continue
            for item in items:
                answer = _said(net, item)
                if answer is None:
                    self._unread.add((card.sha256, drawing))
                else:
                    said[drawing] = answer
        collection.note(said)
        return said


def _said(net: Answering, item: Item) -> Said | None:
    """What the net says of a drawing; None where it sees nothing of it."""
    card = net.card
    try:
        seen = of_sketch(item.sketch, card.input, card.intake)
    except CapsDrawError:
        return None
    scores = net.scores(seen[None])[0]
    label = int(np.argmax(scores))
    return Said(card.name, card.sha256, card.label(label), float(scores[label]))


def _is_cheap(card: Card) -> bool:
    """Whether a net answers without Keras and without much memory."""
    from capsdraw.nets import light_file

    with suppress(OSError):
        return card.weights.stat().st_size <= _SMALL and any(path.exists() for path in light_file.places(card))
    return False
