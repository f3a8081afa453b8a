"""Tables of pixels in all the ways in which they are written; and the label, wherever it stands."""

import gzip
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)
PIXELS = [f"pixel{number}" for number in range(784)]


def rows(mark: str = ",", last: bool = False, index: bool = False, words: bool = False) -> list[str]:
    lines = []
    for number, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
        name = f"class {label}" if words else str(label)
        cells = [*map(str, image.ravel()), name] if last else [name, *map(str, image.ravel())]
        lines.append(mark.join([str(number), *cells] if index else cells))
    return lines


def head(mark: str = ",", last: bool = False, index: bool = False, label: str = "label") -> str:
    cells = [*PIXELS, label] if last else [label, *PIXELS]
    return mark.join(["", *cells] if index else cells)


def is_right(data: Data) -> bool:
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    known = {bytes(image): int(label) for image, label in zip(IMAGES, LABELS, strict=True)}
    return [known.get(bytes(image)) for image in images] == labels.tolist() and len(labels) == 60


def written(path: Path, lines: list[str]) -> Path:
    text = "\n".join(lines) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("folder/train.csv", text)
            archive.writestr("__MACOSX/folder/._train.csv", "litter")
    else:
        path.write_text(text)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("headed", [False, True])
def test_the_label_is_found_wherever_it_stands(
    tmp_path: Path, mark: str, last: bool, index: bool, headed: bool
) -> None:
    """Case 11: the first pixel, always 0, was taken for the label: 60 of 67 wrong, and no word."""
    lines = [*([head(mark, last, index)] if headed else []), *rows(mark, last, index)]
    assert is_right(open_data(written(tmp_path / "own.csv", lines)))


@pytest.mark.parametrize("name", ["own.csv.gz", "own.zip", "own.tsv"])
def test_a_table_may_be_compressed(tmp_path: Path, name: str) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    assert is_right(open_data(written(tmp_path / name, [head(mark), *rows(mark)])))


@pytest.mark.parametrize("label", ["class", "Target", "digit", "y"])
def test_a_header_may_call_the_label_otherwise(tmp_path: Path, label: str) -> None:
    assert is_right(open_data(written(tmp_path / "mnist_784.csv", [head(last=True, label=label), *rows(last=True)])))


@pytest.mark.parametrize("headed", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_labels_may_be_words(tmp_path: Path, headed: bool, last: bool) -> None:
    lines = [*([head(last=last)] if headed else []), *rows(last=last, words=True)]
    data = open_data(written(tmp_path / "own.csv", lines))
    assert data.labels == tuple(f"class {label}" for label in range(10))
    assert is_right(data)


def test_a_sorted_table_s_label_is_told_by_all_of_its_lines(tmp_path: Path) -> None:
    """The first thousand lines may all be zeros."""
    order = np.repeat(np.argsort(LABELS, kind="stable"), 200)
    lines = [",".join(map(str, [*IMAGES[number].ravel()[::4], LABELS[number]])) for number in order]
    data = open_data(written(tmp_path / "own.csv", lines))
    assert sorted(set(data.train_labels.tolist())) == list(range(10))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([",".join(["7", *["0"] * 784])] * 5, r"one value each \(7, 0\), and a label has two or more: name the"),
        ([",".join([str(n % 3), *["9"] * 783, str(n % 2)]) for n in range(9)], "could both be the label: name the"),
    ],
)  # fmt: skip
def test_nobody_guesses_where_the_label_is(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(CapsDrawError, match=says):
        open_data(written(tmp_path / "own.csv", lines))


@pytest.mark.parametrize("low", [0, -1])
def test_pixels_may_be_fractions(tmp_path: Path, low: int) -> None:
    scaled = IMAGES / 255 if low == 0 else IMAGES / 127.5 - 1
    lines = [
        ",".join([str(label), *(f"{value:.5f}" for value in image.ravel())])
        for image, label in zip(scaled, LABELS, strict=True)
    ]
    data = open_data(written(tmp_path / "own.csv", lines))
    assert is_right(data)
    assert len(data.notes) == (0 if low == 0 else 1)


def test_fractions_may_be_rounded_beyond_their_range(tmp_path: Path) -> None:
    scaled = IMAGES / 255
    scaled[0, 0, :2] = -1e-6, 1.0000001
    lines = [
        ",".join([str(label), *(f"{value:.7f}" for value in image.ravel())])
        for image, label in zip(scaled, LABELS, strict=True)
    ]
    data = open_data(written(tmp_path / "own.csv", lines))
    assert max(data.train_images.max(), data.test_images.max()) == 255


def test_an_older_numpy_cuts_no_fractions_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy 2.2 read 0.5 as the byte 0, with a warning: all digits were black."""

    def older(lines: list[str], kind: type, **options: Any) -> np.ndarray:
        rows = parsed(lines, np.float64, **options)
        if kind is np.uint8 and (rows != np.rint(rows)).any():
            try:
                warnings.warn("loadtxt(): Parsing an integer via a float is deprecated.", DeprecationWarning, 2)
            except DeprecationWarning:
                raise ValueError("could not convert string '0.5' to uint8") from None
        return rows.astype(kind)

    parsed = np.loadtxt
    monkeypatch.setattr(np, "loadtxt", older)
    lines = [
        ",".join([str(label), *(f"{value / 255:.5f}" for value in image.ravel())])
        for image, label in zip(IMAGES, LABELS, strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert is_right(open_data(written(tmp_path / "own.csv", lines)))


def test_rows_that_end_in_a_one_among_zeros(tmp_path: Path) -> None:
    """As Semeion's are: blanks between cells, and ten of them for the label."""
    one_hot = np.eye(10, dtype=int)[LABELS]
    lines = [
        " ".join([*(f"{int(value > 99)}.0000" for value in image[6:22, 6:22].ravel()), *map(str, label), ""])
        for image, label in zip(IMAGES, one_hot, strict=True)
    ]
    data = open_data(written(tmp_path / "semeion.data", lines))
    assert data.shape == (16, 16, 1)
    assert np.bincount(np.concatenate([data.train_labels, data.test_labels])).tolist() == [6] * 10


def test_a_table_in_utf_16_is_told_so(tmp_path: Path) -> None:
    """Its first column was "��l�a�b�e�l�"."""
    path = tmp_path / "own.csv"
    path.write_text("label,pixel0\n", encoding="utf-16")
    with pytest.raises(CapsDrawError, match=r"'own\.csv': it is UTF-16, .*: save it as CSV in UTF-8"):
        open_data(path)


def test_what_is_cut_off_or_not_a_table_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv.gz", rows())
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(CapsDrawError, match=r"'own\.csv\.gz': its compressed data is cut off or damaged"):
        open_data(path)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "1")
    with pytest.raises(
        CapsDrawError, match=r"'two\.zip': expected one table in it, found 'a\.csv', 'b\.csv': unpack it"
    ):
        open_data(tmp_path / "two.zip")
