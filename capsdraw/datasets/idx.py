"""IDX files, as MNIST was published in: http://yann.lecun.com/exdb/mnist. Also compressed, as .gz."""

import gzip
import re
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Data, Split, as_split, made, require_size
from capsdraw.errors import CapsDrawError, refusal

# The third byte of a file says what its values are; all are big-endian.
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
# MNIST's, by part and content.
FILES = (("train", "images"), ("train", "labels"), ("test", "images"), ("test", "labels"))
_GZIP = b"\x1f\x8b"
# Bytes read at once: a header that promises more than the file holds costs no memory.
_CHUNK = 1 << 20
# `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`, `emnist-letters-test-images-idx3-ubyte`
_NAME = re.compile(r"(?:^|[-_.])(train|t10k|test)[-_.](images|labels)[-_.]?(?:idx[0-9])?.*$", re.IGNORECASE)


def looks_like(path: Path) -> bool:
    """Whether a file is IDX by its name, or by how it begins."""
    if re.search(r"idx[0-9]|ubyte", path.name, re.IGNORECASE):
        return True
    try:
        with path.open("rb") as file:
            begin = file.read(4)
    except OSError:
        return False
    return begin[:2] == _GZIP or (begin[:2] == b"\0\0" and len(begin) == 4 and begin[2] in _TYPES)


def prefix(name: str) -> str | None:
    """What stands before `train` or `test` in the name of an IDX file, "emnist-letters"; None of any other file."""
    match = _NAME.search(name)
    return name[: match.start()] if match and re.search(r"idx[0-9]|ubyte", name, re.IGNORECASE) else None


def files_in(folder: Path, only: str | None = None) -> dict[tuple[str, str], Path]:
    """MNIST's files in a folder, by ("train" or "test", "images" or "labels"); the uncompressed one of two.

    Hidden files are left aside: macOS puts a `._` file beside each on a disk that is not its own.

    Args:
        folder: of the files.
        only: those that have this before `train` or `test` in their names; None for all.

    Raises:
        CapsDrawError: two files of one kind, or the folder cannot be read.
    """
    files_by_kind: dict[tuple[str, str], Path] = {}
    try:
        # A .gz comes after the file that it was made from.
        files = sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith("."))
    except OSError as error:
        raise CapsDrawError(f"cannot read '{folder.name}': {refusal(error)}") from None
    for path in files:
        match = _NAME.search(path.name)
        if match is None or prefix(path.name) is None or only not in (None, prefix(path.name)):
            continue
        kind = ("train" if match[1].lower() == "train" else "test", match[2].lower())
        if kind not in files_by_kind:
            files_by_kind[kind] = path
        elif path.name.removesuffix(".gz") != files_by_kind[kind].name:
            raise CapsDrawError(
                f"cannot use '{folder.name}': both '{files_by_kind[kind].name}' and '{path.name}' are "
                f"{kind[0]} {kind[1]}: choose the images file that you mean"
            )
    return files_by_kind


def read_folder(folder: Path, name: str, only: str | None = None) -> Data:
    """The four files of MNIST in a folder, or the training or the test pair alone; `only` is as for `files_in`.

    Raises:
        CapsDrawError: one of a pair is missing, or a file is not what it should be.
    """
    files = files_in(folder, only)
    parts: dict[str, Split | None] = {}
    for kind in ("train", "test"):
        pair = [files.get((kind, content)) for content in ("images", "labels")]
        if pair[0] is not None and pair[1] is not None:
            parts[kind] = _pair(pair[0], pair[1])
        elif pair[0] is not None or pair[1] is not None:
            present, missing = (pair[0], "labels") if pair[0] is not None else (pair[1], "images")
            assert present is not None
            raise CapsDrawError(
                f"cannot use '{folder.name}': it holds '{present.name}' but no {kind} {missing} file: put it there, too"
            )
    if not parts:
        raise CapsDrawError(f"cannot use '{folder.name}': expected MNIST's IDX files in it, found none")
    return made(name, parts.get("train"), parts.get("test"))


def read_pair(images: Path, name: str) -> Data:
    """A file of images with its labels beside it, in the file whose name says labels for images.

    A pair called t10k or test is a test part alone; any other is split by `data.split`.

    Raises:
        CapsDrawError: there is no such labels file, or one of the two is not what it should be.
    """
    if "images" not in images.name:
        raise CapsDrawError(
            f"cannot use '{images.name}': expected an IDX file of images, 'images' in its name, "
            "with its labels file beside it, or a folder with both"
        )
    labels = labels_beside(images)
    if labels is None:
        stem = _labels_name(images)
        raise CapsDrawError(f"cannot use '{images.name}': its labels, '{stem}' or '{stem}.gz', are not beside it")
    pair = _pair(images, labels)
    match = _NAME.search(images.name)
    testing = match is not None and match[1].lower() != "train"
    return made(name, None, pair) if testing else made(name, pair, None)


def labels_beside(images: Path) -> Path | None:
    """The labels file that belongs to a file of images, where there is one."""
    name = _labels_name(images)
    beside = [images.with_name(name), images.with_name(name + ".gz")]
    return next((path for path in beside if path != images and path.is_file()), None)


def _labels_name(images: Path) -> str:
    return images.name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")


def read(path: Path, called: str | None = None) -> NDArray[Any]:
    """The array of an IDX file, compressed or not.

    Args:
        path: of the file.
        called: its name in an error, where it is not the file's own.

    Raises:
        CapsDrawError: unreadable, not IDX, shorter or longer than its header says, or too large.
    """
    where = f"'{called or path.name}'"
    try:
        with path.open("rb") as opened:
            compressed = opened.read(2) == _GZIP
            opened.seek(0)
            if not compressed:
                return _array(opened, where, path.stat().st_size)
            with gzip.GzipFile(fileobj=opened) as file:
                return _array(file, where, path.stat().st_size)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise CapsDrawError(
            f"cannot read {where}: its compressed data is cut off or damaged: download it again"
        ) from None
    except OSError as error:
        raise CapsDrawError(f"cannot read {where}: {refusal(error)}") from None


def _pair(images: Path, labels: Path) -> Split:
    pixels, named = read(images), read(labels)
    if pixels.ndim < 3 or named.ndim != 1:
        wrong, expected = (images, "images") if pixels.ndim < 3 else (labels, "labels")
        raise CapsDrawError(
            f"cannot use '{wrong.name}': expected {expected}, received "
            f"{pixels.shape if wrong is images else named.shape}"
        )
    return as_split(pixels, named, f"'{images.name}' with '{labels.name}'")


def _array(file: BinaryIO, where: str, packed: int) -> NDArray[Any]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or not 1 <= magic[3] <= _MOST_AXES:
        raise CapsDrawError(
            f"cannot read {where}: not IDX: expected it to begin with 00 00 08 03 (images) or 00 00 08 01 (labels), "
            f"received {magic.hex(' ') or 'an empty file'}"
        )
    axes = file.read(4 * magic[3])
    if len(axes) < 4 * magic[3]:
        raise CapsDrawError(f"cannot read {where}: it ends inside its header")
    shape = tuple(int(side) for side in np.frombuffer(axes, ">u4"))
    dtype = np.dtype(_TYPES[magic[2]])
    require_size(shape, dtype.itemsize, where, packed)
    wanted = int(np.prod([dtype.itemsize, *shape], dtype=object))
    held = _at_most(file, wanted + 1)
    if len(held) != wanted:
        received = f"the file has only {len(held):,}" if len(held) < wanted else "the file has more"
        raise CapsDrawError(f"cannot read {where}: its header says {shape}, {wanted:,} bytes; {received}")
    return np.frombuffer(held, dtype).reshape(shape)


def _at_most(file: BinaryIO, count: int) -> bytearray:
    held = bytearray()
    while len(held) < count:
        chunk = file.read(min(_CHUNK, count - len(held)))
        if not chunk:
            break
        held += chunk
    return held
