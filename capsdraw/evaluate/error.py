"""How often a model is wrong, and what for what."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.brought import brought, can_be_brought
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import NO_MONITOR, Cancelled, ReadMonitor
from capsdraw.datasets.sources import has_collection
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import metrics
from capsdraw.evaluate.metrics import Calibration, ClassMetrics, Ints, Mistake
from capsdraw.formatting import times
from capsdraw.ink.intake import Ground, Road
from capsdraw.nets import orientation
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import BATCH, Floats


class Model(Protocol):
    """What can be measured: a `Session`, or several as one."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def classes(self) -> int:
        """How many it tells apart."""

    def scores(self, images: NDArray[Any], /) -> Floats:
        """(N, C) of N images, the largest of a row is the answer."""


@dataclass(frozen=True)
class Scored(ABC):
    """What a model said of labelled images, and how often that was wrong; it is counted when it is asked for.

    Attributes:
        noun: what each of the images is.
        model, data: their names.
        labels: (N,) the true classes, or (N, 2) of two digits over one another.
        scores: (N, C) float32, what the model said of each image.
        seconds: all its answers took, progress left out.
    """

    noun: ClassVar[str] = "image"

    model: str
    data: str
    labels: Ints
    scores: Floats
    seconds: float

    @property
    @abstractmethod
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether each image was read right."""

    @property
    @abstractmethod
    def confidence(self) -> NDArray[np.float64]:
        """(N,) how sure each answer is, in [0, 1]."""

    @property
    @abstractmethod
    def confusion(self) -> Ints:
        """(C, C), true class down, class read across."""

    @abstractmethod
    def cell(self, true: int, read: int) -> Ints:
        """The images behind one cell of the confusion matrix: (K,) indices."""

    @abstractmethod
    def told(self, index: int, names: Sequence[str]) -> tuple[str, str]:
        """What an image is, and what it was read as, in words; `names` are the classes'."""

    @property
    def images(self) -> int:
        """How many."""
        return len(self.labels)

    @property
    def classes(self) -> int:
        """How many the model tells apart."""
        return self.scores.shape[1]

    @cached_property
    def errors(self) -> int:
        """How many images were misread."""
        return int((~self.right).sum())

    @property
    def error_percent(self) -> float:
        """Errors in a hundred images."""
        return 100 * self.errors / self.images

    @property
    def interval_percent(self) -> tuple[float, float]:
        """Where the error in a hundred lies for ever more such images, at 95% confidence (Wilson)."""
        low, high = metrics.wilson(self.errors, self.images)
        return 100 * low, 100 * high

    @property
    def seconds_per_image(self) -> float:
        """Of the model's answers, many images at once."""
        return self.seconds / self.images

    @cached_property
    def by_class(self) -> tuple[ClassMetrics, ...]:
        """Precision, recall, F1 and count of each class."""
        return metrics.by_class(self.confusion)

    @cached_property
    def misread(self) -> Ints:
        """(K,) the misread images, the most confident mistake first."""
        wrong = np.flatnonzero(~self.right)
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    @cached_property
    def calibration(self) -> Calibration:
        """Confidence against correctness, in ten bins."""
        return metrics.calibration(self.confidence, self.right)


class Evaluation(Scored):
    """A model measured on labelled images."""

    @cached_property
    def read(self) -> Ints:
        """(N,) the class read in each image."""
        return self.scores.argmax(1)

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether each image was read right."""
        return self.read == self.labels

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """(N,) of each answer, as `metrics.confidence` says."""
        return metrics.confidence(self.scores)

    @cached_property
    def confusion(self) -> Ints:
        """(C, C), true class down, class read across."""
        return metrics.confusion(self.labels, self.read, self.classes)

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The misread images, the most confident mistake first."""
        return metrics.mistakes(self.labels, self.scores)

    def cell(self, true: int, read: int) -> Ints:
        """The images behind one cell of the confusion matrix: (K,) indices."""
        return np.flatnonzero((self.labels == true) & (self.read == read))

    def told(self, index: int, names: Sequence[str]) -> tuple[str, str]:
        """Its class, and the one read, by their names."""
        return names[int(self.labels[index])], names[int(self.read[index])]


def evaluate(
    model: Model, images: NDArray[np.uint8] | Floats, labels: NDArray[np.integer], data: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Evaluation:  # fmt: skip
    """Read all images, batch by batch, and keep what was said of each.

    Args:
        model: that is asked.
        images: N of them, as `Session.scores` takes them.
        labels: (N,) true classes, each known to the model.
        data: the images' name.
        progress: hears after each batch how many images are done, and of how many.
        cancelled: asked before each batch whether to stop; the `is_set` of a `threading.Event`, say.

    Raises:
        CapsDrawError: there are no images, or its answers are no numbers. Cancelled: stopped.
    """
    if not len(labels):
        raise CapsDrawError(f"cannot measure '{model.name}' on '{data}': it has no images")
    batches, seconds = [], 0.0
    for first in range(0, len(labels), BATCH):
        if cancelled():
            raise Cancelled(f"stopped after {first:,} of {len(labels):,} images")
        begun = time.perf_counter()
        batches.append(model.scores(images[first : first + BATCH]))
        seconds += time.perf_counter() - begun
        require_numbers(model, data, batches[-1])
        progress(min(first + BATCH, len(labels)), len(labels))
    return Evaluation(model.name, data, labels.astype(np.int64), np.concatenate(batches), seconds)


def require_numbers(model: Model, data: str, scores: Floats) -> None:
    """Raise CapsDrawError where answers are no numbers: whatever class came first would be taken for what was read."""
    if not np.isfinite(scores).all():
        raise CapsDrawError(
            f"cannot measure '{model.name}' on '{data}': its answers are no numbers (NaN or infinite); its weights may "
            "be damaged: choose another model, or train it anew"
        )


def fitted(name: str, card: Card, data: Data, watch: ReadMonitor = NO_MONITOR) -> Data:
    """Data on which the model `name`, one of `card`'s kind, can be measured: its classes numbered as the model's are.

    Where both have names for their classes, these decide, in whatever order; else the numbers do, and `remark` says so.
    Test images of another size are brought to the model's as pictures are (`datasets.brought`); `watch` is told of
    them.

    Raises:
        CapsDrawError: its images have another form, or are of a class that the model does not know.
        Cancelled: stopped.
    """
    if card.reads_pairs:
        raise CapsDrawError(
            f"'{name}' reads two digits over one another: here models are asked for one; choose another model, or "
            "measure it by itself"
        )
    if data.shape != card.input and not can_be_brought(data, card.input, card.intake):
        raise CapsDrawError(
            f"data '{data.name}' has images of {times(data.shape)}: model '{name}' reads {times(card.input)}; "
            "choose other data, or a model that was trained on such images"
        )
    data = numbered(name, card, data)
    return data if data.shape == card.input else brought(data, card.input, card.intake, watch)


def numbered(name: str, card: Card, data: Data) -> Data:
    """Data on the model's ground, its classes numbered as the model's are.

    Raises:
        CapsDrawError: another class is among them.
    """
    data = _on_ground(card, data)
    if not _by_name(card, data):
        if int(data.test_labels.max()) >= card.classes:
            raise CapsDrawError(
                f"data '{data.name}' has label {data.test_labels.max()}: '{name}' knows classes 0 to {card.classes - 1}"
            )
        return data
    data = _known(name, card, data) if has_collection(data.name) else data
    labels = np.union1d(data.train_labels, data.test_labels).tolist()
    unknown = next((class_name for class_name in map(data.label, labels) if class_name not in card.names), None)
    if unknown is not None:
        raise CapsDrawError(
            f"data '{data.name}' has images of '{unknown}': '{name}' knows {_listed(card.names)}; choose other data, "
            "leave that class out, or give it the model's name for it"
        )
    if all(label < card.classes and data.label(label) == card.label(label) for label in labels):
        return data
    places = np.zeros(max(labels) + 1, np.uint8)
    places[labels] = [card.names.index(data.label(label)) for label in labels]
    return replace(
        data, train_labels=places[data.train_labels], test_labels=places[data.test_labels], labels=card.names
    )


def _known(name: str, card: Card, data: Data) -> Data:
    """The user's own drawings of the classes that the model knows; raises CapsDrawError where there is none."""
    own = [label for label in range(data.classes) if data.label(label) in card.names]
    trained, tested = np.isin(data.train_labels, own), np.isin(data.test_labels, own)
    if tested.all() and trained.all():
        return data
    if not tested.any():
        raise CapsDrawError(
            f"your collection holds too few drawings that '{name}' knows ({_listed(card.names)}): draw some more, and "
            "say what they are, or choose another model"
        )
    left_out = int((~tested).sum())
    note = f"{left_out:,} of classes that '{name}' does not know are left out"
    return replace(
        data, train_images=data.train_images[trained], train_labels=data.train_labels[trained],
        test_images=data.test_images[tested], test_labels=data.test_labels[tested],
        notes=(*data.notes, *([note] if left_out else [])),
    )  # fmt: skip


def as_trained(card: Card, source: str, data: Data, asked: bool | None = None) -> Data:
    """Data from `source` with rows and columns exchanged, or as they are.

    Args:
        card: of the model; source, data: that it is measured on.
        asked: what the user said; None for nothing: then its own data is used as the model's fit did, other as it is.
    """
    exchanged = card.intake.transposed and source == card.data_set if asked is None else asked
    return replace(data.transposed(), notes=(*data.notes, "rows and columns were exchanged")) if exchanged else data


class Doubt(CapsDrawError):  # noqa: N818 (nothing broke)
    """Whether rows and columns of the images are to be exchanged: nobody has said so yet.

    Attributes:
        reason: why they may be to.
    """

    def __init__(self, data: str, reason: str) -> None:
        super().__init__(f"cannot use '{data}': {reason}: {orientation.ASK}")
        self.reason = reason


def require_upright(model: Model, data: Data) -> None:
    """Raise `Doubt` where the model reads the test images of `data` far better with rows and columns exchanged."""
    doubt = orientation.of_model(model.scores, model.name, data.test_images, data.test_labels)
    if doubt:
        raise Doubt(data.name, doubt)


def names(card: Card, data: Data) -> list[str]:
    """Of the model's classes, where it is measured on `data` (`fitted`): its own, or if it has none the data's."""
    named = card if card.labels else data
    return [named.label(label) for label in range(card.classes)]


def remark(card: Card, data: Data) -> str:
    """What was done to `data` to measure the model on it, and where only numbers say which class is which; "" for none.

    One line for people.
    """
    lines = [f"{note[:1].upper()}{note[1:]}." for note in data.notes]
    if bool(card.labels) != bool(data.labels) and not _by_name(card, data):
        lines += [
            f"The data does not name its classes: its 0 is taken as {card.label(0)}, and so on."
            if card.labels
            else f"The model does not name its classes: the data's names are shown, {data.label(0)} for its 0, "
            "and so on."
        ]
    return " ".join(lines)


def _on_ground(card: Card, data: Data) -> Data:
    """Data whose images lie on the ground that the model's do: turned round as pictures are for it."""
    wanted, pictures = card.intake, data.pictures
    if pictures is None or Ground.ANY in (wanted.ground, pictures.ground) or wanted.ground == pictures.ground:
        return data
    if wanted.road == Road.PIXELS and not wanted.turned:
        return data
    way = "light on dark" if wanted.ground == Ground.DARK else "dark on light"
    return replace(
        data, train_images=255 - data.train_images, test_images=255 - data.test_images, pictures=wanted,
        notes=(*data.notes, f"the data's images were turned round, for '{card.name}' reads {way}"),
    )  # fmt: skip


def _by_name(card: Card, data: Data) -> bool:
    """Whether names say which class of the data is which of the model's; those without are called by their numbers."""
    if (card.labels and data.labels) or has_collection(data.name):
        return True
    numbers = {str(label) for label in range(max(card.classes, data.classes))}
    return bool(card.labels or data.labels) and numbers.issuperset(card.labels or data.labels)


def _listed(words: Sequence[str]) -> str:
    """The first few of them."""
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")
