"""`.capsdraw` files: what they bring, and what is refused before anything of it is taken in."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.collection import shared_file
from capsdraw.collection.bring import add_all
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item, Said
from capsdraw.collection.shared_file import Capsule, View
from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.nets.cards import Card

VIEW = View(
    model="photographs", tab="Capsule", faces={"Capsule": "Sliders"}, compared=("mlp",),
    capsule=Capsule(label=3, offsets=(0.25,) * 16),
)  # fmt: skip
SKETCH = Sketch(synthetic.drawing(4, np.random.default_rng(1)))


def items() -> list[Item]:
    random = np.random.default_rng(2)
    said = Said("capsnet", "a" * 64, "8", 0.5)
    return [
        Item(Sketch(synthetic.drawing(label, random)), str(label), 1e9 + label / 3, "Ada", (said,)) for label in (3, 5)
    ]


@pytest.fixture
def shared(tmp_path: Path, colour_model: Card) -> Path:
    path = tmp_path / "class.capsdraw"
    shared_file.write(path, VIEW, SKETCH, [colour_model], items())
    return path


def test_all_of_it_is_there_on_another_machine(
    shared: Path, colour_model: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "another"))
    with shared_file.opened(shared) as opened, Collection() as collection:
        assert opened.view == VIEW
        assert opened.sketch.drawing == SKETCH.drawing
        assert opened.drawings == add_all(collection, opened.items()).new == 2
        for before, after in zip(items(), collection.items(), strict=True):
            assert after.sketch.drawing == before.sketch.drawing
            assert (after.label, after.made, after.writer, after.answers) == (
                before.label, before.made, before.writer, before.answers,
            )  # fmt: skip
        taken = opened.take_models()
        assert taken["photographs"].sha256 == colour_model.sha256
        # A second time nothing is there twice.
        assert opened.take_models() == taken
        assert add_all(collection, opened.items()).new == 0
    card = cards.find("photographs")
    assert cards.sha256(card.weights) == colour_model.sha256
    assert card.labels == colour_model.labels


def test_another_model_of_that_name_stays(shared: Path, colour_model: Card, own_home: Path) -> None:
    other = own_home / "models" / "photographs.keras"
    other.write_bytes(b"another")
    cards.write(cards.replace(colour_model, sha256=cards.sha256(other)), other.with_suffix(".json"))
    with shared_file.opened(shared) as opened:
        (taken,) = opened.take_models().values()
    assert taken.name == "photographs-2"
    assert other.read_bytes() == b"another"


def changed(path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None], deflate: bool = True) -> Path:
    """The file with other members or another list."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(members.pop("capsdraw.json"))
    change(members, listed)
    made = path.with_name("changed.capsdraw")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("capsdraw.json", json.dumps(listed))
    return made


def put(members: dict[str, bytes], listed: dict[str, Any], name: str, data: bytes) -> None:
    """A member, told truthfully."""
    members[name] = data
    listed["members"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def a_lambda(members: dict[str, bytes], listed: dict[str, Any]) -> None:
    from ..faults.malicious import MODELS

    data = MODELS["Lambda"]()
    card = json.loads(members["models/photographs.json"])
    put(members, listed, "models/photographs.keras", data)
    put(
        members, listed, "models/photographs.json",
        json.dumps(card | {"sha256": hashlib.sha256(data).hexdigest()}).encode(),
    )  # fmt: skip


CHANGES: dict[str, tuple[Callable[[dict[str, bytes], dict[str, Any]], Any], str]] = {
    "climbs": (lambda members, listed: put(members, listed, "../../evil.json", b"{}"), "no such file has"),
    "climbs as a model": (
        lambda members, listed: put(members, listed, "models/../../evil.keras", b""), "no such file has"
    ),
    "absolute": (lambda members, listed: put(members, listed, "/tmp/evil", b""), "no such file has"),
    "program": (lambda members, listed: put(members, listed, "run.py", b"print()"), "no such file has"),
    "hash": (lambda members, _: members.update({"view.json": members["view.json"][:-1] + b" "}), "not what its list"),
    "size": (lambda _, listed: listed["members"]["view.json"].update(bytes=3), "not what its list"),
    "missing": (lambda members, _: members.pop("canvas.json"), "does not hold what its list says"),
    "unlisted": (lambda _, listed: listed["members"].pop("canvas.json"), "does not hold what its list says"),
    "future": (lambda _, listed: listed.update(version=2), "later CapsDraw"),
    "no version": (lambda _, listed: listed.pop("version"), "version is missing"),
    "bomb": (
        lambda members, listed: put(members, listed, "drawings.jsonl", bytes(300 << 20)), "far more bytes"
    ),
    "lambda": (a_lambda, "Lambda"),
    "no card": (
        lambda members, listed: [part.pop("models/photographs.json") for part in (members, listed["members"])],
        "has no card",
    ),
    "view": (lambda members, listed: put(members, listed, "view.json", b'{"tab": 7}'), "tab: expected a text"),
    "drawing": (
        lambda members, listed: put(members, listed, "drawings.jsonl", b'{"label": "7", "made": 1}\n'), "nothing was"
    ),
    "canvas": (lambda members, listed: put(members, listed, "canvas.json", b"[[]]"), "expected an object"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_not_such_a_file_is_refused_whole(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    change, words = CHANGES[what]
    bad = changed(shared, change)
    home = tmp_path / "another"
    monkeypatch.setenv("CAPSDRAW_HOME", str(home))
    before = set(tmp_path.rglob("*"))
    with pytest.raises(CapsDrawError, match=words) as refused, shared_file.opened(bad) as opened:
        opened.take_models()
    assert "\n" not in str(refused.value)
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive" * 99])
def test_no_archive_at_all(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "no.capsdraw"
    path.write_bytes(data)
    with pytest.raises(CapsDrawError, match=r"no\.capsdraw"), shared_file.opened(path):
        pass


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, colour_model: Card) -> None:
    path = tmp_path / "mine.capsdraw"
    path.write_bytes(b"before")
    colour_model.weights.write_bytes(b"another file")
    with pytest.raises(CapsDrawError, match="not the one that its card describes"):
        shared_file.write(path, VIEW, SKETCH, [colour_model])
    assert path.read_bytes() == b"before"
    assert [other.name for other in tmp_path.iterdir()] == ["mine.capsdraw"]
    with pytest.raises(CapsDrawError, match=r"must end in \.capsdraw"):
        shared_file.write(tmp_path / "mine.zip", VIEW, SKETCH)
