"""The figures that nets are chosen by: of digits that none trains on, and never of MNIST's test set."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.nets import zoo
from tests.datasets.test_pen_strokes import arrays
from tests.fit.conftest import RECIPE, fit
from training.experiments import held_out

IMAGES, LABELS = synthetic.digits(40, 5)


@pytest.mark.slow
def test_a_net_is_measured_on_held_out_digits_as_they_are_and_softened(tmp_path: Path) -> None:
    for family in ("mlp", "capsnet"):
        model = zoo.build(family, **zoo.TINY[family])
        errors = held_out.measure(model, {"mnist": (IMAGES, LABELS), "pen": (IMAGES[:10], LABELS[:10])})
        assert len(errors) == 2 * (1 + len(held_out.SOFTENED))
        path = tmp_path / "model.keras"
        zoo.save(model, path)
        assert held_out.measure(held_out.opened(str(path)), {"mnist": (IMAGES, LABELS)})["mnist"] == errors["mnist"]
        scores = model(IMAGES[..., None].astype(np.float32) / 255)
        answers = np.asarray(scores["lengths"] if family == "capsnet" else scores).argmax(1)
        assert errors["mnist"] == pytest.approx(100 * (answers != LABELS).mean(), abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["keras-cnn", "efficient-capsnet"])
def test_of_a_run_that_is_measured_which_would_be_bundled(family: str, tmp_path: Path) -> None:
    plan = replace(RECIPE, family=family, options=zoo.TINY[family], epochs=2, moving_average=0.9)
    model, _ = fit(tmp_path, plan)
    read = held_out.opened(str(tmp_path))
    for one, other in zip(model.get_weights(), read.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_the_digits_are_those_that_no_recipe_trains_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    np.savez_compressed(tmp_path / "pen-strokes.npz", **arrays())
    monkeypatch.setattr(held_out, "HELD_OUT", 15)
    nobody = np.zeros((0, 28, 28), np.uint8)
    monkeypatch.setattr(held_out, "data_set", lambda _: Data("mnist", IMAGES, LABELS, nobody, LABELS[:0]))
    digits = held_out.sets()
    assert np.array_equal(digits["mnist"][0], IMAGES[-15:])
    assert np.array_equal(digits["mnist"][1], LABELS[-15:])
    assert len(digits["pen"][1]) == 10  # of writers 26 to 30


def test_a_model_that_is_not_there_is_refused() -> None:
    with pytest.raises(CapsDrawError, match="nobody"):
        held_out.opened("nobody")
