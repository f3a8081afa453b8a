"""The drawn way through a net is the net's own: what answers, how much, and which class' capsule goes on."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.lab.activity import Activity, Outputs
from capsdraw.lab.anatomy import Anatomy, LayerInfo
from capsdraw.lab.dissection import dissect
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.lab.trace import MOST, Trace, trace
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGIT = np.zeros((28, 28), np.float32)
DIGIT[4:24, 13:16] = 1


def traced(name: str) -> tuple[Anatomy, Trace, LayerProbe]:
    session = Session.open(cards.find(name))
    anatomy, watcher = dissect(session.model, name), LayerProbe(session)
    return anatomy, trace(anatomy, watcher.look(DIGIT), DIGIT), watcher


@pytest.mark.parametrize("name", ["efficient-capsnet", "keras-cnn", "deep-convnet", "tutorial-cnn", "mlp"])
def test_every_layer_has_its_stop_and_the_last_says_what_is_read(name: str) -> None:
    anatomy, found, _ = traced(name)
    reading = Session.open(cards.find(name)).read(DIGIT)
    assert len(found.layers) == len(anatomy.layers)
    assert found.winner == reading.label == 1
    assert found.score == pytest.approx(float(reading.scores[1]), abs=1e-4)
    for part, stop in zip(anatomy.layers, found.layers, strict=True):
        assert 1 <= len(stop.pictures) <= MOST
        assert len(stop.numbers) in (0, len(stop.pictures))
        for one in stop.pictures:
            assert one.ndim == 2
            assert 0 <= one.min() <= one.max() <= 1, part.name
        assert stop.share is None or 0 <= stop.share <= 1


def test_the_shares_are_counted_and_the_strongest_maps_shown() -> None:
    anatomy, found, watcher = traced("keras-cnn")
    maps = watcher.look(DIGIT).of("conv2").values
    stop = found.layers[[part.name for part in anatomy.layers].index("conv2")]
    assert stop.share == pytest.approx((maps > 0).mean())
    assert stop.answer == f"{(maps > 0).mean():.0%} active"
    assert stop.numbers[0] == maps.mean((1, 2)).argmax()
    assert stop.pictures[0] == pytest.approx(maps[stop.numbers[0]] / maps[stop.numbers[0]].max())


def test_the_winner_s_capsule_alone_goes_to_the_decoder() -> None:
    anatomy, found, _ = traced("efficient-capsnet")
    stops = {part.name: stop for part, stop in zip(anatomy.layers, found.layers, strict=True)}
    assert stops["encoder/digit_capsules"].winner == stops["lengths"].winner == stops["mask"].winner == 1
    masked = stops["mask"].pictures[0]
    assert masked.shape == (10, 16)
    # All but its line are zero: mid grey, as its own numbers are of either sign.
    assert (np.delete(masked, 1, 0) == 0.5).all()
    assert np.ptp(masked[1]) > 0.2
    reading = Session.open(cards.find("efficient-capsnet")).read(DIGIT)
    assert stops["decoder/picture"].pictures[0] == pytest.approx(reading.reconstruction, abs=1e-3)


def test_as_many_numbers_as_classes_are_no_classes() -> None:
    """Of a hidden layer of ten units one was called the class that is read, and framed."""
    keras.utils.set_random_seed(6)
    image = keras.Input((28, 28, 1))
    x = keras.layers.Flatten(name="flatten")(image)
    x = keras.layers.Dense(10, activation="relu", name="hidden")(x)
    x = keras.layers.Dense(10, name="logits")(x)
    model = keras.Model(image, keras.layers.Softmax(name="answer")(keras.layers.Dropout(0.1, name="dropped")(x)))
    card = made_card(name="net", title="", kind="classifier", sha256="", folder=Path())
    anatomy, probe = dissect(model, "net"), LayerProbe(Session(model, card))
    found = trace(anatomy, probe.look(DIGIT), DIGIT)
    winners = {part.name: stop.winner for part, stop in zip(anatomy.layers, found.layers, strict=True)}
    assert winners.pop(anatomy.layers[0].name) is None
    assert winners == {
        "flatten": None, "hidden": None, "logits": found.winner, "dropped": found.winner, "answer": found.winner
    }  # fmt: skip


def test_in_colour_are_the_image_and_what_a_decoder_makes_of_it_and_no_maps() -> None:
    model = zoo.build("capsnet", **zoo.TINY["capsnet"], shape=(32, 32, 3))
    card = replace(cards.find("cifar-cnn"), name="tiny", kind="capsule")
    session = Session(model, card)
    image = np.random.default_rng(2).random((32, 32, 3), np.float32)
    anatomy = dissect(session.model, "tiny")
    found = trace(anatomy, LayerProbe(session).look(image), image)
    stops = {part.name: stop for part, stop in zip(anatomy.layers, found.layers, strict=True)}
    assert np.array_equal(found.layers[0].pictures[0], image)
    drawn = session.read(image).reconstruction
    for name in ("decoder/pixels", "decoder/picture"):
        assert stops[name].pictures[0] == pytest.approx(drawn, abs=1e-4)
    in_colour = {name for name, stop in stops.items() if stop.pictures[0].ndim == 3}
    assert in_colour == {anatomy.layers[0].name, "decoder/pixels", "decoder/picture"}


@pytest.mark.parametrize(("classes", "rows"), [(10, 1), (26, 2), (40, 5)])
def test_of_many_classes_a_cell_stands_out_and_of_the_mask_a_line(classes: int, rows: int) -> None:
    """Many classes' scores are folded into rows."""
    shapes = {"image": (28, 28, 1), "capsules": (classes, 4), "lengths": (classes,), "mask": (4 * classes,)}
    layers = tuple(
        LayerInfo(kind, "", kind, shape, 0, 0, "", False, False, None, (max(number - 1, 0),), number)
        for number, (kind, shape) in enumerate(shapes.items())
    )
    layers = (*layers[:3], replace(layers[3], sources=(1, 2)))
    capsules = np.zeros((classes, 4), np.float32)
    capsules[7] = 0.4
    values = {"capsules": capsules, "lengths": np.linalg.norm(capsules, axis=1), "mask": capsules.ravel()}
    activity = Activity(tuple(Outputs(name, each.astype(np.float32)) for name, each in values.items()), None)
    _, of_capsules, lengths, mask = trace(Anatomy("", layers), activity, DIGIT).layers
    for stop in (of_capsules, lengths):
        assert (stop.winner, stop.in_lines) == (7, False)
        assert stop.pictures[0].shape == (rows, classes // rows)
        assert stop.pictures[0].argmax() == 7
    assert (mask.winner, mask.in_lines) == (7, True)
    assert mask.pictures[0].shape == (classes, 4)
