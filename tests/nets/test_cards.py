"""A card that somebody mistyped is left out and said, and nothing else is lost."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from capsdraw.cli.main import main
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards

WHOLE = json.loads((Path("trained") / "mlp.json").read_text()) | {"name": "own", "title": "Own"}

WRONG = [
    ("test_error_percent", "low", 'test_error_percent: expected a number or null, received "low"'),
    ("test_error_percent", 101, "test_error_percent: expected a number from 0 to 100, received 101"),
    ("title", 5, "title: expected a text, received 5"),
    (
        "title",
        "a\nb",
        'title: expected a text of at most 500 characters, none of them a control character, received "a',
    ),
    ("options", 4, "options: expected an object, received 4"),
    ("parameters", "many", 'parameters: expected a whole number, received "many"'),
    ("parameters", 1.5, "parameters: expected a whole number, received 1.5"),
    ("parameters", -1, "parameters: expected a number from 0 to"),
    ("kind", "net", 'kind: expected "capsule" or "classifier", received "net"'),
    ("input", [28, 28], "input: expected a list of length 3, received 2"),
    ("input", [28, 28, 0], "input[2]: expected a number from 1 to 10,000, received 0"),
    ("input", "28", 'input: expected a list, received "28"'),
    ("classes", 0, "classes: expected a number from 1 to"),
    ("classes", 10**9, "classes: expected a number from 1 to"),
    ("classes", None, "classes: expected a whole number, received null"),
    ("labels", 5, "labels: expected a list, received 5"),
    ("labels", ["a", 7], "labels[1]: expected a text, received 7"),
    ("labels", ["x" * 501], "labels[0]: expected a text of at most 500 characters"),
    ("labels", ["x"] * 11, "labels: expected at most one for each of 10 classes, received a list of 11"),
    ("ranges", [[[1, 2, "x"]]], 'ranges[0][0][2]: expected a number, received "x"'),
    ("ranges", [[[1, 2, 3]]], "ranges: expected a list of equal length for each of 10 classes, received a list of 1"),
    (
        "ranges",
        [[[3, 2, 1]]] * 10,
        "ranges[0][0]: expected three numbers within ±1,000,000, none smaller than the one before",
    ),
    ("ranges", [[[0, 0, 1e308]]] * 10, "ranges[0][0]: expected three numbers within ±1,000,000"),
    ("ranges", [[[0, 0, float("inf")]]] * 10, '"Infinity" is not a finite number'),
    ("classes", 9.5, "classes: expected a whole number, received 9.5"),
    ("ranges", [[[1, 2]]] * 10, "ranges[0][0]: expected three numbers"),
    ("sha256", "0" * 63, "sha256: expected 64 hexadecimal digits"),
    ("versions", {"keras": 3}, "an entry of versions: expected a text"),
    ("versions", ["3"], "versions: expected an object, received a list of 1"),
    ("name", "../own", "name: expected a file's name without its ending"),
    ("epochs", True, "epochs: expected a whole number, received true"),
    ("seed", 10**40, "a whole number in it has more than 18 digits"),
]


@pytest.mark.parametrize(("entry", "value", "says"), WRONG)
def test_a_mistyped_entry_is_named_with_what_was_expected(tmp_path: Path, entry: str, value: Any, says: str) -> None:
    (tmp_path / "own.json").write_text(json.dumps(WHOLE | {entry: value}))
    with pytest.raises(CapsDrawError, match=rf"^cannot read the model card 'own\.json': {re.escape(says)}[^\n]*$"):
        cards.read(tmp_path / "own.json")


def test_an_entry_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps({key: value for key, value in WHOLE.items() if key != "classes"}))
    with pytest.raises(CapsDrawError, match="classes is missing"):
        cards.read(tmp_path / "own.json")


def test_what_a_newer_version_adds_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps(WHOLE | {"licence": "MIT", "folder": "/", "bundled": True}))
    card = cards.read(tmp_path / "own.json")
    assert (card.title, card.folder, card.bundled) == ("Own", tmp_path, False)


@pytest.mark.parametrize(("entry", "value"), [(entry, value) for entry, value, _ in WRONG[:6]])
def test_one_bad_card_stops_no_command(
    own_home: Path, capsys: pytest.CaptureFixture[str], entry: str, value: Any
) -> None:
    (own_home / "models").mkdir()
    (own_home / "models" / "own.json").write_text(json.dumps(WHOLE | {entry: value}))
    for options in ([], ["--json"]):
        assert main(["models", *options]) == 0
        out, err = capsys.readouterr()
        assert ("efficient-capsnet" in out, "own" in out) == (True, False)
        assert err.startswith(f"capsdraw: cannot read the model card 'own.json': {entry}: expected")
        assert err.count("\n") == 1


def test_a_write_under_way_and_what_macos_leaves_are_no_cards(own_home: Path) -> None:
    (own_home / "models").mkdir()
    for name in (".capsdraw-abcdefgh.json", "._own.json"):
        (own_home / "models" / name).write_bytes(b"\x00\x05")
    assert cards.survey()[1] == []
