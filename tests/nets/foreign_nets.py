"""Nets as others make and save them, for tests: in Keras' own words, and files as Keras 2 laid them out."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from capsdraw.datasets import synthetic

Floats = NDArray[np.float32]


def legacy_weights(path: Path, by_layer: dict[str, list[tuple[str, Floats]]], config: Any = None) -> Path:
    """An HDF5 file as Keras 2 wrote it: of weights alone, or with the net's description."""
    with h5py.File(path, "w") as file:
        group = file if config is None else file.create_group("model_weights")
        if config is not None:
            file.attrs["model_config"] = json.dumps(config)
        group.attrs["layer_names"] = [name.encode() for name in by_layer]
        group.attrs["backend"], group.attrs["keras_version"] = b"tensorflow", b"2.3.1"
        for layer, weights in by_layer.items():
            inner = group.create_group(layer)
            inner.attrs["weight_names"] = [name.encode() for name, _ in weights]
            for name, array in weights:
                inner.create_dataset(name, data=array)
    return path


@cache
def linear(scale: float = 1.0, offset: float = 0.0, light: bool = False) -> tuple[Floats, Floats]:
    """Kernel (784, 10) and bias (10,) of a net that reads digits whose pixels are `pixel * scale + offset`.

    Args:
        scale, offset: of pixels from 0 to 1; light: whether ink is dark on light.
    """
    images, labels = synthetic.digits(500, seed=77)
    pixels = images.reshape(len(images), -1) / 255
    ink = np.c_[(1 - pixels if light else pixels), np.ones(len(pixels))]
    wanted = 12 * np.eye(10)[labels]
    # For pixels from 0 to 1; then for those that go in.
    solved = np.linalg.solve(ink.T @ ink + 3 * np.eye(785), ink.T @ wanted)
    kernel = solved[:-1] / scale
    bias = solved[-1] - offset * kernel.sum(0)
    return kernel.astype(np.float32), bias.astype(np.float32)


def digit_net(build: Callable[[], keras.Model], **pixels: Any) -> keras.Model:
    """A net whose last layer is dense on 784 numbers, with weights that read digits."""
    model = build()
    model.layers[-1].set_weights(linear(**pixels))
    return model


def many_layers() -> keras.Model:
    """Of all kinds that tutorials use, with a net within the net, and random weights."""
    image = keras.Input((28, 28, 1), name="picture")
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="first")(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    y = layers.DepthwiseConv2D(3, padding="same", activation="tanh")(x)
    x = layers.MaxPooling2D(3)(layers.Add()([x, y]))
    inner = keras.Sequential(
        [layers.Input((9, 9, 4)), layers.SeparableConv2D(6, 3), layers.BatchNormalization(), layers.LeakyReLU(0.1)],
        name="inner",
    )
    x = layers.SpatialDropout2D(0.1)(inner(x))
    pooled = layers.GlobalAveragePooling2D()(x)
    flat = layers.Dropout(0.2)(layers.Flatten()(layers.ZeroPadding2D(1)(x)))
    x = layers.Concatenate()([pooled, layers.Dense(5, activation="elu")(flat)])
    model = keras.Model(image, layers.Dense(10, activation="softmax")(x), name="many")
    random = np.random.default_rng(4)
    # Means and variances of the normalisations, too.
    model.set_weights([0.1 + random.random(weight.shape, np.float32) for weight in model.get_weights()])
    return model


# A capsule net in the layout of the best-known Keras port: names and shapes of its layers; the code is our own.


@keras.saving.register_keras_serializable("test_port")
class CapsuleLayer(layers.Layer):  # type: ignore[misc]
    def __init__(
        self, num_capsule: int, dim_capsule: int, routings: int = 3, bias: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.num_capsule, self.dim_capsule, self.routings, self.with_bias = num_capsule, dim_capsule, routings, bias

    def build(self, input_shape: tuple[int, ...]) -> None:
        _, below, depth = input_shape
        self.W = self.add_weight(shape=(self.num_capsule, below, self.dim_capsule, depth), name="W")
        self.add = self.add_weight(shape=(self.num_capsule, self.dim_capsule), name="bias") if self.with_bias else 0.0

    def call(self, inputs: Any) -> Any:
        votes = ops.einsum("jikd,bid->bjik", self.W, inputs)
        logits = ops.zeros_like(votes[..., 0])
        capsules = None
        for turn in range(self.routings):
            capsules = squashed(ops.einsum("bji,bjik->bjk", ops.softmax(logits, axis=1), votes) + self.add)
            if turn < self.routings - 1:
                logits = logits + ops.einsum("bjk,bjik->bji", capsules, votes)
        return capsules

    def get_config(self) -> dict[str, Any]:
        own = {"num_capsule": self.num_capsule, "dim_capsule": self.dim_capsule, "routings": self.routings}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("test_port")
class CapsuleLength(layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Any) -> Any:
        return ops.sqrt(ops.sum(ops.square(inputs), -1))


@keras.saving.register_keras_serializable("test_port")
class LabelMask(layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Any) -> Any:
        capsules, label = inputs
        return ops.reshape(capsules * label[..., None], (-1, capsules.shape[1] * capsules.shape[2]))

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return input_shape[0][0], input_shape[0][1] * input_shape[0][2]


def squashed(s: Any) -> Any:
    square = ops.sum(ops.square(s), -1, keepdims=True)
    return square / (1 + square) / ops.sqrt(square + 1e-7) * s


def port(filters: int = 16, types: int = 4, bias: bool = False, routings: int = 3) -> keras.Model:
    """Image and one-hot label → lengths and reconstruction; weights that make capsules of middling length."""
    image, label = layers.Input((28, 28, 1)), layers.Input((10,))
    x = layers.Conv2D(filters, 9, activation="relu", name="conv1")(image)
    x = layers.Conv2D(8 * types, 9, strides=2, name="primarycap_conv2d")(x)
    x = layers.Reshape((-1, 8), name="primarycap_reshape")(x)
    x = layers.Lambda(squashed, name="primarycap_squash")(x)
    capsules = CapsuleLayer(10, 16, routings, bias, name="digitcaps")(x)
    decoder = keras.Sequential(name="decoder")
    for layer in (
        layers.Input((160,)), layers.Dense(512, activation="relu"), layers.Dense(1024, activation="relu"),
        layers.Dense(784, activation="sigmoid"), layers.Reshape((28, 28, 1), name="out_recon"),
    ):  # fmt: skip
        decoder.add(layer)
    drawn = decoder(LabelMask(name="mask")([capsules, label]))
    model = keras.Model([image, label], [CapsuleLength(name="capsnet")(capsules), drawn])
    random = np.random.default_rng(6)
    routed = model.get_layer("digitcaps")
    routed.set_weights([random.standard_normal(weight.shape) for weight in routed.get_weights()])
    return model


def port_weights(model: keras.Model) -> dict[str, list[tuple[str, Floats]]]:
    """Its weights as Keras 2 named them."""
    own = {
        name: [(f"{name}/{part}:0", array) for part, array in zip(("kernel", "bias"), weights, strict=False)]
        for name in ("conv1", "primarycap_conv2d")
        if (weights := model.get_layer(name).get_weights())
    }
    routed = zip(("W", "bias"), model.get_layer("digitcaps").get_weights(), strict=False)
    own["digitcaps"] = [(f"digitcaps/{part}:0", array) for part, array in routed]
    own |= {"input_2": [], "mask": [], "capsnet": []}
    drawn = model.get_layer("decoder").get_weights()
    names = [f"dense_{number}/{part}:0" for number in (1, 2, 3) for part in ("kernel", "bias")]
    return {**own, "decoder": list(zip(names, drawn, strict=True))}
