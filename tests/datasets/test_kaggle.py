"""Kaggle's CSV: read, and a wrong line named, at once, whatever comes after it."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import kaggle, synthetic
from capsdraw.datasets.kaggle import read_csv
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)
HEADER = "label," + ",".join(f"pixel{n}" for n in range(784))


def lines(count: int = 60) -> list[str]:
    return [",".join(map(str, [LABELS[n], *IMAGES[n].ravel()])) for n in range(count)]


def write(path: Path, *rows: str, end: str = "\n") -> Path:
    path.write_text(end.join(rows) + end, encoding="utf-8", newline="")
    return path


def test_a_mark_of_bytes_before_the_first_label_is_none_of_it(tmp_path: Path) -> None:
    """As Excel saves a table."""
    first, *others = lines()
    data = read_csv(write(tmp_path / "train.csv", "\ufeff" + first, *others), "own")
    assert len(data.train_labels) + len(data.test_labels) == 60


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("header", [(HEADER,), ("\ufeff" + HEADER,), ('"label"' + HEADER[5:],), ()],
                         ids=["header", "BOM", "quoted", "none"])  # fmt: skip
def test_a_file_is_read_and_split(tmp_path: Path, header: tuple[str, ...], end: str) -> None:
    data = read_csv(write(tmp_path / "train.csv", *header, *lines(), "", end=end), "own")
    assert (len(data.train_labels), len(data.test_labels)) == (50, 10)
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    found = {bytes(image): label for image, label in zip(images, labels, strict=True)}
    assert found == {bytes(image): label for image, label in zip(IMAGES, LABELS, strict=True)}


def test_square_images_of_other_sizes(tmp_path: Path) -> None:
    small = [",".join([str(1 + number % 2), *["90"] * 64]) for number in range(4)]
    assert read_csv(write(tmp_path / "train.csv", *small), "own").shape == (8, 8, 1)


def test_what_is_called_latest_is_no_test_part(tmp_path: Path) -> None:
    for name in ("train.csv", "latest.csv"):
        write(tmp_path / name, HEADER, *lines(40))
    assert kaggle.files_in(tmp_path) == (tmp_path / "train.csv", None)


def test_two_files_are_two_parts(tmp_path: Path) -> None:
    write(tmp_path / "mnist_train.csv", HEADER, *lines(40))
    write(tmp_path / "mnist_test.csv", HEADER, *lines(60)[40:])
    train, test = kaggle.files_in(tmp_path) or (None, None)
    assert train is not None
    data = read_csv(train, "own", test=test)
    assert np.array_equal(data.train_images, IMAGES[:40])
    assert np.array_equal(data.test_images, IMAGES[40:])


def test_kaggle_s_folder_is_its_train_csv(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", HEADER, *lines())
    write(tmp_path / "._train.csv", "what macOS leaves beside files")
    write(tmp_path / "test.csv", HEADER.removeprefix("label,"), *(line.partition(",")[2] for line in lines()))
    write(tmp_path / "sample_submission.csv", "ImageId,Label", "1,0")
    assert kaggle.files_in(tmp_path) == (tmp_path / "train.csv", None)
    with pytest.raises(
        CapsDrawError, match=r"'test.csv': its first column is 'pixel0': expected 'label'.* Kaggle's test"
    ):
        read_csv(tmp_path / "test.csv", "own")
    (tmp_path / "train.csv").unlink()
    with pytest.raises(CapsDrawError, match="cannot tell which file"):
        kaggle.files_in(tmp_path)


def changed(line: str, place: int, value: str) -> str:
    cells = line.split(",")
    cells[place] = value
    return ",".join(cells)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (changed(lines(1)[0], 4, "cat"), "line 734 has 'cat' for its pixel 3: expected a whole number from 0 to 255"),
        (changed(lines(1)[0], 784, "256"), "line 734 has '256' for its pixel 783"),
        (changed(lines(1)[0], 9, "-1"), "line 734 has '-1' for its pixel 8"),
        (changed(lines(1)[0], 9, "0.5"), "line 734 has '0.5' for its pixel 8"),
        (changed(lines(1)[0], 9, "nan"), "line 734 has 'nan' for its pixel 8"),
        (changed(lines(1)[0], 9, ""), "line 734 has '' for its pixel 8"),
        (changed(lines(1)[0], 0, "seven"), "line 734 has 'seven' for its label"),
        (lines(1)[0].rpartition(",")[0], "line 734 has 784 values: expected a label and 784 pixels"),
        (lines(1)[0] + ",0", "line 734 has 786 values"),
        ("x" * 2_000_000, "line 734 is longer than 1,048,576 bytes"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: str, says: str) -> None:
    rows = (lines() * 20)[:1000]
    rows[732] = wrong  # the header is line 1
    with pytest.raises(CapsDrawError, match=f"'train.csv': {says}"):
        read_csv(write(tmp_path / "train.csv", HEADER, *rows), "own")


def test_a_million_lines_are_not_read_to_tell_of_a_bad_one(tmp_path: Path) -> None:
    with (tmp_path / "train.csv").open("w") as file:
        for number in range(1_000_000):
            file.write("1" + ",0" * 63 + (",x\n" if number == 733 else ",0\n"))
    begun = time.perf_counter()
    with pytest.raises(CapsDrawError, match="line 734 has 'x' for its column 65"):
        read_csv(tmp_path / "train.csv", "own")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["id,pixel0"], "its first column is 'id'"),
        ([",".join(["label"] + ["p"] * 783)], "line 1 has a label and 783 pixels: expected a square image"),
        ([",".join(["7"] * 784)], "line 1 has a label and 783 pixels"),
        ([HEADER], "there are no images"),
        ([HEADER, "", "", ""], "there are no images"),
        (["label"], "0 pixels"),
    ],
)
def test_what_is_no_file_of_images_is_refused(tmp_path: Path, rows: list[str], says: str) -> None:
    with pytest.raises(CapsDrawError, match=says):
        read_csv(write(tmp_path / "own.csv", *rows), "own")


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match=r"none\.csv': No such file"):
        read_csv(tmp_path / "none.csv", "own")


def test_reading_is_watched_and_stopped(tmp_path: Path) -> None:
    path = write(tmp_path / "train.csv", HEADER, *(lines() * 50))
    told: list[tuple[int, int]] = []
    cancel = threading.Event()

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        cancel.set()

    with pytest.raises(Cancelled):
        read_csv(path, "own", ReadMonitor(tell, cancel))
    assert len(told) == 1
    assert 0 < told[0][0] < told[0][1] == path.stat().st_size
