"""Evaluating in batches: nothing is lost between them, progress is told, and it can be stopped."""

import re
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.error import BATCH, evaluate, fitted, names, remark
from capsdraw.nets import cards


class Remembers:
    """A model that says of image number k what stands in row k."""

    name = "m"

    def __init__(self, scores: np.ndarray) -> None:
        self._scores = scores
        self.classes = scores.shape[1]
        self.asked: list[int] = []

    def scores(self, images: Any) -> Any:
        self.asked.append(len(images))
        return self._scores[images]


def answers(count: int, classes: int = 4) -> tuple[Remembers, np.ndarray, np.ndarray]:
    random = np.random.default_rng(count)
    scores = random.random((count, classes)).astype(np.float32)
    return Remembers(scores), np.arange(count), random.integers(0, classes, count).astype(np.uint8)


@pytest.mark.parametrize("count", [1, BATCH, 2 * BATCH + 17])
def test_errors_and_confusion_agree_with_a_plain_count(count: int) -> None:
    model, images, labels = answers(count)
    result = evaluate(model, images, labels, "d")
    confusion = np.zeros((4, 4), int)
    for image, true in zip(images, labels, strict=True):
        confusion[true, model._scores[image].argmax()] += 1
    assert np.array_equal(result.confusion, confusion)
    assert result.errors == count - np.trace(confusion)
    assert result.error_percent == pytest.approx(100 * result.errors / count)
    assert result.images == count
    assert np.array_equal(result.scores, model._scores)
    assert max(model.asked) <= BATCH


def test_a_cell_of_the_matrix_leads_to_its_images() -> None:
    model, images, labels = answers(600)
    result = evaluate(model, images, labels, "d")
    for true in range(4):
        for read in range(4):
            cell = result.cell(true, read)
            assert len(cell) == result.confusion[true, read]
            assert (labels[cell] == true).all()
            assert (model._scores[cell].argmax(1) == read).all()


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_answers_that_are_no_numbers_are_refused(wrong: float) -> None:
    """Each counted as class 0, and the calibration could not be drawn."""
    model, images, labels = answers(600)
    model._scores[550] = wrong
    with pytest.raises(CapsDrawError, match=r"cannot measure 'm' on 'd': its answers are no numbers"):
        evaluate(model, images, labels, "d")


def test_progress_counts_up_to_the_end() -> None:
    model, images, labels = answers(2 * BATCH + 17)
    told: list[tuple[int, int]] = []
    evaluate(model, images, labels, "d", lambda *heard: told.append(heard))
    assert told == [(BATCH, len(labels)), (2 * BATCH, len(labels)), (len(labels), len(labels))]


def test_time_is_the_model_s_own() -> None:
    """A window that is slow to show progress must not make the model look slow."""
    waited = threading.Event()
    model, images, labels = answers(2 * BATCH)
    result = evaluate(model, images, labels, "d", lambda _done, _total: bool(waited.wait(0.2)))
    assert 0 < result.seconds < 0.2
    assert result.seconds_per_image == result.seconds / (2 * BATCH)


def test_a_set_event_stops_before_the_next_batch() -> None:
    model, images, labels = answers(5 * BATCH)
    stop = threading.Event()
    with pytest.raises(Cancelled, match=f"stopped after {2 * BATCH} of"):
        evaluate(model, images, labels, "d", lambda done, _: stop.set() if done == 2 * BATCH else None, stop.is_set)
    assert model.asked == [BATCH, BATCH]


def test_no_images_are_refused_in_words() -> None:
    model, images, labels = answers(3)
    with pytest.raises(CapsDrawError, match="cannot measure 'm' on 'none': it has no images"):
        evaluate(model, images[:0], labels[:0], "none")


@pytest.mark.parametrize(
    ("shape", "label", "says"),
    [
        ((3, 20, 20, 3), 1, "data 'd' has images of 20 × 20 × 3: model 'keras-cnn' reads 28 × 28 × 1"),
        ((3, 28, 28), 10, "data 'd' has label 10: 'keras-cnn' knows classes 0 to 9"),
    ],
)
def test_data_that_the_model_cannot_read_is_refused(shape: tuple[int, ...], label: int, says: str) -> None:
    images, labels = np.zeros(shape, np.uint8), np.full(3, label, np.uint8)
    with pytest.raises(CapsDrawError, match=says):
        fitted("keras-cnn", cards.find("keras-cnn"), Data("d", images, labels, images, labels))


@pytest.mark.parametrize("side", [8, 16, 40])
@pytest.mark.parametrize("dark", [True, False])
def test_ink_of_another_size_is_brought_to_the_model_s(side: int, dark: bool) -> None:
    """A net could be trained on it, and no other be measured on it."""
    whole, labels = synthetic.digits(20, 5)
    how = Image.Resampling.BOX if side < 28 else Image.Resampling.BILINEAR
    small = np.stack([np.asarray(Image.fromarray(image).resize((side, side), how)) for image in whole])
    small[3] = 0
    given = small if dark else 255 - small
    data = Data("d", given, labels, given, labels)
    told: list[tuple[int, int]] = []
    watch = ReadMonitor(lambda *far: told.append(far), often=0)
    found = fitted("mlp", cards.find("mlp"), data, watch)
    assert found.test_images.shape == (20, 28, 28)
    assert len(found.train_labels) == 0
    assert np.array_equal(found.test_labels, labels)
    assert told[-1] == (20, 20)
    assert not found.test_images[3].any()  # it had no ink
    there, here = (np.delete(images.reshape(20, -1), 3, 0).astype(float) for images in (whole, found.test_images))
    alike = [np.corrcoef(one, other)[0, 1] for one, other in zip(there, here, strict=True)]
    assert np.mean(alike) > {8: 0.75, 16: 0.85, 40: 0.9}[side]
    assert "were brought to 28 × 28" in remark(cards.find("mlp"), found)
    assert fitted("mlp", cards.find("mlp"), found) is found
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        fitted("mlp", cards.find("mlp"), data, ReadMonitor(cancel=stop))


def test_photographs_of_another_size_are_scaled(colour_model: cards.Card) -> None:
    images = np.random.default_rng(1).integers(0, 256, (3, 48, 48, 3), np.uint8)
    labels = np.arange(3, dtype=np.uint8)
    found = fitted("photographs", colour_model, Data("d", images, labels, images, labels))
    assert found.test_images.shape == (3, 32, 32, 3)


def pets(*called: str) -> cards.Card:
    return replace(cards.find("mlp"), name="pets", classes=len(called), labels=called)


def some(labels: list[int], *called: str) -> Data:
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(len(labels))
    found = np.array(labels, np.uint8)
    return Data("d", images, found, images, found, called)


def test_classes_of_the_same_names_in_another_order_are_the_model_s() -> None:
    """Else a net that reads every cat and dog right would be wrong each time."""
    card = pets("dog", "cat", "horse")
    data = fitted("pets", card, some([0, 1, 1, 0], "cat", "dog"))
    assert data.test_labels.tolist() == data.train_labels.tolist() == [1, 0, 0, 1]
    assert data.labels == card.labels
    assert data.test_images[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert names(card, data) == ["dog", "cat", "horse"]
    assert remark(card, data) == ""
    same = some([0, 2, 1], "dog", "cat", "horse", "of which there is no image")
    assert fitted("pets", card, same) is same


def test_a_class_that_the_model_has_no_name_for_is_refused_by_its_name() -> None:
    with pytest.raises(CapsDrawError, match="data 'd' has images of 'zebra': 'pets' knows cat, dog; choose other data"):
        fitted("pets", pets("cat", "dog"), some([0, 1], "dog", "zebra"))
    with pytest.raises(CapsDrawError, match="knows a, b, c, d, e and 2 more; "):
        fitted("pets", pets(*"abcdefg"), some([0, 1], "a", "z"))


@pytest.mark.parametrize(
    ("model", "data", "called", "says"),
    [
        (
            (),
            ("shirt", "shoe"),
            ["shirt", "shoe", *"23456789"],
            "The model does not name .* shirt for its 0, and so on",
        ),
        (("cat", "dog"), (), ["cat", "dog"], "The data does not name .* its 0 is taken as cat, and so on"),
    ],
)
def test_where_only_numbers_say_which_class_is_which_a_line_says_so(
    model: tuple[str, ...], data: tuple[str, ...], called: list[str], says: str
) -> None:
    card, known = pets(*model) if model else cards.find("mlp"), some([0, 1], *data)
    assert fitted("m", card, known) is known
    assert names(card, known) == called
    assert re.search(says, remark(card, known))


@pytest.mark.parametrize(("model", "data"), [((), ()), ((), tuple("0123456789")), (tuple("0123456789"), ())])
def test_digits_need_no_names(model: tuple[str, ...], data: tuple[str, ...]) -> None:
    card, known = pets(*model) if model else cards.find("mlp"), some([0, 9], *data)
    assert fitted("m", card, known) is known
    assert remark(card, known) == ""
    assert names(card, known) == list("0123456789")


def test_digits_in_another_order_are_still_digits() -> None:
    assert fitted("m", cards.find("mlp"), some([0, 1], "7", "3")).test_labels.tolist() == [7, 3]
