"""The nets: exact sizes, any shape, and the mask that makes a decoder learn."""

from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.nets import families, zoo

# Trainable parameters of each full-size net: (encoder, all with decoder), or all of a classifier.
PARAMETERS: dict[str, tuple[int, ...]] = {
    "capsnet": (6_804_224, 8_215_568),
    "efficient-capsnet": (161_824, 1_573_168),
    "keras-cnn": (600_810,),
}


def trainable(model: keras.Model) -> int:
    return sum(int(np.prod(one.shape)) for one in model.trainable_weights)


def test_no_net_is_missing_from_the_table() -> None:
    assert set(PARAMETERS) == set(zoo.FAMILIES) == set(zoo.TINY)


@pytest.mark.parametrize("family", PARAMETERS)
def test_parameters_are_exactly_the_paper_s(family: str) -> None:
    model = zoo.build(family)
    counts = (trainable(model),)
    if families.is_capsule(model):
        counts = (trainable(model.get_layer("encoder")), *counts)
    assert counts == PARAMETERS[family]


@pytest.mark.parametrize("options", [{"shape": (36, 36, 1)}, {"shape": (28, 28, 3)}, {"classes": 26}])
@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_user_s_own_sizes_build(family: str, options: dict[str, Any]) -> None:
    model = zoo.build(family, **{**zoo.TINY[family], **options})
    shape, classes = options.get("shape", (28, 28, 1)), options.get("classes", 10)
    answer = model(np.zeros((2, *shape), np.float32))
    if families.is_capsule(model):
        assert answer["reconstruction"].shape == (2, *shape)
        assert answer["capsules"].shape == (2, classes, 8)
        answer = answer["lengths"]
    assert answer.shape == (2, classes)


@pytest.mark.parametrize("family", ["capsnet", "efficient-capsnet"])
def test_the_decoder_sees_the_label_in_training_and_the_longest_at_inference(family: str) -> None:
    model = zoo.build(family, **zoo.TINY[family])
    training = families.training_form(model)
    image = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)
    seen = model(image)
    capsules, longest = np.asarray(seen["capsules"]), int(np.argmax(seen["lengths"]))

    def decoded(chosen: int) -> np.ndarray:
        masked = np.where(np.arange(10)[None, :, None] == chosen, capsules, 0).reshape(1, -1)
        return np.asarray(model.get_layer("decoder")(masked))

    assert np.asarray(seen["reconstruction"]) == pytest.approx(decoded(longest), abs=1e-5)
    for label in range(10):
        drawn = training({"image": image, "label": np.eye(10, dtype=np.float32)[[label]]})["reconstruction"]
        assert np.asarray(drawn) == pytest.approx(decoded(label), abs=1e-5)


def test_the_training_form_shares_its_weights() -> None:
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    training = families.training_form(model)
    assert {id(one) for one in training.trainable_weights} == {id(one) for one in model.trainable_weights}
