"""Gives a net of somebody else's the form of the app's own: an image in, probabilities out."""

from math import isqrt, prod
from typing import Final

import keras
import numpy as np

from capsdraw.datasets.data import MAX_CLASSES
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.nets.foreign.sight import PixelRange

# Rows and columns of images.
_LEAST, _LARGEST = 8, 256
# Colours; a flat image of so many pixels is tried in this order.
_CHANNELS: Final = (1, 3)
# How far the sum of probabilities may be from 1.
_NEAR: Final = 1e-3
_IMAGE: Final = "28 × 28 or 32 × 32, grey or in colour, or 784 numbers"


def image_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(rows, columns, channels) of the images that a net of this input reads.

    Raises:
        CapsDrawError: it reads something else.
    """
    image = None
    if len(shape) == 1:
        sides = [(isqrt(shape[0] // channels), channels) for channels in _CHANNELS]
        image = next(((side, side, channels) for side, channels in sides if side * side * channels == shape[0]), None)
    elif len(shape) == 2:
        image = (*shape, 1)
    elif len(shape) == 3 and shape[2] in _CHANNELS:
        image = shape
    if image is None or not _LEAST <= min(image[:2]) <= max(image[:2]) <= _LARGEST:
        raise CapsDrawError(f"it reads arrays of {times(shape)}: images of {_IMAGE} can be read here")
    return image[0], image[1], image[2]


def require_classes(shape: tuple[int | None, ...]) -> int:
    """How many classes a net of this output tells apart; CapsDrawError where it is no classifier."""
    classes = shape[1] if len(shape) == 2 else None
    if classes is None or not 1 < classes <= MAX_CLASSES:
        given = times([side for side in shape[1:] if side is not None]) or "one number"
        raise CapsDrawError(
            f"it answers with {given}: a classifier gives a number for each of 2 to {MAX_CLASSES} classes"
        )
    return classes


def probabilities(model: keras.Model) -> tuple[keras.Model, str]:
    """The net with answers that are positive and sum to 1, and what was done for it, in words; "" for nothing."""
    shape = tuple(model.input_shape[1:])
    random = np.random.default_rng(5)
    images = np.concatenate([random.random((3, *shape), np.float32), 255 * random.random((3, *shape), np.float32)])
    answers = np.asarray(model(images, training=False))
    if (answers >= 0).all() and np.abs(answers.sum(1) - 1).max() < _NEAR:
        return model, ""
    if not np.isfinite(answers).all():
        raise CapsDrawError("its answers are no numbers: its weights are damaged")
    last = _last(model)
    said = "a softmax was added to what it answers"
    if _activation(last) == "sigmoid":
        # In the same order, and shared out among the classes.
        last.activation = keras.activations.linear
        said = "a softmax took the place of its sigmoids"
    return keras.Model(model.input, keras.layers.Softmax(name="softmax")(model(model.input)), name="opened"), said


def _last(model: keras.Model) -> keras.layers.Layer:
    """The layer that answers, also one of a model within."""
    last = model.layers[-1]
    return _last(last) if isinstance(last, keras.Model) else last


def _activation(layer: keras.layers.Layer) -> str:
    """The name of a layer's activation, if it has one."""
    return getattr(getattr(layer, "activation", None), "__name__", "")


def in_image_form(model: keras.Model, shape: tuple[int, int, int], pixels: PixelRange) -> keras.Model:
    """The net for images (B, *shape) of the app's pixels: brought to its range, and laid out as it reads them."""
    own = tuple(model.input_shape[1:])
    if own == shape and pixels.rescaling is None:
        return model
    image = x = keras.Input(shape, name="image")
    if pixels.rescaling is not None:
        x = keras.layers.Rescaling(*pixels.rescaling, name="pixel_range")(x)
    if own != shape:
        x = keras.layers.Reshape(own, name="as_it_reads")(x)
    assert prod(own) == prod(shape)
    return keras.Model(image, model(x), name="opened")
