"""CIFAR-10 as its makers publish it: https://www.cs.toronto.edu/~kriz/cifar.html, the archive that Keras fetches."""

import pickle
import tarfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from capsdraw.datasets.data import Data, Split, as_split
from capsdraw.errors import CapsDrawError

_TRAIN, _TEST = tuple(f"data_batch_{batch_number}" for batch_number in range(1, 6)), ("test_batch",)
# What unpickling a plain array needs, and all that it may name: nothing else in the archive is ever run.
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy._core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


def read_archive(path: Path, name: str) -> Data:
    """`cifar-10-python.tar.gz`, read in memory; nothing is unpacked on the disk.

    Raises:
        CapsDrawError: unreadable, or not that archive.
    """
    batches: dict[str, Split] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                batch = member.name.rpartition("/")[2]
                file = archive.extractfile(member) if batch in (*_TRAIN, *_TEST) else None
                if file is not None:
                    batches[batch] = _batch(file, f"'{batch}' of '{path.name}'")
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive or pickle ends in any of a dozen
        raise CapsDrawError(f"cannot read '{path.name}': {error or type(error).__name__}") from None
    missing = [batch_name for batch_name in (*_TRAIN, *_TEST) if batch_name not in batches]
    if missing:
        raise CapsDrawError(f"cannot read '{path.name}': {missing[0]} is missing: expected CIFAR-10's archive")
    train = [batches[batch_name] for batch_name in _TRAIN]
    images, labels = (np.concatenate([getattr(split, key) for split in train]) for key in ("images", "labels"))
    return Data(name, images, labels, batches["test_batch"].images, batches["test_batch"].labels)


def _batch(file: IO[bytes], where: str) -> Split:
    content = _Unpickler(file, encoding="bytes").load()
    pixels, labels = content[b"data"], np.asarray(content[b"labels"])
    if pixels.ndim != 2 or pixels.shape[1] != 3 * 32 * 32:
        raise CapsDrawError(f"cannot use {where}: expected (N, 3072) pixels, received {pixels.shape}")
    return as_split(pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels, where)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which CIFAR-10 does not hold")
        return _ALLOWED[module, name]
