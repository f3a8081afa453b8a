"""The decoder gets what the user turned: against a plain NumPy computation of the decoder."""

from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.lab import contact_sheet, perturbation
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGITS = synthetic.digits(20, 4)[0].astype(np.float32) / 255


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.open(cards.find("efficient-capsnet"))


def plain_decoder(model: keras.Model, flat: np.ndarray) -> np.ndarray:
    """Two ReLU layers and a sigmoid, in float64."""
    layers = [model.get_layer("decoder").get_layer(name) for name in ("hidden1", "hidden2", "pixels")]
    x = flat.astype(np.float64)
    for layer in layers[:2]:
        kernel, bias = (np.asarray(one, np.float64) for one in layer.get_weights())
        x = np.maximum(x @ kernel + bias, 0)
    kernel, bias = (np.asarray(one, np.float64) for one in layers[2].get_weights())
    return (1 / (1 + np.exp(-(x @ kernel + bias)))).reshape(28, 28)


def test_without_offsets_the_picture_is_the_net_s_own_bit_for_bit(session: Session) -> None:
    for digit in DIGITS:
        reading = session.read(digit)
        assert reading.capsules is not None
        still = perturbation.moved(reading.capsules, reading.label, np.zeros(16))
        assert np.array_equal(perturbation.picture(session.decode, still, reading.label), reading.reconstruction)


@pytest.mark.parametrize("number", range(16))
def test_a_raised_number_gives_what_a_plain_decoder_gives(session: Session, number: int) -> None:
    reading = session.read(DIGITS[number])
    assert reading.capsules is not None
    for label in (reading.label, (reading.label + 3) % 10):
        raised = np.zeros(160)
        raised[16 * label : 16 * label + 16] = reading.capsules[label]
        raised[16 * label + number] += 0.2
        offsets = np.zeros(16)
        offsets[number] = 0.2
        changed = perturbation.moved(reading.capsules, label, offsets)
        assert perturbation.picture(session.decode, changed, label) == pytest.approx(
            plain_decoder(session.model, raised), abs=1e-5
        )
        assert perturbation.length(changed, label) == pytest.approx(np.linalg.norm(raised), abs=1e-6)


def test_moving_leaves_the_given_capsules_alone(session: Session) -> None:
    capsules = session.encode(DIGITS[:1])[0]
    kept = capsules.copy()
    perturbation.moved(capsules, 3, np.ones(16))
    assert np.array_equal(capsules, kept)


def test_the_sheet_is_sixteen_rows_of_eleven(session: Session) -> None:
    reading = session.read(DIGITS[0])
    assert reading.capsules is not None
    found = perturbation.sheet(session.decode, reading.capsules, reading.label)
    assert found.amounts == pytest.approx(np.arange(-5, 6) * 0.05)
    assert found.pictures.shape == (16, 11, 28, 28)
    for number in range(16):
        assert found.pictures[number, 5] == pytest.approx(reading.reconstruction, abs=1e-5)
    offsets = np.zeros(16)
    offsets[7] = -0.15
    moved = perturbation.moved(reading.capsules, reading.label, offsets)
    assert found.pictures[7, 2] == pytest.approx(perturbation.picture(session.decode, moved, reading.label), abs=1e-5)


def test_the_strip_shows_each_class_alone(session: Session) -> None:
    reading = session.read(DIGITS[5])
    assert reading.capsules is not None
    strip = perturbation.as_every_class(session.decode, reading.capsules)
    for label in range(10):
        assert strip[label] == pytest.approx(perturbation.picture(session.decode, reading.capsules, label), abs=1e-5)


def test_a_walk_begins_and_ends_at_its_digits(session: Session) -> None:
    readings = [session.read(digit) for digit in (DIGITS[1], DIGITS[8])]
    ends = [(one.capsules, one.label) for one in readings if one.capsules is not None]
    pictures = perturbation.walk(session.decode, ends[0], ends[1], np.linspace(0, 1, 5))
    assert pictures.shape == (5, 28, 28)
    for picture, reading in ((pictures[0], readings[0]), (pictures[-1], readings[1])):
        assert picture == pytest.approx(reading.reconstruction, abs=1e-5)
    assert np.abs(pictures[2] - pictures[0]).max() > 0.1


@pytest.mark.parametrize(
    ("classes", "size", "shape"), [(26, 8, (28, 28, 1)), (10, 4, (36, 36, 1)), (5, 8, (28, 28, 3))]
)
def test_other_numbers_and_lengths_of_capsules(classes: int, size: int, shape: tuple[int, int, int]) -> None:
    model = zoo.build("efficient-capsnet", shape=shape, classes=classes, size=size, channels=8)
    session = Session(
        model,
        made_card(name="x", title="X", kind="capsule", input=shape, classes=classes, sha256="", folder=Path()),
    )
    image = np.random.default_rng(0).random(shape if shape[2] == 3 else shape[:2], np.float32)
    reading = session.read(image)
    assert reading.capsules is not None
    assert reading.capsules.shape == (classes, size)
    assert perturbation.as_every_class(session.decode, reading.capsules).shape == (classes, *image.shape)
    assert perturbation.sheet(session.decode, reading.capsules, 0).pictures.shape == (size, 11, *image.shape)


def test_the_contact_sheet_holds_every_picture(session: Session) -> None:
    reading = session.read(DIGITS[2])
    assert reading.capsules is not None
    found = perturbation.sheet(session.decode, reading.capsules, reading.label)
    image = contact_sheet.image(found)
    pixels = np.asarray(image.convert("L"), np.float32) / 255
    # The picture of row 3, column 8, found where it should be.
    left_of = image.width - 11 * 59 - 3
    top, left = 30 + 3 * 59, left_of + 8 * 59
    shown = pixels[top : top + 56 : 2, left : left + 56 : 2]
    assert shown == pytest.approx(found.pictures[3, 8], abs=1 / 250)
    assert image.height == 30 + 16 * 59 + 3
    # A long name makes room for itself.
    assert contact_sheet.image(found, ["a name of some length, " * 2] * 16).width > image.width + 100
