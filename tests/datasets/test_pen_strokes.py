"""Pen strokes: a file of that form is drawn as the app draws, any other is refused in one line."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import pen_strokes, stamp
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import PEN, digit_from_drawing

Arrays = dict[str, Any]


def arrays(drawings: int = 60) -> Arrays:
    """Drawings of one and two strokes by writers 1 to 30 in turn."""
    random = np.random.default_rng(0)
    strokes = random.integers(1, 3, drawings)
    points = random.integers(2, 9, strokes.sum())
    return {
        "points": random.integers(40, 490, (points.sum(), 2)).astype(np.int16),
        "stroke_at": np.concatenate([[0], points.cumsum()]).astype(np.int32),
        "drawing_at": np.concatenate([[0], strokes.cumsum()]).astype(np.int32),
        "labels": (np.arange(drawings) % 10).astype(np.uint8),
        "writers": (np.arange(drawings) % 30 + 1).astype(np.uint8),
    }


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    path = tmp_path / "pen-strokes.npz"
    np.savez_compressed(path, **arrays())
    return path


def test_a_drawing_has_its_own_strokes(file: Path) -> None:
    given, read = arrays(), pen_strokes.read(file)
    for number in range(60):
        strokes = range(given["drawing_at"][number], given["drawing_at"][number + 1])
        wanted = [given["points"][given["stroke_at"][one] : given["stroke_at"][one + 1]] for one in strokes]
        assert [one.points.tolist() for one in read.drawing(number).strokes] == [one.tolist() for one in wanted]


def test_the_held_out_writers_are_the_test_part_and_nobody_trains_on_them(file: Path) -> None:
    data, read = open_data("pen-strokes"), pen_strokes.read(file)
    assert (len(data.train_labels), len(data.test_labels)) == (50, 10)
    assert set(read.writers[read.held_out].tolist()) == set(range(26, 31))
    assert data.test_labels.tolist() == read.labels[read.writers > 25].tolist()
    drawn = digit_from_drawing(read.drawing(int(read.held_out[0])), PEN)
    assert np.corrcoef(drawn.ravel(), data.test_images[0].ravel())[0, 1] > 0.8  # but for the pen's width
    only = open_data("pen-strokes", test_only=True)
    assert len(only.train_labels) == 0
    assert np.array_equal(only.test_images, data.test_images)


def test_the_endless_row_goes_through_all_writers_trained_on_with_another_pen_each_time(file: Path) -> None:
    read = pen_strokes.read(file)
    images, labels = read.digits_at(range(100), 3)
    assert np.array_equal(labels[:50], labels[50:])
    assert sorted(labels[:50].tolist()) == sorted(read.labels[read.writers < 26].tolist())
    assert not any(np.array_equal(one, other) for one, other in zip(images[:50], images[50:], strict=True))
    again, _ = read.digits_at(np.array([70, 7]), 3)
    assert np.array_equal(again, images[[70, 7]])
    assert not np.array_equal(read.digits_at(range(50), 4)[1], labels[:50])


def test_they_are_known_where_they_are(file: Path) -> None:
    assert pen_strokes.path() == file
    assert stamp.of("pen-strokes")
    with pytest.raises(CapsDrawError, match=r"known names are .*, pen-strokes"):
        open_data("nothing-like-it")
    file.unlink()
    assert pen_strokes.path() is None
    with pytest.raises(
        CapsDrawError, match=r"not on this machine: set CAPSDRAW_DATA to a folder with pen-strokes\.npz"
    ):
        open_data("pen-strokes")
    with pytest.raises(CapsDrawError, match=r"known names are .*fashion-mnist$"):
        open_data("nothing-like-it")


def _with(name: str, change: Callable[[Any], Any]) -> Callable[[Arrays], None]:
    def do(given: Arrays) -> None:
        given[name] = change(given[name])

    return do


def _put(at: int, value: int) -> Callable[[Any], Any]:
    def do(values: Any) -> Any:
        wide = values.astype(np.int64)
        wide[at] = value
        return wide

    return do


HOSTILE = {
    "no labels": (lambda given: given.pop("labels"), "it holds no labels"),
    "points in three dimensions": (
        _with("points", lambda a: np.repeat(a, 2, 1)[:, :3]),
        r"points is .* expected whole",
    ),
    "broken points": (_with("points", lambda a: a.astype(float)), "points is float64"),
    "points far away": (_with("points", _put(0, 10**12)), "points lie beyond"),
    "offsets beyond the end": (_with("stroke_at", _put(-1, 10**9)), "stroke_at does not rise from 0"),
    "offsets below 0": (_with("stroke_at", _put(3, -5)), "stroke_at does not rise"),
    "an offset that wraps": (_with("drawing_at", lambda a: a.astype(np.uint64) - np.uint64(1)), "drawing_at does not"),
    "an empty stroke": (_with("stroke_at", lambda a: np.where(np.arange(len(a)) == 3, a[2], a)), "stroke_at does not"),
    "strokes left over": (_with("drawing_at", lambda a: a[:-1]), "drawing_at does not rise"),
    "too few labels": (_with("labels", lambda a: a[:-1]), "60 drawings, 59 labels"),
    "a label that is none": (_with("labels", _put(4, 10)), "labels are not all 0 to 9"),
    "a writer before the first": (_with("writers", _put(4, 0)), "writers are not numbers from 1 on"),
    "nobody held out": (_with("writers", lambda a: np.minimum(a, 25)), "writers are not numbers from 1 on"),
    "nothing": (_with("writers", lambda a: a[:0]), "writers is uint8"),
    "a single number": (_with("labels", lambda a: a[0]), "labels is uint8"),
    "objects": (_with("labels", lambda a: a.astype(object)), "labels of 'pen-strokes.npz'"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(what: str, tmp_path: Path) -> None:
    spoil, reason = HOSTILE[what]
    given = arrays()
    spoil(given)
    path = tmp_path / "pen-strokes.npz"
    np.savez(path, **given)
    with pytest.raises(CapsDrawError, match=reason) as caught:
        pen_strokes.read(path)
    assert "\n" not in str(caught.value)


def test_a_drawing_of_endless_points_is_refused(tmp_path: Path) -> None:
    count = 20_001
    given = arrays() | {
        "points": np.zeros((count + 59, 2), np.int16), "stroke_at": np.concatenate([[0], np.arange(count, count + 60)]),
        "drawing_at": np.arange(61),
    }  # fmt: skip
    np.savez_compressed(tmp_path / "many.npz", **given)
    with pytest.raises(CapsDrawError, match="a drawing has 20,001 points"):
        pen_strokes.read(tmp_path / "many.npz")


def test_what_is_no_archive_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "strokes.npz"
    path.write_bytes(b"PK but no more")
    with pytest.raises(CapsDrawError, match="cannot read data"):
        pen_strokes.read(path)
    np.savez(path, **arrays())
    whole = path.read_bytes()
    path.write_bytes(whole[:2000] + bytes(200) + whole[2200:])
    with pytest.raises(CapsDrawError):
        pen_strokes.read(path)
    path.write_bytes(whole)
    monkeypatch.setattr(pen_strokes, "_MAX_FILE_BYTES", 1000)
    with pytest.raises(CapsDrawError, match="more than 0 MB"):
        pen_strokes.read(path)
    assert zipfile.is_zipfile(path)


def test_the_file_at_hand_is_read_whole() -> None:
    here = pen_strokes.path()
    if here is None:
        return  # it stays out of the project: where it is, it is as its README says
    read = pen_strokes.read(here)
    assert len(read.labels) == 7494
    assert len(read.held_out) + len(read.trained_on) == 7494
    images, _ = read.digits_at(range(20), 1)
    assert (images.reshape(20, -1).max(1) > 200).all()
