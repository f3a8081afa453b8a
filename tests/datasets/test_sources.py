"""The known data sets on this machine: where they are looked for, and in which order."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import known, opening, stamp
from capsdraw.datasets.sources import FILES, KNOWN, MADE, local_data, local_file
from capsdraw.errors import CapsDrawError
from tests.datasets.test_idx import four, packed

GOOD: dict[str, Any] = {
    "x_train": np.zeros((5, 28, 28), np.uint8), "y_train": np.zeros(5, np.uint8),
    "x_test": np.full((3, 28, 28), 90, np.uint8), "y_test": np.ones(3, np.uint8),
}  # fmt: skip


def test_capsdraw_data_is_looked_into_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez(tmp_path / "mnist.npz", **GOOD)
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    assert local_file("mnist") == tmp_path / "mnist.npz"
    data = local_data("mnist")
    assert data is not None
    assert np.array_equal(data.test_images, GOOD["x_test"])


def test_then_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").mkdir()
    np.savez(tmp_path / "datasets" / "cifar10-small.npz", **GOOD)
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert local_file("cifar10") == tmp_path / "datasets" / "cifar10-small.npz"
    data = local_data("cifar10")
    assert data is not None
    assert data.labels[3] == "cat"


def test_without_mnist_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert local_data("mnist") is None


def test_all_names_are_known() -> None:
    assert (*MADE, *FILES) == KNOWN
    assert KNOWN == ("synthetic", "synthetic-letters", "mnist", "cifar10", "fashion-mnist")


def test_a_folder_that_is_not_complete_is_not_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A training pair alone would pass for all of Fashion-MNIST, its test images taken from it."""
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "fashion-mnist").mkdir()
    assert local_data("fashion-mnist") is None
    for kind in ("train", "t10k"):
        (tmp_path / "fashion-mnist" / f"{kind}-images-idx3-ubyte").write_bytes(packed(GOOD["x_test"]))
        assert local_data("fashion-mnist") is None
        (tmp_path / "fashion-mnist" / f"{kind}-labels-idx1-ubyte").write_bytes(packed(GOOD["y_test"]))
    data = local_data("fashion-mnist")
    assert data is not None
    assert (len(data.test_labels), data.labels[1]) == (3, "trouser")


@pytest.mark.parametrize("fault", ["a file twice", "unreadable"])
def test_a_folder_that_cannot_be_used_is_here_and_reading_it_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing is fetched in its place; and the window, which asks whether it is here, opens."""
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    folder = tmp_path / "fashion-mnist"
    folder.mkdir()
    four(folder, compress=True)
    if fault == "unreadable":  # for root, whom no mode keeps out, by hand
        monkeypatch.setattr(Path, "iterdir", denied)
        says = "cannot read 'fashion-mnist': Permission denied"
    else:
        (folder / "train-images-idx3-ubyte (1).gz").touch()
        says = r"'train-images-idx3-ubyte \(1\)\.gz' and 'train-images-idx3-ubyte\.gz' are train images: choose"
    assert local_file("fashion-mnist") == folder
    assert known.at_hand("fashion-mnist")
    assert stamp.of("fashion-mnist")
    with pytest.raises(CapsDrawError, match=says):
        opening.open_data("fashion-mnist")


def test_where_nobody_may_look_nothing_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(Path, "is_file", denied)
    assert [name for name in FILES if known.at_hand(name)] == []


def denied(path: Path) -> Iterator[Path]:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))
