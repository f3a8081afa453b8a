"""The strokes file: what was drawn comes back, and what is no drawing is refused in one line."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.errors import CapsDrawError
from capsdraw.ink.strokes import Drawing, Stroke, from_json, load, save, stroke, to_json

numbers = st.floats(-1e6, 1e6)
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20)


@given(st.lists(points, min_size=1, max_size=4), st.none() | st.floats(0.1, 100))
def test_a_drawing_survives_its_file(strokes: list[list[tuple[float, float]]], width: float | None) -> None:
    drawing = Drawing(tuple(stroke(one, width) for one in strokes))
    assert from_json(json.loads(json.dumps(to_json(drawing)))) == drawing


def test_pressure_survives_its_file(tmp_path: Path) -> None:
    drawing = Drawing((Stroke(np.array([[0.0, 1.0], [2.0, 3.0]]), 5.0, np.array([0.25, 1.0])),))
    save(drawing, tmp_path / "d.json")
    assert load(tmp_path / "d.json") == drawing


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "not a strokes file"),
        ({"version": 1}, "not a strokes file"),
        ({"version": 2, "strokes": []}, "version 2"),
        ({"version": 1, "strokes": []}, "no points"),
        ({"version": 1, "strokes": [{"points": []}]}, "no points"),
        ({"version": 1, "strokes": [{}]}, "stroke 1 has no list of points"),
        ({"version": 1, "strokes": [{"points": [[0, math.nan]]}]}, "must be finite"),
        ({"version": 1, "strokes": [{"points": [[0, math.inf]]}]}, "must be finite"),
        ({"version": 1, "strokes": [{"points": [[0, 1e300]]}]}, "within"),
        ({"version": 1, "strokes": [{"points": [[0, 10**400]]}]}, "must be numbers"),
        ({"version": 1, "strokes": [{"points": [[0, "1"]]}]}, "must be numbers"),
        ({"version": 1, "strokes": [{"points": [[0, 1], [2]]}]}, "must be"),
        ({"version": 1, "strokes": [{"points": [[0, 1, 2]]}]}, "pairs"),
        ({"version": 1, "strokes": [{"points": [[0, 1]], "width": -1}]}, "width must be"),
        ({"version": 1, "strokes": [{"points": [[0, 1]], "pressure": [2]}]}, "pressure must be"),
        ({"version": 1, "strokes": [{"points": [[]]}]}, "pairs"),
        ({"version": 1, "strokes": [{"points": [[0, 1]], "width": 10**400}]}, "width must be"),
        ({"version": 1, "strokes": [{"points": [[0, 1]], "pressure": []}]}, "pressure must be"),
        ({"version": 1, "strokes": [{"points": [[0, 0]] * 1_000_000}]}, "1,000,000 points"),
    ],
)
def test_what_is_no_drawing_is_refused_in_one_line(document: Any, says: str) -> None:
    with pytest.raises(CapsDrawError, match=says) as caught:
        from_json(document)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("side", [None, "wide", -1, 0, True, [392], 1e12])
def test_a_canvas_that_is_none_is_passed_over(side: Any) -> None:
    """Another program may mean something else by the word: its strokes are read all the same."""
    document = {"version": 1, "strokes": [{"points": [[1, 2]]}], "canvas": side}
    assert from_json(document) == Drawing((stroke([(1, 2)]),))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "half", "binary", "deep"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(CapsDrawError, match=r"cannot read 'broken\.json'"):
        load(path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.json"
    path.write_text(json.dumps({"version": 1, "strokes": [{"points": [[1, 2]]}]}), encoding="utf-8-sig")
    assert load(path) == Drawing((stroke([(1, 2)]),))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="No such file"):
        load(tmp_path / "none.json")


def test_a_failed_save_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.json"
    save(Drawing((stroke([(1, 2)]),)), path)
    old = path.read_bytes()

    def full_disk(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="No space"):
        save(Drawing((stroke([(3, 4)]),)), path)
    assert path.read_bytes() == old
    assert [one.name for one in tmp_path.iterdir()] == ["d.json"]
