"""The user's drawings in their file: nothing acknowledged is lost, and nothing else's file is touched."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from capsdraw.collection import schema
from capsdraw.collection.database import FILE, Collection
from capsdraw.collection.item import Item, Said, checked_label, content
from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ink.strokes import Drawing, Stroke

CAPSNET, CNN = "a" * 64, "b" * 64


def item(digit: int, seed: int = 0, **rest: object) -> Item:
    drawing = fitted(synthetic.drawing(digit, np.random.default_rng((5, digit, seed))))
    return Item(**{"sketch": Sketch(drawing), "label": str(digit), "made": 1e9 + seed, **rest})  # type: ignore[arg-type]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path / FILE)


def test_a_drawing_comes_back_to_the_bit(collection: Collection) -> None:
    pressed = Stroke(np.array([[1 / 3, 2.5], [300.1, 7e-9]]), 24.0, np.array([0.1, 1.0]))
    picture = np.random.default_rng(0).integers(0, 256, (40, 30)).astype(np.float32) / 255
    kept = [
        item(3, writer="Ada", answers=(Said("capsnet", CAPSNET, "8", 0.75),)),
        Item(Sketch(Drawing((pressed,), canvas=392.0)), "B", 1.5),
        Item(Sketch(Drawing(), picture, box=(10.0, 20.0, 300.0, 310.5), source=b"file"), "あ", 2.5),
    ]
    ids = collection.add(kept).ids
    for before, after in zip(kept, collection.items(ids), strict=True):
        assert after.sketch.drawing == before.sketch.drawing
        assert (after.label, after.made, after.writer, after.answers) == (
            before.label, before.made, before.writer, before.answers,
        )  # fmt: skip
        assert content(after.sketch) == content(before.sketch)
    last = list(collection.items(ids))[-1].sketch
    assert np.array_equal(last.picture, picture)  # type: ignore[arg-type]
    assert (last.box, last.source) == ((10.0, 20.0, 300.0, 310.5), b"file")
    assert collection.thumbnails(ids)[ids[0]].shape == (28, 28)
    assert [entry.label for entry in collection.entries()] == ["3", "あ", "B"]


def test_what_is_there_twice_is_kept_once(collection: Collection) -> None:
    first = collection.add([item(1), item(2)])
    again = collection.add([item(2, label="7"), item(4)])
    assert (again.new, again.ids[0], again.otherwise) == (1, first.ids[1], (first.ids[1],))
    assert collection.counts() == {"1": 1, "2": 1, "4": 1}
    collection.add([item(2, label="7")], relabel=True)
    assert collection.counts() == {"1": 1, "4": 1, "7": 1}


def test_all_of_what_is_added_at_once_is_kept_or_none(collection: Collection) -> None:
    nothing = Item(Sketch(picture=np.zeros((28, 28), np.float32)), "1", 1.0)
    for bad in (item(3, label=" "), item(3, label="x" * 41), item(3, writer="w" * 81), nothing):
        with pytest.raises(CapsDrawError):
            collection.add([item(1), bad])
    assert collection.entries() == []


def test_relabelling_and_removing_are_undone(collection: Collection) -> None:
    said = Said("capsnet", CAPSNET, "1", 0.5)
    ids = collection.add([item(1, answers=(said,)), item(2), item(3)]).ids
    before = collection.entries(CAPSNET)
    had = collection.relabel({ids[0]: "7", ids[1]: "7", 999: "7"})
    assert collection.counts() == {"3": 1, "7": 2}
    collection.relabel(had)
    assert collection.entries(CAPSNET) == before
    removed = collection.remove(ids[:2])
    assert collection.answers(ids) == {}
    new = collection.add([item(9)]).ids
    assert not set(new) & set(ids)
    collection.put_back(removed)
    collection.remove(new)
    assert collection.entries(CAPSNET) == before
    with pytest.raises(CapsDrawError, match="as a class"):
        collection.relabel({ids[0]: "7", ids[1]: "\n"})
    assert collection.entries(CAPSNET) == before


def test_each_model_has_its_own_answer(collection: Collection) -> None:
    (drawing,) = collection.add([item(7)]).ids
    collection.note({drawing: Said("capsnet", CAPSNET, "1", 0.9), 999: Said("capsnet", CAPSNET, "1", 0.9)})
    collection.note({drawing: Said("keras-cnn", CNN, "7", 0.8)})
    assert collection.entries(CAPSNET)[0].is_wrong
    assert not collection.entries(CNN)[0].is_wrong
    assert collection.entries("c" * 64)[0].said is None
    collection.note({drawing: Said("capsnet", CAPSNET, "7", 0.6)})
    assert len(collection.answers([drawing])[drawing]) == 2
    assert not collection.entries(CAPSNET)[0].is_wrong


def test_two_windows_see_what_the_other_keeps(collection: Collection) -> None:
    with Collection(collection.path) as other:
        before = collection.changes_of_others()
        assert collection.changes_of_others() == before
        other.add([item(1)])
        assert collection.changes_of_others() != before
        collection.add([item(2)])
        assert len(other.entries()) == len(collection.entries()) == 2


@pytest.mark.parametrize("make", ["text", "other", "later", "trigger", "damaged"])
def test_a_file_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, make: str) -> None:
    path = tmp_path / FILE
    if make == "text":
        path.write_bytes(b"no database at all, but a text that is long enough to be taken for one" * 40)
    else:
        with Collection(path) as collection:
            if make == "damaged":
                collection.add(item(label, seed) for label in range(10) for seed in range(10))
        connection = sqlite3.connect(path)
        if make == "other":
            connection.execute("PRAGMA application_id = 7")
        if make == "later":
            connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        if make == "trigger":
            connection.execute("CREATE TRIGGER ran AFTER INSERT ON drawing BEGIN DELETE FROM drawing; END")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.commit()
        connection.close()
        if make == "damaged":
            data = bytearray(path.read_bytes())
            data[4096:] = bytes(len(data) - 4096)
            path.write_bytes(data)
    before = path.read_bytes()
    with pytest.raises(CapsDrawError) as refused, Collection(path) as collection:
        collection.add([item(1)])
    assert "\n" not in str(refused.value)
    assert FILE in str(refused.value)
    assert path.read_bytes() == before


def test_another_program_that_writes_is_waited_for(collection: Collection) -> None:
    blocking = sqlite3.connect(collection.path, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    collection._connection.execute("PRAGMA busy_timeout = 20")
    with pytest.raises(CapsDrawError, match="another program is writing to it"):
        collection.add([item(1)])
    blocking.execute("ROLLBACK")
    blocking.close()
    assert collection.add([item(1)]).new == 1


def test_a_file_that_another_process_makes_meanwhile_is_no_stranger_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared, others = schema._declared, list[Collection]()

    def meanwhile(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
        if not others:
            monkeypatch.setattr(schema, "_declared", declared)
            others.append(Collection(tmp_path / FILE))
            others[0].add([item(4)])
        return declared(connection)

    monkeypatch.setattr(schema, "_declared", meanwhile)
    with Collection(tmp_path / FILE) as second:
        assert second.counts() == {"4": 1}
    others[0].close()


def test_another_process_that_is_about_to_make_the_file_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("PRAGMA user_version = 0")
    ends = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    ends.start()
    with Collection(tmp_path / FILE) as collection:  # SQLite itself refuses at once
        assert collection.counts() == {}
    ends.join()
    other.close()


def test_names_of_classes_are_one_line_without_blanks_around() -> None:
    assert checked_label("  long \n name ") == "long name"


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from capsdraw.collection.item import Item
from capsdraw.collection.database import Collection
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke
collection = Collection(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**9):
    points = np.array([[number % 300, 50.0], [100.0, number / 7]])
    ids = collection.add([Item(Sketch(Drawing((Stroke(points, 24.0),))), str(number % 10), float(number))]).ids
    if number % 3 == 0:
        collection.relabel({ids[0]: "x"})
    print(number, flush=True)
"""


@pytest.mark.slow
def test_whoever_is_killed_while_it_writes_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Fifty kills at random moments, two writers at once."""
    path, seed = tmp_path / FILE, random.Random(7)
    told: set[int] = set()
    Collection(path).close()
    for attempt in range(25):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(path), str(1_000_000 * (2 * attempt + which))],
                stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )
            for which in (1, 2)
        ]  # fmt: skip
        for writer in writers:
            assert writer.stdout is not None
            told.add(int(writer.stdout.readline()))
        time.sleep(seed.uniform(0, 0.1))
        for writer in writers:
            writer.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            rest, _ = writer.communicate()
            # The last line may have been cut.
            told.update(int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n"))
        with Collection(path) as collection:
            kept = {round(entry.made): entry.label for entry in collection.entries()}
            assert collection._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert told <= set(kept)
        assert all(kept[number] == ("x" if number % 3 == 0 else str(number % 10)) for number in told)
    assert len(told) > 100
