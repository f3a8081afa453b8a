"""The data sets known by name: from this machine, else fetched from where Keras fetches them.

Addresses, SHA-256 and places in the cache are those of Keras' own loaders (`keras.datasets`), so that
either finds what the other has fetched. The loaders themselves show their progress on stdout,
cannot be stopped, leave half a file behind when they are killed, and need TensorFlow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from capsdraw.datasets import cifar, idx
from capsdraw.datasets.data import Data
from capsdraw.datasets.fetch import fetch, has_sha256, sha256_check
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import FILES, LABELS, SYNTHETIC, file_in, keras_cache, read_local
from capsdraw.datasets.watch import NOBODY, Cancelled, Watch
from capsdraw.errors import CapsDrawError
from capsdraw.paths import data_folder

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_TORONTO = "https://www.cs.toronto.edu/~kriz/"
# A server may send so many times what is expected before it is cut short.
_SLACK = 4


@dataclass(frozen=True)
class Remote:
    """A file of a set.

    Attributes:
        url: where it is published.
        file: its path within Keras' cache.
        size: bytes, about; for the progress before the server has said it.
        sha256: None where Keras knows none: then it must be whole IDX (its compression has a checksum).
    """

    url: str
    file: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True)
class Set:
    """A published set: its files, and what reads the first of them (or their folder)."""

    files: tuple[Remote, ...]
    read: Callable[[Path, str], Data]
    train: int
    test: int


def _fashion(file: str, size: int) -> Remote:
    return Remote(_KERAS + file, f"fashion-mnist/{file}", size)


SETS = {
    "mnist": Set(
        (
            Remote(
                _KERAS + "mnist.npz", "mnist.npz", 11_490_434,
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            ),
        ),
        load_npz, 60_000, 10_000,
    ),
    "fashion-mnist": Set(
        (
            _fashion("train-labels-idx1-ubyte.gz", 29_515),
            _fashion("train-images-idx3-ubyte.gz", 26_421_880),
            _fashion("t10k-labels-idx1-ubyte.gz", 5_148),
            _fashion("t10k-images-idx3-ubyte.gz", 4_422_102),
        ),
        lambda path, name: idx.read_folder(path.parent, name), 60_000, 10_000,
    ),
    "cifar10": Set(
        (
            Remote(
                _TORONTO + "cifar-10-python.tar.gz", "cifar-10-batches-py-target_archive", 170_498_071,
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        cifar.read_archive, 50_000, 10_000,
    ),
}  # fmt: skip


def data_set(name: str, watch: Watch = NOBODY) -> Data:
    """All of a set of `SETS`, fetched into Keras' cache where it is not at hand.

    A file in the cache that is damaged, as a stopped download leaves it, is fetched again; what
    lies in `CAPSDRAW_DATA` is the user's own, and is read or refused.

    Args:
        name: one of `SETS`.
        watch: is told of bytes of all its files together; stops the download.

    Raises:
        CapsDrawError: no such name, or it is not here and cannot be fetched; Cancelled: stopped.
    """
    if name not in SETS:
        raise CapsDrawError(f"unknown data set '{name}': known are {', '.join(SETS)}")
    own = file_in(data_folder(), name)
    if own is not None:
        return read_local(own, name)
    one = SETS[name]
    try:
        _complete(one.files, watch)
    except Cancelled:
        raise
    except CapsDrawError as error:
        raise CapsDrawError(
            f"{name} is not on this machine and could not be fetched ({error}): set CAPSDRAW_DATA to a folder "
            f"with {FILES[name]}, or take '{SYNTHETIC}' digits, which need no network"
        ) from None
    first = keras_cache() / one.files[0].file
    data = replace(one.read(first, name), labels=LABELS.get(name, ()))
    counts = len(data.train_labels), len(data.test_labels)
    if counts != (one.train, one.test):
        raise CapsDrawError(
            f"{name} has {counts[0]:,} training and {counts[1]:,} test images: expected {one.train:,} and "
            f"{one.test:,}: remove '{first}' and what lies with it"
        )
    return data


def at_hand(name: str) -> bool:
    """Whether nothing of the set `name`, one of `SETS`, need be fetched, as far as names and sizes tell.

    The hashes of files in the cache are checked where the set is read: that takes its time.
    """
    return file_in(data_folder(), name) is not None or all(_seems_here(one) for one in SETS[name].files)


def _seems_here(one: Remote) -> bool:
    try:
        return (keras_cache() / one.file).stat().st_size >= one.size
    except OSError:
        return False


def _complete(files: tuple[Remote, ...], watch: Watch) -> None:
    """Fetch those that are not in the cache, or not whole; progress runs over all that are fetched."""
    missing = [one for one in files if not _is_here(one)]
    before, expected = 0, sum(one.size for one in missing)
    for one in missing:

        def tell(done: int, total: int, one: Remote = one, before: int = before, rest: int = expected) -> None:
            watch.tell(before + done, max(before + done, rest - one.size + (total or one.size)))

        target = keras_cache() / one.file
        fetch(one.url, target, _check(one), _SLACK * one.size, Watch(tell, watch.cancel, often=0))
        size = target.stat().st_size
        before, expected = before + size, expected - one.size + size


def _check(one: Remote) -> Callable[[Path], None]:
    if one.sha256 is not None:
        return sha256_check(one.sha256)

    def check(path: Path) -> None:
        idx.read(path, one.file)

    return check


def _is_here(one: Remote) -> bool:
    path = keras_cache() / one.file
    try:
        if one.sha256 is not None:
            return has_sha256(path, one.sha256)
        idx.read(path)
    except (OSError, CapsDrawError):
        return False
    return True
