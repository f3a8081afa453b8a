"""How far long work is: in place on a terminal, in whole lines or not at all elsewhere."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from capsdraw.errors import plain
from capsdraw.fit.duration import duration
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event
from capsdraw.formatting import many

if TYPE_CHECKING:
    from capsdraw.cli.moving import Moving
    from capsdraw.sweep.supervisor import SweepNews
    from capsdraw.sweep.sweep_results import FitResult

# Done, and all of it; 0 where that is not known.
Show = Callable[[int, int], None]


class Progress:
    """Prints a fit's events; a context that leaves the terminal clean, however the fit ends.

    Args:
        name: of what is trained, at the head of each line.
        stream: printed to; stdout where none is given.
    """

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = plain(name)
        self._stream = stream or sys.stdout
        self._moving: Moving | None = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def show(self, event: Event) -> None:
        """Print one event: a line for each epoch, and within an epoch, on a terminal, how far it is."""
        if isinstance(event, EpochEnded):
            self._clear()
            print(self._line(event), file=self._stream, flush=True)
        elif isinstance(event, Ended):
            self._clear()
        elif isinstance(event, BatchEnded) and _moves(self._stream):
            if self._moving is None:
                self._moving = _on(self._stream)
            head = f"{self._name} epoch {event.epoch}/{event.epochs}"
            batch = f"{event.batch:>{len(str(event.batches))}}/{event.batches}"
            self._moving.show(head, event.batch, event.batches, batch, _facts(event))

    def _clear(self) -> None:
        moving, self._moving = self._moving, None
        if moving is not None:
            moving.close()

    def _line(self, event: EpochEnded) -> str:
        figures = "  ".join(f"{key} {value:.4f}" for key, value in event.figures.items() if key != "epoch")
        left = "" if event.seconds_left is None else f", {duration(event.seconds_left)} left"
        # The terminal may have put ^C at the line's beginning.
        begin = "\r" if _moves(self._stream) else ""
        return f"{begin}{self._name} epoch {event.epoch}/{event.epochs}  {duration(event.seconds)}{left}  {figures}"


@contextmanager
def getting_data() -> Iterator[Show | None]:
    """For the time that data is read or fetched: what to tell how far it is; None where nobody would see it."""
    with _clearing() as moving:

        def show(done: int, total: int) -> None:
            from rich.filesize import decimal

            assert moving is not None
            # Where all of it is not known, it comes over the network: bytes.
            share = f"{100 * done / total:3.0f}%" if total else decimal(done)
            moving.show("loading the data", done, total, share)

        yield None if moving is None else show


@contextmanager
def reading_images(name: str) -> Iterator[Show]:
    """For the time that the model `name` reads images: what to tell how many are read."""
    begun = time.perf_counter()
    with _clearing() as moving:

        def show(done: int, total: int) -> None:
            if moving is not None:
                facts = [f"{done:,} of {total:,} images"]
                if done:  # a part of what is read may have no images
                    left = (time.perf_counter() - begun) * (total - done) / done
                    facts.append(f"{duration(left)} left")
                moving.show(plain(name), done, total, f"{100 * done / max(total, 1):3.0f}%", facts)

        yield show


@contextmanager
def measuring() -> Iterator[Callable[[str, int, int], None]]:
    """For the time of a measurement in parts: what to tell which part is under way, how many are done, of how many."""
    with _clearing() as moving:

        def show(what: str, done: int, total: int) -> None:
            if moving is not None:
                moving.show(what, done, total, f"{done} of {total}")

        yield show


@contextmanager
def sweeping(name: str, results: "Sequence[FitResult]") -> "Iterator[Callable[[SweepNews], None]]":
    """For the time of a sweep: what to tell its news. A line for each fit that ends, or whose process died.

    Args:
        name: of the sweep; results: where its fits stand when it starts.
    """
    with _clearing() as moving:
        yield _SweepProgress(plain(name), results, moving).show


class _SweepProgress:
    """Prints a sweep's news on stderr."""

    def __init__(self, name: str, results: "Sequence[FitResult]", moving: "Moving | None") -> None:
        from capsdraw.sweep.sweep_pace import SweepPace

        self._name, self._moving, self._pace = name, moving, SweepPace(results)

    def show(self, news: "SweepNews") -> None:
        """Print a line, or move the one that is there."""
        pace = self._pace
        pace.add(news)
        if news.event is None:
            self._say(news)
        if self._moving is not None:
            left = pace.seconds_left()
            facts = [f"{len(pace.under_way)} under way"] + ([] if left is None else [f"{duration(left)} left"])
            share = f"{len(pace.ended)}/{len(pace.epochs)} fits"
            self._moving.show(self._name, round(100 * sum(pace.done)), 100 * sum(pace.epochs), share, facts)

    def _say(self, news: "SweepNews") -> None:
        result, title = news.result, plain(news.result.title)
        if news.lost:
            self._print(f"{title}: its process died; it goes on after {many(result.epochs_done, 'epoch')}")
        elif result.status in ("finished", "failed", "stopped"):
            error = result.held_out_error_percent
            figure = "" if error is None else f", {error:.2f}% of the held-out images wrong"
            why = f" ({plain(result.message)})" if result.message else ""
            count = f"{len(self._pace.ended)}/{len(self._pace.epochs)}"
            self._print(f"{count}  {title}: {result.status}{figure}{why}")

    def _print(self, line: str) -> None:
        if self._moving is not None:
            self._moving.close()
        begin = "\r" if _moves(sys.stderr) else ""
        print(f"{begin}{self._name}  {line}", file=sys.stderr, flush=True)


@contextmanager
def _clearing() -> "Iterator[Moving | None]":
    """A display on stderr, gone in the end; None where that is no terminal."""
    moving = _on(sys.stderr) if _moves(sys.stderr) else None
    try:
        yield moving
    finally:
        if moving is not None:
            moving.close()


def _on(stream: TextIO) -> "Moving":
    # Not before something is to be shown: `capsdraw models` is quick.
    from capsdraw.cli.moving import Moving

    return Moving(stream)


def _moves(stream: TextIO) -> bool:
    """Whether what is written to the stream can be written over."""
    return stream.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _facts(event: BatchEnded) -> list[str]:
    """Loss, accuracy, speed and time left, as far as they are known."""
    figures = event.figures
    accuracy = next((key for key in figures if key.endswith("accuracy")), "")
    facts = [f"{key} {figures[key]:.4f}" for key in ("loss", accuracy) if key in figures]
    if event.images_per_second is not None:
        facts.append(f"{event.images_per_second:,.0f} images/s")
    if event.seconds_left is not None:
        facts.append(f"{duration(event.seconds_left)} left")
    return facts
