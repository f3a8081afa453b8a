"""What a run folder keeps of a fit in words: a row an epoch, and a line an event. No Keras here."""

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from capsdraw.fit.events import BatchEnded, Event, Looked
from capsdraw.paths import replacing

LOG, EVENTS = "log.csv", "events.jsonl"

# Seconds between two lines of batches.
_SELDOM = 2.0


def write_row(folder: Path, figures: dict[str, float]) -> None:
    """Add an epoch's figures to the log; rows of a run that once went further are dropped."""
    rows = [row for row in read_rows(folder) if row["epoch"] < figures["epoch"]] + [figures]
    # An epoch that was stopped in its check has no figures of it.
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
    with replacing(folder / LOG, make_folder=False) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def read_rows(folder: Path) -> list[dict[str, float]]:
    """The log's rows, in order; none where there is no log, and no row that cannot be read."""
    try:
        lines = (folder / LOG).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found = []
    for row in csv.DictReader(lines):
        try:
            figures = {name: float(value) for name, value in row.items() if value}
        except (TypeError, ValueError):
            continue
        if "epoch" in figures:
            found.append(figures)
    return found


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
        if not isinstance(event, Looked) and (not isinstance(event, BatchEnded) or now - self._written >= _SELDOM):
            self._written = now
            record: dict[str, Any] = {"event": type(event).__name__, "time": round(now, 2), **asdict(event)}
            # Appended, not replaced: a line that a power cut broke is left out by the reader.
            with self._path.open("a", encoding="utf-8") as file:
                file.write(self._begin + json.dumps(record) + "\n")
            self._begin = ""
        self._publish(event)


def read_events(folder: Path) -> list[dict[str, Any]]:
    """All records of a run, in order; lines that cannot be read are left out."""
    try:
        lines = (folder / EVENTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(record, dict) and isinstance(record.get("event"), str):
            found.append(record)
    return found
