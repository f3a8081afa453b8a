"""A model learns a hand, and what came of it is told honestly."""

from dataclasses import replace

import numpy as np
import pytest

from capsdraw.collection.as_data import CHECKED, is_held_out, open_data, taught
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lesson
from capsdraw.fit.lesson import Change, Lesson
from capsdraw.ink.intake import DIGITS
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from training.experiments import hands


def items(labels: str, count: int) -> list[Item]:
    random = np.random.default_rng(4)
    return [Item(Sketch(synthetic.drawing(3, random)), label, 1e9) for label in labels for _ in range(count)]


def test_what_is_held_out_is_so_for_good_and_for_all() -> None:
    drawn = items("3", 200)
    held = [item for item in drawn if is_held_out(item)]
    assert 20 < len(held) < 65
    assert all(is_held_out(replace(item, label="8", writer="x", made=7.0)) for item in held)
    seen = taught(drawn[:20] + items("x", 5), tuple("0123456789"), (28, 28, 1), DIGITS)
    assert (len(seen.trained.labels) + len(seen.held_out.labels), seen.unknown) == (20, 5)


@pytest.mark.slow
def test_the_collection_stands_beside_other_data_and_is_checked_apart() -> None:
    with Collection() as collection:
        collection.add(items("37", 15))
        known = taught(collection.items(), tuple("0123456789"), (28, 28, 1), DIGITS)
    data = open_data("collection+synthetic")
    assert data.name == "collection+synthetic"
    assert data.train_images.shape[1:] == (28, 28)
    own = {image.tobytes() for image in known.trained.images}
    held = {image.tobytes() for image in known.held_out.images}
    places = [image.tobytes() in own for image in data.train_images]
    trained, checked = places[: -2 * CHECKED], places[-2 * CHECKED :]
    assert 0.2 < np.mean(trained) < 0.4
    assert sum(checked) == CHECKED
    # Nothing learns from what is held out, and nothing is chosen by it.
    assert not any(image.tobytes() in held for image in data.train_images)
    assert any("of your drawings" in note for note in data.notes)
    again = open_data("collection+synthetic")
    assert np.array_equal(again.train_images, data.train_images)


def test_the_collection_alone_is_data_of_its_own_classes() -> None:
    with pytest.raises(CapsDrawError, match="your collection is empty"):
        open_data("collection")
    with Collection() as collection:
        collection.add(items("B", 12) + [replace(item, label="A") for item in items("A", 24)[12:]])
    data = open_data("collection")
    assert data.labels == ("A", "B")
    assert len(data.train_labels) + len(data.test_labels) == 24
    with Collection() as collection:
        collection.remove([entry.id for entry in collection.entries()])
        collection.add(items("37", 8))
    assert open_data("collection").labels == ()


def test_what_got_worse_is_told() -> None:
    def worse(own: Change, others: Change) -> str:
        return Lesson(own, others, "mnist").worse

    assert worse(Change(50.0, 10.0, 10), Change(0.31, 0.6, 10_000)) == ""
    assert worse(Change(None, None, 0), Change(0.31, 0.31, 10_000)) == ""
    assert worse(Change(10.0, 20.0, 10), Change(0.31, 0.3, 10)) == "your held-out drawings (10.00 → 20.00% wrong)"
    assert "MNIST (0.31 → 0.72% wrong)" in worse(Change(10.0, 0.0, 10), Change(0.31, 0.72, 10_000))


def test_nobody_learns_without_drawings_or_a_family(own_home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    card = cards.find("mlp")
    order = lesson.order_for(card, "Mine")
    assert (order.recipe.start, order.recipe.title, order.recipe.family) == ("mlp", "Mine", "mlp")
    monkeypatch.setenv("CAPSDRAW_DATA", str(own_home))
    monkeypatch.setenv("KERAS_HOME", str(own_home))
    assert lesson.source_for(card) == "synthetic"
    monkeypatch.setattr("capsdraw.collection.as_data.open_other", lambda *_, **__: pytest.fail("read for nothing"))
    with pytest.raises(CapsDrawError, match="to learn from: draw some"):
        open_data("collection+synthetic")
    with pytest.raises(CapsDrawError, match="its family is unknown"):
        lesson.order_for(replace(card, family="", recipe=""))
    with pytest.raises(CapsDrawError, match="rows and columns exchanged"):
        lesson.order_for(replace(card, pictures=replace(card.intake, transposed=True)))


@pytest.mark.slow
def test_an_odd_hand_is_learnt_from_twenty_drawings_and_little_forgotten() -> None:
    """Its 7 is a mirrored 1: the bundled net reads almost none, and afterwards nine of ten."""
    result = hands.learnt(cards.find("mlp"), hands.odd())
    assert result.before > 50
    assert result.after <= 10
    assert result.mnist_after - result.mnist_before <= lesson.TOLERATED


def test_a_net_of_two_digits_is_not_taught_drawings_of_one() -> None:
    with pytest.raises(CapsDrawError, match="choose one that reads a single digit"):
        lesson.order_for(cards.find("multi-capsnet"))
