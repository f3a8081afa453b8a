"""Loaded nets, each once for the whole process: by the hash of their files, and within a limit of memory.

No Keras here before the first is loaded.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, heavy
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.light_file import NoLightHalf
from capsdraw.nets.weights import checked

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

# Of all loaded nets together, in bytes of their files: some 1 GB of memory. CapsNet's file of 31 MB takes 110 MB (the
# weights, the decoder's once more for NumPy, the compiled calls), small nets up to 7 times their files with all that
# "Inside" makes of them. All that are bundled come to 60 MB.
LIMIT: Final = 256 * 2**20


Half = TypeVar("Half", bound=Answering)


@dataclass
class _Loaded(Generic[Half]):
    """A net: the size of its file in bytes, and what was opened of it, under each name that it goes by."""

    size: int
    halves: dict[str, Half] = field(default_factory=dict)


class _Nets(Generic[Half]):
    """Nets by the hash of their files, of which one half is loaded."""

    def __init__(self, limit: int, load: Callable[[Card], Half]) -> None:
        self._limit, self._load = limit, load
        self._lock = threading.RLock()
        # Nets are loaded one after the other; who wants one that is there does not wait for that.
        self._loading = threading.Lock()
        self._nets: OrderedDict[str, _Loaded[Half]] = OrderedDict()  # the one asked for last at the end
        self.kept = ""

    def open(self, card: Card, wait: Callable[[], None]) -> Half:
        half = self._at_hand(card)
        if half is not None:
            return half
        with self._loading:
            half = self._at_hand(card)  # loaded by another thread, meanwhile
            if half is not None:
                return half
            wait()
            half = self._load(card)
            with self._lock:
                self._nets[card.sha256] = _Loaded(card.weights.stat().st_size, {card.name: half})
                self._drop(card.sha256)
            return half

    @property
    def size(self) -> int:
        with self._lock:
            return sum(net.size for net in self._nets.values())

    def holds(self, card: Card) -> bool:
        with self._lock:
            return card.sha256 in self._nets

    def _at_hand(self, card: Card) -> Half | None:
        with self._lock:
            net = self._nets.get(card.sha256)
            if net is None:
                return None
            self._nets.move_to_end(card.sha256)
            half = net.halves.get(card.name)
            if half is None or half.card != card:
                # The same file under another name, or a card that was changed: nothing is loaded for that.
                half = net.halves[card.name] = next(iter(net.halves.values())).under(card)
            return half

    def _drop(self, newest: str) -> None:
        for digest in list(self._nets):
            if self.size <= self._limit:
                return
            if digest not in (newest, self.kept):
                del self._nets[digest]


class SessionCache:
    """Hands out both halves of sessions to all threads that ask nets.

    A half that is dropped lives on with whoever still uses it, and is loaded anew for the next who asks.

    Args:
        limit: in bytes of files; what was asked for longest ago is dropped first, what is kept (`keep`) never, nor
            what was loaded last.
        replaced: called, on the thread that notices it, with the new card of a net whose card is another than it was.
        stand_back: called on the thread that loads a net with Keras, which ends with it, when that is imported and
            before TensorFlow starts threads, which inherit that one's claim on the processor.
    """

    def __init__(
        self,
        limit: int = LIMIT,
        replaced: Callable[[Card], None] = lambda _: None,
        stand_back: Callable[[], None] = lambda: None,
    ) -> None:
        self._replaced = replaced
        self._lock = threading.RLock()
        self._stand_back = stand_back
        self._sessions: _Nets[Session] = _Nets(limit, self._session)
        self._lights = _Nets(limit, Light.open)
        # Hashes of nets that were found to have no light half, and whether that lasts.
        self._heavy_only: dict[str, bool] = {}
        self._cards: dict[str, tuple[_Stamp | None, Card]] = {}

    def know(self, listed: Iterable[Card]) -> None:
        """These cards are shown to the user: of one that is another from now on, `replaced` tells."""
        with self._lock:
            for card in listed:
                if card.name not in self._cards or self._cards[card.name][1] != card:
                    self._cards[card.name] = None, card

    def card(self, name: str) -> Card:
        """The card of that name, as it lies there now; read anew only where its file has changed.

        One that was there and is gone, or cannot be read just now, stays as it was.

        Raises:
            CapsDrawError: as `cards.find` does.
        """
        with self._lock:
            stamp, last = self._cards.get(name, (None, None))
            # Taken before the file is read: what is written meanwhile is seen next time.
            now = None if last is None else _stamp(last)
            if last is not None and now is not None and now == stamp:
                return last
            try:
                card = cards.find(name)
            except CapsDrawError:
                if last is None:
                    raise
                return last
            self._cards[name] = now or _stamp(card), card
            # Before any other thread is given the new card: what it answers with that comes after the news.
            if last is not None and card != last:
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
        return self._sessions.open(card, wait)

    def answering(self, card: Card, wait: Callable[[], None] = lambda: None) -> Answering:
        """What answers for that net: its light half, which needs no Keras; where it has none, a session.

        Args:
            card: as `open` takes it; wait: called, once, before anything is loaded.

        Raises:
            CapsDrawError: as `zoo.load` does.
        """
        wait_once = _Once(wait)
        if card.sha256 not in self._heavy_only:
            try:
                return self._lights.open(card, wait_once)
            except NoLightHalf as problem:
                self._heavy_only[card.sha256] = problem.lasting
        return self._sessions.open(card, wait_once)

    def lightened(self, card: Card) -> None:
        """That net has a light file from now on: it is looked for anew."""
        self._heavy_only.pop(card.sha256, None)

    def lacks_light(self, card: Card) -> bool:
        """Whether that net answers by Keras only because its light file was not made yet."""
        return self._heavy_only.get(card.sha256) is False

    def keep(self, card: Card) -> None:
        """Never drop that net, which reads the drawing, until another is kept."""
        self._sessions.kept = self._lights.kept = card.sha256

    @property
    def size(self) -> int:
        """Of all nets that are loaded with Keras, in bytes of their files."""
        return self._sessions.size

    def holds(self, card: Card) -> bool:
        """Whether the net of that card is loaded with Keras."""
        return self._sessions.holds(card)

    def _session(self, card: Card) -> "Session":
        checked(card)  # a net that cannot be loaded is refused at once, not after seconds of imports
        heavy.load()
        from capsdraw.nets.session import Session

        # Not before the import: a thread that holds Python and is starved of the processor holds the window up. And on
        # a thread that ends: no claim is given back once it is waived, and who asks may be the pen's own thread.
        with ThreadPoolExecutor(1, "capsdraw-load", self._stand_back) as loading:
            return loading.submit(Session.open, card).result()


class _Once:
    """Calls a function the first time that it is called."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function: Callable[[], None] | None = function

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()


_Stamp = tuple[int, int, int]


def _stamp(card: Card) -> _Stamp | None:
    """What changes when the card's file is replaced, or None where there is no such file."""
    try:
        status = (Path(card.folder) / f"{card.name}.json").stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
