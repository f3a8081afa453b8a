"""`.capsdraw`: one file with drawings, models and the state of a view, to be opened on another machine.

A ZIP archive with a list of its members, their sizes and hashes. Nothing of it is unpacked under a name that it says
itself; nothing is taken in before all of it was held against the list, and each model looked through
(`nets.keras_file`). No Keras here.
"""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from capsdraw import __version__, archives, records
from capsdraw.collection.bring import details
from capsdraw.collection.item import Item, Said, checked_label, checked_writer
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.ink import sketch_file
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards, keras_file, own_models
from capsdraw.nets.cards import Card
from capsdraw.paths import saving

ENDING: Final = ".capsdraw"
VERSION: Final = 1
_WHAT: Final = "the shared file"
_LIST, _CANVAS, _VIEW, _DRAWINGS = "capsdraw.json", "canvas.json", "view.json", "drawings.jsonl"
_MODEL: Final = re.compile(r"models/([\w-]{1,80})\.(keras|json)")
# Bytes of the list and of the view; models, and drawings, of a file.
_MOST_LIST: Final = 1 << 17
_MOST_MODELS: Final = 20
_MOST_DRAWINGS: Final = 1_000_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Capsule:
    """Whose sliders stood how: of class `label`, by the numbers in `offsets`."""

    label: int
    offsets: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """What a window showed; an empty value is the app's choice.

    Attributes:
        model: name of the one that reads; sha256: of its file.
        tab, faces: views in sight, as `ui.settings.SessionState` has them.
        compared: names of models.
        capsule: how the sliders stood, or None.
    """

    model: str = ""
    sha256: str = ""
    tab: str = ""
    faces: dict[str, str] = field(default_factory=dict)
    compared: tuple[str, ...] = ()
    capsule: Capsule | None = None


@dataclass(frozen=True, kw_only=True)
class _Member:
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class _List:
    version: int
    members: dict[str, _Member]


class Opened:
    """A shared file that was held against its list; good within `opened`.

    Attributes:
        view: what the window showed; sketch: what lay on the canvas, empty for nothing.
        models: cards of the models in it, their `folder` a temporary one.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, place: Path) -> None:
        self._path, self._archive = path, archive
        members = set(archive.namelist())
        self.view = _view(archive, path) if _VIEW in members else View()
        self.sketch = sketch_file.decoded(archive.read(_CANVAS), _CANVAS, _WHAT) if _CANVAS in members else Sketch()
        self._has_drawings = _DRAWINGS in members
        self.models = tuple(_unpacked(archive, name, place) for name in _models(members))
        # All of it is looked at before any of it is taken in.
        self.drawings = sum(1 for _ in self.items())

    def items(self) -> Iterator[Item]:
        """The drawings, the oldest first; raises CapsDrawError where one of them is damaged."""
        if not self._has_drawings:
            return
        with self._archive.open(_DRAWINGS) as lines:
            for number in range(1, _MOST_DRAWINGS + 2):
                line = lines.readline(sketch_file.MOST_BYTES + 1)
                if not line:
                    return
                if len(line) > sketch_file.MOST_BYTES or number > _MOST_DRAWINGS:
                    raise CapsDrawError(f"cannot read {_WHAT} '{self._path.name}': its drawings are too large or many")
                yield _item(line, f"{_DRAWINGS}, line {number}")

    def take_models(self) -> dict[str, Card]:
        """Put the models among the user's own, those that are not there yet; by the names that the file calls them."""
        there = {card.sha256: card for card in reversed(cards.list_cards())}
        return {card.name: there.get(card.sha256) or _take(card) for card in self.models}


def write(path: Path, view: View, sketch: Sketch, models: Sequence[Card] = (), items: Iterable[Item] = ()) -> None:
    """Write a shared file, whole or not at all.

    Args:
        path: ends in ".capsdraw".
        view: of the window; sketch: on the canvas, with its own `drawing.canvas`; may be empty.
        models: whose files go with it; bundled ones need not, whoever opens it has them.
        items: drawings of a collection.

    Raises:
        CapsDrawError: it cannot be written, or a model's file cannot be read or is another than its card says.
    """
    if len(models) > _MOST_MODELS:
        raise CapsDrawError(f"cannot share {len(models)} models in one file: at most {_MOST_MODELS}")
    with saving(path, ENDING) as temporary, tempfile.TemporaryDirectory() as place:
        members = _Writing(temporary)
        with members.archive:
            members.add(_VIEW, json.dumps(asdict(view), ensure_ascii=False).encode())
            if sketch:
                members.add(_CANVAS, sketch_file.encoded(sketch))
            drawings = Path(place, _DRAWINGS)
            with drawings.open("wb") as lines:
                for item in items:
                    lines.write(_line(item))
            if drawings.stat().st_size:
                members.add_file(_DRAWINGS, drawings)
            for card in models:
                if cards.sha256(card.weights) != card.sha256:
                    raise CapsDrawError(f"the file of '{card.name}' is not the one that its card describes")
                members.add_file(f"models/{card.name}.keras", card.weights)
                members.add(f"models/{card.name}.json", json.dumps(cards.to_json(card), ensure_ascii=False).encode())
            members.finish()


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """A shared file, all of which was looked at.

    Raises:
        CapsDrawError: it cannot be read, was written by a later version, or holds anything that is not in its list, is
            larger than that says, has another hash, or is no such thing; one line. Nothing was taken in.
    """
    with ExitStack() as held:
        try:
            archive = held.enter_context(archives.opened(path, _WHAT))
            place = held.enter_context(tempfile.TemporaryDirectory())
            _hold_against_list(archive, path)
            shared = Opened(path, archive, Path(place))
        except (CapsDrawError, MemoryError):
            raise
        except Exception as error:  # a broken archive ends in any of a dozen
            raise _refused(path, first_line(error)) from None
        yield shared


class _Writing:
    """An archive in the making, and the list of what is in it."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._members: dict[str, _Member] = {}

    def add(self, name: str, data: bytes) -> None:
        self.archive.writestr(name, data)
        self._members[name] = _Member(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    def add_file(self, name: str, path: Path) -> None:
        self.archive.write(path, name)
        self._members[name] = _Member(bytes=path.stat().st_size, sha256=cards.sha256(path))

    def finish(self) -> None:
        listed = {name: asdict(member) for name, member in self._members.items()}
        self.archive.writestr(_LIST, json.dumps({"version": VERSION, "capsdraw": __version__, "members": listed}))


def _hold_against_list(archive: zipfile.ZipFile, path: Path) -> None:
    """Each member is one that such a file has, as large and with the hash that the list says."""
    try:
        document = records.parse_json(archives.read(archive, _LIST, _MOST_LIST), _LIST)
        version = document.get("version") if isinstance(document, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise CapsDrawError(
                f"it was written by a later CapsDraw (form {version}, this one knows {VERSION}): update"
            )
        listed = records.convert(document, _List, _LIST)
        if listed.version != VERSION:
            raise CapsDrawError(f"it is of form {listed.version}, this CapsDraw knows {VERSION}")
        there = {member.filename: member for member in archive.infolist() if member.filename != _LIST}
        for name in sorted(there):
            if name not in (_CANVAS, _VIEW, _DRAWINGS) and not _MODEL.fullmatch(name):
                raise CapsDrawError(f"it holds {records.abbreviated(name, 60)}, which no such file has")
        if set(there) != set(listed.members):
            raise CapsDrawError(
                f"it does not hold what its list says ({sorted(set(there) ^ set(listed.members))[0][:60]})"
            )
        if sum(member.file_size for member in there.values()) > archives.most(path.stat().st_size):
            raise CapsDrawError("it claims far more bytes than such a file can hold")
        for name, member in listed.members.items():
            if there[name].file_size != member.bytes or _sha256(archive, name, member.bytes) != member.sha256:
                raise CapsDrawError(f"'{name}' in it is not what its list says: it is damaged, or was changed")
    except CapsDrawError as error:
        raise _refused(path, str(error)) from None


def _sha256(archive: zipfile.ZipFile, name: str, most: int) -> str:
    digest, count = hashlib.sha256(), 0
    with archive.open(name) as file:
        while block := file.read(_BLOCK):
            count += len(block)
            if count > most:
                break
            digest.update(block)
    return digest.hexdigest() if count == most else ""


def _view(archive: zipfile.ZipFile, path: Path) -> View:
    data = archives.read(archive, _VIEW, _MOST_LIST)
    try:
        return records.convert(records.parse_json(data, _VIEW), View, _VIEW)
    except CapsDrawError as error:
        raise _refused(path, str(error)) from None


def _models(members: set[str]) -> list[str]:
    """Names of the models; each has a card and a file."""
    names: dict[str, set[str]] = {}
    for member in members:
        if match := _MODEL.fullmatch(member):
            names.setdefault(match[1], set()).add(match[2])
    for name, endings in names.items():
        if len(endings) < 2:
            raise CapsDrawError(f"the model '{name}' in {_WHAT} has no {'card' if 'keras' in endings else 'file'}")
    if len(names) > _MOST_MODELS:
        raise CapsDrawError(f"{_WHAT} holds {len(names)} models: at most {_MOST_MODELS} are read")
    return sorted(names)


def _unpacked(archive: zipfile.ZipFile, name: str, place: Path) -> Card:
    """A model's card, its file in `place`, where both were looked through."""
    for ending in ("json", "keras"):
        with archive.open(f"models/{name}.{ending}") as source, (place / f"{name}.{ending}").open("wb") as target:
            shutil.copyfileobj(source, target)
    card = cards.read(place / f"{name}.json")
    try:
        keras_file.require_sound(card.weights)
    except CapsDrawError as error:
        raise CapsDrawError(f"the model '{name}' in {_WHAT} cannot be used: {error}") from None
    if cards.sha256(card.weights) != card.sha256:
        raise CapsDrawError(f"the model '{name}' in {_WHAT} is not the one that its card describes")
    return card


def _take(card: Card) -> Card:
    with own_models.saving(), own_models.new_name(card.title) as path:
        shutil.copyfile(card.weights, path)
        cards.write(replace(card, name=path.stem), path.with_suffix(".json"))
    return cards.find(path.stem)


def _line(item: Item) -> bytes:
    more = {"made": item.made, "answers": [said._asdict() for said in item.answers]}
    return sketch_file.as_bytes(sketch_file.to_document(item.sketch) | details(item) | more) + b"\n"


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """`Said`, as an object of the file."""

    model: str
    sha256: str
    label: str
    score: float


@dataclass(frozen=True, kw_only=True)
class _Details:
    label: str
    made: float
    writer: str = ""
    answers: tuple[_Answer, ...] = ()


def _item(line: bytes, name: str) -> Item:
    document = records.parse_json(line, name, _WHAT)
    said = records.convert(document, _Details, name, _WHAT)
    sketch = replace(sketch_file.from_document(document, name, _WHAT), label=None)
    if not sketch:
        raise CapsDrawError(f"cannot read {_WHAT}: {name}: nothing was drawn")
    sketch.digit()
    answers = tuple(Said(each.model, each.sha256, each.label, each.score) for each in said.answers)
    return Item(sketch, checked_label(said.label), said.made, checked_writer(said.writer), answers)


def _refused(path: Path, why: str) -> CapsDrawError:
    return CapsDrawError(records.one_line(f"cannot open {_WHAT} '{path.name}': {why}"))
