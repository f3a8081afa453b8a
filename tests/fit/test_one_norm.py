"""Batch normalisation in one operation: the same figures as Keras' own, the same files, and only where it can be."""

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from capsdraw.fit import checkpoint, one_norm
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import keras_private, zoo

from .conftest import IMAGES as DIGITS
from .conftest import LABELS, RECIPE, fit

RENORM = "renorm" in inspect.signature(keras.layers.BatchNormalization).parameters
IMAGES = np.random.default_rng(1).random((16, 12, 12, 3)).astype(np.float32)


def net(precision: str = "mixed_bfloat16", **options: Any) -> keras.Model:
    with zoo.computing(precision):
        image = keras.Input((12, 12, 3))
        norm = keras.layers.BatchNormalization(momentum=0.9, **options)
        model = keras.Model(image, norm(image))
    random = np.random.default_rng(2)
    model.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in model.get_weights()])
    return model


def step(model: keras.Model) -> tuple[NDArray[np.float32], list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """What a training step makes of the images, the gradients of it, and all weights after it."""
    with tf.GradientTape() as tape:
        out = tf.cast(model(IMAGES, training=True), tf.float32)
        loss = tf.reduce_sum(out**3)
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    return out.numpy(), [each.numpy() for each in gradients], model.get_weights()


@pytest.mark.parametrize(("precision", "near"), [("mixed_bfloat16", 0.02), ("mixed_float16", 0.02), ("float32", 1e-4)])
def test_a_step_is_that_of_keras(precision: str, near: float) -> None:
    """Outputs, gradients, and the mean and variance that are taken note of; the last two are float32 within."""
    own, one = net(precision), net(precision)
    one_norm.put_on(one)
    for mine, keras_s in zip(step(one), step(own), strict=True):
        for got, wanted in zip(mine, keras_s, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=near, atol=near)
    for got, wanted in zip(one.get_weights(), own.get_weights(), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-3)


def test_the_variance_that_is_kept_is_of_the_images_at_hand() -> None:
    """TensorFlow's operation tells of another one, larger by a part in their number: of two places it is twice that."""
    few = IMAGES[:2, :1, :1]
    with zoo.computing("mixed_bfloat16"):
        image = keras.Input((1, 1, 3))
        model = keras.Model(image, keras.layers.BatchNormalization(momentum=0.0)(image))
    one_norm.put_on(model)
    model(few, training=True)
    as_read = keras.ops.convert_to_numpy(keras.ops.cast(keras.ops.cast(few, "bfloat16"), "float32"))
    np.testing.assert_allclose(model.get_weights()[3], as_read.var((0, 1, 2)), rtol=1e-3)


def test_answers_and_files_are_as_before(tmp_path: Path) -> None:
    own, one = net(), net()
    one_norm.put_on(one)
    np.testing.assert_array_equal(one.predict(IMAGES, verbose=0), own.predict(IMAGES, verbose=0))
    assert one.layers[-1].get_config() | {"name": ""} == own.layers[-1].get_config() | {"name": ""}
    one.save(tmp_path / "one.keras")
    again = keras.saving.load_model(tmp_path / "one.keras")
    assert "call" not in vars(again.layers[-1])
    np.testing.assert_array_equal(again.predict(IMAGES, verbose=0), own.predict(IMAGES, verbose=0))


@pytest.mark.parametrize(
    ("precision", "options", "there"),
    [
        ("mixed_bfloat16", {}, True),
        ("mixed_float16", {}, True),
        ("float32", {}, True),
        ("float64", {}, False),
        ("mixed_bfloat16", {"scale": False}, False),
        ("mixed_bfloat16", {"center": False}, False),
        ("mixed_bfloat16", {"axis": 1}, False),
        ("mixed_bfloat16", {"epsilon": 1e-6}, False),
        pytest.param(
            "mixed_bfloat16", {"renorm": True}, False, marks=pytest.mark.skipif(not RENORM, reason="no renorm")
        ),
    ],
)
def test_it_is_put_on_where_it_can_be(precision: str, options: dict[str, Any], there: bool) -> None:
    model = net(precision, **options)
    one_norm.put_on(model)
    assert ("call" in vars(model.layers[-1])) == there


def test_a_layer_that_is_frozen_takes_note_of_nothing() -> None:
    model = net()
    one_norm.put_on(model)
    model.trainable = False
    before = model.get_weights()
    model(IMAGES, training=True)
    for got, wanted in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_the_nets_that_are_fitted_have_it() -> None:
    with zoo.computing("mixed_bfloat16"):
        model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    training = checkpoint.compiled(model, Recipe(name="tiny", title="Tiny", family="efficient-capsnet"), 1)
    norms = [each for each in keras_private.layers(training) if isinstance(each, keras.layers.BatchNormalization)]
    assert len(norms) == 4
    assert all("call" in vars(each) for each in norms)


def test_a_fit_that_is_gone_on_with_has_it_too(tmp_path: Path) -> None:
    recipe = replace(
        RECIPE,
        family="efficient-capsnet",
        options=zoo.TINY["efficient-capsnet"],
        synthetic=0,
        limit=60,
        held_out=20,
        epochs=2,
    )
    fit(tmp_path, recipe, stop_after=1)
    training, done = checkpoint.start_or_resume(Plan.of(recipe, DIGITS, LABELS), tmp_path)
    assert done
    norms = [each for each in keras_private.layers(training) if isinstance(each, keras.layers.BatchNormalization)]
    assert norms
    assert all("call" in vars(each) for each in norms)
