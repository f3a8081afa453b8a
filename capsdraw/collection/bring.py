"""Drawings and pictures from files, on their way into a collection."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from capsdraw import records
from capsdraw.collection.classes import class_of
from capsdraw.collection.database import Added, Collection
from capsdraw.collection.item import Item, checked_label, checked_writer
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink import sketch_file
from capsdraw.ink.endings import ENDINGS
from capsdraw.ink.images import kept_source, read_found
from capsdraw.ink.sketch import Sketch, of_found

_STROKES: Final = ".json"
# Files that are looked at: beyond lies a folder that nobody meant.
MOST_FILES: Final = 200_000
# What SQLite's files begin with.
_SQLITE: Final = b"SQLite format 3\x00"
# Drawings that are kept at once.
_PIECE: Final = 200


@dataclass
class Bringing:
    """What is brought, and what could not be.

    Attributes:
        left_out: a line for each file that could not be read, in the order in which they were met.
    """

    left_out: list[str] = field(default_factory=list)

    def items(self, paths: Sequence[Path], label: str = "", writer: str = "") -> Iterator[Item]:
        """The drawings of files and folders, one after the other, as they are read.

        Args:
            paths: strokes files, pictures, and folders of them at any depth, of which each is called like its class.
            label: the class of all of them; "" for what a strokes file says itself, or its folder is called.
            writer: who drew them; "" for what a strokes file says.

        Raises:
            CapsDrawError: a path that was named is not there, or the label or the writer cannot be kept.
        """
        label, writer = checked_label(label) if label else "", checked_writer(writer)
        for path in paths:
            if not path.exists():
                raise CapsDrawError(f"cannot read '{path}': there is no such file or folder")
            for file in self._files(path) if path.is_dir() else (path,):
                try:
                    yield _item(file, label or (_class_by_folder(file, path) if path.is_dir() else ""), label, writer)
                except CapsDrawError as error:
                    self.left_out.append(str(error))

    def _files(self, folder: Path) -> Iterator[Path]:
        """All that may hold a drawing, in the order of their names; a picture beside its strokes is left aside."""
        count = 0
        for place, folders, names in os.walk(folder, onerror=self._say):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            strokes = {Path(name).stem for name in names if name.lower().endswith(_STROKES)}
            for name in sorted(names):
                path = Path(place, name)
                ending = path.suffix.lower()
                if name.startswith(".") or (ending != _STROKES and (ending not in ENDINGS or path.stem in strokes)):
                    continue
                count += 1
                if count > MOST_FILES:
                    raise CapsDrawError(f"cannot read '{folder}': it holds more than {MOST_FILES:,} files")
                yield path

    def _say(self, error: OSError) -> None:
        self.left_out.append(f"cannot read '{error.filename}': {refusal(error)}")


def add_all(collection: Collection, items: Iterable[Item]) -> Added:
    """Keep many drawings in pieces, so that other windows can write meanwhile.

    Args:
        collection: that takes them; items: read piece by piece.

    Raises:
        CapsDrawError: as `Collection.add`; the pieces before it are kept.
    """
    ids: list[int] = []
    otherwise: list[int] = []
    new = 0
    rest = iter(items)
    while piece := list(islice(rest, _PIECE)):
        added = collection.add(piece)
        ids += added.ids
        otherwise += added.otherwise
        new += added.new
    return Added(tuple(ids), new, tuple(otherwise))


@contextmanager
def opened_copy(path: Path) -> Iterator[Collection]:
    """Another person's collection, of which a copy is read: its file is left as it is.

    Raises:
        CapsDrawError: there is none, or it is none.
    """
    if not path.is_file():
        raise CapsDrawError(f"cannot read '{path}': there is no such file")
    # Before it is copied: it may be of any size. An empty file SQLite takes for a collection without drawings.
    with records.open_file(path) as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise CapsDrawError(f"cannot read '{path}': it is no collection, as CapsDraw's 'collection.sqlite' is")
    with tempfile.TemporaryDirectory() as place:
        try:
            # What was written last may stand beside it.
            for name in (path.name, f"{path.name}-wal"):
                if path.with_name(name).is_file():
                    shutil.copyfile(path.with_name(name), Path(place, name))
        except OSError as error:
            raise CapsDrawError(f"cannot read '{path}': {refusal(error)}") from None
        with Collection(Path(place, path.name), called=path) as collection:
            yield collection


def details(item: Item) -> dict[str, Any]:
    """What a strokes file says of its drawing besides the strokes: class, time and writer."""
    said: dict[str, Any] = {"label": item.label, "time": time_text(item.made)}
    return said | ({"writer": item.writer} if item.writer else {})


def time_text(made: float) -> str:
    """Seconds since 1970 as a text that sorts: "2026-11-29T13:45:10.250000Z"."""
    return datetime.fromtimestamp(made, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class _Details:
    """What is read again of a strokes file besides its strokes."""

    label: str = ""
    time: str = ""
    writer: str = ""


def _item(path: Path, label: str, asked: str, writer: str) -> Item:
    said = _Details()
    if path.suffix.lower() == _STROKES:
        data = records.read_bytes(path, most=sketch_file.MOST_BYTES)
        document = records.parse_json(data, path.name)
        sketch = sketch_file.from_document(document, path.name)
        if not sketch:
            raise CapsDrawError(f"cannot read '{path.name}': the strokes file has no points: nothing was drawn")
        known = {key: document[key] for key in ("label", "time", "writer") if isinstance(document.get(key), str)}
        said = _Details(**known)
    else:
        sketch = _picture(path)
    label = asked or said.label or label
    if not label:
        raise CapsDrawError(
            f"cannot keep '{path.name}': nothing says its class: put it into a folder that is called like it, "
            "or say the class as you import it (on the command line: --label)"
        )
    sketch = replace(sketch, label=None)
    sketch.digit()  # where there is no ink, that is said with the file's name
    try:
        return Item(sketch, checked_label(label), _seconds(said.time, path), checked_writer(writer or said.writer))
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot keep '{path.name}': {error}") from None


def _picture(path: Path) -> Sketch:
    content = records.read_bytes(path, most=1 << 28)
    return of_found(read_found(content, path.name), kept_source(content, path.name))


def _class_by_folder(file: Path, root: Path) -> str:
    """The name of the folder that a file lies in, within the one that was named or that one itself."""
    folder = file.parent if file.parent != root else Path(os.path.realpath(root))
    return class_of(folder.name)


def _seconds(text: str, path: Path) -> float:
    """When a drawing was made: as it says itself, else when its file was written."""
    try:
        if text:
            return datetime.fromisoformat(text).timestamp()
        return path.stat().st_mtime
    except (ValueError, OverflowError, OSError):
        return time.time()
