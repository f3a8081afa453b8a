"""What a run folder keeps of a fit in words: a row an epoch, and a line an event. No Keras here."""

import csv
import io
import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit.events import BatchEnded, Event, Snapshot
from capsdraw.paths import replacing

LOG, EVENTS = "log.csv", "events.jsonl"

# Seconds between two lines of batches.
_SELDOM = 2.0

# Bytes of the log that are read, and of the events: those of a fit of weeks; of longer ones the end.
_MOST_LOG, _MOST_EVENTS = 1 << 24, 1 << 28

# The latest time that every system knows a date for, in seconds since 1970.
_LATEST = 3e10

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
    return [row for figures in _readable(rows) if (row := _row(figures))]


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
    numbers = all(map(math.isfinite, row.values()))
    return row if numbers and row.get("epoch", 0) >= 1 and row["epoch"].is_integer() else None


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
            lines = file.read().split(b"\n")
    except CapsDrawError:
        return []
    mark = f'"{kind}"'.encode() if kind else b""
    lines = [line for line in lines if mark in line]
    if most and len(lines) > most:
        step = -(-len(lines) // most)
        lines = lines[(len(lines) - 1) % step :: step]
    read = (_record(line) for line in lines)
    return [record for record in read if record is not None and (not kind or record["event"] == kind)]


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


def begun(folder: Path) -> float | None:
    """When the first event that can be read was kept, in seconds since 1970, or None."""
    try:
        with records.open_file(folder / EVENTS) as file:
            lines = file.read(records.MOST_BYTES).split(b"\n")
    except CapsDrawError:
        return None
    first: dict[str, Any] = next((record for line in lines if (record := _record(line)) is not None), {})
    kept = first.get("time")
    return float(kept) if isinstance(kept, int | float) and 0 <= kept <= _LATEST else None


def _last(text: bytes, kinds: tuple[str, ...]) -> dict[str, Any] | None:
    """The last record of these kinds in some lines; only those that name a kind are decoded."""
    marks = [f'"{kind}"'.encode() for kind in kinds]
    while (place := max(text.rfind(mark) for mark in marks)) >= 0:
        start, end = text.rfind(b"\n", 0, place) + 1, text.find(b"\n", place)
        record = _record(text[start : end if end >= 0 else None])
        if record is not None and record["event"] in kinds:
            return record
        text = text[:start]
    return None


def _record(line: bytes) -> dict[str, Any] | None:
    """What a line says, or None where it cannot be read."""
    try:
        record = records.parse_json(line, EVENTS)
    except CapsDrawError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("event"), str) else None
