"""What a run folder keeps of a fit in words: a row an epoch, and a line an event. No Keras here."""

import csv
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit.events import BatchEnded, Event, Snapshot
from capsdraw.paths import replacing

LOG, EVENTS = "log.csv", "events.jsonl"

# Seconds between two lines of batches.
_SELDOM = 2.0

# A figure of a fit is never larger, nor does it have more epochs: curves of such are nobody's, and cannot be drawn.
LARGEST, LAST_EPOCH = 1e30, 10**9

# Bytes of the log that are read, and of the events: those of a fit of weeks; of longer ones the end.
_MOST_LOG, _MOST_EVENTS = 1 << 22, 1 << 26
# Rows of the log that are read: twice what the longest fit has. Lines looked at for the last event of a kind.
_MOST_ROWS, _MOST_LOOKS = 20_000, 1000

# The latest time that every system knows a date for, in seconds since 1970.
_LATEST = 3e10

# How a line of the events begins: what it is of, and when.
_BEGINNING = re.compile(rb'\{"event": "([A-Za-z]{1,20})", "time": ([0-9]{1,11}(?:\.[0-9]{1,9})?),')
# Whether the fit goes on after such an event.
_GOES_ON = {b"Started": True, b"Resumed": True, b"Paused": False, b"Ended": False}

# Bytes at the end of the events that are looked through first, and how many times as many then.
_TAIL, _FACTOR = 1 << 14, 8


def write_row(folder: Path, figures: dict[str, float]) -> None:
    """Add an epoch's figures to the log; rows of a run that once went further are dropped."""
    rows = [row for row in read_rows(folder) if row["epoch"] < figures["epoch"]] + [figures]
    # An epoch that was stopped in its check has no figures of it.
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _exact(value) for name, value in row.items()} for row in rows)
    with replacing(folder / LOG, make_folder=False) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def _exact(value: float) -> str:
    """A figure in no more digits than give the same one again: which epoch is the best is decided by what is read."""
    short = f"{value:.6g}"
    return short if float(short) == value else repr(value)


def read_rows(folder: Path) -> list[dict[str, float]]:
    """The log's rows, in order; none where there is no log, and no row that cannot be read."""
    try:
        lines = records.read_bytes(folder / LOG, most=_MOST_LOG).decode("utf-8-sig").splitlines()
    except (CapsDrawError, UnicodeDecodeError):
        return []
    # No quotes: one that is not closed would swallow all rows after it.
    rows = csv.DictReader(lines, quoting=csv.QUOTE_NONE)
    return [row for figures in islice(_readable(rows), _MOST_ROWS) if (row := _row(figures))]


def _readable(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Those that are CSV."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:  # a field of more than 131,072 characters
            continue


def _row(figures: dict[str, Any]) -> dict[str, float] | None:
    """An epoch's figures, or None where one of them is no number, or the epoch none."""
    try:
        row = {name: float(value) for name, value in figures.items() if value}
    except (TypeError, ValueError):
        return None
    numbers = all(abs(value) <= LARGEST for value in row.values())
    epoch = row.get("epoch", 0.0)
    return row if numbers and 1 <= epoch <= LAST_EPOCH and epoch.is_integer() else None


class Recorder:
    """Keeps a fit's events in its run folder and passes them on.

    Args:
        folder: of the run.
        publish: who is told next.
    """

    def __init__(self, folder: Path, publish: Callable[[Event], None]) -> None:
        self._path = folder / EVENTS
        self._publish = publish
        self._written = 0.0
        self._begin = "\n"  # the last line of an earlier part may be torn

    def __call__(self, event: Event) -> None:
        """Keep and pass on one event; pictures are not kept, of batches one now and then."""
        now = time.time()
        if not isinstance(event, Snapshot) and (not isinstance(event, BatchEnded) or now - self._written >= _SELDOM):
            self._written = now
            record: dict[str, Any] = {"event": type(event).__name__, "time": round(now, 2), **asdict(event)}
            # Appended, not replaced: a line that a power cut broke is left out by the reader.
            with self._path.open("a", encoding="utf-8") as file:
                file.write(self._begin + json.dumps(record) + "\n")
            self._begin = ""
        self._publish(event)


def read_events(folder: Path, kind: str = "", most: int = 0) -> list[dict[str, Any]]:
    """The records of a run, in order; lines that cannot be read are left out.

    Args:
        folder: of the run; kind: of the events, "BatchEnded" say; all where none is given.
        most: so many at most, evenly chosen, the last one among them: the others are not decoded. 0 for all.
    """
    try:
        with records.open_file(folder / EVENTS) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_EVENTS))
            lines = list(_lines(file, f'"{kind}"'.encode() if kind else b'"event"'))
    except CapsDrawError:
        return []
    if most and len(lines) > most:
        step = -(-len(lines) // most)
        lines = lines[(len(lines) - 1) % step :: step]
    read = (_record(line) for line in lines)
    return [record for record in read if record is not None and (not kind or record["event"] == kind)]


def _lines(file: BinaryIO, mark: bytes) -> Iterator[bytes]:
    """The lines that hold a mark, piece by piece: as a list, a file of empty lines would take many times its size."""
    rest = b""
    while piece := file.read(records.MOST_BYTES):
        *_, rest = whole = (rest + piece).rpartition(b"\n")
        if mark in whole[0]:
            yield from (line for line in whole[0].split(b"\n") if mark in line)
        # A line that is longer is none of ours.
        rest = rest if len(rest) <= records.MOST_BYTES else b""
    if mark in rest:
        yield rest


def last_event(folder: Path, *kinds: str) -> dict[str, Any] | None:
    """The last record of one of these kinds, or None; of a long run no more is read than it takes."""
    try:
        with records.open_file(folder / EVENTS) as file:
            size = file.seek(0, os.SEEK_END)
            length, record = min(_TAIL, size), None
            while record is None:
                file.seek(size - length)
                record = _last(file.read(length), kinds)
                if length == size or length >= _MOST_EVENTS:
                    break
                length = min(_FACTOR * length, size)
            return record
    except CapsDrawError:
        return None


def seconds(folder: Path) -> float:
    """How long the run's fit was under way, pauses left out; of a part that died, up to its last event."""
    path = folder / EVENTS
    try:
        about = path.stat()
    except OSError:
        return 0.0
    return _seconds(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=1000)
def _seconds(path: Path, _changed: int, _size: int) -> float:
    """Of a file as it was then: a night's has some megabytes, and a list of runs asks for all of them again."""
    total, since, last = 0.0, None, 0.0
    try:
        with records.open_file(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_EVENTS))
            for beginning in filter(None, map(_BEGINNING.match, _lines(file, b'"event"'))):
                now, goes_on = float(beginning[2]), _GOES_ON.get(beginning[1])
                if goes_on is not None:
                    if since is not None:
                        # Of a part before this start, nobody knows when it died but by what it told last.
                        total += max(0.0, (last if beginning[1] == b"Started" else now) - since)
                    since = now if goes_on else None
                last = now
    except CapsDrawError:
        return 0.0
    return total + (0.0 if since is None else max(0.0, last - since))


def begun(folder: Path) -> float | None:
    """When the first event that can be read was kept, in seconds since 1970, or None."""
    try:
        with records.open_file(folder / EVENTS) as file:
            lines = file.read(records.MOST_BYTES).split(b"\n")
    except CapsDrawError:
        return None
    first: dict[str, Any] = next(
        (record for line in lines if b'"event"' in line and (record := _record(line)) is not None), {}
    )
    kept = first.get("time")
    return float(kept) if isinstance(kept, int | float) and 0 <= kept <= _LATEST else None


def _last(text: bytes, kinds: tuple[str, ...]) -> dict[str, Any] | None:
    """The last record of these kinds in some lines; only those that name a kind are decoded."""
    marks = [f'"{kind}"'.encode() for kind in kinds]
    places = {mark: text.rfind(mark) for mark in marks}
    for _ in range(_MOST_LOOKS):
        place = max(places.values())
        if place < 0:
            break
        start, end = text.rfind(b"\n", 0, place) + 1, text.find(b"\n", place)
        record = _record(text[start : end if end >= 0 else None])
        if record is not None and record["event"] in kinds:
            return record
        # Each goes on from where it was: from the end anew, a long file would be gone through for each of its lines.
        places = {mark: at if at < start else text.rfind(mark, 0, start) for mark, at in places.items()}
    return None


def _record(line: bytes) -> dict[str, Any] | None:
    """What a line says, or None where it cannot be read."""
    if len(line) > records.MOST_BYTES:
        return None
    try:
        record = records.parse_json(line, EVENTS)
    except CapsDrawError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("event"), str) else None
