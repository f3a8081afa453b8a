"""CIFAR-10 and CIFAR-100 as their makers publish them: https://www.cs.toronto.edu/~kriz/cifar.html.

The Python version (pickles, read by `strict_pickle`) and the binary one, as archives or as the folders in them.
"""

import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import strict_pickle, unpacked
from capsdraw.datasets.data import Bytes, Data, Split, as_split
from capsdraw.datasets.sources import CIFAR10_CLASSES
from capsdraw.errors import CapsDrawError

# Names of batches, the training ones in order; of both versions of both sets.
_TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
_BATCH = re.compile(r"(data_batch_[1-5]|test_batch|train|test)(\.bin)?")
_NAMES = ("batches.meta", "meta", "batches.meta.txt", "fine_label_names.txt")
# Bytes of a pixel row; of a batch at most, ten times what any has.
_PIXELS, _LARGEST = 3 * 32 * 32, 2 << 30
# Files in an archive; these have eight.
_MOST = 100

# Each file of the set by its name, and what reads it.
_Files = Iterator[tuple[str, Callable[[], bytes]]]


def looks_like_folder(folder: Path) -> bool:
    """Whether a folder holds CIFAR's batches."""
    names = {path.name for path in folder.iterdir() if path.is_file()}
    of_ten = any(name.removesuffix(".bin") in (*_TRAIN, "test_batch") for name in names)
    return of_ten or ({"train", "meta"} <= names) or ({"train.bin", "test.bin", "fine_label_names.txt"} <= names)


def looks_like_archive(path: Path) -> bool:
    """Whether a file is a compressed archive of them, by its name or by the first files in it."""
    if not path.name.lower().endswith((".tar.gz", ".tgz", ".tar")):
        return False
    if "cifar" in path.name.lower():
        return True
    try:
        with unpacked.opened(path) as file, tarfile.open(fileobj=file, mode="r|") as archive:
            first = [member.name.rpartition("/")[2] for _, member in zip(range(20), archive, strict=False)]
        return any(map(_BATCH.fullmatch, first))
    except (OSError, tarfile.TarError, EOFError, zlib.error, CapsDrawError):
        return False


def read_folder(folder: Path, name: str) -> Data:
    """The batches in a folder, all of training or none, and those of the test part where they are there.

    Raises:
        CapsDrawError: unreadable, or batches are missing.
    """
    paths = [path for path in sorted(folder.iterdir()) if path.is_file()]
    return _read(((path.name, path.read_bytes) for path in paths if path.stat().st_size <= _LARGEST), folder.name, name)


def read_archive(path: Path, name: str) -> Data:
    """`cifar-10-python.tar.gz`, or another of the four, read in memory; nothing is unpacked on the disk.

    Raises:
        CapsDrawError: unreadable, or not such an archive.
    """
    try:
        # In one go, from its beginning: what is packed in it is counted on the way.
        with (
            unpacked.opened(path, f"cannot use '{path.name}': ") as file,
            tarfile.open(fileobj=file, mode="r|") as archive,
        ):
            return _read(_members(archive), path.name, name)
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive ends in any of a dozen
        raise CapsDrawError(f"cannot read '{path.name}': {error or type(error).__name__}") from None


def _members(archive: tarfile.TarFile) -> _Files:
    for number, member in enumerate(archive):
        if number == _MOST:
            raise CapsDrawError(f"it holds more than {_MOST:,} files: expected CIFAR-10's or CIFAR-100's batches")
        if not member.isfile() or member.size > _LARGEST:
            continue

        def content(member: tarfile.TarInfo = member) -> bytes:
            file = archive.extractfile(member)
            return b"" if file is None else file.read()

        yield member.name.rpartition("/")[2], content


def _read(files: _Files, where: str, name: str) -> Data:
    batches: dict[str, Split] = {}
    room: Bytes | None = None
    labels: tuple[str, ...] = ()
    for file, content in files:
        match = _BATCH.fullmatch(file)
        called = f"'{file}' of '{where}'"
        if match:
            split = _binary(content(), match[1], called) if match[2] else _pickled(content(), called)
            room = room if room is not None or match[1] not in _TRAIN else _room(split)
            batches[match[1]] = _put(split, match[1], room)
        elif file in _NAMES:
            labels = _class_names(content(), file, called)
    ten = {*_TRAIN, "test_batch"} & set(batches)
    wanted, tested = (_TRAIN, "test_batch") if ten or not batches else (("train",), "test")
    missing = [batch for batch in wanted if batch not in batches]
    if missing and (len(missing) < len(wanted) or tested not in batches):
        missing = [batch for batch in (*wanted, tested) if batch not in batches]
        raise CapsDrawError(
            f"cannot read '{where}': {missing[0]} is missing: expected CIFAR-10's or CIFAR-100's batches"
        )
    if tested not in batches:
        raise CapsDrawError(f"cannot read '{where}': {tested} is missing: expected CIFAR-10's or CIFAR-100's batches")
    test = batches[tested]
    train = [batches.pop(batch) for batch in wanted if batch in batches] or [test.chosen(np.arange(0))]
    train_labels = np.concatenate([split.labels for split in train])
    images = _joined(train, room)
    labels = labels or (CIFAR10_CLASSES if ten else ())
    data = Data(name, images, train_labels, test.images, test.labels)
    return Data(name, images, train_labels, test.images, test.labels, labels if len(labels) >= data.classes else ())


def _room(first: Split) -> Bytes:
    """For all batches of training, if they are as large as the first that is read, as those of CIFAR-10 are."""
    return np.empty((len(_TRAIN) * len(first.labels), *first.images.shape[1:]), np.uint8)


def _put(split: Split, batch: str, room: Bytes | None) -> Split:
    """The split with its images where they are to lie in the end, so that they lie nowhere else; or as it is."""
    if room is None or batch not in _TRAIN or len(split.labels) * len(_TRAIN) != len(room):
        return split
    first = _TRAIN.index(batch) * len(split.labels)
    images = room[first : first + len(split.labels)]
    images[:] = split.images
    return Split(images, split.labels)


def _joined(splits: list[Split], room: Bytes | None) -> Bytes:
    """All images of the splits, each of which is let go of as soon as it is copied."""
    if room is not None and len(splits) == len(_TRAIN) and all(split.images.base is room for split in splits):
        return room
    images = np.empty((sum(len(split.labels) for split in splits), *splits[0].images.shape[1:]), np.uint8)
    first = 0
    while splits:
        split = splits.pop(0)
        images[first : first + len(split.labels)] = split.images
        first += len(split.labels)
    return images


def _pickled(content: bytes, where: str) -> Split:
    batch = strict_pickle.load_plain(content, where)
    pixels, labels = batch.get("data"), batch.get("labels", batch.get("fine_labels"))
    if not isinstance(pixels, np.ndarray) or labels is None:
        raise CapsDrawError(f"cannot use {where}: expected data and labels, received {', '.join(sorted(batch)[:6])}")
    if pixels.ndim != 2 or pixels.shape[1] != _PIXELS:
        raise CapsDrawError(f"cannot use {where}: expected (N, 3072) pixels, received {pixels.shape}")
    return _split(pixels, strict_pickle.numbers(labels), where)


def _binary(content: bytes, batch: str, where: str) -> Split:
    """Rows of a label and the pixels; of CIFAR-100, a coarse label and a fine one."""
    head = 2 if batch in ("train", "test") else 1
    rows = np.frombuffer(content, np.uint8)
    if not len(rows) or len(rows) % (head + _PIXELS):
        raise CapsDrawError(f"cannot use {where}: {len(rows):,} bytes are not rows of {head + _PIXELS}: it is cut off")
    rows = rows.reshape(-1, head + _PIXELS)
    return _split(rows[:, head:], rows[:, head - 1], where)


def _split(pixels: Bytes, labels: NDArray[Any], where: str) -> Split:
    return as_split(pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels, where)


def _class_names(content: bytes, file: str, where: str) -> tuple[str, ...]:
    """What the classes are called; () where the file does not say."""
    if file.endswith(".txt"):
        lines = content[:10_000].decode("utf-8", "replace").split("\n")
        return tuple(line.strip() for line in lines if line.strip())
    meta = strict_pickle.load_plain(content, where)
    names = meta.get("label_names", meta.get("fine_label_names", []))
    if not isinstance(names, list) or not all(isinstance(name, bytes | str) for name in names):
        return ()
    return tuple((name.decode("utf-8", "replace") if isinstance(name, bytes) else name)[:100] for name in names)
