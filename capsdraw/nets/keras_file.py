"""The `.keras` file that is to be loaded, looked through before Keras sees it. No Keras here.

Keras' safe mode refuses code. Here it is held that nothing else happens either: no module is imported and no class
made that a net has no use for, no file is read besides this one, and no more memory taken than the file has bytes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from capsdraw import archives, records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.nets import hdf5_weights

_CONFIG, _ABOUT, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
# Bytes of the two descriptions, and of the weights.
MOST_CONFIG: Final = 4 << 20
MOST_WEIGHTS: Final = 1 << 29

# Where the parts of a net may come from.
_MODULES: Final = frozenset((
    "keras", "keras.activations", "keras.constraints", "keras.dtype_policies", "keras.initializers", "keras.layers",
    "keras.losses", "keras.metrics", "keras.models", "keras.optimizers", "keras.optimizers.schedules",
    "keras.regularizers", "keras.src.models.functional", "keras.src.models.sequential",
    "capsdraw.fit.optimizer", "capsdraw.fit.schedule", "capsdraw.nets.convolution", "capsdraw.nets.layers",
    "capsdraw.nets.losses", "capsdraw.nets.whitening",
))  # fmt: skip
# Of them, and of Keras' own marks, what runs code, or reads files of its own.
_REFUSED: Final = frozenset((
    "Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "StringLookup", "IntegerLookup",
    "TextVectorization", "Hashing", "HashedCrossing", "Pipeline", "__lambda__", "__typespec__",
))  # fmt: skip


def require_sound(path: Path) -> int:
    """Hold a model's file against what a net can be; returns the bytes of its weights.

    Raises:
        CapsDrawError: it is none, or holds what no net has; one line.
    """
    config, weights = contents(path)
    for entry in objects(config):
        _require_part(entry)
    with hdf5_weights.opened(weights):
        return len(weights)


def contents(path: Path) -> tuple[Any, bytes]:
    """The net's description, as JSON has it, and its weights, an HDF5 file; neither is looked through.

    Raises:
        CapsDrawError: it is no such file, it is damaged, or claims more than a net has; one line.
    """
    with archives.opened(path, "the model") as archive:
        strange = {member.filename for member in archive.infolist()} - {_CONFIG, _ABOUT, _WEIGHTS}
        if strange:
            raise CapsDrawError(f"it holds '{records.one_line(min(strange))[:60]}', which a model has no use for")
        try:
            about = archives.read(archive, _ABOUT, MOST_CONFIG)
            config = archives.read(archive, _CONFIG, MOST_CONFIG)
            weights = archives.read(archive, _WEIGHTS, min(MOST_WEIGHTS, path.stat().st_size))
        except CapsDrawError:
            raise
        except Exception as error:  # a broken archive ends in any of a dozen
            raise CapsDrawError(f"it is damaged: {first_line(error)}") from None
    records.parse_json(about, _ABOUT)
    return records.parse_json(config, _CONFIG), weights


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All JSON objects within a value, itself among them."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from objects(part)


def _require_part(entry: dict[str, Any]) -> None:
    """An object that describes a part of a net is one that a net can have."""
    module, name = entry.get("module"), entry.get("class_name")
    if "class_name" not in entry or not isinstance(name, str):
        return
    if (module is not None and module not in _MODULES) or name in _REFUSED or name == "function":
        called = f"{module}.{name}" if module else name
        raise CapsDrawError(f"it asks for {records.abbreviated(called, 80)}, which no net here is made of")
