"""What a reader of a tutorial saved answers here as it did there, whatever the file, and sees drawings as it learnt."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from capsdraw.datasets import synthetic
from capsdraw.ink.intake import AS_THEY_ARE, Ground, Road, of_sketch
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.lab import inside
from capsdraw.lab.dissection import dissect
from capsdraw.nets import cards, zoo
from capsdraw.nets.foreign.opening_models import open_model
from capsdraw.nets.foreign.sight import MEASURED, PixelRange, pictured, sight_of
from capsdraw.nets.light import Light
from capsdraw.nets.session import Session

from .foreign_nets import digit_net, legacy_weights, linear, many_layers

IMAGES = np.random.default_rng(8).random((5, 28, 28, 1), np.float32)
DIGITS, LABELS = synthetic.digits(60, seed=5)


def scores(card: cards.Card, images: NDArray[Any]) -> NDArray[np.float32]:
    return Session.open(card).scores(images)


def saved(model: keras.Model, folder: Path, layout: str) -> Path:
    """`misnamed`: HDF5 in a file that is called .keras."""
    path = folder / f"net.{'keras' if layout == 'keras' else 'h5'}"
    model.save(path)
    return path.rename(folder / "misnamed.keras") if layout == "misnamed" else path


@pytest.mark.parametrize("layout", ["keras", "h5", "misnamed"])
def test_a_net_answers_as_it_did_whatever_its_file_is(tmp_path: Path, own_home: Path, layout: str) -> None:
    model = many_layers()
    opened = open_model(saved(model, tmp_path, layout), "Many kinds")
    card = opened.card
    assert (card.title, card.kind, card.input, card.classes) == ("Many kinds", "classifier", (28, 28, 1), 10)
    assert card in cards.list_cards()
    assert card.weights.parent == own_home / "models"
    assert not card.bundled
    assert card.intake == AS_THEY_ARE  # it reads no digits, and nobody said what it reads
    assert scores(card, IMAGES) == pytest.approx(np.asarray(model(IMAGES)), abs=1e-6)
    # Nothing of it is anything else than a net of ours: it is read as one.
    assert {type(layer).__module__.split(".")[0] for layer in zoo.load(card).layers} == {"keras"}


def test_inside_shows_what_was_opened(tmp_path: Path) -> None:
    card = open_model(saved(many_layers(), tmp_path, "keras")).card
    model = zoo.load(card)
    anatomy = dissect(model, card.name)
    kinds = {layer.kind for layer in anatomy.layers}
    assert kinds >= {"convolution", "normalisation", "pooling", "activation", "joined", "dense", "reshape"}
    assert anatomy.parameters == card.parameters
    assert tuple(inside.scores(inside.inside(model), capsule=False).shape) == (None, 10)


def test_frozen_layers_of_a_net_within_the_net_keep_their_weights(tmp_path: Path) -> None:
    """Keras 2's layout has what is trained first: read in the order of layers, a kernel would be another's."""
    model = many_layers()
    model.get_layer("inner").layers[0].trainable = False
    card = open_model(saved(model, tmp_path, "h5")).card
    assert scores(card, IMAGES) == pytest.approx(np.asarray(model(IMAGES)), abs=1e-6)


def test_a_net_within_the_net_that_is_called_twice_answers_last(tmp_path: Path) -> None:
    """Keras counts its calls from 0 here, and from 1 there."""
    inner = keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(1, 3, padding="same")], name="inner")
    end_input = layers.Input((28, 28, 1))
    end = keras.Model(end_input, layers.Dense(10, activation="softmax")(layers.Flatten()(end_input)), name="end")
    image = layers.Input((28, 28, 1))
    twice = keras.Model(image, end(layers.Subtract()([inner(inner(image)), inner(image)])), name="twice")
    for ending in ("keras", "h5"):
        twice.save(tmp_path / f"net.{ending}")
        card = open_model(tmp_path / f"net.{ending}").card
        assert scores(card, IMAGES) == pytest.approx(np.asarray(twice(IMAGES)), abs=1e-6)


def flat(activation: str = "softmax", *before: layers.Layer) -> keras.Model:
    return keras.Sequential([layers.Input((784,)), *before, layers.Dense(10, activation=activation)])


@pytest.mark.parametrize(
    ("scale", "offset", "pixels", "light"),
    [(1, 0, "0..1", False), (255, 0, "0..255", False), (255, 0, "0..255", True), (2, -1, "-1..1", False)],
)
def test_pixels_and_ground_are_measured_on_our_own_digits(
    tmp_path: Path, scale: float, offset: float, pixels: str, light: bool
) -> None:
    model = digit_net(flat, scale=scale, offset=offset, light=light)
    model.save(tmp_path / "net.keras")
    opened = open_model(tmp_path / "net.keras")
    card = opened.card
    assert card.intake.road == Road.INK
    assert card.intake.ground == (Ground.LIGHT if light else Ground.DARK)
    assert PixelRange(pixels).words in opened.notes[-1]
    assert opened.notes[-1] in card.data
    seen = pictured(DIGITS, card.input, card.intake)
    answers = scores(card, seen)
    assert answers == pytest.approx(np.asarray(model(seen.reshape(-1, 784) * scale + offset)), abs=1e-5)
    assert (answers.argmax(1) == LABELS).mean() > 0.8


def test_what_is_said_of_pixels_and_ink_is_not_measured(tmp_path: Path) -> None:
    digit_net(flat).save(tmp_path / "net.keras")
    opened = open_model(tmp_path / "net.keras", pixels=PixelRange.BYTES, ground=Ground.LIGHT)
    assert "as was said" in opened.notes[-1]
    rescaling = next(layer for layer in zoo.load(opened.card).layers if isinstance(layer, layers.Rescaling))
    assert rescaling.scale == 255
    assert opened.card.intake.ground == Ground.LIGHT


@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_a_layer_that_rescales_tells_the_pixels(tmp_path: Path, activation: str) -> None:
    model = digit_net(
        lambda: flat(activation, keras.Sequential([layers.GaussianNoise(0.1)]), layers.Rescaling(1 / 255))
    )
    model.save(tmp_path / "net.keras")
    opened = open_model(tmp_path / "net.keras")
    assert "pixels from 0 to 255 (its first layer rescales them)" in opened.notes[-1]
    seen = pictured(DIGITS, opened.card.input, opened.card.intake)
    exact = model(255 * seen.reshape(-1, 784))
    exact = np.asarray(exact if activation == "softmax" else keras.ops.softmax(exact))
    assert scores(opened.card, seen) == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize("activation", ["linear", "sigmoid"])
def test_logits_become_probabilities_and_it_is_said(tmp_path: Path, activation: str) -> None:
    digit_net(lambda: flat(activation)).save(tmp_path / "net.h5")
    opened = open_model(tmp_path / "net.h5")
    assert "softmax" in opened.notes[0]
    seen = pictured(DIGITS, opened.card.input, opened.card.intake)
    kernel, bias = linear()
    exact = np.asarray(keras.ops.softmax(seen.reshape(-1, 784) @ kernel + bias))
    assert scores(opened.card, seen) == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize(
    ("shape", "image"),
    [((28, 28), (28, 28, 1)), ((1024,), (32, 32, 1)), ((32, 32, 3), (32, 32, 3)), ((None, None, 1), (28, 28, 1))],
)
def test_images_of_other_forms_are_read(tmp_path: Path, shape: tuple[int, ...], image: tuple[int, ...]) -> None:
    pool = [] if len(shape) < 3 else [layers.Conv2D(3, 3), layers.GlobalMaxPooling2D()]
    model = keras.Sequential([layers.Input(shape), *pool, layers.Flatten(), layers.Dense(12, activation="softmax")])
    model.save(tmp_path / "net.keras")
    card = open_model(tmp_path / "net.keras").card
    assert (card.input, card.classes) == (image, 12)
    images = np.random.default_rng(2).random((3, *image), np.float32)
    own = images if None in shape else images.reshape(-1, *shape)
    assert scores(card, images) == pytest.approx(np.asarray(model(own)), abs=1e-6)


def test_a_larger_image_has_its_digit_as_the_net_learnt_it(tmp_path: Path) -> None:
    """MNIST with a margin of 2 pixels, as LeNet-5 reads it; not enlarged."""
    kernel, bias = linear()
    model = keras.Sequential(
        [layers.Input((32, 32, 1)), layers.Cropping2D(2), layers.Flatten(), layers.Dense(10, activation="softmax")]
    )
    model.layers[-1].set_weights([kernel, bias])
    model.save(tmp_path / "net.keras")
    card = open_model(tmp_path / "net.keras").card
    assert card.intake.fill == pytest.approx(20 / 32)
    assert (scores(card, pictured(DIGITS, card.input, card.intake)).argmax(1) == LABELS).mean() > 0.7


def test_a_file_of_keras_2_is_read(tmp_path: Path) -> None:
    """Its layers carry the image's shape, its calls are lists, its lists of layers once had no name."""
    kernel, bias = linear()
    weights = {"flatten_1": [], "dense_1": [("dense_1/kernel:0", kernel), ("dense_1/bias:0", bias)]}
    entries = [
        {"class_name": "Flatten", "config": {"name": "flatten_1", "batch_input_shape": [None, 28, 28, 1]}},
        {"class_name": "Dense", "config": {
            "name": "dense_1", "units": 10, "activation": "softmax", "use_bias": True,
            "kernel_initializer": {"class_name": "VarianceScaling", "config": {}}, "kernel_constraint": None,
        }},
    ]  # fmt: skip
    graph = [
        {"name": "input_1", "class_name": "InputLayer", "inbound_nodes": [],
         "config": {"batch_input_shape": [None, 28, 28, 1], "dtype": "float32", "name": "input_1"}},
        {**entries[0], "name": "flatten_1", "inbound_nodes": [[["input_1", 0, 0, {}]]]},
        {**entries[1], "name": "dense_1", "inbound_nodes": [[["flatten_1", 0, 0, {}]]]},
    ]  # fmt: skip
    functional = {"layers": graph, "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_1", 0, 0]]}
    for number, config in enumerate((
        {"class_name": "Sequential", "config": entries},
        {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": entries}},
        {"class_name": "Model", "config": {"name": "model_1", **functional}},
    )):  # fmt: skip
        card = open_model(legacy_weights(tmp_path / f"net{number}.h5", weights, config)).card
        images = pictured(DIGITS, card.input, card.intake)
        exact = np.asarray(keras.ops.softmax(images.reshape(-1, 784) @ kernel + bias))
        assert scores(card, images) == pytest.approx(exact, abs=1e-5)


def test_an_axis_that_keras_2_wrote_as_a_list_is_read(tmp_path: Path) -> None:
    kernel, bias = linear()
    weights = {"norm": [(f"norm/{part}:0", np.full(1, value, np.float32)) for part, value in
                        (("gamma", 2), ("beta", 0.25), ("moving_mean", 0.5), ("moving_variance", 1))],
               "flat": [], "dense": [("dense/kernel:0", kernel), ("dense/bias:0", bias)]}  # fmt: skip
    entries = [
        {"class_name": "BatchNormalization", "config": {
            "name": "norm", "batch_input_shape": [None, 28, 28, 1], "axis": [3], "momentum": 0.99, "epsilon": 0.0,
        }},
        {"class_name": "Flatten", "config": {"name": "flat"}},
        {"class_name": "Dense", "config": {"name": "dense", "units": 10, "activation": "softmax"}},
    ]  # fmt: skip
    net = {"class_name": "Sequential", "config": {"name": "net", "layers": entries}}
    card = open_model(legacy_weights(tmp_path / "net.h5", weights, net), pixels=PixelRange.ONE).card
    exact = np.asarray(keras.ops.softmax((2 * IMAGES.reshape(-1, 784) - 0.75) @ kernel + bias))
    assert scores(card, IMAGES) == pytest.approx(exact, abs=1e-5)


def test_our_own_nets_are_opened_with_the_card_beside_them(tmp_path: Path) -> None:
    card = cards.find("efficient-capsnet")
    for ending in ("keras", "json"):
        (tmp_path / f"theirs.{ending}").write_bytes((card.folder / f"{card.name}.{ending}").read_bytes())
    theirs = open_model(tmp_path / "theirs.keras").card
    assert (theirs.title, theirs.name, theirs.test_error_percent) == ("theirs", "theirs", card.test_error_percent)
    assert (theirs.ranges, theirs.verdict, theirs.intake) == (card.ranges, card.verdict, card.intake)
    model = zoo.build("capsnet", **zoo.TINY["capsnet"])
    zoo.save(model, tmp_path / "own.keras")
    opened = open_model(tmp_path / "own.keras", "Own capsules").card
    assert (opened.kind, opened.name) == ("capsule", "own-capsules")
    assert scores(opened, IMAGES) == pytest.approx(np.asarray(model(IMAGES)["lengths"]), abs=1e-6)


def test_a_drawing_is_read(tmp_path: Path) -> None:
    """From strokes to the answer of a net that learnt dark ink on light, from 0 to 255."""
    digit_net(flat, scale=255, light=True).save(tmp_path / "net.keras")
    card = open_model(tmp_path / "net.keras").card
    session = Session.open(card)
    drawings = [fitted(synthetic.drawing(label, np.random.default_rng((3, label)))) for label in range(10)]
    read = [session.read(of_sketch(Sketch(drawing), card.input, card.intake)).label for drawing in drawings]
    assert sum(np.equal(read, range(10))) >= 7


@pytest.mark.parametrize("name", ["keras-cnn", "tutorial-cnn"])
def test_a_net_that_reads_pixels_of_any_range_has_the_one_that_it_learnt_from(name: str) -> None:
    """Pixels from -1 to 1 made Keras CNN a little surer still, and so its own export was opened with them."""
    sight = sight_of(Light.open(cards.find(name)).scores, (28, 28, 1), 10, MEASURED)
    assert (sight.pixels, sight.intake.ground) == (PixelRange.ONE, Ground.DARK)
