"""What a fit tells its listener: plain data, for the command line and the window alike."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import longest

Floats = NDArray[np.float32]


class RunState(StrEnum):
    """How a fit ended, or that it did not: it is under way, is held, or died (power, kill -9)."""

    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"


# How a fit ends.
FINISHED, STOPPED, FAILED = RunState.FINISHED, RunState.STOPPED, RunState.FAILED


@dataclass(frozen=True)
class Prepared:
    """Told before all else, to listeners only: nothing speaks against the fit any more, its net is built next.

    Attributes:
        folder: of the run.
        labels: what its classes are called; () where their numbers speak for themselves.
        filters: (F, rows, columns), the first convolution's kernels that the run began with, where it is gone on
            with by one who looks at it, or None.
        notes: what was done to data and recipe that whoever ordered the fit may not expect, a line each.
    """

    folder: Path
    labels: tuple[str, ...]
    filters: Floats | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Started:
    """Published once, before the first batch.

    Attributes:
        epochs: of the whole fit; done: of them in an earlier part of it.
        batches: of an epoch; images: of an epoch, synthetic ones included.
        parameters: trainable ones.
    """

    epochs: int
    done: int
    batches: int
    images: int
    parameters: int


@dataclass(frozen=True)
class BatchEnded:
    """Published while an epoch runs, at most 20 times a second.

    Attributes:
        epoch: the one under way, from 1; epochs: of how many.
        batch: batches of it that are done; batches: of how many.
        images_per_second: trained, over the last seconds; None as long as only batches are done for which
            something was compiled.
        seconds_left: until the fit's end at this speed, checks on the held-out images included; None likewise.
        figures: the epoch's mean figures up to here, by name.
        over: of how many images they are the mean: those of the epoch up to here, of a run that was gone on with
            within it those since then; 0 where that is not known.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    images_per_second: float | None
    seconds_left: float | None
    figures: dict[str, float]
    over: int = 0


@dataclass(frozen=True)
class EpochEnded:
    """Published after each epoch, when its checkpoint is written; where a check is made up for, after that.

    Attributes:
        epoch: its number from 1; epochs: of how many.
        figures: of its row in the log, "epoch" among them.
        seconds: it took, its check on the held-out images included.
        seconds_left: until the fit's end at this speed; None where only a check was made up for.
        best: whether it is the best so far, and so the one kept as `model.keras`.
    """

    epoch: int
    epochs: int
    figures: dict[str, float]
    seconds: float
    seconds_left: float | None
    best: bool


@dataclass(frozen=True)
class Paused:
    """The fit holds, after batch `batch` of epoch `epoch` (both from 1; 0 before the first)."""

    epoch: int
    batch: int


@dataclass(frozen=True)
class Resumed:
    """The fit goes on."""

    epoch: int
    batch: int


@dataclass(frozen=True)
class Snapshot:
    """What the net in training makes of a few digits that stay the same, and of the user's own.

    Attributes:
        epoch: under way, from 1, or ended; batch: of it that are done; batches: of how many.
        digits: (N, rows, columns, channels) float32 in [0, 1]; the user's own, if any, is the last.
        own: whether there is one.
        labels: (N,) the classes, -1 for the user's own.
        scores: (N, C) float32.
        pictures: (N, rows, columns, channels), reconstructions from each longest capsule, or None.
        filters: (F, rows, columns) float32: the first convolution's kernels, mean over input channels, or None.
        dead, primary: of so many primary capsules so many that no digit moves, or None.
        seconds: it took.
        others: (N,) the second class of each, where two digits lie over one another; then `pictures` are of both.
    """

    epoch: int
    batch: int
    batches: int
    digits: Floats
    own: bool
    labels: NDArray[np.int64]
    scores: Floats
    pictures: Floats | None
    filters: Floats | None
    dead: int | None
    primary: int | None
    seconds: float
    others: NDArray[np.int64] | None = None

    @property
    def read(self) -> NDArray[np.int64]:
        """(N, 1) the class that is read in each, or (N, 2) the two, the smaller first."""
        count = 1 if self.others is None else 2
        return np.sort(longest(self.scores, count), axis=1)

    @property
    def true(self) -> NDArray[np.int64]:
        """(N, 1) or (N, 2) what they are, in the same order; -1 for the user's own."""
        parts = [self.labels] if self.others is None else [self.labels, self.others]
        return np.sort(np.stack(parts, 1), axis=1)

    @property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether each was read right; the user's own never is, for nobody said what it is."""
        return (self.read == self.true).all(1)

    @property
    def confidence(self) -> Floats:
        """(N,) the score of what is read, of two the smaller one."""
        return np.take_along_axis(self.scores, self.read, 1).min(1)


@dataclass(frozen=True)
class Ended:
    """Published last.

    Attributes:
        how: `FINISHED`, `STOPPED` or `FAILED`.
        epoch: of the last batch, from 1; batch: how many of that epoch were done.
        message: of a failure, one line.
    """

    how: RunState
    epoch: int
    batch: int
    message: str = ""


Event = Prepared | Started | BatchEnded | EpochEnded | Paused | Resumed | Snapshot | Ended
