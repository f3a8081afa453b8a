"""The layers that a net of somebody else's may have: each is made anew from numbers and words that were looked at.

Nothing of Keras' own reading of descriptions is used, so nothing that a file names is imported or called. What a layer
does in training alone (initialisers, penalties, augmentation) is left out: the net is to answer.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import keras

from capsdraw.errors import CapsDrawError, first_line, short
from capsdraw.records import abbreviated

Read = Callable[[Any], Any]

# Of a number that a layer is given: units, filters, sides.
_MOST: Final = 1_000_000
_FAR: Final = 1e6
_ACTIVATIONS: Final = frozenset((
    "linear", "relu", "relu6", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid", "tanh", "softmax", "log_softmax",
    "softplus", "softsign", "silu", "swish", "exponential", "leaky_relu", "mish", "hard_silu", "hard_swish",
))  # fmt: skip
# What runs code that is in the file.
_CODE: Final = frozenset(("Lambda", "TFOpLambda", "SlicingOpLambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer"))
# Where Keras' own layers have been.
_HOMES: Final = ("keras.layers", "keras.src.layers", "keras.engine", "keras.src.engine", "tensorflow.keras.layers")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -8 <= value <= _MOST:
        raise ValueError(f"a whole number up to {_MOST:,}")
    return value


def _positive(value: Any) -> int:
    if _whole(value) < 1:
        raise ValueError("a whole number of at least 1")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_FAR <= value <= _FAR:
        raise ValueError(f"a number within ±{_FAR:,.0f}")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool | int) or value not in (0, 1):
        raise ValueError("true or false")
    return bool(value)


def _word(*words: str) -> Read:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return value

    return read


def _maybe(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _some(read: Read, most: int = 4) -> Read:
    """One value, or a list of at most so many, which may be lists themselves."""

    def many(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return read(value)
        if not 0 < len(value) <= most:
            raise ValueError(f"a list of 1 to {most} values")
        return tuple(many(inner) for inner in value)

    return many


def _only(read: Read) -> Read:
    """One value, or a list of it alone, as Keras 2 saved some."""
    return lambda value: read(value[0] if isinstance(value, list | tuple) and len(value) == 1 else value)


def _activation(value: Any) -> str:
    """The name of one of Keras' own functions; Keras 3 also writes it as an object."""
    if value is None:
        return "linear"
    if isinstance(value, dict) and value.get("module") in (None, "keras.activations", "builtins"):
        value = value.get("config")
    if not isinstance(value, str) or value not in _ACTIVATIONS:
        raise ValueError("one of Keras' own activations")
    return value


_DENSE: Final[Mapping[str, Read]] = {"units": _positive, "activation": _activation, "use_bias": _truth}
_LAST: Final[Mapping[str, Read]] = {"data_format": _maybe(_word("channels_last"))}
_WINDOW: Final[Mapping[str, Read]] = {
    "kernel_size": _some(_positive), "strides": _some(_positive), "padding": _word("valid", "same"),
    "dilation_rate": _some(_positive), "activation": _activation, "use_bias": _truth, **_LAST,
}  # fmt: skip
_POOL: Final[Mapping[str, Read]] = {
    "pool_size": _some(_positive), "strides": _maybe(_some(_positive)), "padding": _word("valid", "same"), **_LAST,
}  # fmt: skip
_NORM: Final[Mapping[str, Read]] = {"axis": _some(_whole), "epsilon": _number, "center": _truth, "scale": _truth}

KNOWN: Final[Mapping[str, Mapping[str, Read]]] = {
    "Dense": _DENSE,
    "Conv2D": {"filters": _positive, "groups": _positive, **_WINDOW},
    "DepthwiseConv2D": {"depth_multiplier": _positive, **_WINDOW},
    "SeparableConv2D": {"filters": _positive, "depth_multiplier": _positive, **_WINDOW},
    "MaxPooling2D": _POOL, "AveragePooling2D": _POOL,
    "GlobalMaxPooling2D": {"keepdims": _truth, **_LAST}, "GlobalAveragePooling2D": {"keepdims": _truth, **_LAST},
    "Flatten": _LAST, "Reshape": {"target_shape": _some(_whole)}, "Permute": {"dims": _some(_positive)},
    "Dropout": {"rate": _number}, "SpatialDropout2D": {"rate": _number}, "GaussianDropout": {"rate": _number},
    "GaussianNoise": {"stddev": _number}, "ActivityRegularization": {},
    "BatchNormalization": {"momentum": _number, **_NORM, "axis": _only(_whole)}, "LayerNormalization": _NORM,
    "Activation": {"activation": _activation}, "Softmax": {"axis": _some(_whole)},
    "ReLU": {"max_value": _maybe(_number), "negative_slope": _number, "threshold": _number},
    "LeakyReLU": {"negative_slope": _number}, "ELU": {"alpha": _number},
    "PReLU": {"shared_axes": _maybe(_some(_whole))},
    "Rescaling": {"scale": _some(_number), "offset": _some(_number)},
    "ZeroPadding2D": {"padding": _some(_some(_whole)), **_LAST},
    "Cropping2D": {"cropping": _some(_some(_whole)), **_LAST},
    "Identity": {}, "Add": {}, "Subtract": {}, "Multiply": {}, "Average": {}, "Maximum": {}, "Minimum": {},
    "Concatenate": {"axis": _whole},
}  # fmt: skip
# Of training alone: what comes in goes out.
AUGMENTATION: Final = frozenset((
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
))  # fmt: skip
# What Keras 2 called an entry otherwise.
_OLDER: Final[Mapping[str, str]] = {"alpha": "negative_slope"}


def make(kind: str, config: Mapping[str, Any], name: str, unique: str) -> keras.layers.Layer:
    """A layer of a known kind, without its weights.

    Args:
        kind: its class' name; config: its entries, as the file has them.
        name: as the file calls it, for messages; unique: what it is called from now on.

    Raises:
        CapsDrawError: the kind is not known, or an entry is none that it can have, by itself or beside the others.
    """
    if kind in AUGMENTATION:
        return keras.layers.Identity(name=unique)
    if kind not in KNOWN:
        raise refused(name, kind)
    arguments = {}
    for entry, read in KNOWN[kind].items():
        older = next((old for old, new in _OLDER.items() if new == entry and kind == "LeakyReLU"), entry)
        value = config.get(entry, config.get(older, _ABSENT))
        if value is _ABSENT:
            continue
        try:
            arguments[entry] = read(value)
        except ValueError as error:
            raise CapsDrawError(
                f"its layer '{short(name)}' ({kind}) has {entry} {abbreviated(value)}: {error} was expected"
            ) from None
    try:
        layer = getattr(keras.layers, kind)(name=unique, dtype="float32", **arguments, **_zeros(kind))
    except Exception as error:  # each layer refuses in its own way what does not go together
        raise CapsDrawError(f"its layer '{short(name)}' ({kind}) cannot be made: {first_line(error)}") from None
    layer.trainable = config.get("trainable", True) is not False
    return layer


def require_home(entry: Mapping[str, Any], name: str) -> None:
    """A layer is one of Keras' own, and none of that name that somebody registered; else CapsDrawError."""
    module, kind, registered = entry.get("module"), entry.get("class_name"), entry.get("registered_name")
    at_home = (
        module is None or (isinstance(module, str) and module.startswith(_HOMES)) or kind in ("Functional", "Model")
    )
    if not at_home or registered not in (None, kind):
        raise refused(name, f"{registered if registered not in (None, kind) else f'{module}.{kind}'}")


def refused(name: str, kind: object) -> CapsDrawError:
    """That a layer cannot be opened, to be raised."""
    layer = f"its layer '{short(name)}' is of kind '{short(str(kind))}'"
    if kind in _CODE:
        return CapsDrawError(f"{layer}, which runs code that is in the file: such nets are not opened")
    return CapsDrawError(f"{layer}, which is none of the layers that are known here")


_ABSENT: Final = object()


def _zeros(kind: str) -> dict[str, str]:
    """Weights are read from the file: until then they are zeros, for which no numbers are drawn."""
    own = {
        "Dense": ("kernel",), "Conv2D": ("kernel",), "DepthwiseConv2D": ("depthwise",),
        "SeparableConv2D": ("depthwise", "pointwise"),
    }.get(kind, ())  # fmt: skip
    return {f"{weight}_initializer": "zeros" for weight in own}
