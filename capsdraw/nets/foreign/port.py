"""Capsule nets in the layout of the best-known Keras port of CapsNet, mapped onto ours by their weights alone.

Its layers are `conv1`, `primarycap_conv2d` and `digitcaps`, whose weight W is (10, 1152, 16, 8) where ours is
(1152, 10, 8, 16), and a decoder of three dense layers. What squashes there is code in the file (a Lambda), and what
routes is a class of its author's: neither is read. Ours stand in their place, by names and shapes alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from typing import Any, Final

import keras
import numpy as np

from capsdraw.datasets.data import MAX_CLASSES
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.nets import families
from capsdraw.nets.convolution import FourierConv2D
from capsdraw.nets.foreign.sight import PixelRange
from capsdraw.nets.foreign.stored_net import StoredNet
from capsdraw.nets.keras_file import objects
from capsdraw.nets.layers import DigitCapsules, Squash
from capsdraw.nets.reading import Floats

_CONV, _PRIMARY, _DIGITS, _DECODER = "conv1", "primarycap_conv2d", "digitcaps", "decoder"
# In Keras 3's files without names: what the paths of these layers end in.
_BY_KIND: Final = {"conv2d": _CONV, "conv2d_1": _PRIMARY, "capsule_layer": _DIGITS}
# Routing iterations where the file does not say: all versions of the port have three.
_ITERATIONS: Final = 3
_MOST_ITERATIONS: Final = 10
_MOST_PLACES: Final = 64
# Numbers that a layer makes of an image; the port's own votes are 184,320.
_MOST_NUMBERS: Final = 1 << 20


@dataclass(frozen=True)
class MappedNet:
    """A capsule net of ours with somebody else's weights.

    Attributes:
        model: the net.
        options: of the family `capsnet` that make the same net; {} where none do.
        notes: what the file does not say, and was assumed.
    """

    model: keras.Model
    options: dict[str, Any]
    notes: tuple[str, ...]


def is_port(stored: StoredNet) -> bool:
    """Whether a file has the layers of that layout."""
    return {_CONV, _PRIMARY, _DIGITS} <= set(_roles(stored))


def mapped(stored: StoredNet, pixels: PixelRange | None = None) -> MappedNet:
    """The net of a file in that layout.

    Args:
        stored: the file.
        pixels: what they were when it was trained, where that is known: weights do not tell 1/255 from 1/256.

    Raises:
        CapsDrawError: its weights have other shapes than belong together; one line that names the layer.
    """
    roles = _roles(stored)
    conv, conv_bias = _pair(roles, _CONV, 4)
    primary, primary_bias = _pair(roles, _PRIMARY, 4)
    dense = _decoder(roles)
    shape = _image(dense[-1][0].shape[1], conv)
    settings = _settings(stored)
    strides, places = _strides(shape, conv, primary, roles[_DIGITS], settings)
    kernel, bias = _digit_capsules(roles[_DIGITS], places, primary.shape[3], dense[0][0].shape[0])
    below, classes, depth, size = kernel.shape
    side = shape[0] - conv.shape[0] + 1
    if max(side * side * conv.shape[3], places * primary.shape[3], below * classes * size) > _MOST_NUMBERS:
        raise CapsDrawError(f"a layer of it makes more than {_MOST_NUMBERS:,} numbers of an image: too large here")
    iterations, said = _iterations(settings)
    image = x = keras.Input(shape, name="image")
    if pixels is not None and pixels.rescaling is not None:
        x = keras.layers.Rescaling(*pixels.rescaling, name="pixel_range")(x)
    x = keras.layers.Conv2D(conv.shape[3], conv.shape[:2], activation="relu", name="conv1")(x)
    x = FourierConv2D(primary.shape[3], primary.shape[:2], strides=strides, name="primary")(x)
    x = keras.layers.Reshape((below, depth), name="primary_capsules")(x)
    x = Squash(name="squash")(x)
    layer = DigitCapsules(classes, size, "dynamic", iterations, bias=bias is not None, name="digit_capsules")
    encoder = keras.Model(image, layer(x), name="encoder")
    model = families.with_decoder(encoder, "capsnet", (dense[0][0].shape[1], dense[1][0].shape[1]))
    encoder.get_layer("conv1").set_weights([conv, conv_bias])
    encoder.get_layer("primary").set_weights([primary, primary_bias])
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    inner = [part for part in model.get_layer("decoder").layers if isinstance(part, keras.layers.Dense)]
    for part, weights in zip(inner, dense, strict=True):
        part.set_weights(list(weights))
    notes = (
        () if said else (f"the file does not say how often it routes: {iterations} iterations, as the port has them",)
    )
    plain = strides == 2 and not any(isinstance(part, keras.layers.Rescaling) for part in encoder.layers)
    options = _options(kernel, conv, primary, dense) if plain else {}
    return MappedNet(model, options and {**options, "iterations": iterations, "bias": bias is not None}, notes)


def _roles(stored: StoredNet) -> dict[str, list[Floats]]:
    """The arrays of each layer that is looked for, by its name in the port; those of the decoder together."""
    roles: dict[str, list[Floats]] = {}
    for key, arrays in stored.by_layer.items():
        if key == _DECODER or (key.startswith("dense") and len(arrays) == 2):
            roles.setdefault(_DECODER, []).extend(arrays)
        elif arrays:
            roles[key] = arrays
    for path, arrays in stored.by_path.items():
        kind, called = path.rpartition("/")[2], stored.names.get(path, "")
        if kind.startswith("dense"):
            roles.setdefault(_DECODER, []).extend(arrays)
        else:
            known = called in (_CONV, _PRIMARY, _DIGITS)
            roles[called if known else _BY_KIND.get(kind, path)] = arrays
    return roles


def _pair(roles: Mapping[str, list[Floats]], name: str, rank: int) -> tuple[Floats, Floats]:
    """Kernel and bias of a layer."""
    arrays = roles[name]
    if len(arrays) != 2 or arrays[0].ndim != rank or arrays[1].shape != arrays[0].shape[-1:] or 0 in arrays[0].shape:
        raise _misfit(name, arrays, "a kernel and a bias")
    return arrays[0], arrays[1]


def _decoder(roles: Mapping[str, list[Floats]]) -> list[tuple[Floats, Floats]]:
    arrays = roles.get(_DECODER, [])
    pairs = list(zip(arrays[::2], arrays[1::2], strict=False))
    joined = [first.shape[-1] == second.shape[0] for (first, _), (second, _) in pairwise(pairs)]
    fits = all(kernel.ndim == 2 and bias.shape == kernel.shape[1:] for kernel, bias in pairs)
    if len(arrays) != 6 or not fits or not all(joined) or any(0 in kernel.shape for kernel, _ in pairs):
        raise _misfit(_DECODER, arrays, "three dense layers, one after the other")
    return pairs


def _image(pixels: int, conv: Floats) -> tuple[int, int, int]:
    """The image's form: what the decoder draws, in as many channels as the first convolution reads."""
    channels = conv.shape[2]
    side = isqrt(pixels // channels)
    if side * side * channels != pixels or channels not in (1, 3) or not 8 <= side <= 96:
        raise CapsDrawError(f"its decoder draws {pixels:,} pixels, which are no square image of {channels} channels")
    return side, side, channels


def _strides(
    shape: tuple[int, int, int], conv: Floats, primary: Floats, arrays: list[Floats], settings: Mapping[str, int]
) -> tuple[int, int]:
    """The stride of the primary capsules' convolution, and how many places it looks at."""
    side = shape[0] - conv.shape[0] + 1
    if conv.shape[0] != conv.shape[1] or primary.shape[0] != primary.shape[1] or conv.shape[3] != primary.shape[2]:
        raise _misfit(_PRIMARY, [primary], f"a square kernel for the {conv.shape[3]} maps of {_CONV}")
    for strides in dict.fromkeys((settings.get("strides", 2), 2, 1, 3, 4)):
        row = (side - primary.shape[0]) // strides + 1
        if side >= primary.shape[0] and 0 < row <= _MOST_PLACES:
            for below in set(arrays[0].shape[:2]) if arrays and arrays[0].ndim == 4 else ():
                if below % row**2 == 0 and primary.shape[3] % (below // row**2) == 0:
                    return strides, row * row
    raise _misfit(_DIGITS, arrays, f"as many capsules as {_PRIMARY} makes")


def _digit_capsules(arrays: list[Floats], places: int, channels: int, flat: int) -> tuple[Floats, Floats | None]:
    """The kernel in our order (I, J, D, K), and the bias (J, K) or None.

    The port keeps W as (J, I, K, D); its first versions had (I, J, D, K), as ours.
    """
    weight, others = arrays[0], arrays[1:]
    for kernel in (weight.transpose(1, 0, 3, 2), weight):
        below, classes, depth, size = kernel.shape
        if below * depth == places * channels and classes * size == flat and 1 < classes <= MAX_CLASSES:
            return np.ascontiguousarray(kernel), _bias(others, classes, size)
    raise _misfit(_DIGITS, arrays, f"{places * channels:,} numbers below, and {flat} for the decoder")


def _bias(others: list[Floats], classes: int, size: int) -> Floats | None:
    """Added before the squash; a start of the couplings, which first versions kept as zeros, is none."""
    for array in others:
        squeezed = array.squeeze()
        if squeezed.shape == (classes, size):
            return squeezed
        if array.any():
            raise _misfit(_DIGITS, others, f"no second weight but a bias of {classes} × {size}")
    return None


def _settings(stored: StoredNet) -> dict[str, int]:
    """What a whole model's description says of routing and strides."""
    settings: dict[str, int] = {}
    for entry in _layers(stored):
        config = entry["config"]
        if config.get("name") == _PRIMARY and isinstance(config.get("strides"), list):
            settings["strides"] = config["strides"][0]
        for key in ("routings", "num_routing"):
            if config.get("name") == _DIGITS and key in config:
                settings["iterations"] = config[key]
    return {key: value for key, value in settings.items() if type(value) is int and 0 < value <= 64}


def _layers(stored: StoredNet) -> Iterator[dict[str, Any]]:
    for entry in objects(stored.config):
        if isinstance(entry.get("config"), dict) and "class_name" in entry:
            yield entry


def _iterations(settings: Mapping[str, int]) -> tuple[int, bool]:
    """Routing iterations, and whether the file says them."""
    said = settings.get("iterations")
    if said is not None and said > _MOST_ITERATIONS:
        raise CapsDrawError(f"its layer '{_DIGITS}' routes {said} times: at most {_MOST_ITERATIONS} are computed here")
    return said or _ITERATIONS, said is not None


def _options(kernel: Floats, conv: Floats, primary: Floats, dense: list[tuple[Floats, Floats]]) -> dict[str, Any]:
    """Options with which our own family builds a net of these shapes, so that a fit can start from it; or none."""
    channels, (_, _, depth, size) = conv.shape[3], kernel.shape
    windows = {conv.shape[0], primary.shape[0]}
    hidden = [layer.shape[1] for layer, _ in dense[:2]]
    ours = windows == {9} and depth == 8 and primary.shape[3] == channels and hidden == [512, 1024]
    return {"channels": channels, "size": size} if ours and channels % 8 == 0 and channels <= 512 else {}


def _misfit(name: str, arrays: list[Floats], expected: str) -> CapsDrawError:
    kept = ", ".join(times(array.shape) for array in arrays[:4]) or "none"
    return CapsDrawError(f"its layer '{name}' has weights of {kept}: a capsule net of this layout has {expected} there")
