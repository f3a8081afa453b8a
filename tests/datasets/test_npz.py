"""NPZ files: all usual names are found, and what is broken or hostile is refused by name."""

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.npz import load_npz
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)
GOOD: dict[str, Any] = {"x_train": IMAGES[:40], "y_train": LABELS[:40], "x_test": IMAGES[40:], "y_test": LABELS[40:]}


@pytest.mark.parametrize(
    "names", ["x_train y_train x_test y_test", "train_images train_labels test_images test_labels",
              "X_train Y_train X_test Y_test"],
)  # fmt: skip
def test_both_parts_are_as_their_maker_made_them(tmp_path: Path, names: str) -> None:
    np.savez_compressed(tmp_path / "own.npz", **dict(zip(names.split(), GOOD.values(), strict=True)))
    data = load_npz(tmp_path / "own.npz", "own")
    assert np.array_equal(data.train_images, IMAGES[:40])
    assert np.array_equal(data.test_images, IMAGES[40:])
    assert data.train_labels.tolist() + data.test_labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize("names", [("x", "y"), ("X", "y"), ("images", "labels"), ("data", "target")])
def test_one_part_alone_is_split(tmp_path: Path, names: tuple[str, str]) -> None:
    np.savez(tmp_path / "own.npz", **{names[0]: IMAGES / 255, names[1]: np.eye(10)[LABELS]})
    data = load_npz(tmp_path / "own.npz", "own")
    assert (len(data.train_labels), len(data.test_labels)) == (50, 10)
    assert sorted(data.test_labels) == list(range(10))
    together = np.concatenate([data.train_images, data.test_images])
    assert sorted(map(bytes, together)) == sorted(map(bytes, IMAGES))


def test_training_images_alone_are_split_and_test_images_alone_are_not(tmp_path: Path) -> None:
    np.savez(tmp_path / "train.npz", x_train=IMAGES, y_train=LABELS)
    np.savez(tmp_path / "test.npz", x_test=IMAGES, y_test=LABELS)
    assert len(load_npz(tmp_path / "train.npz", "own").test_labels) == 10
    assert len(load_npz(tmp_path / "test.npz", "own").test_labels) == 60


@pytest.mark.parametrize(
    "names", [np.array(["a", "b"]), np.array(["a"] * 300), np.arange(10), np.array([["a"] * 10]),
     np.array(["a"] * 10, object)],
    ids=["too few", "too many", "numbers", "rows", "pickled"],
)  # fmt: skip
def test_names_that_are_none_of_its_classes_are_left_aside(tmp_path: Path, names: np.ndarray) -> None:
    np.savez(tmp_path / "own.npz", **GOOD, names=names)
    assert load_npz(tmp_path / "own.npz", "own").labels == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"x_test": np.zeros((3, 28), np.uint8), "y_test": np.zeros(3)}, r"x_test and y_test of 'own.npz'.*\(3, 28\)"),
        ({"y_train": LABELS[:39]}, r"x_train and y_train of 'own.npz': expected 40 labels"),
        ({"x_train": np.where(IMAGES[:40] > 0, np.nan, 0.0)}, "y_train of 'own.npz': image 0 .* not numbers"),
        ({"y_test": np.array([None] * 20)}, "y_test of 'own.npz'"),
        ({"x_test": np.zeros((20, 30, 30), np.uint8)}, "'own': its training images are 28 × 28 pixels, .* 30 × 30"),
    ],
    ids=["flat", "labels", "NaN", "objects", "two sizes"],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    np.savez(tmp_path / "own.npz", **{**GOOD, **wrong})
    with pytest.raises(CapsDrawError, match=says):
        load_npz(tmp_path / "own.npz", "own")


def test_missing_arrays_and_broken_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "half.npz", x_train=IMAGES)
    np.savez(tmp_path / "other.npz", weights=IMAGES)
    np.savez(tmp_path / "whole.npz", **GOOD)
    whole = (tmp_path / "whole.npz").read_bytes()
    (tmp_path / "broken.npz").write_bytes(whole[: len(whole) // 2])
    damaged = bytearray(whole)
    damaged[5000] ^= 255
    (tmp_path / "damaged.npz").write_bytes(damaged)
    (tmp_path / "text.npz").write_text("no data")
    (tmp_path / "empty.npz").touch()
    for name, says in (
        ("half", "it holds x_train but no y_train"), ("other", "it holds weights: expected x_train, y_train"),
        ("broken", "not a zip file"), ("damaged", "Bad CRC-32"), ("text", "not a zip file"),
        ("empty", "not a zip file"), ("none", "No such file"),
    ):  # fmt: skip
        with pytest.raises(CapsDrawError, match=says) as refused:
            load_npz(tmp_path / f"{name}.npz", "own")
        assert f"{name}.npz" in str(refused.value)
        assert "\n" not in str(refused.value)


def test_an_archive_of_pictures_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "digits.zip", "w") as archive:
        for number in range(120):
            archive.writestr(f"{number % 10}/a drawing of a digit {number}.png", b"")
    with pytest.raises(CapsDrawError, match=r" and 112 more: unpack it, and choose its folder") as refused:
        load_npz(tmp_path / "digits.zip", "own")
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("count", [4_000_000_000, 400_000])
def test_a_header_that_claims_more_than_is_there_costs_no_memory(tmp_path: Path, count: int) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (count, 28, 28)})
    with zipfile.ZipFile(tmp_path / "own.npz", "w") as archive:
        archive.writestr("x.npy", header.getvalue() + bytes(1000))
        archive.writestr("y.npy", b"")
    tracemalloc.start()
    with pytest.raises(CapsDrawError, match=r"x of 'own\.npz'"):
        load_npz(tmp_path / "own.npz", "own")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
