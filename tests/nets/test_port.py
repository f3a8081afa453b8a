"""Capsule nets of the best-known Keras port answer here as they did there, by their weights alone."""

import shutil
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import start
from capsdraw.nets import cards, lighten, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.foreign.opening_models import open_model
from capsdraw.nets.foreign.sight import PixelRange
from capsdraw.nets.reading import masked
from capsdraw.nets.session import Session

from .foreign_nets import legacy_weights, port, port_weights

DIGITS, LABELS = synthetic.digits(20, seed=12)
IMAGES = (DIGITS / np.float32(255))[..., None]


def differences(model: keras.Model, card: Card, images: Any = IMAGES) -> tuple[float, float]:
    """The largest of lengths and of reconstructions between the port's net and what became of it."""
    session = Session.open(card)
    capsules, lengths = session.answer(IMAGES)
    assert capsules is not None
    read = lengths.argmax(1)
    exact, drawn = model([images, np.eye(10, dtype=np.float32)[read]])
    redrawn = session.decode(np.stack([masked(one, int(label)) for one, label in zip(capsules, read, strict=True)]))
    return float(np.abs(lengths - exact).max()), float(np.abs(redrawn - drawn).max())


@pytest.mark.parametrize(
    ("layout", "bias"),
    [("keras-2-weights", False), ("keras-2-weights", True), ("keras-3-weights", True), ("keras", False), ("h5", True)],
)
def test_a_net_of_the_port_answers_as_it_did(tmp_path: Path, layout: str, bias: bool) -> None:
    model = port(bias=bias)
    path = tmp_path / {"keras-3-weights": "trained.weights.h5", "keras": "trained.keras"}.get(layout, "trained.h5")
    if layout == "keras-2-weights":
        legacy_weights(path, port_weights(model))
    elif layout == "keras-3-weights":
        model.save_weights(path)
    else:
        model.save(path)
    opened = open_model(path)
    assert (opened.card.kind, opened.card.input, opened.card.classes) == ("capsule", (28, 28, 1), 10)
    assert "no code of the file was read" in opened.notes[0]
    assert max(differences(model, opened.card)) < 1e-5
    lengths = Session.open(opened.card).scores(IMAGES)
    assert lengths.std() > 0.01  # they say something
    assert opened.card.parameters == model.count_params()


def test_how_often_it_routes_is_read_where_the_file_says_it(tmp_path: Path) -> None:
    model = port(routings=1)
    model.save(tmp_path / "net.h5")
    legacy_weights(tmp_path / "weights.h5", port_weights(model))
    opened = open_model(tmp_path / "net.h5")
    assert max(differences(model, opened.card)) < 1e-5
    assert not any("iterations" in note for note in opened.notes)
    assert any("3 iterations" in note for note in open_model(tmp_path / "weights.h5").notes)


def test_pixels_that_were_divided_by_256_are_within_the_net(tmp_path: Path) -> None:
    model = port()
    path = legacy_weights(tmp_path / "net.h5", port_weights(model))
    card = open_model(path, pixels=PixelRange.PARTS).card
    assert max(differences(model, card, IMAGES * np.float32(255 / 256))) < 1e-5
    assert max(differences(model, card)) > 1e-5


def test_early_versions_had_their_weights_in_our_order_and_a_start_of_zeros(tmp_path: Path) -> None:
    model = port()
    weights = port_weights(model)
    (name, kernel), *_ = weights["digitcaps"]
    early = [(name, kernel.transpose(1, 0, 3, 2)), ("digitcaps/bias:0", np.zeros((1, 144, 10, 1, 1), np.float32))]
    opened = open_model(legacy_weights(tmp_path / "net.h5", {**weights, "digitcaps": early}))
    assert max(differences(model, opened.card)) < 1e-5
    early[1][1][0, 3, 2] = 1  # couplings that do not begin alike: no net of ours has them
    with pytest.raises(CapsDrawError, match="its layer 'digitcaps' has weights of"):
        open_model(legacy_weights(tmp_path / "net.h5", {**weights, "digitcaps": early}))


@pytest.mark.parametrize(
    ("layer", "number", "shape", "says"),
    [
        ("conv1", 0, (9, 9, 1), "its layer 'conv1' has weights of 9 × 9 × 1"),
        ("digitcaps", 0, (10, 143, 16, 8), "its layer 'digitcaps' has weights of 10 × 143 × 16 × 8"),
        ("primarycap_conv2d", 0, (9, 9, 8, 32), "its layer 'primarycap_conv2d' has weights of 9 × 9 × 8 × 32"),
        ("decoder", 0, (150, 512), "its layer 'digitcaps' has weights of 10 × 144 × 16 × 8"),
        ("decoder", 4, (1024, 785), "its layer 'decoder' has weights of"),
    ],
)
def test_weights_that_do_not_belong_together_are_refused_by_their_layer(
    tmp_path: Path, own_home: Path, layer: str, number: int, shape: tuple[int, ...], says: str
) -> None:
    weights = port_weights(port())
    weights[layer][number] = weights[layer][number][0], np.ones(shape, np.float32)
    with pytest.raises(CapsDrawError) as refused:
        open_model(legacy_weights(tmp_path / "net.h5", weights))
    assert str(refused.value).startswith(f"cannot open the model 'net.h5': {says}")
    assert not (own_home / "models").exists()


def as_port(card: Card) -> dict[str, Any]:
    """Our CapsNet's weights, as the port keeps them."""
    ours = zoo.load(card)
    encoder, decoder = ours.get_layer("encoder"), ours.get_layer("decoder")
    weights = {
        name: [(f"{name}/{part}:0", array) for part, array in zip(("kernel", "bias"), layer.get_weights(), strict=True)]
        for name, layer in (("conv1", encoder.get_layer("conv1")), ("primarycap_conv2d", encoder.get_layer("primary")))
    }
    kernel = encoder.get_layer("digit_capsules").get_weights()[0]
    drawn = [(f"dense/{number}:0", array) for number, array in enumerate(decoder.get_weights())]
    return {**weights, "digitcaps": [("digitcaps/W:0", kernel.transpose(1, 0, 3, 2))], "decoder": drawn}


@pytest.mark.slow
def test_our_capsnet_in_the_port_s_layout_is_our_capsnet(tmp_path: Path) -> None:
    """It reads digits: so its ranges are measured, a fit can start from it, and it has a light half."""
    ours = cards.find("capsnet")
    opened = open_model(legacy_weights(tmp_path / "net.h5", as_port(ours)), "From the port").card
    ours_scores = Session.open(ours).scores(IMAGES)
    assert np.abs(Session.open(opened).scores(IMAGES) - ours_scores).max() < 1e-5
    assert (ours_scores.argmax(1) == LABELS).all()
    assert opened.reads_digits
    assert len(opened.ranges) == 10
    recipe = start.origin(opened)
    assert recipe is not None
    assert start.problem(recipe, opened, (28, 28, 1), 10) == ""
    again = zoo.build(recipe.family, **recipe.options)
    again.set_weights(zoo.load(opened).get_weights())
    light = lighten.ensure(opened)
    assert np.abs(light.scores(IMAGES) - ours_scores).max() < 1e-4


def test_a_copy_without_names_is_known_by_the_kinds_of_its_layers(tmp_path: Path) -> None:
    """Keras 3 did not always write the names of layers beside their weights."""
    model = port()
    model.save_weights(tmp_path / "named.weights.h5")
    shutil.copy(tmp_path / "named.weights.h5", tmp_path / "net.weights.h5")
    with h5py.File(tmp_path / "net.weights.h5", "a") as file:
        file.visititems(lambda _, item: item.attrs.__delitem__("name") if "name" in item.attrs else None)
    assert max(differences(model, open_model(tmp_path / "net.weights.h5").card)) < 1e-5
