"""A moving average of the weights is what answers; the fit learns with the weights themselves."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.fit import check, checkpoint, listener, log, loop, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.optimizer import Adam, Averaged
from capsdraw.fit.plan import Plan
from capsdraw.nets import zoo

from .conftest import IMAGES, LABELS, RECIPE, fit, stop_at

# Batch normalisation, dropout, and neither: each with its own way of answering.
FAMILIES = ["efficient-capsnet", "keras-cnn", "capsnet"]


def recipe(family: str = "efficient-capsnet") -> Any:
    options = zoo.TINY[family] | ({"bias": True} if family == "capsnet" else {})
    return replace(RECIPE, family=family, options=options, epochs=2, moving_average=0.9, schedule="constant")


def far(one: keras.Model, other: keras.Model) -> float:
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_a_fit_stopped_in_mid_epoch_and_in_its_check_ends_as_one_that_ran_through(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = recipe(family)
    through, _ = fit(tmp_path / "through", plan)
    folder = tmp_path / "stopped"
    for place in ((1, 4), (1, 9)):
        control, listen = stop_at(*place)
        monkeypatch.setattr(listener, "_OFTEN", 0)
        loop.run(Plan.of(plan, IMAGES, LABELS), folder, control, listen)
        assert control.stopped
    control, real = Control(), listener.Listener.on_test_batch_end
    with monkeypatch.context() as patch:
        patch.setattr(
            listener.Listener, "on_test_batch_end",
            lambda self, batch, logs=None: (control.stop(), real(self, batch, logs)),
        )  # fmt: skip
        loop.run(Plan.of(plan, IMAGES, LABELS), folder, control, lambda _: None)
    assert control.stopped
    stopped, _ = fit(folder, plan)
    assert far(through, stopped) < 1e-4
    rows = [log.read_rows(tmp_path / name)[-1] for name in ("through", "stopped")]
    for name in rows[0]:
        if name.startswith("val_"):
            assert rows[0][name] == pytest.approx(rows[1][name], rel=1e-3, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_it_learns_as_it_would_without_and_answers_with_the_average(family: str, tmp_path: Path) -> None:
    plain, _ = fit(tmp_path / "plain", replace(recipe(family), moving_average=0.0))
    average, _ = fit(tmp_path / "average", recipe(family))
    assert far(plain, average) > 1e-3
    kept = keras.saving.load_model(tmp_path / "average" / checkpoint.LAST)
    own = keras.saving.load_model(tmp_path / "plain" / checkpoint.LAST)
    assert far(kept, own) < 1e-4  # what goes on learning is not the average
    best = keras.saving.load_model(tmp_path / "average" / checkpoint.BEST, compile=False)
    assert len(best.get_weights()) == len(average.get_weights())


@pytest.mark.slow
def test_its_figures_and_its_model_are_the_average_s(tmp_path: Path) -> None:
    plan = replace(recipe("keras-cnn"), epochs=1)
    model, events = fit(tmp_path, plan)
    answers = np.asarray(model(IMAGES[500:, ..., None].astype(np.float32) / 255)).argmax(1)
    assert events[-1].figures["val_accuracy"] == pytest.approx((answers == LABELS[500:]).mean(), abs=1e-6)
    best = keras.saving.load_model(tmp_path / checkpoint.BEST, compile=False)
    assert far(best, model) == 0


def test_the_average_is_of_the_weights_after_each_step() -> None:
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(Adam(0.1, average=0.6), loss="mse")
    seen = []
    for _ in range(30):
        model.train_on_batch(np.ones((1, 1)), np.ones((1, 1)))
        seen.append(float(layer.kernel[0, 0]))
    wanted = 0.0
    for step, weight in enumerate(seen, 1):
        kept = min(0.6, (step - 1) / (step + 9))
        wanted = kept * wanted + (1 - kept) * weight
    average = Averaged(model)
    average.put_on()
    assert float(layer.kernel[0, 0]) == pytest.approx(wanted, abs=1e-5)
    average.take_off()
    assert float(layer.kernel[0, 0]) == seen[-1]


def test_it_is_one_average_or_the_other_and_a_recipe_s_file_keeps_it(tmp_path: Path) -> None:
    plan = recipe("capsnet")
    assert check.problems(plan) == {}
    assert "moving_average" in check.problems(replace(plan, average=True))
    assert "moving_average" in check.problems(replace(plan, moving_average=1.0))
    path = tmp_path / "recipe.toml"
    path.write_text(recipes.to_toml(plan), encoding="utf-8")
    assert recipes.load(str(path)) == plan
