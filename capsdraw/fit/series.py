"""A fit's figures as curves over its epochs: from its events as they come, or from its run folder. No Keras here."""

import csv
import io
import math
from collections import Counter
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
# Of an epoch: a point of a fine line is the mean over so much of it at least, for one batch alone says little.
_WIDE = 0.02
# Of an epoch: so much of its end may be without a point.
_SHORT = 0.1
# Of the images that an epoch has by two of its points: so many times fewer by the later one are fewer.
_ALIKE = 0.9


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """What a curve needs of a `BatchEnded` on record."""

    epoch: Annotated[int, Meta(ge=1, le=log.LAST_EPOCH)]
    batch: int
    batches: Annotated[int, Meta(ge=1)]
    figures: dict[str, Annotated[float, Meta(ge=-log.LARGEST, le=log.LARGEST)]]
    over: Annotated[int, Meta(ge=0, le=log.LAST_EPOCH)] = 0


@dataclass(frozen=True)
class _Point:
    """Figures that are means over an epoch up to a place in it.

    Attributes:
        place: epochs done, with their fraction; figures: by name.
        over: what the means are over, in images; in earlier versions' logs the fraction of the epoch.
    """

    place: float
    over: float
    figures: dict[str, float]

    @property
    def epoch(self) -> int:
        """It lies in, from 1."""
        return math.ceil(self.place)

    @property
    def done(self) -> float:
        """Of the epoch, up to there."""
        return self.place - self.epoch + 1

    def goes_on_from(self, before: "_Point") -> bool:
        """Whether its means take in those of an earlier point: not where a run was gone on with between the two."""
        share, share_before = self.over / self.done, before.over / before.done
        return self.epoch == before.epoch and self.over > before.over and share > _ALIKE * share_before


@dataclass
class Series:
    """The figures of one run, by name, over its epochs.

    Attributes:
        title: of the run.
        within: points within epochs; a fit tells the means of the epoch so far.
        rows: figures of whole epochs.
    """

    title: str
    within: list[_Point] = field(default_factory=list)
    rows: list[dict[str, float]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take in what a fit tells."""
        if isinstance(event, BatchEnded):
            self._add_batch(event)
        elif isinstance(event, EpochEnded):
            self.rows = [row for row in self.rows if row["epoch"] < event.epoch] + [event.figures]

    def names(self) -> list[str]:
        """Of the figures there are, in the order of the first row."""
        rows = [point.figures for point in self.within[:1]] + self.rows
        return list(dict.fromkeys(name for row in rows for name in row if name != "epoch"))

    def line(self, name: str) -> CurvePoints:
        """A figure over whole epochs: (epochs, values)."""
        points = [(row["epoch"], row[name]) for row in self.rows if name in row]
        return _line(points)

    def fine_line(self, name: str, smoothing: float = 0.0) -> CurvePoints:
        """A figure within epochs: each point the mean over what was trained since the one before.

        So the line goes on over the end of an epoch. The means that a fit tells begin anew there: they would jump from
        the mean of a whole epoch to what the net can do by now.

        Args:
            name: of the figure; one of held-out images has a point for each whole epoch.
            smoothing: in [0, 1); an exponential mean keeps so much of what was.
        """
        places, values = _line(sorted({**self._ends(name), **self._parts(name)}.items()))
        if smoothing <= 0 or not len(values):
            return places, values
        # Started without a bias: the first value counts as all that was before it.
        smooth = np.empty_like(values)
        mean = values[0]
        for index, value in enumerate(values):
            mean = smoothing * mean + (1 - smoothing) * value
            smooth[index] = mean
        return places, smooth

    def _parts(self, name: str) -> dict[float, float]:
        """By their places, means over parts of epochs."""
        parts: dict[float, float] = {}
        first = before = None
        for point in self._coarse(name):
            mean = point.figures[name]
            if first is not None and before is not None and point.goes_on_from(before):
                over = point.over
                if _is_part_of_loss(name) and point.place == point.epoch:
                    over = before.over + (point.done - before.done) * _images_of_an_epoch(first, before)
                mean = (mean * over - before.figures[name] * before.over) / (over - before.over)
            else:
                first = point
            parts[point.place] = mean
            before = point
        return parts

    def _coarse(self, name: str) -> list[_Point]:
        """The last point of each stretch of `_WIDE` of an epoch."""
        points = {
            (point.epoch, math.ceil(round(point.done / _WIDE, 6))): point
            for point in self.within
            if name in point.figures
        }
        # Earlier versions' logs do not say how many images their last batch had, which may be a small one.
        several = Counter(epoch for epoch, _ in points)
        return [
            point
            for point in points.values()
            if point.over > 1 or point.place < point.epoch or several[point.epoch] == 1
        ]

    def _ends(self, name: str) -> dict[float, float]:
        """What the rows say that the points within epochs do not: of a quick fit few of those are kept."""
        last = {point.epoch: point for point in self.within if name in point.figures}
        ends: dict[float, float] = {}
        for row in self.rows:
            if name not in row:
                continue
            epoch, mean = row["epoch"], row[name]
            point = last.get(int(epoch))
            if name.startswith("val_"):
                ends[epoch] = mean
            elif point is None:
                ends[epoch - 0.5] = mean  # of all of it: its middle
            elif point.done < 1 - _SHORT:
                ends[epoch] = (mean - point.done * point.figures[name]) / (1 - point.done)
        return ends

    def _add_batch(self, batch: "BatchEnded | _Batch") -> None:
        place = batch.epoch - 1 + batch.batch / batch.batches
        # A run that was resumed does an epoch's rest again.
        while self.within and self.within[-1].place >= place:
            self.within.pop()
        self.within.append(_Point(place, batch.over or batch.batch / batch.batches, batch.figures))
        if len(self.within) > 2 * _MOST:
            self.within = self.within[::2]


def _is_part_of_loss(name: str) -> bool:
    """Keras' means of these count each batch once, also the last one of an epoch, which may be a small one."""
    return name.endswith("_loss") and not name.startswith("val_")


def _images_of_an_epoch(first: _Point, last: _Point) -> float:
    """As if all its batches were as large as those up to there."""
    if first.done < last.done:
        return (last.over - first.over) / (last.done - first.done)
    return last.over / last.done


def of_run(folder: Path, title: str) -> Series:
    """The series of a run that is kept in `folder`; empty where nothing can be read."""
    series = Series(title, rows=log.read_rows(folder))
    for record in log.read_events(folder, BatchEnded.__name__, 2 * _MOST):
        try:
            batch = records.convert(record, _Batch, log.EVENTS)
        except CapsDrawError:
            continue
        series._add_batch(batch)
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
