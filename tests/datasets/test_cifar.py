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
from capsdraw.datasets.opening import open_data
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


def hundred(count: int = 4) -> dict[str, Any]:
    pixels = {name: value for name, value in batch(count).items() if name != "labels"}
    return {**pixels, "fine_labels": [3, 1, 99, 7][:count], "coarse_labels": [0] * count}


def rows(of: dict[str, Any], *columns: str) -> bytes:
    """A batch of the binary version."""
    labels = [np.array(of[column], np.uint8)[:, None] for column in columns]
    return np.concatenate([*labels, of["data"]], 1).tobytes()


def python_of_ten(ten: dict[str, dict[str, Any]], _: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    words = [f"class {number}" for number in range(10)]
    return {**{name: pickled(ten[name]) for name in ten}, "batches.meta": pickled({"label_names": words})}


def binary_of_ten(ten: dict[str, dict[str, Any]], _: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    words = "\n".join(f"class {number}" for number in range(10)).encode()
    return {**{f"{name}.bin": rows(ten[name], "labels") for name in ten}, "batches.meta.txt": words + b"\n\n"}


def python_of_a_hundred(_: dict[str, dict[str, Any]], hundred: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    words = [f"class {number}" for number in range(100)]
    return {
        **{name: pickled(hundred[name]) for name in hundred},
        "meta": pickled({"fine_label_names": words, "coarse_label_names": ["all"]}),
    }


def binary_of_a_hundred(_: dict[str, dict[str, Any]], hundred: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    words = "\n".join(f"class {number}" for number in range(100)).encode()
    files = {f"{name}.bin": rows(hundred[name], "coarse_labels", "fine_labels") for name in hundred}
    return {**files, "fine_label_names.txt": words, "coarse_label_names.txt": b"all\n"}


PUBLISHED = {
    "cifar-10-batches-py": python_of_ten, "cifar-10-batches-bin": binary_of_ten,
    "cifar-100-python": python_of_a_hundred, "cifar-100-binary": binary_of_a_hundred,
}  # fmt: skip


@pytest.mark.parametrize("form", PUBLISHED)
@pytest.mark.parametrize("packed", [False, True])
def test_all_four_are_read_as_published(tmp_path: Path, form: str, packed: bool) -> None:
    """Case 12: the app read the archive that it had fetched, and refused the user's own, and the folder in it."""
    ten = {name: batch() for name in NAMES[:6]}
    hundreds = {"train": hundred(), "test": hundred()}
    files = PUBLISHED[form](ten, hundreds)
    if packed:
        path = archive(tmp_path / f"{form}.tar.gz", files)
    else:
        path = tmp_path / form
        path.mkdir()
        for name, content in files.items():
            (path / name).write_bytes(content)
    data = open_data(path)
    of_ten = "10-" in form
    train, test = (ten["data_batch_1"], ten["test_batch"]) if of_ten else (hundreds["train"], hundreds["test"])
    labels = "labels" if of_ten else "fine_labels"
    assert data.labels == tuple(f"class {number}" for number in range(10 if of_ten else 100))
    assert len(data.train_labels) == (20 if of_ten else 4)
    assert data.test_labels.tolist() == test[labels]
    assert data.train_labels[:4].tolist() == train[labels]
    assert np.array_equal(data.train_images[:4], train["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    assert np.array_equal(data.test_images, test["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))


def test_a_test_batch_alone_is_measured_on_and_a_cut_one_refused(tmp_path: Path) -> None:
    only = batch()
    (tmp_path / "test_batch.bin").write_bytes(rows(only, "labels"))
    data = open_data(tmp_path)
    assert not len(data.train_labels)
    assert data.test_labels.tolist() == only["labels"]
    assert data.labels[0] == "airplane"
    (tmp_path / "test_batch.bin").write_bytes(rows(only, "labels")[:-1])
    with pytest.raises(CapsDrawError, match="12,291 bytes are not rows of 3073: it is cut off"):
        open_data(tmp_path)
    (tmp_path / "test_batch.bin").unlink()
    (tmp_path / "test_batch").write_bytes(pickle.dumps({b"data": _Hostile(), b"labels": [1]}, 2))
    with pytest.raises(CapsDrawError, match="which no data set of arrays holds") as error:
        open_data(tmp_path)
    assert "\n" not in str(error.value)


class _Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("it ran",))


def test_nothing_in_it_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path / "archive", {"data_batch_1": pickle.dumps({b"data": _Hostile(), b"labels": [1]}, 3)})
    with pytest.raises(
        CapsDrawError, match=r"it asks for (builtins|__builtin__)\.print, which no data set of arrays holds"
    ):
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
    with pytest.raises(CapsDrawError, match="'test_batch' of 'archive': expected a dict"):
        read_archive(path, "cifar10")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(CapsDrawError, match="cannot read 'archive'"):
        read_archive(path, "cifar10")
