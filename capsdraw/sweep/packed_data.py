"""The data of a fit in one file, as a machine gets them that has none of them: read here, known by their hash.

What is read is packed, not the files: whichever reader they need, wherever they lie, and the user's own drawings too.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from capsdraw import archives, records
from capsdraw.datasets import npz, pen_strokes
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import shape
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.intake import Intake

_ARRAYS: Final = ("train_images", "train_labels", "test_images", "test_labels")
_DATA, _ABOUT, _STROKES = "data.npz", "about.json", pen_strokes.FILE
# Seconds after which data that no fit has asked for leave a machine.
_KEPT: Final = 14 * 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class _About:
    """What `Data` is besides its arrays."""

    name: str
    labels: tuple[str, ...] = ()
    pictures: Intake | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackedData:
    """Data as they travel.

    Attributes:
        digest: SHA-256 of `content`, in hexadecimal digits: the same data have the same one.
        content: a ZIP file.
    """

    digest: str
    content: bytes


def key_of(recipe: Recipe) -> tuple[str, tuple[int, ...] | None, bool]:
    """What the data of a recipe depend on: their name, the form that pictures are brought to, pen strokes or none."""
    return recipe.data, shape.wanted(recipe), recipe.strokes > 0


def pack(recipe: Recipe, open_data: Callable[[str, tuple[int, ...] | None], Data]) -> PackedData:
    """Read a recipe's data here, and pack them.

    Raises:
        CapsDrawError: they cannot be read.
    """
    data = open_data(recipe.data, shape.wanted(recipe))
    arrays = io.BytesIO()
    np.savez(arrays, allow_pickle=False, **{name: np.ascontiguousarray(getattr(data, name)) for name in _ARRAYS})
    about = _About(name=data.name, labels=data.labels, pictures=data.pictures, notes=data.notes)
    members = {_ABOUT: json.dumps(asdict(about)).encode(), _DATA: arrays.getvalue()}
    strokes = pen_strokes.path() if recipe.strokes else None
    if strokes is not None:
        members[_STROKES] = strokes.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without a time: the same data, the same hash
    content = packed.getvalue()
    return PackedData(hashlib.sha256(content).hexdigest(), content)


def has(root: Path, digest: str) -> bool:
    """Whether data of that hash lie in `root`; those that do are used now."""
    try:
        os.utime(root / digest)
    except OSError:
        return False
    return True


def unpack(root: Path, packed: PackedData) -> Path:
    """The folder in `root` where the data lie then, named by their hash; what nobody used for long is removed.

    Raises:
        CapsDrawError: they are not what was sent, or there is no room.
    """
    if hashlib.sha256(packed.content).hexdigest() != packed.digest:
        raise CapsDrawError("the data that came are not those that were sent: try again")
    try:
        root.mkdir(parents=True, exist_ok=True)
        _remove_unused(root)
        with tempfile.TemporaryDirectory(prefix=".coming-", dir=root) as coming:
            whole = Path(coming) / packed.digest
            whole.mkdir()
            with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
                for name in {_DATA, _ABOUT, _STROKES} & set(archive.namelist()):
                    (whole / name).write_bytes(archive.read(name))
            if not has(root, packed.digest):  # another fit here may have been quicker
                whole.rename(root / packed.digest)
    except (OSError, zipfile.BadZipFile) as error:
        if not has(root, packed.digest):
            raise CapsDrawError(f"the data cannot be kept in '{root}': {first_line(error)}") from None
    return root / packed.digest


def read(folder: Path) -> Data:
    """The data that `unpack` put into `folder`.

    Raises:
        CapsDrawError: they are damaged.
    """
    about = records.read_json(folder / _ABOUT, _About, "data")
    with archives.opened(folder / _DATA, "data") as archive:
        arrays = {name: npz.array(archive, archive.getinfo(f"{name}.npy"), f"{name} of '{folder}'") for name in _ARRAYS}
    return Data(name=about.name, labels=about.labels, pictures=about.pictures, notes=about.notes, **arrays)


def _remove_unused(root: Path) -> None:
    for folder in root.iterdir():
        if time.time() - folder.stat().st_mtime > _KEPT:
            shutil.rmtree(folder, ignore_errors=True)
