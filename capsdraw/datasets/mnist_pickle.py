"""`mnist.pkl.gz`, as courses on deep learning hand it out: three parts, each a pair of images and labels."""

from pathlib import Path
from typing import Any

import numpy as np

from capsdraw.datasets import strict_pickle, unpacked
from capsdraw.datasets.arrays import Arrays, data_of
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError

_ENDINGS = (".pkl", ".pickle", ".pkl.gz", ".pickle.gz")
_EXPECTED = "expected training, validation and test part, or the first and the last, each a pair of images and labels"


def looks_like(path: Path) -> bool:
    """Whether a file is a pickle by its name."""
    return path.name.lower().endswith(_ENDINGS)


def read(path: Path, name: str) -> Data:
    """The parts of such a file; what is in it is read, never run (`strict_pickle`).

    Raises:
        CapsDrawError: unreadable, or something else is in it.
    """
    parts = strict_pickle.load(lambda: unpacked.opened(path), f"'{path.name}'")
    if not isinstance(parts, tuple | list) or len(parts) not in (2, 3):
        raise CapsDrawError(f"cannot use '{path.name}': {_EXPECTED}")
    called = ("training", "validation", "test") if len(parts) == 3 else ("training", "test")
    arrays = {
        part: _arrays(pair, f"the {part} part of '{path.name}'") for part, pair in zip(called, parts, strict=True)
    }
    return data_of(name, arrays["training"], arrays["test"], valid=arrays.get("validation"))


def _arrays(pair: Any, where: str) -> Arrays:
    if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], np.ndarray):
        raise CapsDrawError(f"cannot use {where}: {_EXPECTED}")
    return Arrays(pair[0], strict_pickle.numbers(pair[1]), where)
