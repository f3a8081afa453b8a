"""Loaded nets, each once for the whole process: by the hash of their files, and within a limit of memory.

No Keras here before the first is loaded.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, heavy
from capsdraw.nets.cards import Card

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

# Of all loaded nets together, in bytes of their files: some 1 GB of memory. CapsNet's file of 31 MB takes 110 MB (the
# weights, the decoder's once more for NumPy, the compiled calls), small nets up to 7 times their files with all that
# "Inside" makes of them. All that are bundled come to 60 MB.
LIMIT: Final = 256 * 2**20


@dataclass
class _Loaded:
    """A net: the size of its file in bytes, and its sessions under each name that it goes by."""

    size: int
    sessions: "dict[str, Session]" = field(default_factory=dict)


class SessionCache:
    """Hands out sessions to all threads that ask nets.

    A session that is dropped lives on with whoever still uses it, and is loaded anew for the next who asks.

    Args:
        limit: in bytes of files; what was asked for longest ago is dropped first, what is kept (`keep`) never, nor
            what was loaded last.
        replaced: called, on the thread that notices it, with the new card of a net whose card is another than it was.
    """

    def __init__(self, limit: int = LIMIT, replaced: Callable[[Card], None] = lambda _: None) -> None:
        self._limit, self._replaced = limit, replaced
        self._lock = threading.RLock()
        # Nets are loaded one after the other; who wants one that is there does not wait for that.
        self._loading = threading.Lock()
        self._nets: OrderedDict[str, _Loaded] = OrderedDict()  # by hash, the one asked for last at the end
        self._kept = ""
        self._cards: dict[str, tuple[_Stamp | None, Card]] = {}

    def know(self, shown: Iterable[Card]) -> None:
        """These cards are shown to the user: of one that is another from now on, `replaced` tells."""
        with self._lock:
            for card in shown:
                if card.name not in self._cards or self._cards[card.name][1] != card:
                    self._cards[card.name] = None, card

    def card(self, name: str) -> Card:
        """The card of that name, as it lies there now; read anew only where its file has changed.

        One that was there and is gone, or cannot be read just now, stays as it was.

        Raises:
            CapsDrawError: as `cards.find` does.
        """
        with self._lock:
            stamp, known = self._cards.get(name, (None, None))
            # Taken before the file is read: what is written meanwhile is seen next time.
            now = None if known is None else _stamp(known)
            if known is not None and now is not None and now == stamp:
                return known
            try:
                card = cards.find(name)
            except CapsDrawError:
                if known is None:
                    raise
                return known
            self._cards[name] = now or _stamp(card), card
        if known is not None and card != known:
            self._replaced(card)
        return card

    def current(self, card: Card) -> Card:
        """The card of that one's name, as it lies there now; where none does, the card itself."""
        with self._lock:
            self._cards.setdefault(card.name, (None, card))
        return self.card(card.name)

    def open(self, card: Card, wait: Callable[[], None] = lambda: None) -> "Session":
        """A session with the net of that card: one for all who ask.

        Args:
            card: which is not looked up: of a net that may have been replaced, `current` gives the one to open.
            wait: called before the net is loaded, where that is to be done.

        Raises:
            CapsDrawError: as `zoo.load` does.
        """
        session = self._at_hand(card)
        if session is not None:
            return session
        with self._loading:
            session = self._at_hand(card)  # loaded by another thread, meanwhile
            if session is not None:
                return session
            wait()
            heavy.load()
            from capsdraw.nets.session import Session

            session = Session.open(card)
            with self._lock:
                self._nets[card.sha256] = _Loaded(card.weights.stat().st_size, {card.name: session})
                self._drop(card.sha256)
            return session

    def keep(self, card: Card) -> None:
        """Never drop that net, which reads the drawing, until another is kept."""
        with self._lock:
            self._kept = card.sha256

    @property
    def size(self) -> int:
        """Of all nets that are loaded, in bytes of their files."""
        with self._lock:
            return sum(net.size for net in self._nets.values())

    def holds(self, card: Card) -> bool:
        """Whether the net of that card is loaded."""
        with self._lock:
            return card.sha256 in self._nets

    def _at_hand(self, card: Card) -> "Session | None":
        with self._lock:
            net = self._nets.get(card.sha256)
            if net is None:
                return None
            self._nets.move_to_end(card.sha256)
            session = net.sessions.get(card.name)
            if session is None or session.card != card:
                # The same file under another name, or a card that was changed: nothing is loaded for that.
                session = net.sessions[card.name] = next(iter(net.sessions.values())).under(card)
            return session

    def _drop(self, newest: str) -> None:
        for digest in list(self._nets):
            if self.size <= self._limit:
                return
            if digest not in (newest, self._kept):
                del self._nets[digest]


_Stamp = tuple[int, int, int]


def _stamp(card: Card) -> _Stamp | None:
    """What changes when the card's file is replaced, or None where there is no such file."""
    try:
        found = (Path(card.folder) / f"{card.name}.json").stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
