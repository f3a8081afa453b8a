"""The reader of small files: whatever a file holds, it is a record or one line."""

import json
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from capsdraw import records
from capsdraw.errors import CapsDrawError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: str
    size: float = 1.0
    counts: tuple[int, ...] = ()
    colour: Colour = Colour.RED


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON (line 1, column 1: Expecting value)"),
        (b"\xff{}", "not UTF-8 text (byte 1)"),
        (b"[]", "expected an object, received a list of 0"),
        (b"{}", "name is missing"),
        (b'{"name": "a", "name": "b"}', '"name" is there twice: leave one of them out'),
        (b'{"name": "a", "size": NaN}', '"NaN" is not a finite number'),
        (b'{"name": "a", "size": -Infinity}', '"-Infinity" is not a finite number'),
        (b'{"name": "a", "size": 1e999}', '"1e999" is not a finite number'),
        (b'{"name": "a", "size": 1' + b"0" * 5000 + b"}", "a whole number in it has more than 18 digits"),
        (b'{"name": "a", "other": 1' + b"0" * 20 + b"}", "a whole number in it has more than 18 digits"),
        (b'{"name": "a", "size": true}', "size: expected a number, received true"),
        (b'{"name": "a", "counts": [1, 2.5]}', "counts[1]: expected a whole number, received 2.5"),
        (b'{"name": "a", "colour": "green"}', 'colour: expected "red" or "blue", received "green"'),
        (b'{"name": "\\ud800"}', "holds half of a character"),
        (b'{"\\ud800": 1}', "holds half of a character"),
        (b'{"name": {"a\\nb": 1}}', "name: expected a text, received an object of 1"),
        (b"[" * 100_000, "lists or objects lie in each other more than 32 deep"),
        (b'{"name":' * 100_000, "lists or objects lie in each other more than 32 deep"),
        (b"[" * 40 + b"]" * 40, "lists or objects lie in each other more than 32 deep"),
        (b" " * 2_000_000, "it has more than 1,048,576 bytes, which is all that is read"),
    ],
)
def test_what_is_no_record_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "thing.json").write_bytes(content)
    with pytest.raises(CapsDrawError, match=r"^cannot read the thing 'thing\.json': [^\n]*$") as caught:
        records.read_json(tmp_path / "thing.json", Thing, "the thing")
    assert says in str(caught.value)


def test_a_record_is_read_with_a_byte_order_mark_and_keys_it_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"name": "ü", "size": 2, "counts": [3], "newer": {}}), "utf-8-sig")
    assert records.read_json(tmp_path / "a.json", Thing) == Thing(name="ü", size=2.0, counts=(3,))
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfname = "b"\r\ncolour = "blue"\r\n')
    assert records.read_toml(tmp_path / "a.toml", Thing) == Thing(name="b", colour=Colour.BLUE)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("x = nan", '"nan" is not a finite number'),
        ("x = 1e999", "is not a finite number"),
        ("x = " + "9" * 5000, "a whole number in it has more than 18 digits"),
        ("x = " + "9" * 40, "a whole number in it has more than 18 digits"),
        ("x = " + "[" * 3000, "more than 32 deep"),
        ("x = " + "{a = " * 3000, "more than 32 deep"),
        ("[" + ".".join("a" * 3000) + "]", "more than 32 deep"),
        ("x = {" + ".".join("a" * 30_000) + " = 1}", "more than 32 deep"),
        ("\n".join(f"[{'.'.join('a' * depth)}]" for depth in range(1, 200)), "more than 32 deep"),
        ('"a"' + '."a"' * 15_000 + " = 1", "more than 32 deep"),
        ("x = 1\nx = 2", "not TOML"),
        ("x = 2021-99-99", "not TOML"),
        ("# " + "x" * 70_000, "it has more than 65,536 bytes"),
    ],
)
def test_toml_that_is_too_deep_or_too_large_is_refused_at_once(tmp_path: Path, content: str, says: str) -> None:
    """Python's own parser takes half a minute for a key of 32,000 names."""
    (tmp_path / "a.toml").write_text(content)
    begun = time.process_time()
    with pytest.raises(CapsDrawError, match=r"^cannot read 'a\.toml': [^\n]*$") as caught:
        records.read_toml(tmp_path / "a.toml", dict[str, Any])
    assert says in str(caught.value)
    assert time.process_time() - begun < 2


def test_a_path_in_a_recipe_may_have_many_dots(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f"name = '{'../' * 40}a.b.c'\n")
    assert records.read_toml(tmp_path / "a.toml", Thing).name.endswith("/a.b.c")


def test_a_file_that_is_not_there_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(records.MissingFileError, match=r"cannot read 'none\.json': No such file"):
        records.read_json(tmp_path / "none.json", Thing)
    with pytest.raises(CapsDrawError, match="it is a folder, not a file") as caught:
        records.read_json(tmp_path, Thing)
    assert not isinstance(caught.value, records.MissingFileError)
    with pytest.raises(CapsDrawError, match=r"cannot read 'a\\x00b'"):
        records.read_json(tmp_path / "a\0b", Thing)


def test_a_value_is_shown_in_one_short_line() -> None:
    assert records.abbreviated("a\nb\u2028") == '"a\\nb\\u2028"'
    assert len(records.abbreviated("x" * 1000)) <= 40
    assert (records.abbreviated([1, 2]), records.abbreviated(None), records.abbreviated(2.5)) == (
        "a list of 2",
        "null",
        "2.5",
    )
