"""CIFAR-10's archive: pickles of Python 2, read without running anything in them."""

import io
import pickle
import struct
import tarfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from capsdraw.datasets.cifar import read_archive
from capsdraw.errors import CapsDrawError

RANDOM = np.random.default_rng(0)


class _Python2(pickle._Pickler):  # type: ignore[name-defined, misc]
    """Writes as the archive's authors did: byte strings, and NumPy by its old name."""

    dispatch: ClassVar[dict[type, Any]] = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined]

    def save_string(self, text: str | bytes) -> None:
        raw = text if isinstance(text, bytes) else text.encode("latin-1")
        self.write(b"T" + struct.pack("<i", len(raw)) + raw)
        self.memoize(text)

    dispatch[str] = dispatch[bytes] = save_string


def pickled(value: Any) -> bytes:
    file = io.BytesIO()
    _Python2(file, 2).dump(value)
    return file.getvalue().replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")


def batch(count: int = 4) -> dict[str, Any]:
    return {
        "batch_label": "a batch",
        "labels": RANDOM.integers(0, 10, count).tolist(),
        "data": RANDOM.integers(0, 256, (count, 3072)).astype(np.uint8),
    }


def archive(path: Path, batches: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for name, content in batches.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


NAMES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch", "readme.html")


def test_the_archive_is_read_in_order_and_colour(tmp_path: Path) -> None:
    batches = {name: batch() for name in NAMES}
    # In the archive itself the batches lie in no order.
    path = archive(tmp_path / "archive", {name: pickled(batches[name]) for name in reversed(NAMES)})
    data = read_archive(path, "cifar10")
    assert data.train_images.shape == (20, 32, 32, 3)
    assert data.train_labels.tolist() == [label for name in NAMES[:5] for label in batches[name]["labels"]]
    assert data.test_labels.tolist() == batches["test_batch"]["labels"]
    # The first 1024 numbers of a row are its red.
    assert np.array_equal(data.test_images[2, :, :, 0].ravel(), batches["test_batch"]["data"][2, :1024])
    assert np.array_equal(data.train_images[7, :, :, 2].ravel(), batches["data_batch_2"]["data"][3, 2048:])


class _Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("it ran",))


def test_nothing_in_it_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path / "archive", {"data_batch_1": pickle.dumps({b"data": _Hostile(), b"labels": [1]}, 3)})
    with pytest.raises(CapsDrawError, match=r"it asks for (builtins|__builtin__)\.print, which CIFAR-10 does not hold"):
        read_archive(path, "cifar10")
    assert capsys.readouterr().out == ""


def test_what_is_no_such_archive_is_refused(tmp_path: Path) -> None:
    whole = {name: pickled(batch()) for name in NAMES}
    path = archive(tmp_path / "archive", {name: whole[name] for name in NAMES if name != "data_batch_4"})
    with pytest.raises(CapsDrawError, match="'archive': data_batch_4 is missing"):
        read_archive(path, "cifar10")
    archive(path, {**whole, "test_batch": pickled({"data": np.zeros((4, 99), np.uint8), "labels": [0] * 4})})
    with pytest.raises(
        CapsDrawError, match=r"'test_batch' of 'archive': expected \(N, 3072\) pixels, received \(4, 99\)"
    ):
        read_archive(path, "cifar10")
    archive(path, {**whole, "test_batch": pickled([1, 2])})
    with pytest.raises(CapsDrawError, match="cannot read 'archive'"):
        read_archive(path, "cifar10")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(CapsDrawError, match="cannot read 'archive'"):
        read_archive(path, "cifar10")
