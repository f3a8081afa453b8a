"""The collection's file: SQLite, its tables, and how an older form becomes today's.

A file from elsewhere may hold triggers and views, which run by themselves: a file in which anything lies that is not
ours is refused before it is asked.
"""

import sqlite3
import time
from functools import cache
from typing import Final

from capsdraw.errors import CapsDrawError

# "caps", so that any program can tell what the file is.
APPLICATION: Final = 0x63617073

# Seconds that are waited for another process that makes the file, and from one try to the next.
_PATIENCE: Final = 10.0
_PAUSE: Final = 0.01

# Each brings a file of the version before to the next; never changed once published, only followed by another.
MIGRATIONS: Final = (
    """
    CREATE TABLE drawing (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content TEXT NOT NULL UNIQUE,
        sketch BLOB NOT NULL,
        thumbnail BLOB NOT NULL,
        label TEXT NOT NULL,
        writer TEXT NOT NULL,
        made REAL NOT NULL
    ) STRICT;
    CREATE INDEX drawing_by_class ON drawing (label, made);
    CREATE INDEX drawing_listed ON drawing (made, label, writer);
    CREATE TABLE answer (
        drawing INTEGER NOT NULL REFERENCES drawing (id) ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        model TEXT NOT NULL,
        label TEXT NOT NULL,
        score REAL NOT NULL,
        PRIMARY KEY (drawing, sha256)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX answer_by_model ON answer (sha256, drawing);
    """,
)
VERSION: Final = len(MIGRATIONS)


def prepare(connection: sqlite3.Connection, name: str) -> None:
    """Set a connection up, and bring its file to today's form, whole or not at all.

    Args:
        connection: in autocommit mode (`isolation_level=None`); name: of its file, for messages.

    Raises:
        CapsDrawError: the file is another program's, or a later CapsDraw's. sqlite3.Error: it is damaged, or locked.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    # Where the disk cannot share memory (some networks'), SQLite keeps another journal by itself.
    _patiently(connection, "PRAGMA journal_mode = WAL")
    # What was acknowledged is on the disk, though the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    # In one look: of a file that another process makes meanwhile, half would be seen.
    _patiently(connection, "BEGIN")
    try:
        version = _version(connection, name)
    finally:
        connection.execute("ROLLBACK")
    if version < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have done it meanwhile.
            for script in MIGRATIONS[_version(connection, name) :]:
                for statement in script.split(";"):
                    connection.execute(statement.strip())
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Execute what SQLite refuses at once, and does not wait for, while another process makes the same file."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _version(connection: sqlite3.Connection, name: str) -> int:
    """The version of the file's form; 0 of a new file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    there = _declared(connection)
    if (application, version) == (0, 0) and not there:
        return 0
    if application != APPLICATION or version < 1:
        raise CapsDrawError(f"'{name}' is not a collection of CapsDraw's: move it elsewhere")
    if version > VERSION:
        raise CapsDrawError(
            f"'{name}' was written by a later CapsDraw (form {version}, this one knows {VERSION}): update CapsDraw"
        )
    for what in sorted({name for name, _ in there ^ _form(version)}):
        raise CapsDrawError(f"'{name}' has another '{what[:40]}' than CapsDraw's: move it elsewhere")
    return int(version)


@cache
def _form(version: int) -> frozenset[tuple[str, str]]:
    """What a file of that version declares."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.executescript("".join(MIGRATIONS[:version]))
        return _declared(connection)
    finally:
        connection.close()


def _declared(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Names and declarations of all tables, indices, views and triggers."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return frozenset((str(name), str(sql)) for name, sql in rows)
