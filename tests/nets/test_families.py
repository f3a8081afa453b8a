"""The nets: exact sizes, any shape, and the mask that makes a decoder learn."""

from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.nets import families, zoo

# Trainable parameters of each full-size net: (encoder, all with decoder), or all of a classifier.
PARAMETERS: dict[str, tuple[int, ...]] = {
    "capsnet": (6_804_224, 8_215_568),
    "efficient-capsnet": (161_824, 1_573_168),
    "mlp": (39_760,),
    "multi-cnn": (987_242,),
    "tutorial-cnn": (28_135,),
    "keras-cnn": (600_810,),
    "deep-convnet": (123_552,),
    "cifar-cnn": (927_338,),
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


@pytest.mark.parametrize(
    ("options", "parameters"),
    [({"kernel": 5}, 945_258), ({"convolutions": 4}, 1_250_858), ({"whitening": 64}, 927_338)],
    ids=["5x5", "earlier", "zca"],
)
def test_parameters_of_the_variants(options: dict[str, Any], parameters: int) -> None:
    assert trainable(zoo.build("cifar-cnn", **options)) == parameters


@pytest.mark.parametrize("options", [{"shape": (36, 36, 1)}, {"shape": (28, 28, 3)}, {"classes": 26}])
@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_user_s_own_sizes_build(family: str, options: dict[str, Any]) -> None:
    model = zoo.build(family, **{**zoo.TINY[family], **options})
    shape, classes = options.get("shape", model.input_shape[1:]), options.get("classes", 10)
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

    def decoded(chosen: int, flag: bool = False) -> np.ndarray:
        capsules = np.asarray(model.get_layer("encoder")(image, training=flag))
        masked = np.where(np.arange(10)[None, :, None] == chosen, capsules, 0).reshape(1, -1)
        return np.asarray(model.get_layer("decoder")(masked))

    assert np.asarray(seen["reconstruction"]) == pytest.approx(decoded(int(np.argmax(seen["lengths"]))), abs=1e-5)
    # Held-out images are drawn by the label's capsule, too: so the losses of both can be compared.
    for flag in (False, True):
        for label in range(10):
            inputs = {"image": image, "label": np.eye(10, dtype=np.float32)[[label]]}
            drawn = training(inputs, training=flag)["reconstruction"]
            assert np.asarray(drawn) == pytest.approx(decoded(label, flag), abs=1e-5)


@pytest.mark.parametrize(
    ("family", "plain"),
    [("capsnet", "dynamic"), ("mlp", "flatten")],
)
def test_an_unknown_option_is_refused(family: str, plain: str) -> None:
    with pytest.raises(CapsDrawError, match=rf"cannot build '{family}'"):
        zoo.build(family, **{plain: 1})


def test_deep_convnet_drops_logits_in_training_only() -> None:
    """Its author's oddity: half of the logits are 0 in training, the others twice as large; none at inference."""
    model = zoo.build("deep-convnet", **zoo.TINY["deep-convnet"])
    kept = keras.Model(model.input, [model.get_layer(name).output for name in ("logits", "dropout2")])
    images = np.random.default_rng(0).random((20, 28, 28, 1), np.float32)
    logits, dropped = (np.asarray(one) for one in kept(images, training=True))
    gone = dropped == 0
    assert 0.35 < gone.mean() < 0.65
    assert dropped[~gone] == pytest.approx(2 * logits[~gone], rel=1e-5)
    assert np.array_equal(*(np.asarray(one) for one in kept(images)))
    assert np.array_equal(np.asarray(model(images)), np.asarray(model(images)))


def test_the_training_form_shares_its_weights() -> None:
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    training = families.training_form(model)
    assert {id(one) for one in training.trainable_weights} == {id(one) for one in model.trainable_weights}
