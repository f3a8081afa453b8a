"""A fit's progress on a terminal: one line that moves within an epoch, and one that stays for each."""

import sys
from typing import TextIO

from capsdraw.fit.duration import duration
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event


class Progress:
    """Prints a fit's events.

    Args:
        name: of what is trained, at the head of each line.
        stream: printed to; stdout where none is given.
    """

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()
        self._open = False  # the line under way may move

    def show(self, event: Event) -> None:
        """Print one event; within an epoch only on a terminal."""
        if isinstance(event, EpochEnded):
            start = "\r\x1b[K" if self._open else ""
            self._open = False
            figures = "  ".join(f"{key} {value:.4f}" for key, value in event.figures.items() if key != "epoch")
            left = "" if event.seconds_left is None else f", {duration(event.seconds_left)} left"
            time = f"{duration(event.seconds)}{left}"
            print(
                f"{start}{self._name} epoch {event.epoch}/{event.epochs}  {time}  {figures}",
                file=self._stream,
                flush=True,
            )
        elif self._live and isinstance(event, BatchEnded):
            print(f"\r\x1b[K{self._name} {_moving(event)}", end="", file=self._stream, flush=True)
            self._open = True
        elif self._open and isinstance(event, Ended):
            print(file=self._stream, flush=True)
            self._open = False


def bar(share: float) -> str:
    """A bar of 20 characters, full for 1."""
    full = round(20 * min(max(share, 0.0), 1.0))
    return "█" * full + "░" * (20 - full)


def _moving(event: BatchEnded) -> str:
    loss = f"loss {event.figures['loss']:.4f}" if "loss" in event.figures else ""
    speed = ""
    if event.images_per_second is not None and event.seconds_left is not None:
        speed = f"{event.images_per_second:,.0f} images/s, {duration(event.seconds_left)} left  "
    return f"epoch {event.epoch}/{event.epochs} {bar(event.batch / event.batches)}  {speed}{loss}"
