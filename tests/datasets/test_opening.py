"""The one door: each kind of data is known by what it is, and what is none of them is refused."""

import gzip
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from capsdraw import paths
from capsdraw.datasets import data as checks
from capsdraw.datasets import sources, stamp, synthetic
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError
from capsdraw.ink import images as pictures
from tests.datasets.test_idx import packed
from tests.datasets.test_kaggle import HEADER, lines, write

IMAGES, LABELS = synthetic.digits(60, 3)


def make(folder: Path, kind: str) -> Path:
    """60 digits in files of that kind; the path that a user would name."""
    folder.mkdir(exist_ok=True)
    match kind:
        case "npz":
            np.savez(folder / "own.npz", x=IMAGES, y=LABELS)
            return folder / "own.npz"
        case "npz called otherwise":
            make(folder, "npz").rename(folder / "own.data")
            return folder / "own.data"
        case "idx folder":
            (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed(IMAGES)))
            (folder / "train-labels-idx1-ubyte").write_bytes(packed(LABELS))
            return folder
        case "idx file":
            return make(folder, "idx folder") / "train-images-idx3-ubyte.gz"
        case "csv folder":
            write(folder / "train.csv", HEADER, *lines())
            return folder
        case "csv":
            return make(folder, "csv folder") / "train.csv"
        case _:
            for number, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
                (folder / str(label)).mkdir(exist_ok=True)
                Image.fromarray(image).save(folder / str(label) / f"{number}.png")
            return folder


KINDS = ["npz", "npz called otherwise", "idx folder", "idx file", "csv folder", "csv", "pictures"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_digits(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path / "scans", kind)
    data = open_data(str(path), (28, 28, 1))
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    assert sorted(zip(map(bytes, images), labels, strict=True)) == sorted(zip(map(bytes, IMAGES), LABELS, strict=True))
    assert len(data.test_labels) == 10
    assert data.name == ("scans" if path.is_dir() else path.name.partition(".")[0])


@pytest.mark.slow
def test_a_name_is_synthetic_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a fresh machine, without a network."""
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    data = open_data("synthetic", test_only=True)
    assert (len(data.train_labels), len(data.test_labels)) == (0, 2000)
    assert np.bincount(data.test_labels).tolist() == [200] * 10


def test_a_name_comes_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data" / "mnist.npz", x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:7], y_test=LABELS[:7])
    make(tmp_path / "mnist", "pictures")
    assert len(open_data("mnist").test_labels) == 7
    assert len(open_data("./mnist").test_labels) == 10


def test_the_dot_is_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make(tmp_path / "scans", "pictures"))
    assert open_data(".").name == "scans"


def test_pictures_beside_a_table_are_pictures(tmp_path: Path) -> None:
    folder = make(tmp_path / "scans", "pictures")
    write(folder / "labels.csv", "file,label", "0.png,0")
    assert len(open_data(folder).train_labels) == 50


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"%PDF-1.7 a paper", "paper.pdf", r"cannot use 'paper\.pdf': expected an \.npz file, IDX files like MNIST's"),
        (b"", "empty", "cannot use 'empty': expected"),
        (b"a,b", "train.csv", "its first column is 'a'"),
        (b"no idx", "train-images-idx3-ubyte", "its labels, 'train-labels-idx1-ubyte' or"),
        (gzip.compress(b"label", mtime=0), "train.csv.gz", "line 1 has a label and 0 pixels"),
        (b"text", "own.npz", r"cannot read data '.*own\.npz': it is not a zip file: cut short on its way"),
    ],
)
def test_other_files_are_refused_with_what_is_expected(tmp_path: Path, content: bytes, name: str, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CapsDrawError, match=says) as refused:
        open_data(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_nothing_there_is_told_with_the_names_known(tmp_path: Path) -> None:
    with pytest.raises(
        CapsDrawError,
        match="no such file or folder; known names are synthetic, synthetic-letters, mnist, cifar10, fash",
    ):
        open_data(tmp_path / "nothing")
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "README").touch()
    with pytest.raises(CapsDrawError, match="cannot use the folder 'hollow': expected"):
        open_data(tmp_path / "hollow")


@pytest.mark.parametrize("named", ["CAPSDRAW_HOME", "CAPSDRAW_DATA", "KERAS_HOME"])
def test_a_home_that_is_nobody_s_is_a_path_like_others(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """`~anna/digits` brought from another machine."""
    monkeypatch.setenv(named, "~nobody-here/capsdraw")
    asked = {"CAPSDRAW_HOME": paths.home, "CAPSDRAW_DATA": paths.data_folder, "KERAS_HOME": sources.keras_cache}[named]
    assert str(asked()).startswith("~nobody-here/capsdraw")
    assert stamp.of("~nobody-here/digits.npz") == frozenset()
    with pytest.raises(CapsDrawError, match=r"cannot read data '~nobody-here/digits\.npz': no such file"):
        open_data("~nobody-here/digits.npz")


def test_a_half_copied_folder_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "scans", "pictures")
    shutil.rmtree(folder / "4")
    (folder / "4").mkdir()
    with pytest.raises(CapsDrawError, match="the class folder '4' is empty"):
        open_data(folder)


@pytest.mark.parametrize("source", ["csv", "pictures", "synthetic"])
def test_every_long_read_can_be_stopped(tmp_path: Path, source: str) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        open_data(source if source == "synthetic" else make(tmp_path, source), watch=ReadMonitor(cancel=cancel))


def too_much(*_: object) -> np.ndarray:
    return np.empty(1 << 50, np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_data_that_memory_has_no_room_for_is_refused_with_advice(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "scans", kind)
    monkeypatch.setattr(checks, "_bytes", too_much)
    with pytest.raises(
        CapsDrawError, match=r"there is not enough memory .*: close other programs, or use fewer"
    ) as refused:
        open_data(path)
    assert str(path) in str(refused.value)


def test_a_picture_that_memory_has_no_room_for_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "scans", "pictures")
    monkeypatch.setattr(pictures, "_at_work", too_much)
    with pytest.raises(CapsDrawError, match=r"cannot read '0/.*png': too little memory is free: close other programs"):
        open_data(path)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    kind=st.sampled_from(["npz", "idx folder", "idx file", "csv", "pictures"]),
    cut=st.none() | st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
)
def test_whatever_is_damaged_is_data_or_one_line(
    tmp_path: Path, kind: str, cut: float | None, changes: list[tuple[float, int]]
) -> None:
    """No damage to any file ends in a traceback, in a hang, or in images of another form."""
    folder = tmp_path / kind
    path = make(folder, kind)
    damaged = next(one for one in sorted(folder.rglob("*")) if one.is_file())
    content = bytearray(damaged.read_bytes())
    for place, value in changes:
        # Headers are where damage is read as sizes: half of it goes there.
        content[int(place * 2 * (64 if place < 0.5 else len(content) / 2))] = value
    damaged.write_bytes(content if cut is None else content[: int(cut * len(content))])
    data, message = None, ""
    try:
        data = open_data(path, (28, 28, 1))
    except CapsDrawError as error:
        message = str(error)
    finally:
        shutil.rmtree(folder)
    assert "\n" not in message
    if data is not None:
        assert data.train_images.dtype == data.train_labels.dtype == np.uint8
        assert data.shape[0] == data.shape[1]
        assert len(data.train_images) == len(data.train_labels)
