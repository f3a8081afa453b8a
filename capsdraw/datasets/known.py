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
from capsdraw.datasets.monitor import NO_MONITOR, Cancelled, ReadMonitor
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import FILES, LABELS, SYNTHETIC, file_in, keras_cache, read_local
from capsdraw.errors import CapsDrawError
from capsdraw.paths import data_folder

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_TORONTO = "https://www.cs.toronto.edu/~kriz/"
# A server may send so many times what is expected before it is cut short.
_SLACK = 4


@dataclass(frozen=True)
class RemoteFile:
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
class PublishedSet:
    """A published set: its files, and what reads the first of them (or their folder)."""

    files: tuple[RemoteFile, ...]
    read: Callable[[Path, str], Data]
    train: int
    test: int


def _fashion(file: str, size: int) -> RemoteFile:
    return RemoteFile(_KERAS + file, f"fashion-mnist/{file}", size)


SETS = {
    "mnist": PublishedSet(
        (
            RemoteFile(
                _KERAS + "mnist.npz", "mnist.npz", 11_490_434,
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            ),
        ),
        load_npz, 60_000, 10_000,
    ),
    "fashion-mnist": PublishedSet(
        (
            _fashion("train-labels-idx1-ubyte.gz", 29_515),
            _fashion("train-images-idx3-ubyte.gz", 26_421_880),
            _fashion("t10k-labels-idx1-ubyte.gz", 5_148),
            _fashion("t10k-images-idx3-ubyte.gz", 4_422_102),
        ),
        lambda path, name: idx.read_folder(path.parent, name), 60_000, 10_000,
    ),
    "cifar10": PublishedSet(
        (
            RemoteFile(
                _TORONTO + "cifar-10-python.tar.gz", "cifar-10-batches-py-target_archive", 170_498_071,
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        cifar.read_archive, 50_000, 10_000,
    ),
}  # fmt: skip


def data_set(name: str, watch: ReadMonitor = NO_MONITOR) -> Data:
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
        raise CapsDrawError(f"unknown data set '{name}': available are {', '.join(SETS)}")
    own = file_in(data_folder(), name)
    if own is not None:
        return read_local(own, name)
    published = SETS[name]
    try:
        _complete(published.files, watch)
    except Cancelled:
        raise
    except CapsDrawError as error:
        raise CapsDrawError(
            f"{name} is not on this machine and could not be downloaded ({error}): set CAPSDRAW_DATA to a folder "
            f"with {FILES[name]}, or use '{SYNTHETIC}' digits, which need no network"
        ) from None
    first = keras_cache() / published.files[0].file
    data = replace(published.read(first, name), labels=LABELS.get(name, ()))
    counts = len(data.train_labels), len(data.test_labels)
    if counts != (published.train, published.test):
        raise CapsDrawError(
            f"{name} has {counts[0]:,} training and {counts[1]:,} test images: expected {published.train:,} and "
            f"{published.test:,}: remove '{first}' and the files beside it"
        )
    return data


def at_hand(name: str) -> bool:
    """Whether nothing of the set `name`, one of `SETS`, need be fetched, as far as names and sizes tell.

    The hashes of files in the cache are checked where the set is read: that takes its time.
    """
    return file_in(data_folder(), name) is not None or all(_seems_here(remote) for remote in SETS[name].files)


def _seems_here(remote: RemoteFile) -> bool:
    try:
        return (keras_cache() / remote.file).stat().st_size >= remote.size
    except OSError:
        return False


def _complete(files: tuple[RemoteFile, ...], watch: ReadMonitor) -> None:
    """Fetch those that are not in the cache, or not whole; progress runs over all that are fetched."""
    missing = [remote for remote in files if not _is_here(remote)]
    before, expected = 0, sum(remote.size for remote in missing)
    for remote in missing:

        def tell(
            done: int, total: int, remote: RemoteFile = remote, before: int = before, rest: int = expected
        ) -> None:
            watch.tell(before + done, max(before + done, rest - remote.size + (total or remote.size)))

        target = keras_cache() / remote.file
        fetch(remote.url, target, _check(remote), _SLACK * remote.size, ReadMonitor(tell, watch.cancel, often=0))
        size = target.stat().st_size
        before, expected = before + size, expected - remote.size + size


def _check(remote: RemoteFile) -> Callable[[Path], None]:
    if remote.sha256 is not None:
        return sha256_check(remote.sha256)

    def check(path: Path) -> None:
        idx.read(path, remote.file)

    return check


def _is_here(remote: RemoteFile) -> bool:
    path = keras_cache() / remote.file
    try:
        if remote.sha256 is not None:
            return has_sha256(path, remote.sha256)
        idx.read(path)
    except (OSError, CapsDrawError):
        return False
    return True
