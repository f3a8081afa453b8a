"""What a file that somebody else saved holds: a net's description and its weights, as plain data. No Keras here.

Three layouts are read: `.keras` (a ZIP archive), whole models in HDF5 as Keras 2 saved them (Keras 3 still can), and
HDF5 of weights alone, of either. Which of them it is, the content says and not the name.
"""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from capsdraw import records
from capsdraw.errors import CapsDrawError, short
from capsdraw.nets import hdf5_weights, keras_file
from capsdraw.nets.reading import Floats

# The folders that Keras 3, and Keras 2.12, keep the layers of a model in.
LAYERS: Final = "layers"
_EARLY: Final = "_layer_checkpoint_dependencies"
# Where Keras has its operations, which are no layers.
_OPERATIONS: Final = ("keras.ops", "keras.src.ops")
_ADVICE: Final = "save the whole net with model.save('NAME.keras')"


@dataclass(frozen=True)
class StoredNet:
    """A net as a file describes it.

    Attributes:
        config: {"class_name", "config", …}, or None in a file of weights alone.
        by_layer: in Keras 2's layout, the arrays of each layer by its name, trained ones first; a net's within the
            net are those of all its layers.
        by_path: in Keras 3's layout, the arrays of each layer by its path, "layers/dense_1" say.
        names: what the layers of these paths are called, where the file says it.
    """

    config: dict[str, Any] | None
    by_layer: dict[str, list[Floats]] = field(default_factory=dict)
    by_path: dict[str, list[Floats]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Of all weights."""
        stored = [*self.by_layer.values(), *self.by_path.values()]
        return sum(array.nbytes for arrays in stored for array in arrays)

    @property
    def asks_for_ours(self) -> bool:
        """Whether layers of this app's own are in it."""
        parts = keras_file.objects(self.config)
        return any(str(part.get("module")).startswith("capsdraw.") for part in parts)

    @property
    def is_exported(self) -> bool:
        """Whether it is a capsule net whose routing is written out in operations, as `nets.exporting` does."""
        inner = self.config.get("config") if self.config else None
        answers = inner.get("output_layers") if isinstance(inner, dict) else None
        written_out = any(str(part.get("module")).startswith(_OPERATIONS) for part in keras_file.objects(self.config))
        return written_out and isinstance(answers, list | dict) and len(answers) > 1


def read(path: Path) -> StoredNet:
    """The net that a file describes.

    Raises:
        CapsDrawError: it is none, or holds or claims what no net has; one line that does not name the file.
    """
    if not hdf5_weights.is_hdf5(path):
        if path.is_file() and not zipfile.is_zipfile(path):
            raise CapsDrawError(f"it is neither a .keras file nor HDF5 (not a zip file): {_ADVICE}")
        config, weights = keras_file.contents(path)
        if not isinstance(config, dict):
            raise CapsDrawError("its description is no object: it was not saved by Keras")
        return _with_weights(config, weights)
    # Room for what may be read is made at once: no more than the file needs.
    content = records.read_bytes(path, "the model", min(keras_file.MOST_WEIGHTS, path.stat().st_size))
    with hdf5_weights.opened(content) as file:
        described = hdf5_weights.text(file, "model_config", keras_file.MOST_CONFIG)
    config = None
    if described is not None:
        config = records.parse_json(described.encode("utf-8", "replace"), "model_config")
        if not isinstance(config, dict):
            raise CapsDrawError("its description is no object: it was not saved by Keras")
    return _with_weights(config, content)


def _with_weights(config: dict[str, Any] | None, content: bytes) -> StoredNet:
    with hdf5_weights.opened(content) as file:
        group = file.get("model_weights", file)
        if not isinstance(group, h5py.Group):
            raise CapsDrawError(f"it holds no weights of a net: {_ADVICE}")
        reader = _Reader(2 * len(content))
        names = hdf5_weights.texts(group, "layer_names")
        if names is not None:
            return StoredNet(config, by_layer={name: reader.legacy(group, name) for name in names})
        reader.walk(file, "")
    if not reader.by_path and config is None:
        raise CapsDrawError(f"it holds no weights of a net: {_ADVICE}")
    return StoredNet(config, by_path=reader.by_path, names=reader.names)


class _Reader:
    """Reads arrays of a file that `hdf5_weights.opened` has looked at; each may lie there under many names.

    Args:
        most: bytes that all arrays may have together.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self._walked: set[int] = set()
        self.by_path: dict[str, list[Floats]] = {}
        self.names: dict[str, str] = {}

    def legacy(self, group: h5py.Group, name: str) -> list[Floats]:
        """The arrays of a layer, in the order that the file says."""
        layer = _within(group, name)
        if not isinstance(layer, h5py.Group):
            raise CapsDrawError(f"its layer {_quoted(name)} has an array for its weights, where their list should be")
        return [
            self._numbers(_within(layer, weight), name) for weight in hdf5_weights.texts(layer, "weight_names") or []
        ]

    def walk(self, group: h5py.Group, path: str) -> None:
        """Note the arrays of each layer below a group, in Keras 3's layout."""
        for name in group:
            inner = group[name]
            if not isinstance(inner, h5py.Group) or name == "optimizer":
                continue
            address = h5py.h5o.get_info(inner.id).addr
            if address in self._walked:
                raise CapsDrawError("a part of its weights lies in it twice")
            self._walked.add(address)
            if name == "vars":
                self._note(inner, path)
            else:
                step = LAYERS if name == _EARLY else name
                self.walk(inner, f"{path}/{step}" if path else step)

    def _note(self, group: h5py.Group, path: str) -> None:
        numbers = sorted((key for key in group if key.isascii() and key.isdigit()), key=int)
        if numbers:
            self.by_path[path] = [self._numbers(group[key], path) for key in numbers]
        own = hdf5_weights.text(group, "name", 1000)
        if own and numbers:
            self.names[path] = own

    def _numbers(self, dataset: Any, layer: str) -> Floats:
        if not isinstance(dataset, h5py.Dataset) or dataset.shape is None:
            raise CapsDrawError(f"the weights of its layer {_quoted(layer)} are no arrays")
        self._left -= 4 * int(dataset.size)
        if self._left < 0:
            raise CapsDrawError("its weights are named more often than they are there")
        array = np.asarray(dataset[()], np.float32)
        if not np.isfinite(array).all():
            raise CapsDrawError(f"the weights of its layer {_quoted(layer)} are not all numbers")
        return array


def _within(group: h5py.Group, path: str) -> Any:
    """What lies at a path, step by step."""
    inner: Any = group
    for step in path.split("/"):
        if not isinstance(inner, h5py.Group) or step in ("", ".") or step not in inner:
            raise CapsDrawError(f"its weights lack {_quoted(path)}, which it names")
        inner = inner[step]
    return inner


def _quoted(text: str) -> str:
    return f"'{short(text)}'"
