"""Drawings into files and back."""

import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.collection import export
from capsdraw.collection.bring import Bringing, add_all, opened_copy, time_text
from capsdraw.collection.database import FILE, Collection
from capsdraw.collection.item import Item
from capsdraw.datasets import synthetic
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke

LABELS = ("7", "B", "a/b", "あ")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Drawings of four classes, in units of their own, one with pressure, and one picture."""
    made = Collection(tmp_path / FILE)
    random = np.random.default_rng(3)
    drawings = [synthetic.drawing(number % 10, random) for number in range(8)]
    pressed = Stroke(random.normal(0, 99, (5, 2)), 1 / 3, random.uniform(0, 1, 5))
    sketches = [Sketch(drawing) for drawing in drawings] + [Sketch(Drawing((pressed,), canvas=500.0))]
    picture = np.pad(random.integers(0, 256, (20, 9)).astype(np.float32) / 255, 8)
    sketches.append(Sketch(Drawing(), picture))
    made.add(
        Item(sketch, LABELS[number % 4], 1e9 + number / 3, "Ada" if number % 2 else "")
        for number, sketch in enumerate(sketches)
    )
    return made


def test_strokes_come_back_to_the_bit_with_all_that_was_known(collection: Collection, tmp_path: Path) -> None:
    assert export.strokes(collection, tmp_path / "out") == 10
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"7", "B", "a%2Fb", "あ"}
    with Collection(tmp_path / "other.sqlite") as other:
        bringing = Bringing()
        assert add_all(other, bringing.items([tmp_path / "out"])).new == 10
        assert bringing.left_out == []
        for before, after in zip(collection.items(), other.items(), strict=True):
            assert after.sketch.drawing == before.sketch.drawing
            assert (after.label, after.writer) == (before.label, before.writer)
            assert abs(after.made - before.made) < 1e-6
        assert np.array_equal(after.sketch.picture, before.sketch.picture)  # type: ignore[arg-type]
        assert add_all(other, collection.items()).new == 0


def test_any_reader_of_strokes_files_reads_them(collection: Collection, tmp_path: Path) -> None:
    export.strokes(collection, tmp_path / "out")
    first = next(collection.items())
    assert strokes.load(tmp_path / "out" / "7" / "000001.json") == first.sketch.drawing
    assert json.loads((tmp_path / "out" / "7" / "000001.json").read_text(encoding="utf-8"))["time"] == (
        time_text(first.made)
    )


def test_pictures_and_arrays_are_the_digits_that_nets_see(collection: Collection, tmp_path: Path) -> None:
    digits = [np.rint(item.sketch.digit() * 255) for item in collection.items()]
    assert export.pictures(collection, tmp_path / "png") == export.arrays(collection, tmp_path / "all.npz") == 10
    with np.load(tmp_path / "all.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["x"], digits)
        assert [str(arrays["names"][label]) for label in arrays["y"]] == [item.label for item in collection.items()]
    with Image.open(tmp_path / "png" / "B" / "000002.png") as picture:
        assert np.array_equal(np.asarray(picture), digits[1])
    data = open_data(tmp_path / "all.npz")
    assert data.labels == ("7", "B", "a/b", "あ")
    with Collection(tmp_path / "other.sqlite") as other:
        add_all(other, Bringing().items([tmp_path / "png"]))
        assert other.counts() == collection.counts()
        brought = sorted(np.rint(item.sketch.digit() * 255).tolist() for item in other.items())
        assert np.abs(np.array(brought) - np.array(sorted(digit.tolist() for digit in digits))).max() <= 16


def test_nothing_is_written_over(collection: Collection, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "letter.txt").write_text("dear")
    with pytest.raises(CapsDrawError, match="it is there already"):
        export.strokes(collection, place)
    assert [path.name for path in place.iterdir()] == ["letter.txt"]
    with Collection(tmp_path / "empty.sqlite") as empty, pytest.raises(CapsDrawError, match="empty"):
        export.pictures(empty, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".capsdraw-")]


def test_a_folder_tells_the_class_and_one_bad_file_leaves_the_others(tmp_path: Path) -> None:
    for label in ("3", "deep/4"):
        folder = tmp_path / "in" / label
        folder.mkdir(parents=True)
        strokes.save(synthetic.drawing(3, np.random.default_rng(len(label))), folder / "one.json")
    (tmp_path / "in" / "3" / "bad.json").write_text("{")
    (tmp_path / "in" / "3" / "notes.txt").write_text("no drawing")
    Image.fromarray(np.full((30, 30), 255, np.uint8)).save(tmp_path / "in" / "3" / "white.png")
    bringing = Bringing()
    brought = list(bringing.items([tmp_path / "in"], writer="Bo"))
    assert [(item.label, item.writer) for item in brought] == [("3", "Bo"), ("4", "Bo")]
    assert [line.split("'")[1] for line in bringing.left_out] == ["bad.json", "white.png"]
    one = tmp_path / "in" / "3" / "one.json"
    assert [item.label for item in Bringing().items([one], label="9")] == ["9"]
    bringing = Bringing()
    assert list(bringing.items([one])) == []
    assert "nothing says its class" in bringing.left_out[0]
    with pytest.raises(CapsDrawError, match="no such file"):
        list(Bringing().items([tmp_path / "nowhere"]))


def test_another_person_s_collection_is_left_as_it_is(collection: Collection, tmp_path: Path) -> None:
    collection.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with Collection(tmp_path / "mine.sqlite") as mine, opened_copy(tmp_path / FILE) as other:
        assert add_all(mine, other.items()).new == 10
        assert add_all(mine, other.items()).new == 0
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    (tmp_path / "no.sqlite").write_bytes(io.BytesIO(b"x" * 5000).getvalue())
    with pytest.raises(CapsDrawError), opened_copy(tmp_path / "no.sqlite"):
        pass


def test_a_damaged_collection_of_another_person_is_named_as_it_was_given(tmp_path: Path) -> None:
    """A folder was named that was gone by then, and a new collection was to be begun."""
    path = tmp_path / "theirs.sqlite"
    path.write_bytes(b"SQLite format 3\0" + bytes(84))
    with pytest.raises(CapsDrawError, match=re.escape(f"cannot read '{path}': ")) as refused, opened_copy(path):
        pass
    assert str(refused.value).endswith("it is damaged; have it sent again")


def test_what_is_no_collection_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be of any size."""
    (tmp_path / "no.sqlite").write_bytes(b"x" * 5000)
    monkeypatch.setattr(shutil, "copyfile", lambda *_: pytest.fail("copied"))
    with pytest.raises(CapsDrawError, match="it is no collection"), opened_copy(tmp_path / "no.sqlite"):
        pass
