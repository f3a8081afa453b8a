"""A fit learns, is told of, stops when asked, and goes on as if it had never been stopped."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import loop
from capsdraw.fit.events import EpochEnded, Event
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo

IMAGES, LABELS = synthetic.digits(700, 1)
RECIPE = Recipe(
    "tiny", "Tiny", "keras-cnn", options=zoo.TINY["keras-cnn"], held_out=200, synthetic=100, epochs=3, batch=50,
    learning_rate=5e-3, augmentation=Augmentation(rotation=5, shift=1, zoom=0.05, shear=0.05, elastic=0.3),
)  # fmt: skip


def fit(folder: Path, recipe: Recipe = RECIPE, stop_after: int = 0) -> tuple[keras.Model, list[EpochEnded]]:
    control, events = loop.Control(), []

    def listen(event: Event) -> None:
        if not isinstance(event, EpochEnded):
            return
        events.append(event)
        if event.epoch == stop_after:
            control.stop.set()

    return loop.run(recipe, IMAGES, LABELS, folder, control, listen), events


@pytest.mark.parametrize("family", ["keras-cnn", "efficient-capsnet"])
def test_a_fit_learns_and_tells_of_each_epoch(tmp_path: Path, family: str) -> None:
    recipe = replace(RECIPE, family=family, options=zoo.TINY[family], epochs=4)
    model, events = fit(tmp_path, recipe)
    key = "val_accuracy" if family == "keras-cnn" else "val_lengths_accuracy"
    assert [event.epoch for event in events] == [1, 2, 3, 4]
    assert events[-1].figures["loss"] < events[0].figures["loss"]
    assert events[-1].figures[key] > 0.3
    assert (tmp_path / "log.csv").read_text().count("\n") == 5
    # What is returned is what was trained, not what was built.
    answer = model(IMAGES[500:, ..., None].astype(np.float32) / 255)
    scores = np.asarray(answer if family == "keras-cnn" else answer["lengths"])
    assert (scores.argmax(1) == LABELS[500:]).mean() == pytest.approx(events[-1].figures[key], abs=0.01)
    assert getattr(model, "optimizer", None) is None


@pytest.mark.parametrize(
    ("family", "precision"),
    [("capsnet", "mixed_bfloat16"), ("efficient-capsnet", "float32"), ("deep-convnet", "mixed_bfloat16")],
)
def test_what_a_fit_starts_from_can_be_made_again(tmp_path: Path, family: str, precision: str) -> None:
    """The filters "before" are these: a fit that learns nothing ends with what it started from."""
    recipe = replace(
        RECIPE, family=family, options=zoo.TINY[family], seed=5, epochs=1, synthetic=0, limit=50, learning_rate=0.0,
        precision=precision,
    )  # fmt: skip
    trained, _ = fit(tmp_path, recipe)
    again, other = (zoo.fresh(family, seed, **recipe.options) for seed in (5, 6))
    for one, same in zip(trained.trainable_weights, again.trainable_weights, strict=True):
        assert np.array_equal(one, same)
    different = [not np.array_equal(a, b) for a, b in zip(again.get_weights(), other.get_weights(), strict=True)]
    assert any(different)


def test_what_was_trained_in_half_precision_answers_in_full(tmp_path: Path) -> None:
    """Half precision is slow where a processor lacks it, and no bundled model may need it."""
    model, _ = fit(tmp_path, replace(RECIPE, precision="mixed_bfloat16", epochs=1))
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_a_stopped_fit_goes_on_as_if_it_had_run_through(tmp_path: Path) -> None:
    through, _ = fit(tmp_path / "through")
    _, first = fit(tmp_path / "stopped", stop_after=1)
    resumed, rest = fit(tmp_path / "stopped")
    assert [event.epoch for event in first + rest] == [1, 2, 3]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


def test_a_power_cut_between_checkpoint_and_log_costs_no_epoch(tmp_path: Path) -> None:
    fit(tmp_path / "through")
    fit(tmp_path / "cut", stop_after=2)
    log = tmp_path / "cut" / "log.csv"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    _, rest = fit(tmp_path / "cut")
    assert [event.epoch for event in rest] == [3]
    assert log.read_text().splitlines()[-1] == (tmp_path / "through" / "log.csv").read_text().splitlines()[-1]


def test_a_run_is_not_resumed_with_another_recipe(tmp_path: Path) -> None:
    fit(tmp_path, stop_after=1)
    with pytest.raises(CapsDrawError, match="another recipe"):
        fit(tmp_path, replace(RECIPE, seed=2))


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="700 images to train on, of which 700 are held out"):
        fit(tmp_path, replace(RECIPE, held_out=700))


def test_a_loss_that_is_no_number_ends_the_fit_with_advice(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="lower the learning rate"):
        fit(tmp_path, replace(RECIPE, family="efficient-capsnet", options={"channels": 8}, learning_rate=1e30))
