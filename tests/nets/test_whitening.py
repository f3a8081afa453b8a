"""ZCA whitening, against the full matrix computed plainly."""

from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.nets import zoo
from capsdraw.nets.whitening import EPSILON, Whitening

RANDOM = np.random.default_rng(0)
# Neighbours alike, as in photographs.
IMAGES = np.cumsum(RANDOM.normal(0, 0.1, (400, 5, 4, 3)), axis=1).astype(np.float32)


def whitened(directions: int, images: np.ndarray = IMAGES) -> np.ndarray:
    layer = Whitening(directions)
    layer.build(images.shape)
    layer.adapt(images)
    return np.asarray(layer(images))


def plain() -> np.ndarray:
    flat = IMAGES.reshape(400, -1).astype(np.float64)
    centred = flat - flat.mean(0)
    variance, directions = np.linalg.eigh(np.cov(centred, rowvar=False))
    return (centred @ directions / np.sqrt(variance + EPSILON) @ directions.T).reshape(IMAGES.shape)


def test_with_all_directions_it_is_zca() -> None:
    assert whitened(60) == pytest.approx(plain(), abs=1e-3)
    assert whitened(999) == pytest.approx(plain(), abs=1e-3)


def test_fewer_directions_come_near_it() -> None:
    away = [np.abs(whitened(own) - plain()).mean() for own in (5, 20, 40)]
    assert away[0] > away[1] > away[2]
    assert away[1] < 0.1 * np.abs(plain()).mean()


@pytest.mark.filterwarnings("error")
def test_of_one_image_it_learns_its_mean() -> None:
    """It became NaN, and all that followed in the net."""
    assert whitened(7, IMAGES[:1]) == pytest.approx(0.0 * IMAGES[:1], abs=1e-5)
    assert np.isfinite(whitened(7, IMAGES[:2])).all()


def test_before_it_has_learnt_it_does_nothing() -> None:
    assert np.asarray(Whitening(4)(IMAGES)) == pytest.approx(IMAGES)


@pytest.mark.slow
def test_a_model_carries_it_along(tmp_path: Path) -> None:
    model = zoo.build("cifar-cnn", **zoo.TINY["cifar-cnn"], shape=(32, 32, 3), whitening=7)
    images = RANDOM.random((20, 32, 32, 3), np.float32)
    before = np.asarray(model(images))
    model.get_layer("whitening").adapt(images)
    learnt = np.asarray(model(images))
    assert np.abs(learnt - before).max() > 1e-3
    model.save(tmp_path / "zca.keras")
    again = keras.saving.load_model(tmp_path / "zca.keras", safe_mode=True)
    assert np.asarray(again(images)) == pytest.approx(learnt, abs=1e-6)


def test_no_directions_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Whitening(0)
