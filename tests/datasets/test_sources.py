"""Data files: read where they fit, refused by name where they do not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets.sources import load_npz, local_data, local_file
from capsdraw.errors import CapsDrawError

GOOD: dict[str, Any] = {
    "x_train": np.zeros((5, 28, 28), np.uint8), "y_train": np.zeros(5, np.uint8),
    "x_test": np.ones((3, 28, 28), np.uint8), "y_test": np.ones(3, np.uint8),
}  # fmt: skip


def test_capsdraw_data_is_looked_into_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez(tmp_path / "mnist.npz", **GOOD)
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    assert local_file("mnist") == tmp_path / "mnist.npz"
    data = local_data("mnist")
    assert data is not None
    assert np.array_equal(data.test_images, GOOD["x_test"])


def test_without_mnist_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert local_data("mnist") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"x_test": np.zeros((3, 28), np.uint8)},
        {"x_test": np.zeros((3, 28, 28), np.float64)},
        {"y_train": np.zeros(4, np.uint8)},
        {"y_test": np.array([None, 1, 2])},
    ],
    ids=["flat", "floats", "labels", "objects"],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    np.savez(tmp_path / "own.npz", **{**GOOD, **wrong})
    with pytest.raises(CapsDrawError, match=r"own\.npz"):
        load_npz(tmp_path / "own.npz", "own")


def test_missing_arrays_and_broken_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "half.npz", x_train=GOOD["x_train"])
    (tmp_path / "broken.npz").write_bytes((tmp_path / "half.npz").read_bytes()[:100])
    (tmp_path / "text.npz").write_text("no data")
    for name in ("half.npz", "broken.npz", "text.npz", "none.npz"):
        with pytest.raises(CapsDrawError, match=name):
            load_npz(tmp_path / name, "own")
