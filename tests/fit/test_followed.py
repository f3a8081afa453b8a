"""A fit does what its recipe says: what it learns from, how precisely, and how it weighs its losses."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.fit import checkpoint, loop
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded, Event
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import zoo
from capsdraw.nets.whitening import Whitening

from .conftest import RECIPE, fit

PLAIN = replace(RECIPE, synthetic=0, augmentation=Augmentation())


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 450])
def test_what_is_held_out_is_not_learnt(tmp_path: Path, limit: int) -> None:
    """All held-out digits, and they alone, are called a 1: a net that saw none of them calls nothing so."""
    images, _ = synthetic.digits(700, 1)
    labels = np.repeat([0, 1], [500, 200])
    told: list[Event] = []
    plan = replace(PLAIN, limit=limit, options={**RECIPE.options, "classes": 2})
    model = loop.run(Plan.of(plan, images, labels), tmp_path, Control(), told.append)
    figures = [event.figures for event in told if isinstance(event, EpochEnded)]
    assert len(figures) == 3
    assert figures[-1]["accuracy"] == 1
    assert figures[-1]["val_accuracy"] == 0
    assert (np.asarray(model(from_bytes(images)[..., None])).argmax(1) == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "computed"), [("float32", "float32"), ("mixed_bfloat16", "bfloat16")])
def test_a_fit_computes_in_the_precision_of_its_recipe(tmp_path: Path, precision: str, computed: str) -> None:
    fit(tmp_path, replace(PLAIN, precision=precision, epochs=1, limit=100))
    training = keras.saving.load_model(tmp_path / checkpoint.LAST)
    layer = training.get_layer("conv1")
    assert layer.compute_dtype == computed
    assert layer.kernel.dtype == "float32"
    assert layer(np.ones((1, 28, 28, 1), np.float32)).dtype == computed


@pytest.mark.slow
def test_whitening_is_learnt_from_what_is_trained_on(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    images = random.integers(0, 256, (60, 32, 32, 3), np.uint8)
    images[40:] //= 8  # held out: another distribution
    options = {**zoo.TINY["cifar-cnn"], "whitening": 6}
    plan = Recipe(name="tiny", title="Tiny", family="cifar-cnn", options=options, held_out=20, epochs=1, batch=20)
    model = loop.run(Plan.of(plan, images, np.arange(60) % 10), tmp_path, Control(), lambda _: None)
    learnt = next(one for one in model.layers if isinstance(one, Whitening))
    wanted = Whitening(6)
    wanted.build(learnt.input.shape)
    wanted.adapt(from_bytes(images[:40]))
    for one, other in zip(learnt.get_weights(), wanted.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-6


@pytest.mark.parametrize("weight", [0.0, 0.0005, 0.02])
def test_the_losses_are_the_paper_s_with_the_recipe_s_weight(weight: float) -> None:
    """Margin loss written out anew; the reconstruction's weight is what the recipe says."""
    model = zoo.build("capsnet", **zoo.TINY["capsnet"])
    kernel = model.get_layer("encoder").get_layer("digit_capsules").kernel
    kernel.assign(30 * kernel)  # so that lengths of wrong classes are over the margin
    training = checkpoint.compiled(model, Recipe(name="tiny", title="Tiny", family="capsnet", reconstruction=weight), 1)
    random = np.random.default_rng(1)
    images, labels = random.random((5, 28, 28, 1), np.float32), np.eye(10, dtype=np.float32)[random.integers(0, 10, 5)]
    inputs = {"image": images, "label": labels}
    told = training.evaluate(inputs, {"lengths": labels, "reconstruction": images}, verbose=0, return_dict=True)
    answer = {name: np.asarray(one) for name, one in training(inputs).items()}
    right = labels * np.maximum(0, 0.9 - answer["lengths"]) ** 2
    wrong = 0.5 * (1 - labels) * np.maximum(0, answer["lengths"] - 0.1) ** 2
    assert told["lengths_loss"] == pytest.approx((right + wrong).sum(1).mean(), rel=1e-4)
    assert wrong.sum() > 0.1
    squared = ((images - answer["reconstruction"]) ** 2).sum((1, 2, 3))
    assert told["reconstruction_loss"] == pytest.approx(weight * squared.mean(), rel=1e-4)
