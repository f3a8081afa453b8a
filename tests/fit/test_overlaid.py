"""Fits on pairs: what a step sees, and that a stopped one ends as one that ran through."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.fit import check, checkpoint, listener, log, loop, room
from capsdraw.fit.adopt import card_of, ranges_of
from capsdraw.fit.batches import Batches
from capsdraw.fit.plan import Plan
from capsdraw.ink.intake import Road
from capsdraw.nets import families, losses, zoo
from capsdraw.nets.session import Session

from .conftest import IMAGES, LABELS, RECIPE, fit, stop_at


def recipe(family: str = "efficient-capsnet", **changes: Any) -> Any:
    options = zoo.TINY[family] | ({"halvings": 2} if family == "efficient-capsnet" else {})
    return replace(RECIPE, family=family, options=options, epochs=2, overlaid=4, schedule="constant", **changes)


def test_a_batch_has_two_classes_an_image_each_alone_and_both_together() -> None:
    batches = Batches(IMAGES, LABELS, recipe(), True, 10)
    inputs, wanted = batches[0]
    image, parts = inputs["image"], wanted["reconstruction"]
    label = np.stack([inputs["label"], inputs["second"]], 1)
    assert image.shape[1:] == (36, 36, 1)
    assert parts.shape == (len(image), 2, 36, 36, 1)
    assert image == pytest.approx(np.minimum(parts.sum(1), 1), abs=1e-6)
    assert (label.sum((1, 2)) == 2).all()
    assert np.array_equal(label.sum(1), wanted["lengths"])
    assert (wanted["lengths"].max(1) == 1).all()  # two different ones
    again = Batches(IMAGES, LABELS, recipe(), True, 10)[0][0]["image"]
    assert np.array_equal(image, again)


def test_both_right_is_what_is_counted() -> None:
    metric = losses.BothRight(name="accuracy")
    true = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1]], np.float32)
    said = np.array([[0.9, 0.8, 0.1, 0], [0.9, 0.8, 0.1, 0], [0, 0.2, 0.1, 0.3]], np.float32)
    metric.update_state(true, said)
    assert float(metric.result()) == pytest.approx(2 / 3)
    alone = losses.BothRight(name="accuracy")
    alone.update_state(np.array([[1, 0, 0, 0], [0, 1, 0, 0]], np.float32), said[:2])
    assert float(alone.result()) == pytest.approx(1 / 2)  # the second one's digit is but its second


def test_some_images_have_one_digit_where_that_is_wanted() -> None:
    inputs, wanted = Batches(IMAGES, LABELS, recipe(alone=0.5), True, 10)[0]
    one = wanted["lengths"].sum(1) == 1
    assert 0.2 < one.mean() < 0.8
    assert (inputs["second"][one] == 0).all()
    assert (wanted["reconstruction"][one, 1] == 0).all()
    assert inputs["image"][one] == pytest.approx(wanted["reconstruction"][one, 0])
    assert (wanted["lengths"][~one].sum(1) == 2).all()
    assert (Batches(IMAGES, LABELS, recipe(), True, 10)[0][1]["lengths"].sum(1) == 2).all()


def test_one_decoder_redraws_both_and_the_loss_is_of_both() -> None:
    model = zoo.build("efficient-capsnet", **recipe().options, shape=(36, 36, 1))
    training = families.training_form(model, pairs=True)
    image = np.random.default_rng(1).random((3, 36, 36, 1), np.float32)
    label = np.eye(10, dtype=np.float32)[[[1, 7], [2, 3], [0, 9]]]
    asked = {"image": image, "label": label[:, 0], "second": label[:, 1]}
    pictures = keras.ops.convert_to_numpy(training(asked)["reconstruction"])
    capsules = keras.ops.convert_to_numpy(model.get_layer("encoder")(image))
    for row, classes in enumerate([[1, 7], [2, 3], [0, 9]]):
        for half, one in enumerate(classes):
            masked = np.zeros((1, 10, capsules.shape[2]), np.float32)
            masked[0, one] = capsules[row, one]
            alone = keras.ops.convert_to_numpy(model.get_layer("decoder")(masked.reshape(1, -1)))[0]
            assert pictures[row, half] == pytest.approx(alone, abs=1e-5)
    nothing = np.zeros_like(pictures)
    assert float(losses.ReconstructionLoss(1.0)(nothing, pictures)) == pytest.approx(
        float((pictures**2).sum(axis=(1, 2, 3, 4)).mean()), rel=1e-4
    )


@pytest.mark.slow
@pytest.mark.parametrize("family", ["efficient-capsnet", "multi-cnn"])
def test_a_fit_stopped_in_mid_epoch_ends_as_one_that_ran_through(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_OFTEN", 0)
    plan = recipe(family, moving_average=0.9)
    through, _ = fit(tmp_path / "through", plan)
    control, listen = stop_at(1, 4)
    loop.run(Plan.of(plan, IMAGES, LABELS), tmp_path / "stopped", control, listen)
    assert control.stopped
    stopped, _ = fit(tmp_path / "stopped", plan)
    pairs = zip(through.get_weights(), stopped.get_weights(), strict=True)
    assert max(float(np.abs(a - b).max()) for a, b in pairs) < 1e-4
    rows = [log.read_rows(tmp_path / name)[-1] for name in ("through", "stopped")]
    figures = [name for name in rows[0] if name.startswith("val_") and name.endswith("accuracy")]
    assert figures
    assert rows[0][figures[0]] == pytest.approx(rows[1][figures[0]], abs=1e-4)


def test_the_card_says_what_it_reads_and_the_ranges_are_of_both_classes() -> None:
    plan = Plan.of(recipe(), IMAGES, LABELS)
    assert plan.shape == (36, 36, 1)
    model = checkpoint.answering(checkpoint.compiled(checkpoint.first(recipe(), IMAGES, 10), recipe(), 5), plan)
    card = card_of(recipe(), model)
    assert card.intake.road == Road.PAIR
    assert card.reads_pairs
    assert not card.reads_digits
    assert "over one another" in card.data
    ranges = ranges_of(Session(model, card), IMAGES, LABELS)
    assert len(ranges) == 10
    assert all(len(numbers) == 8 for numbers in ranges)


def test_what_cannot_be_is_said() -> None:
    assert "one class" in check.problems(recipe("keras-cnn"))["overlaid"]
    assert "between" in check.problems(replace(recipe(), overlaid=15))["overlaid"]
    alone = Plan.of(recipe(), IMAGES, np.full_like(LABELS, 3))
    assert "different classes" in room.problems(alone)["overlaid"]
    few = replace(recipe(), held_out=1)
    assert "these are all of one" in room.problems(Plan.of(few, IMAGES, LABELS))["held_out"]
    assert room.problems(Plan.of(replace(few, held_out=0), IMAGES, LABELS)) == {}
    coloured = Plan.of(replace(recipe(), synthetic=0, strokes=0), np.repeat(IMAGES[..., None], 3, 3), LABELS)
    assert "colours" in room.problems(coloured)["overlaid"]


def test_a_recipe_of_one_digit_trains_as_before() -> None:
    inputs, _ = Batches(IMAGES, LABELS, replace(RECIPE, overlaid=0), True, 10)[0]
    assert inputs["image"].shape[1:] == (28, 28, 1)
    assert inputs["label"].ndim == 2
