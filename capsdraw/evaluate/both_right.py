"""How often a net of pairs reads both of two digits that lie over one another."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Data, Split
from capsdraw.datasets.monitor import Cancelled
from capsdraw.datasets.overlaid import Overlaid, pairs
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import error, metrics
from capsdraw.evaluate.error import Model, Scored
from capsdraw.formatting import times
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import BATCH, Floats, longest

Ints = NDArray[np.int64]


class PairEvaluation(Scored):
    """A model measured on pairs: its labels are (N, 2), the two true classes."""

    noun = "pair"

    @cached_property
    def read(self) -> Ints:
        """(N, 2) the two classes with the largest scores, the larger first."""
        return longest(self.scores, 2)

    @cached_property
    def found(self) -> Ints:
        """(N,) how many of the two were read: 0, 1 or 2."""
        return (self.read[:, :, None] == self.labels[:, None, :]).any(1).sum(1)

    @cached_property
    def taken(self) -> Ints:
        """(N, 2) what each true class was read as: itself, or the class that was read in its place.

        Where neither was read, the first is said to have been taken for the likelier of those that were.
        """
        same = self.read[:, :, None] == self.labels[:, None, :]
        hit, true = same.any(1), same.any(2)
        other = np.where(true[:, 0], self.read[:, 1], self.read[:, 0])
        taken: Ints = np.where(hit, self.labels, np.where(self.found[:, None] == 0, self.read, other[:, None]))
        return taken

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether both were read."""
        return self.found == 2

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """(N,) the smaller score of the two classes that are read: both have to be there."""
        return np.take_along_axis(self.scores, self.read[:, 1:], 1)[:, 0].astype(np.float64)

    @cached_property
    def confusion(self) -> Ints:
        """(C, C), true class down, class read across: two entries of each pair, as `taken` has them."""
        return metrics.confusion(self.labels.ravel(), self.taken.ravel(), self.classes)

    def cell(self, true: int, read: int) -> Ints:
        """The pairs behind one cell of the confusion matrix: (K,) indices."""
        return np.flatnonzero(((self.labels == true) & (self.taken == read)).any(1))

    def told(self, index: int, names: Sequence[str]) -> tuple[str, str]:
        """The two true classes and the two read: "3 + 7", "3 + 1"."""
        order = np.argsort(self.labels[index], kind="stable")
        true, read = (
            " + ".join(names[int(label)] for label in labels[index][order]) for labels in (self.labels, self.taken)
        )
        return true, read

    def to_json(self) -> dict[str, Any]:
        """The figures as `capsdraw evaluate --json` prints them."""
        return {
            "model": self.model, "data": self.data, "images": self.images, "errors": self.errors,
            "error_percent": round(self.error_percent, 4),
            "interval_percent": [round(end, 4) for end in self.interval_percent],
            "one_right": int((self.found == 1).sum()), "none_right": int((self.found == 0).sum()),
            "seconds_per_image": self.seconds_per_image, "confusion": self.confusion.tolist(),
            "classes": [asdict(figures) for figures in self.by_class], "calibration": asdict(self.calibration),
            "mistakes": [
                {"index": index, "true": self.labels[index].tolist(), "read": self.read[index].tolist(),
                 "score": float(self.confidence[index])} for index in self.misread.tolist()
            ],
        }  # fmt: skip


def fitted_pairs(card: Card, data: Data) -> tuple[Data, Overlaid]:
    """Data with its classes numbered as the model's are, as `error.fitted` gives it, and `pairs_for` it.

    Raises:
        CapsDrawError: the data's images, or its classes, are others than the model's; or it has a single class.
    """
    shift_of(card, data)
    data = error.numbered(card.name, card, data)
    return data, pairs_for(card, data)


def pairs_for(card: Card, data: Data) -> Overlaid:
    """Test digits laid over one another as the model learnt them, one pair a digit: always the same.

    Raises:
        CapsDrawError: the data's images, or its classes, are others than the model's; or it has a single class.
    """
    if data.classes > card.classes:
        raise _others(card, data)
    return pairs(Split(data.test_images, data.test_labels), len(data.test_labels), shift=shift_of(card, data))


def shift_of(card: Card, data: Data) -> int:
    """Pixels by which digits of that data were shifted at most for that model; raises CapsDrawError where none were."""
    shift, rest = divmod(card.input[0] - data.shape[0], 2)
    if rest or shift < 0 or data.shape[2] != card.input[2]:
        raise _others(card, data)
    return shift


def _others(card: Card, data: Data) -> CapsDrawError:
    return CapsDrawError(
        f"data '{data.name}' has images of {times(data.shape)} in {data.classes} classes: pairs of them are not "
        f"the {times(card.input)} and {card.classes} classes that '{card.name}' reads"
    )


def evaluate_pairs(
    model: Model, both: Overlaid, data: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None, cancelled: Callable[[], bool] = lambda: False,
) -> PairEvaluation:  # fmt: skip
    """Read all pairs, batch by batch; arguments and errors as of `error.evaluate`."""
    total = len(both.index)
    if not total:
        raise CapsDrawError(f"cannot measure '{model.name}' on '{data}': it has no images")
    batches, seconds = [], 0.0
    for first in range(0, total, BATCH):
        if cancelled():
            raise Cancelled(f"stopped after {first:,} of {total:,} pairs")
        images = both.images(slice(first, first + BATCH))
        begun = time.perf_counter()
        batches.append(model.scores(images))
        seconds += time.perf_counter() - begun
        error.require_numbers(model, data, batches[-1])
        progress(min(first + BATCH, total), total)
    return PairEvaluation(model.name, data, both.labels.astype(np.int64), np.concatenate(batches), seconds)


def pictures(both: Overlaid) -> NDArray[np.uint8]:
    """What a net sees of each pair, as it can be shown: (N, rows, columns) uint8, ink is 255; (…, 3) in colour."""
    parts = [_bytes(both.images(slice(first, first + BATCH))) for first in range(0, len(both.index), BATCH)]
    return np.concatenate(parts)


def _bytes(images: Floats) -> NDArray[np.uint8]:
    whole = np.rint(255 * images).astype(np.uint8)
    return whole[..., 0] if whole.shape[-1] == 1 else whole
