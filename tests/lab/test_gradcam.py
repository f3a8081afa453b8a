"""The map is Grad-CAM's: against plain NumPy and finite differences, for CNNs and capsules, through any part."""

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from numpy.lib.stride_tricks import sliding_window_view

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.lab.gradcam import GradCam
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGITS = synthetic.digits(10, 4)[0].astype(np.float32) / 255
RANDOM = np.random.default_rng(0)


def opened(model: keras.Model, classes: int) -> Session:
    kind = "capsule" if isinstance(model.output, dict) else "classifier"
    shape = tuple(model.input_shape[1:])
    return Session(
        model,
        made_card(name="net", title="", kind=kind, input=shape, classes=classes, sha256="", folder=Path()),
    )


def small_cnn(shape: tuple[int, int, int] = (12, 10, 3), classes: int = 4) -> keras.Model:
    keras.utils.set_random_seed(3)
    image = keras.Input(shape, name="image")
    x = layers.Conv2D(5, 3, activation="relu", bias_initializer="normal", name="first")(image)
    x = layers.Conv2D(6, 3, strides=2, activation="relu", bias_initializer="normal", name="second")(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(classes, activation="softmax", name="answer")(x))


def plain_map(outputs: np.ndarray, score: Callable[[np.ndarray], float]) -> np.ndarray:
    """Grad-CAM of outputs (r, c, F), its slopes taken by central differences in float64."""
    slopes = np.zeros_like(outputs)
    for at in np.ndindex(outputs.shape):
        step = np.zeros_like(outputs)
        step[at] = 1e-6
        slopes[at] = (score(outputs + step) - score(outputs - step)) / 2e-6
    return np.maximum((slopes.mean((0, 1)) * outputs).sum(-1), 0)


def outputs_of(model: keras.Model, layer: str, image: np.ndarray) -> np.ndarray:
    return np.asarray(keras.Model(model.input, model.get_layer(layer).output)(image[None]))[0].astype(np.float64)


def convolved(x: np.ndarray, layer: keras.layers.Conv2D) -> np.ndarray:
    """A valid convolution and its ReLU, plainly."""
    kernel, bias = (np.asarray(one, np.float64) for one in layer.get_weights())
    s, t = layer.strides
    windows = sliding_window_view(x, kernel.shape[:2], (0, 1))[::s, ::t]  # (r, c, C, h, w)
    return np.maximum(np.einsum("rcihw,hwio->rco", windows, kernel) + bias, 0)


@pytest.mark.parametrize("label", range(4))
def test_a_small_cnn_s_map_is_the_plain_one(label: int) -> None:
    model = small_cnn()
    kernel, bias = (np.asarray(one, np.float64) for one in model.get_layer("answer").get_weights())

    def logit(outputs: np.ndarray) -> float:
        return float(outputs.reshape(-1) @ kernel[:, label] + bias[label])

    cam, image = GradCam(opened(model, 4)), RANDOM.random((12, 10, 3), np.float32)
    assert cam.layers == ("first", "second")
    for layer, score in (
        ("second", logit),
        ("first", lambda outputs: logit(convolved(outputs, model.get_layer("second")))),
    ):
        heat, outputs = cam.map(image, label, layer), outputs_of(model, layer, image)
        assert heat.small == pytest.approx(plain_map(outputs, score), rel=1e-3, abs=1e-5)
        assert heat.score == pytest.approx(score(outputs), abs=1e-4)
        assert heat.peak == heat.small.max()
        assert heat.small.dtype == heat.map.dtype == np.float32
        assert heat.map.shape == (12, 10)


def test_the_map_s_slopes_are_those_before_the_softmax() -> None:
    """Of a class that is certain, the probability's slopes are all but 0, and of it the map is the clearest."""
    model = small_cnn()
    kernel, bias = model.get_layer("answer").get_weights()
    image = RANDOM.random((12, 10, 3), np.float32)
    before = GradCam(opened(model, 4)).map(image, 2)
    model.get_layer("answer").set_weights([kernel, bias + np.array([0, 0, 60, 0], np.float32)])
    after = GradCam(opened(model, 4)).map(image, 2)
    assert after.score == pytest.approx(before.score + 60, abs=1e-3)
    assert before.peak > 0
    assert after.small == pytest.approx(before.small, abs=1e-6)


def test_a_net_of_separable_convolutions_has_maps() -> None:
    """It was said to have no convolutions, each of its units to see the whole image."""
    keras.utils.set_random_seed(4)
    image = keras.Input((12, 10, 3))
    x = keras.layers.SeparableConv2D(5, 3, activation="relu", name="only")(image)
    answer = keras.layers.Dense(4, activation="softmax", name="answer")
    model = keras.Model(image, answer(keras.layers.Flatten()(x)))
    kernel, bias = (np.asarray(one, np.float64) for one in answer.get_weights())
    seen = RANDOM.random((12, 10, 3), np.float32)
    cam = GradCam(opened(model, 4))
    assert (cam.layers, cam.usual) == (("only",), "only")
    outputs = outputs_of(model, "only", seen)
    wanted = plain_map(outputs, lambda values: float(values.reshape(-1) @ kernel[:, 1] + bias[1]))
    assert cam.map(seen, 1).small == pytest.approx(wanted, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("name", ["softmax", "sigmoid", "linear"])
def test_it_is_told_what_the_score_goes_through(name: str) -> None:
    """Pair CNN's is a sigmoid, and Heat said "before the softmax"."""
    keras.utils.set_random_seed(5)
    image = keras.Input((12, 10, 3))
    x = layers.Flatten()(layers.Conv2D(5, 3)(image))
    seen, told = RANDOM.random((12, 10, 3), np.float32), "" if name == "linear" else name
    apart = layers.Activation(name)(layers.Dense(4)(x))
    for answer in (layers.Dense(4, activation=name)(x), apart):
        assert GradCam(opened(keras.Model(image, answer), 4)).map(seen, 1).before == told


@pytest.mark.parametrize("label", [0, 7])
def test_capsnet_s_map_is_the_plain_one_of_its_capsule_s_length(label: int) -> None:
    """All of it again in NumPy: squash, votes, three rounds of routing, length."""
    model = zoo.fresh("capsnet", 1, **zoo.TINY["capsnet"])
    encoder = model.get_layer("encoder")
    layer = encoder.get_layer("digit_capsules")
    layer.kernel.assign(np.asarray(layer.kernel) * 20)
    kernel = np.asarray(layer.kernel, np.float64)  # (I, J, D, K)

    def squashed(s: np.ndarray) -> np.ndarray:
        length = np.sqrt((s**2).sum(-1, keepdims=True) + 1e-9)
        return s * length / (1 + length**2)

    def length(outputs: np.ndarray) -> float:
        votes = np.einsum("id,ijdk->ijk", squashed(outputs.reshape(-1, 8)), kernel)
        logits = np.zeros(votes.shape[:2])
        for _ in range(3):
            coupling = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
            capsules = squashed(np.einsum("ij,ijk->jk", coupling, votes))
            logits = logits + np.einsum("ijk,jk->ij", votes, capsules)
        return float(np.linalg.norm(capsules[label]))

    session, digit = opened(model, 10), DIGITS[3]
    heat = GradCam(session).map(digit, label)
    outputs = outputs_of(encoder, "primary", digit[..., None])
    assert heat.layer == "encoder/primary"
    assert heat.score == pytest.approx(length(outputs), abs=1e-5)
    assert heat.score == pytest.approx(session.read(digit).scores[label], abs=1e-5)
    assert heat.peak > 0
    assert heat.small == pytest.approx(plain_map(outputs, length), rel=1e-2, abs=1e-3 * heat.peak)


def test_a_net_that_looks_at_one_corner_lights_that_corner_only() -> None:
    image = keras.Input((28, 28, 1))
    x = layers.Cropping2D(((0, 18), (18, 0)))(image)  # the top right, 10 × 10
    x = layers.ZeroPadding2D(((0, 18), (18, 0)))(x)
    x = layers.Conv2D(4, 3, padding="same", activation="relu", kernel_initializer="ones", name="conv")(x)
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(image, layers.Dense(2, activation="softmax", kernel_initializer="ones")(x))
    cam = GradCam(opened(model, 2))
    heat = cam.map(np.ones((28, 28), np.float32), 1)
    assert heat.map[:9, 19:].min() > 0.3
    assert heat.map.max() == 1
    heat.map[:11, 17:] = 0
    assert heat.map.max() < 1e-6
    elsewhere = np.ones((28, 28), np.float32)
    elsewhere[:10, 18:] = 0
    nothing = cam.map(elsewhere, 1)
    assert nothing.peak == 0
    assert nothing.map.max() == 0


@pytest.mark.parametrize(("row", "column"), [(9, 9), (9, 18), (18, 13), (14, 14)])
def test_heat_lies_where_the_ink_is_that_made_it(row: int, column: int) -> None:
    """Through convolutions that do not pad and a stride: a map stretched over the image would be pixels off."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(2, 5, kernel_initializer="ones", activation="relu")(image)
    x = layers.Conv2D(2, 5, strides=2, kernel_initializer="ones", activation="relu", name="conv")(x)
    model = keras.Model(image, layers.Dense(2, kernel_initializer="ones")(layers.Flatten()(x)))
    dot = np.zeros((28, 28), np.float32)
    dot[row, column] = 1
    heat = GradCam(opened(model, 2)).map(dot, 0, "conv").map
    y, x = np.mgrid[:28, :28]
    inner = heat * (heat > 0.3)
    assert (inner * y).sum() / inner.sum() == pytest.approx(row, abs=0.6)
    assert (inner * x).sum() / inner.sum() == pytest.approx(column, abs=0.6)


def test_a_layer_in_a_part_of_a_part_has_the_map_that_it_has_on_its_own() -> None:
    flat = small_cnn()
    inner = keras.Input((12, 10, 3))
    innermost = keras.Model(inner, flat.get_layer("first")(inner), name="innermost")
    middle_in = keras.Input((12, 10, 3))
    middle = keras.Model(middle_in, flat.get_layer("second")(innermost(middle_in)), name="middle")
    image = keras.Input((12, 10, 3))
    nested = keras.Model(image, flat.get_layer("answer")(layers.Flatten()(middle(image))))
    one, other = GradCam(opened(flat, 4)), GradCam(opened(nested, 4))
    assert other.layers == ("middle/innermost/first", "middle/second")
    picture = RANDOM.random((12, 10, 3), np.float32)
    for layer, deep in zip(one.layers, other.layers, strict=True):
        assert other.map(picture, 1, deep).small == pytest.approx(one.map(picture, 1, layer).small, abs=1e-6)
        assert other.map(picture, 1, deep).map == pytest.approx(one.map(picture, 1, layer).map, abs=1e-5)


def test_a_frozen_net_has_the_same_map() -> None:
    model, picture = small_cnn(), RANDOM.random((12, 10, 3), np.float32)
    trained = GradCam(opened(model, 4)).map(picture, 1, "first")
    model.trainable = False
    assert GradCam(opened(model, 4)).map(picture, 1, "first").small == pytest.approx(trained.small, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", [card.name for card in cards.list_cards() if card.bundled and card.name != "mlp"])
def test_every_bundled_net_s_maps_are_numbers_and_another_class_has_another(name: str) -> None:
    session = Session.open(cards.find(name))
    cam = GradCam(session)
    image = DIGITS[5] if session.card.reads_digits else RANDOM.random(session.card.input, np.float32)
    for layer in cam.layers:
        for picture in (image, np.zeros_like(image), np.ones_like(image)):
            heat = cam.map(picture, 5, layer)
            assert np.isfinite(heat.map).all()
            assert heat.map.min() >= 0
            assert heat.map.max() == pytest.approx(1 if heat.peak > 0 else 0)
            assert heat.map.shape == image.shape[:2]
            assert heat.map.dtype == np.float32
    maps = [cam.map(image, label).small for label in range(session.classes)]
    assert len({one.tobytes() for one in maps}) > 2
    assert session.card.name != "tutorial-cnn" or cam.usual == "conv2"  # its last has one place only


def test_a_digit_s_own_class_is_seen_in_its_ink() -> None:
    """The map is of use: on the whole it lies on and beside the strokes, not on the paper."""
    session = Session.open(cards.find("keras-cnn"))
    cam = GradCam(session)
    on, off = [], []
    for number, digit in enumerate(DIGITS):
        heat = cam.map(digit, number).map
        on.append(heat[digit > 0.5].mean())
        off.append(heat[digit == 0].mean())
    assert np.mean(on) > 1.5 * np.mean(off)


def test_what_cannot_be_asked_is_refused_in_one_line() -> None:
    with pytest.raises(CapsDrawError, match="'net' has no convolutions"):
        GradCam(opened(zoo.build("mlp", **zoo.TINY["mlp"]), 10))
    cam = GradCam(opened(small_cnn(), 4))
    picture = np.zeros((12, 10, 3), np.float32)
    with pytest.raises(CapsDrawError, match="no convolution 'answer': it has first, second"):
        cam.map(picture, 0, "answer")
    with pytest.raises(CapsDrawError, match="no class 4"):
        cam.map(picture, 4)
    with pytest.raises(CapsDrawError, match=r"received \(28, 28\)"):
        cam.map(DIGITS[0], 0)


def test_a_model_that_is_let_go_is_gone() -> None:
    """What is kept of a model for its maps must not keep it: models of 100 MB would pile up."""
    model = zoo.build("capsnet", **zoo.TINY["capsnet"])
    gone = weakref.ref(model)
    cam = GradCam(opened(model, 10))
    cam.map(DIGITS[0], 1)
    del cam, model
    gc.collect()
    assert gone() is None


@pytest.mark.slow
def test_another_backend_is_refused_and_all_else_works_there() -> None:
    pytest.importorskip("jax", reason="JAX is not installed")
    code = (
        "import numpy as np\nfrom capsdraw.nets import cards\nfrom capsdraw.nets.session import Session\n"
        "from capsdraw.lab.dissection import dissect\nfrom capsdraw.lab.gradcam import GradCam\n"
        "from capsdraw.lab.kernels import Filters\nfrom capsdraw.lab.layer_probe import LayerProbe\n"
        "session = Session.open(cards.find('efficient-capsnet'))\n"
        "digit = np.random.default_rng(5).random((28, 28), np.float32)\n"
        "seen, reading = LayerProbe(session).look(digit), session.read(digit)\n"
        "assert np.allclose(seen.of('lengths').values, reading.scores, atol=1e-5)\n"
        "assert Filters(session.model).learning('encoder/primary').after.weights.shape == (128, 1, 9, 9)\n"
        "assert dissect(session.model, '').parameters == session.card.parameters\n"
        "GradCam(session)"
    )
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .endswith("Grad-CAM needs Keras' TensorFlow backend, received 'jax': start with KERAS_BACKEND=tensorflow")
    )
