"""What is shown of a layer is what the layer gave, in whatever part of the net it stands."""

from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGITS = synthetic.digits(10, 4)[0].astype(np.float32) / 255


def opened(family: str) -> Session:
    model = zoo.build(family, **zoo.TINY[family])
    kind = "capsule" if isinstance(model.output, dict) else "classifier"
    shape = tuple(model.input_shape[1:])
    return Session(
        model,
        made_card(name=family, title="", kind=kind, input=shape, classes=10, sha256="", folder=Path()),
    )


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_each_layer_s_outputs_are_its_own(family: str) -> None:
    """Against each part asked on its own, with the layers' own names."""
    session = opened(family)
    image = DIGITS[2] if session.card.reads_digits else np.random.default_rng(0).random((32, 32, 3), np.float32)
    seen = LayerProbe(session).look(image)
    model, batch = session.model, image.reshape(1, *session.card.input)
    parts = {"": (model, batch)}
    if session.capsule:
        reading = session.read(image)
        assert reading.capsules is not None
        masked = np.where(np.arange(10)[:, None] == reading.label, reading.capsules, 0).reshape(1, -1)
        parts = {"encoder": (model.get_layer("encoder"), batch), "decoder": (model.get_layer("decoder"), masked)}
    for group, (part, given) in parts.items():
        for layer in part.layers[1:]:
            expected = np.asarray(keras.Model(part.input, layer.output)(given))[0]
            values = seen.of(f"{group}/{layer.name}" if group else layer.name).values
            assert values.dtype == np.float32
            if expected.ndim == 3:
                expected = expected.transpose(2, 0, 1)
            assert values == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", ["efficient-capsnet", "keras-cnn"])
def test_the_last_layers_say_what_the_reading_says(name: str) -> None:
    session = Session.open(cards.find(name))
    watcher = LayerProbe(session)
    for digit in DIGITS:
        seen, reading = watcher.look(digit), session.read(digit)
        answer = seen.of("lengths" if session.capsule else "probabilities").values
        assert answer == pytest.approx(reading.scores, abs=1e-5)
        if reading.reconstruction is not None:
            assert seen.of("decoder/picture").values[0] == pytest.approx(reading.reconstruction, abs=1e-5)


def test_capsnet_s_primary_capsules_stand_on_their_grid() -> None:
    session = opened("capsnet")
    seen = LayerProbe(session).look(DIGITS[7])
    found = seen.primary
    assert found is not None
    assert found.layer == "encoder/squash"
    assert found.vectors.shape == (6, 6, 2, 8)
    assert found.arrows.shape == (6, 6, 2, 2)
    assert found.lengths.max() < 1
    assert found.field is not None
    assert (found.field.start, found.field.stride, found.field.side) == ((8, 8), (2, 2), (17, 17))
    # Before the squash a place's capsules are its sixteen maps, eight by eight.
    maps = seen.of("encoder/primary").values
    raw = maps[8:, 3, 4]
    given = found.vectors[3, 4, 1]
    assert given / np.linalg.norm(given) == pytest.approx(raw / np.linalg.norm(raw), abs=1e-4)


def test_only_the_places_that_see_a_change_change_their_capsules() -> None:
    watcher = LayerProbe(opened("capsnet"))
    changed = DIGITS[7].copy()
    changed[:3, :3] += 0.5  # seen by the places whose fields of 17 begin above and left of it
    before, after = watcher.look(DIGITS[7]).primary, watcher.look(changed).primary
    assert before is not None
    assert after is not None
    moved = np.abs(after.vectors - before.vectors).max((2, 3)) > 1e-6
    assert moved[:2, :2].all()
    moved[:2, :2] = False
    assert not moved.any()
    same = watcher.look(changed, before.basis).primary
    assert same is not None
    assert same.arrows[4, 4] == pytest.approx(before.arrows[4, 4], abs=1e-5)


def test_capsules_that_see_all_have_one_place() -> None:
    found = LayerProbe(opened("efficient-capsnet")).look(DIGITS[1]).primary
    assert found is not None
    assert found.vectors.shape == (1, 1, 4, 8)
    assert found.field is None


def test_a_classifier_has_no_primary_capsules_and_an_image_of_another_size_is_refused() -> None:
    watcher = LayerProbe(opened("mlp"))
    assert watcher.look(DIGITS[0]).primary is None
    with pytest.raises(CapsDrawError, match=r"'mlp' sees images of \(28, 28, 1\), received \(32, 32, 3\)"):
        watcher.look(np.zeros((32, 32, 3), np.float32))
