"""The thread on which models are measured: one question at a time; comparing asks nothing again that is known."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from capsdraw.datasets import sampling
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.datasets.sources import KNOWN
from capsdraw.evaluate import both_right, error, pairs, sets
from capsdraw.evaluate.error import Evaluation, Scored
from capsdraw.evaluate.metrics import Ints
from capsdraw.evaluate.pairs import Pairs
from capsdraw.evaluate.sets import Report
from capsdraw.lab.heat import Heat
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats
from capsdraw.ui.opening_data import open_data
from capsdraw.ui.worker import Worker, gone, in_words

if TYPE_CHECKING:
    from capsdraw.nets.session import Session  # Keras with it, which the window does without

# What the thread does, the more urgent first: what spoke for an answer waits for what is measured.
_MEASURE: Final = 0
_HEAT: Final = 1


@dataclass(frozen=True)
class Examined:
    """A model measured on data.

    Attributes:
        card: the model's; data: whose test images it read.
        result: what it said of them; pairs: the first of them reconstructed, or None for a classifier.
        images: that it read, (N, rows, columns[, 3]) uint8: those of the data, or two of them over one another.
    """

    card: Card
    data: Data
    result: Scored
    pairs: Pairs | None
    images: NDArray[np.uint8]

    @property
    def names(self) -> list[str]:
        """Of the classes."""
        return error.names(self.card, self.data)


@dataclass(frozen=True)
class Draw:
    """How evaluation sets are drawn: images of each class, how many sets, and what decides them."""

    each: int
    count: int
    seed: int


@dataclass(frozen=True)
class Comparison:
    """Models compared on evaluation sets.

    Attributes:
        cards, results: of the models; data: whose test images are the pool.
        draw: how the sets were drawn; sets: (K, S) indices into the pool; report: what was found.
    """

    cards: tuple[Card, ...]
    data: Data
    results: tuple[Evaluation, ...]
    draw: Draw
    sets: Ints
    report: Report


@dataclass(frozen=True)
class Explained:
    """What spoke for each model's answer to one image.

    Attributes:
        cards: the models; read: the class that each reads.
        image: float32 in [0, 1].
        heats: of each towards the class that it reads; or why there is none, in one line.
    """

    cards: tuple[Card, ...]
    read: tuple[int, ...]
    image: Floats
    heats: tuple[Heat | str, ...]


class Examiner(QObject):
    """Measures models, and keeps the window out of it.

    Attributes:
        busy: whether something is under way.

    Signals:
        progressed(str, int, int): what is done, how much of it, of how much (0: not known).
        examined(object): an `Examined`; compared(object): a `Comparison`.
        explained(int, object): number of the question, an `Explained`.
        doubted(str): why rows and columns of the images may be exchanged, which nobody has said yet; it was "stopped".
        ended(str): the question is done with: "" where it was answered, "stopped", or why it could not be, in one line.
    """

    progressed = Signal(str, int, int)
    examined = Signal(object)
    compared = Signal(object)
    explained = Signal(int, object)
    doubted = Signal(str)
    ended = Signal(str)

    def __init__(self, cache: SessionCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._cache = cache
        self._worker: Worker[Callable[[], None]] = Worker("evaluate", lambda work: work(), owner=self)
        self._questions = 0
        self._enough = threading.Event()
        self._data: tuple[str, Data] | None = None
        # By names, the model's hash and the images': a name alone does not stand for what is in it.
        self._measured: dict[tuple[str, str, str, bytes], tuple[Evaluation, Pairs | None]] = {}
        # First of all who listen, and on the window's thread: whoever is told of the end may begin anew.
        self.ended.connect(self._free)

    def examine(self, card: Card, source: str, transposed: bool | None = None) -> None:
        """Measure a model on the test images of `source`, as `opening_data` takes it: anew, for the time differs.

        Of a model that was replaced since `card` was read, the one that is there now. `transposed`: whether rows and
        columns are exchanged first; None: that is asked (`doubted`) where the model reads them far better so.
        """
        self._put(lambda: self.examined.emit(self._examine_anew(card, source, transposed)))

    def compare(self, cards: Sequence[Card], source: str, draw: Draw, transposed: bool | None = None) -> None:
        """Compare models on sets drawn from the test images of `source`; known ones are not measured again.

        `transposed` is as for `examine`.
        """
        self._put(lambda: self.compared.emit(self._compare(tuple(cards), source, draw, transposed)))

    def explain(self, cards: Sequence[Card], image: Floats, read: Sequence[int]) -> int:
        """Ask what spoke for what each model reads in one image; returns the question's number.

        It waits for what is measured; of several that wait the newest is answered.

        Args:
            cards: the models.
            image: (rows, columns[, 3]) float32 in [0, 1].
            read: the class that each of them reads in it.
        """
        self._questions += 1
        question, models, labels = self._questions, tuple(cards), tuple(read)
        self._worker.put(lambda: self.explained.emit(question, self._explain(models, image, labels)), _HEAT, _HEAT)
        self._worker.start()
        return question

    def stop(self) -> None:
        """End after the batch under way."""
        self._enough.set()

    def close(self, seconds: float = 30.0) -> bool:
        """Stop what is under way, and the thread; whether it ended."""
        self.stop()
        return self._worker.close(seconds)

    def _free(self) -> None:
        self.busy = False

    def _put(self, work: Callable[[], None]) -> None:
        if self.busy:
            return
        self.busy = True
        self._enough.clear()
        self._worker.put(lambda: self.ended.emit(self._try(work)), _MEASURE, _MEASURE)
        self._worker.start()

    def _try(self, work: Callable[[], None]) -> str:
        try:
            work()
        except Cancelled:
            return "stopped"
        except error.Doubt as doubt:
            self.doubted.emit(doubt.reason)
            return "stopped"
        except Exception as problem:
            return "" if gone(self) else in_words(problem)
        return ""

    def _examine_anew(self, listed: Card, source: str, transposed: bool | None) -> Examined:
        card = self._cache.current(listed)
        if card.reads_pairs:
            return self._examine_pairs(card, source, transposed)
        data, result, reconstructed = self._examine(card, self._load(source, card, transposed), transposed, True)
        return Examined(card, data, result, reconstructed, data.test_images)

    def _examine_pairs(self, card: Card, source: str, transposed: bool | None) -> Examined:
        """A net that reads two digits over one another, on such pairs of the test images."""
        data = open_data(source, None, test_only=True, watch=self._watch("Loading the data"))
        data, both = both_right.fitted_pairs(card, error.as_trained(card, source, data, transposed))
        session = self._open(card)
        result = both_right.evaluate_pairs(session, both, data.name, self._told(card), self._enough.is_set)
        images = both_right.pictures(both)
        return Examined(card, data, result, self._finished(session, result, images), images)

    def _load(self, source: str, card: Card, transposed: bool | None) -> Data:
        return error.as_trained(card, source, self._read(source, card), transposed)

    def _read(self, source: str, card: Card) -> Data:
        if self._data is None or self._data[0] != source:
            self._data = None  # not two sets in memory
            watch = self._watch("Loading the data")
            data = open_data(source, card.input, test_only=True, watch=watch, intake=card.intake)
            if source not in KNOWN:
                return data  # files and drawings may change, and are read to the model's size: they are read anew
            self._data = (source, data)
        return self._data[1]

    def _watch(self, what: str) -> ReadMonitor:
        return ReadMonitor(lambda done, total: self.progressed.emit(what, done, total), self._enough)

    def _examine(
        self, card: Card, data: Data, transposed: bool | None, anew: bool = False
    ) -> tuple[Data, Evaluation, Pairs | None]:
        """The data as the model reads it, and what it said of it."""
        data = error.fitted(card.name, card, data, self._watch("Bringing the images to the model's size"))
        key = (card.name, card.sha256, data.name, _digest(data))
        if anew or key not in self._measured:
            self._measured[key] = self._measure(card, data, transposed)
        return data, *self._measured[key]

    def _measure(self, card: Card, data: Data, transposed: bool | None) -> tuple[Evaluation, Pairs | None]:
        session = self._open(card)
        if transposed is None:
            error.require_upright(session, data)
        result = error.evaluate(
            session, data.test_images, data.test_labels, data.name, self._told(card), self._enough.is_set
        )
        return result, self._finished(session, result, data.test_images)

    def _open(self, card: Card) -> "Session":
        session = self._cache.open(card, lambda: self.progressed.emit(f"Loading {card.title}", 0, 0))
        self._check()
        return session

    def _told(self, card: Card) -> Callable[[int, int], None]:
        return lambda done, total: self.progressed.emit(card.title, done, total)

    def _finished(self, session: "Session", result: Scored, images: NDArray[np.uint8]) -> Pairs | None:
        """The first images reconstructed, if the net has capsules; the rest is counted, for the window would wait."""
        _ = result.by_class, result.misread, result.calibration
        self._check()
        return pairs.reconstruct(session, images[: pairs.COUNT]) if session.capsule else None

    def _compare(self, listed: tuple[Card, ...], source: str, draw: Draw, transposed: bool | None) -> Comparison:
        cards = tuple(self._cache.current(card) for card in listed)
        data = self._load(source, cards[0], transposed)
        for card in cards:
            data = error.fitted(card.name, card, data, self._watch("Bringing the images to the models' size"))
        drawn = sampling.draw(data.test_labels, draw.each, draw.count, draw.seed)
        results = tuple(self._examine(card, data, transposed)[1] for card in cards)
        right = np.stack([result.right for result in results])
        self.progressed.emit("Comparing", 0, 0)
        report = sets.find(
            right, data.test_labels, drawn, seed=draw.seed,
            progress=lambda done, total: self.progressed.emit("Comparing pairs of models", done, total),
            cancelled=self._enough.is_set,
        )  # fmt: skip
        return Comparison(cards, data, results, draw, drawn, report)

    def _explain(self, cards: tuple[Card, ...], image: Floats, read: tuple[int, ...]) -> Explained:
        heats = tuple(self._heat(card, image, label) for card, label in zip(cards, read, strict=True))
        return Explained(cards, read, image, heats)

    def _heat(self, card: Card, image: Floats, label: int) -> "Heat | str":
        try:
            session = self._cache.open(card)
            from capsdraw.lab.gradcam import GradCam

            return session.once(GradCam).map(image, label)
        except Exception as problem:
            return in_words(problem)

    def _check(self) -> None:
        if self._enough.is_set():
            raise Cancelled("stopped")


def _digest(data: Data) -> bytes:
    """Of the test images and their labels."""
    digest = hashlib.blake2b(np.ascontiguousarray(data.test_images).data, digest_size=16)
    digest.update(np.ascontiguousarray(data.test_labels).data)
    return digest.digest()
