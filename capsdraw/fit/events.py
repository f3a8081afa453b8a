"""What a fit tells its listener: plain data, for the command line and the window alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchEnded:
    """Published while an epoch runs, at most 20 times a second.

    Attributes:
        epoch: the one under way, from 1; epochs: of how many.
        batch: batches of it that are done; batches: of how many.
        images_per_second: trained, over the last seconds.
        seconds_left: until the fit's end at this speed.
        figures: the epoch's mean figures up to here, by name.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    images_per_second: float
    seconds_left: float
    figures: dict[str, float]


@dataclass(frozen=True)
class EpochEnded:
    """Published after each epoch, when its checkpoint is written.

    Attributes:
        epoch: its number from 1; epochs: of how many.
        figures: of its row in the log, "epoch" among them.
        seconds: it took, its check on the held-out images included.
        seconds_left: until the fit's end at this speed.
    """

    epoch: int
    epochs: int
    figures: dict[str, float]
    seconds: float
    seconds_left: float


Event = BatchEnded | EpochEnded
