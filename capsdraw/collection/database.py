"""The user's own drawings, kept in an SQLite file: what was acknowledged is there, whatever happens next.

Several windows and commands may use the file at once; each write is a transaction.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from capsdraw.collection import schema
from capsdraw.collection.item import FILE, Entry, Item, Said, checked_label, checked_writer, content, thumbnail
from capsdraw.errors import CapsDrawError, first_line, refusal
from capsdraw.ink import sketch_file
from capsdraw.ink.sketch import Sketch
from capsdraw.paths import home

# Seconds that a write waits for another program's.
_PATIENCE: Final = 10.0
# Rows that are asked for at once: SQLite's own limit of variables is a thousand in old builds.
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Added:
    """What became of items that were to be kept.

    Attributes:
        ids: of each, in their order; of one that was there already, its own.
        new: how many were not there before.
        otherwise: ids of those that were there as another class, which they keep.
    """

    ids: tuple[int, ...]
    new: int
    otherwise: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Removed:
    """What was taken out, so that it can be put back; opaque to all but `Collection`."""

    drawings: tuple[tuple[Any, ...], ...]
    answers: tuple[tuple[Any, ...], ...]


class Collection:
    """The drawings in one file; safe to use from several threads, one at a time.

    Raises, in all it does:
        CapsDrawError: the file cannot be opened, read or written, or is not such a file; one line that says so.
    """

    def __init__(self, path: Path | None = None, called: Path | None = None) -> None:
        """Open the file, made where there is none; the user's own unless another is named.

        Args:
            path: of the file; called: of which it is a copy, for messages.
        """
        self.path = home() / FILE if path is None else path
        self._called, self._is_copy = called or self.path, called is not None
        self._lock = threading.RLock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CapsDrawError(
                f"cannot keep drawings in '{self.path.parent}': {refusal(error, saving=True)}"
            ) from None
        with self._told():
            self._connection = sqlite3.connect(
                self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
        try:
            with self._told():
                schema.prepare(self._connection, self.path.name)
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def to_read(cls) -> Self:
        """The user's own, to be looked at: where there is no file none is made, and the collection is empty."""
        path = home() / FILE
        return cls(path if path.exists() else Path(":memory:"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; nothing is lost with it."""
        with self._lock:
            self._connection.close()

    def add(self, items: Iterable[Item], relabel: bool = False) -> Added:
        """Keep drawings, all of them or none.

        Args:
            items: to be kept; read piece by piece.
            relabel: what is there already as another class gets the item's; else it keeps its own.

        Raises:
            CapsDrawError: also where an item holds no ink, or its class or writer has a name that cannot be.
        """
        ids: list[int] = []
        otherwise: list[int] = []
        new = 0
        with self._writing() as connection:
            for item in items:
                row = _row(item)
                had = connection.execute("SELECT id, label FROM drawing WHERE content = ?", row[:1]).fetchone()
                if had is None:
                    cursor = connection.execute(
                        "INSERT INTO drawing (content, sketch, thumbnail, label, writer, made) "
                        "VALUES (?, ?, ?, ?, ?, ?)",
                        row,
                    )
                    assert cursor.lastrowid is not None
                    drawing, new = cursor.lastrowid, new + 1
                else:
                    drawing = had[0]
                    if had[1] != row[3] and relabel:
                        connection.execute("UPDATE drawing SET label = ? WHERE id = ?", (row[3], drawing))
                    elif had[1] != row[3]:
                        otherwise.append(drawing)
                ids.append(drawing)
                _note(connection, drawing, item.answers)
        return Added(tuple(ids), new, tuple(otherwise))

    def entries(self, sha256: str = "") -> list[Entry]:
        """All drawings, the newest first, with what the model of that file said of each."""
        with self._reading() as connection:
            # From an index that holds all of it: the drawings themselves would be hundreds of megabytes.
            rows = connection.execute(
                "SELECT id, label, made, writer FROM drawing INDEXED BY drawing_listed ORDER BY made DESC, id DESC"
            ).fetchall()
            answers = connection.execute(
                "SELECT drawing, model, label, score FROM answer WHERE sha256 = ?", (sha256,)
            ).fetchall()
        said = {drawing: Said(model, sha256, label, score) for drawing, model, label, score in answers}
        return [Entry(drawing, label, made, writer, said.get(drawing)) for drawing, label, made, writer in rows]

    def items(self, ids: Sequence[int] | None = None) -> Iterator[Item]:
        """The drawings of these ids, in their order, those that are no longer there left out; all, oldest first."""
        if ids is None:
            with self._reading() as connection:
                ids = [row[0] for row in connection.execute("SELECT id FROM drawing ORDER BY made, id")]
        for begin in range(0, len(ids), _AT_ONCE):
            wanted = ids[begin : begin + _AT_ONCE]
            with self._reading() as connection:
                rows = {row[0]: row for row in self._of(connection, "id, sketch, label, made, writer", wanted)}
                said: dict[int, list[Said]] = {}
                for drawing, *answer in self._answers(connection, wanted):
                    said.setdefault(drawing, []).append(Said(*answer))
            for number in wanted:
                if (row := rows.get(number)) is not None:
                    sketch = sketch_file.decoded(row[1], self.path.name, f"drawing {number} of")
                    yield Item(sketch, row[2], row[3], row[4], tuple(said.get(number, ())))

    def answers(self, ids: Sequence[int]) -> dict[int, tuple[Said, ...]]:
        """What models said of these drawings."""
        said: dict[int, tuple[Said, ...]] = {}
        for begin in range(0, len(ids), _AT_ONCE):
            with self._reading() as connection:
                for drawing, *answer in self._answers(connection, ids[begin : begin + _AT_ONCE]):
                    said[drawing] = (*said.get(drawing, ()), Said(*answer))
        return said

    def thumbnails(self, ids: Sequence[int]) -> dict[int, NDArray[np.uint8]]:
        """The digits (28, 28) uint8, ink is 255, as they were made when the drawings were kept."""
        found: dict[int, NDArray[np.uint8]] = {}
        for begin in range(0, len(ids), _AT_ONCE):
            with self._reading() as connection:
                for drawing, data in self._of(connection, "id, thumbnail", ids[begin : begin + _AT_ONCE]):
                    if len(data) == 28 * 28:
                        found[drawing] = np.frombuffer(data, np.uint8).reshape(28, 28)
        return found

    def counts(self, writer: str | None = None) -> dict[str, int]:
        """How many drawings each class has, by the class' name; of one writer, or of all."""
        with self._reading() as connection:
            return dict(connection.execute(
                "SELECT label, COUNT(*) FROM drawing WHERE ?1 IS NULL OR writer = ?1 GROUP BY label ORDER BY label",
                (writer,),
            ))  # fmt: skip

    def changes_of_others(self) -> int:
        """A number that is another one once another window or program has changed the collection; not by this one."""
        with self._reading() as connection:
            (others,) = connection.execute("PRAGMA data_version").fetchone()
        return int(others)

    def find(self, sketch: Sketch) -> tuple[int, str] | None:
        """Id and class of a drawing that is kept already; None of one that is not."""
        with self._reading() as connection:
            row = connection.execute("SELECT id, label FROM drawing WHERE content = ?", (content(sketch),)).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def note(self, answers: dict[int, Said]) -> None:
        """Keep what a model says of drawings now, in place of what it said before; of those that are gone, nothing."""
        with self._writing() as connection:
            for drawing, said in answers.items():
                if connection.execute("SELECT 1 FROM drawing WHERE id = ?", (drawing,)).fetchone():
                    _note(connection, drawing, (said,))

    def relabel(self, labels: dict[int, str]) -> dict[int, str]:
        """Give drawings other classes; the classes that they had, which undoes it."""
        had: dict[int, str] = {}
        with self._writing() as connection:
            for drawing, label in labels.items():
                row = connection.execute("SELECT label FROM drawing WHERE id = ?", (drawing,)).fetchone()
                if row is not None:
                    had[drawing] = row[0]
                    connection.execute("UPDATE drawing SET label = ? WHERE id = ?", (checked_label(label), drawing))
        return had

    def remove(self, ids: Sequence[int]) -> Removed:
        """Take drawings out for good; what `put_back` puts back."""
        drawings: list[tuple[Any, ...]] = []
        answers: list[tuple[Any, ...]] = []
        with self._writing() as connection:
            for begin in range(0, len(ids), _AT_ONCE):
                wanted = ids[begin : begin + _AT_ONCE]
                drawings += self._of(connection, "id, content, sketch, thumbnail, label, writer, made", wanted)
                answers += self._answers(connection, wanted)
                connection.executemany("DELETE FROM drawing WHERE id = ?", [(drawing,) for drawing in wanted])
        return Removed(tuple(drawings), tuple(answers))

    def put_back(self, removed: Removed) -> None:
        """What was taken out is there again, under its own ids; what was kept anew meanwhile stays."""
        with self._writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO drawing VALUES (?, ?, ?, ?, ?, ?, ?)", removed.drawings)
            for drawing, *answer in removed.answers:
                if connection.execute("SELECT 1 FROM drawing WHERE id = ?", (drawing,)).fetchone():
                    _note(connection, drawing, (Said(*answer),))

    @staticmethod
    def _of(connection: sqlite3.Connection, columns: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        marks = ", ".join("?" * len(ids))
        return connection.execute(f"SELECT {columns} FROM drawing WHERE id IN ({marks})", tuple(ids)).fetchall()

    @staticmethod
    def _answers(connection: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """(drawing, then the fields of `Said`) each."""
        marks = ", ".join("?" * len(ids))
        return connection.execute(
            f"SELECT drawing, model, sha256, label, score FROM answer WHERE drawing IN ({marks}) ORDER BY model",
            tuple(ids),
        ).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._told():
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: it is on the disk when the block has ended, or nothing of it is."""
        with self._lock, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's own errors in the app's words."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise CapsDrawError(f"cannot use '{self._called}': {_in_words(error)}") from None
        except sqlite3.DatabaseError as error:
            advice = "have it sent again" if self._is_copy else "move it elsewhere to begin a new one"
            raise CapsDrawError(f"cannot read '{self._called}': {first_line(error)}: it is damaged; {advice}") from None


def _row(item: Item) -> tuple[Any, ...]:
    """The columns of a new drawing, its content first."""
    made = item.made if 0 <= item.made < 1e11 else time.time()
    data = sketch_file.encoded(item.sketch)
    if len(data) > sketch_file.MOST_BYTES:
        raise CapsDrawError(f"cannot keep a drawing of {len(data):,} bytes: at most {sketch_file.MOST_BYTES:,}")
    return (
        content(item.sketch), data, thumbnail(item.sketch.digit()), checked_label(item.label),
        checked_writer(item.writer), made,
    )  # fmt: skip


def _note(connection: sqlite3.Connection, drawing: int, answers: Iterable[Said]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO answer (drawing, sha256, model, label, score) VALUES (?, ?, ?, ?, ?)",
        [(drawing, said.sha256, said.model, said.label, said.score) for said in answers],
    )


def _in_words(error: sqlite3.OperationalError) -> str:
    text = first_line(error)
    if "locked" in text or "busy" in text:
        return "another program is writing to it: try again"
    if "full" in text:
        return "the disk is full: free some space"
    if "readonly" in text:
        return "it may not be written: change its permissions"
    return text
