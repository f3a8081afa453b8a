"""A fit's figures as curves over its epochs: from its events as they come, or from its run folder. No Keras here."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log
from capsdraw.fit.events import BatchEnded, EpochEnded, Event

CurvePoints = tuple[NDArray[np.float64], NDArray[np.float64]]

# Points within epochs that are kept: from twice as many on, every second one goes.
_MOST = 1500


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """What a curve needs of a `BatchEnded` on record."""

    epoch: int
    batch: int
    batches: Annotated[int, Meta(ge=1)]
    figures: dict[str, float]


@dataclass
class Series:
    """The figures of one run, by name, over its epochs.

    Attributes:
        title: of the run.
        within: (epochs done, with their fraction, figures) of batches; figures are means of the epoch so far.
        rows: figures of whole epochs.
    """

    title: str
    within: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    rows: list[dict[str, float]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take in what a fit tells."""
        if isinstance(event, BatchEnded):
            self._add_batch(event.epoch - 1 + event.batch / event.batches, event.figures)
        elif isinstance(event, EpochEnded):
            self.rows = [row for row in self.rows if row["epoch"] < event.epoch] + [event.figures]

    def names(self) -> list[str]:
        """Of the figures there are, in the order of the first row."""
        rows = [figures for _, figures in self.within[:1]] + self.rows
        return list(dict.fromkeys(name for row in rows for name in row if name != "epoch"))

    def line(self, name: str) -> CurvePoints:
        """A figure over whole epochs: (epochs, values)."""
        points = [(row["epoch"], row[name]) for row in self.rows if name in row]
        return _line(points)

    def fine_line(self, name: str, smoothing: float = 0.0) -> CurvePoints:
        """A figure within epochs too: an exponential mean that keeps `smoothing`, in [0, 1), of what was."""
        points = {place: figures[name] for place, figures in self.within if name in figures}
        # Of a quick fit few batches are kept, but the mean of each epoch is.
        points |= {row["epoch"]: row[name] for row in self.rows if name in row}
        places, values = _line(sorted(points.items()))
        if smoothing <= 0 or not len(values):
            return places, values
        # Started without a bias: the first value counts as all that was before it.
        smooth = np.empty_like(values)
        mean = values[0]
        for index, value in enumerate(values):
            mean = smoothing * mean + (1 - smoothing) * value
            smooth[index] = mean
        return places, smooth

    def _add_batch(self, place: float, figures: dict[str, float]) -> None:
        # A run that was resumed does an epoch's rest again.
        while self.within and self.within[-1][0] >= place:
            self.within.pop()
        self.within.append((place, figures))
        if len(self.within) > 2 * _MOST:
            self.within = self.within[::2]


def of_run(folder: Path, title: str) -> Series:
    """The series of a run that is kept in `folder`; empty where nothing can be read."""
    series = Series(title, rows=log.read_rows(folder))
    for record in log.read_events(folder, BatchEnded.__name__, 2 * _MOST):
        try:
            batch = records.convert(record, _Batch, log.EVENTS)
        except CapsDrawError:
            continue
        series._add_batch(batch.epoch - 1 + batch.batch / batch.batches, batch.figures)
    return series


def names(runs: Sequence[Series]) -> list[str]:
    """A name for each run: its title, numbered where several have the same."""
    titles = [series.title for series in runs]
    times = [titles[:place].count(title) + 1 for place, title in enumerate(titles)]
    return [
        f"{title} ({time})" if titles.count(title) > 1 else title for title, time in zip(titles, times, strict=True)
    ]


def to_csv(runs: Sequence[Series]) -> str:
    """The figures of all runs as CSV: a line for each epoch of each, its run's name first."""
    heads = list(dict.fromkeys(name for series in runs for row in series.rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, ["run", *heads], restval="", lineterminator="\n")
    writer.writeheader()
    for name, series in zip(names(runs), runs, strict=True):
        writer.writerows({"run": name} | {head: f"{value:.6g}" for head, value in row.items()} for row in series.rows)
    return text.getvalue()


def _line(points: list[tuple[float, float]]) -> CurvePoints:
    table = np.asarray(points, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
