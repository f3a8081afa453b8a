"""Whether data on the disk is still what was read: by names, sizes and times of its files, none of which is read."""

import os
from collections.abc import Iterator
from pathlib import Path

from capsdraw.datasets import idx, pen_strokes
from capsdraw.datasets.sources import (
    COLLECTION,
    COLLECTION_FILE,
    FILES,
    MADE,
    PEN_STROKES,
    file_in,
    has_collection,
    other_data,
)
from capsdraw.paths import data_folder, expanded, home

# How deep files of a data set lie at most: `train/CLASS/PICTURE`, within folders of an archive.
_DEPTH = 6

Stamp = frozenset[tuple[str, int, int]]


def of(source: str) -> Stamp:
    """(path, time of the last change, size) of all files that `opening.open_data` reads for that name or path.

    Equal stamps mean that what was read is still there. Taken before the data is read, so that a change while
    it is read shows. What the app makes (digits, letters) or has fetched and checked by its hash never changes:
    its stamp is empty, and so is that of a path where nothing can be read. The user's drawings have their file's.
    """
    if has_collection(source):
        return _of_drawings() | (frozenset() if source == COLLECTION else of(other_data(source)))
    path = expanded(source)
    if source in MADE:
        return frozenset()
    if source in (*FILES, PEN_STROKES):
        own = pen_strokes.path() if source == PEN_STROKES else file_in(data_folder(), source)
        if own is None:
            return frozenset()
        path = own
    try:
        if not path.exists():  # a set of several in a folder, known by how its files' names begin
            return frozenset(_of_files(*(file for file in path.parent.iterdir() if idx.prefix(file.name) == path.name)))
        return frozenset(_inside(path, _DEPTH) if path.is_dir() else _of_files(path, idx.labels_beside(path)))
    except OSError:
        return frozenset()


def _of_drawings() -> Stamp:
    """Of the collection: its file, and what SQLite has not moved into it yet."""
    files = (home() / f"{COLLECTION_FILE}{ending}" for ending in ("", "-wal"))
    try:
        return frozenset(entry for entry in _of_files(*(file for file in files if file.exists())) if entry[2])
    except OSError:
        return frozenset()


def _of_files(*paths: Path | None) -> Iterator[tuple[str, int, int]]:
    for path in paths:
        if path is not None:
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size


def _inside(folder: Path | str, depth: int) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _inside(entry.path, depth - 1) if depth > 1 else ()
            else:
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size
