"""A bar on a terminal that moves in place, with a few facts below it: drawn by rich, and gone when it is closed."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TextIO

from rich.columns import Columns
from rich.console import Console, Group
from rich.constrain import Constrain
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

# Seconds between two pictures at least: one takes rich about 2 ms, which the fit waits for.
_OFTEN: Final = 0.125
# Of the bar: what rich takes by itself is nearly red, and red means wrong.
_COLOUR: Final = "cyan"
# Columns left free at the right: where Ctrl-C puts "^C" at the end of a full line, that line would break.
_FREE: Final = 4


class _Console(Console):
    """A console that leaves the cursor alone: a fit that is killed would leave the terminal without one."""

    def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002 (rich's own arguments)
        """Whether the cursor was shown or hidden: never."""
        return False


class Moving:
    """A line with a bar and a few facts below, each time in place of what was there.

    Args:
        stream: a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._console = _Console(file=stream, force_terminal=True, highlight=False, markup=False, emoji=False)
        self._live = Live(
            console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self._shown = float("-inf")

    def show(self, head: str, done: int, total: int, share: str, facts: Sequence[str] = ()) -> None:
        """Show how far it is, some times a second at most; the end is always shown.

        Args:
            head: before the bar; done, total: of the bar, `total` 0 where it is not known.
            share: behind the bar; facts: below it, in as many lines as they need.
        """
        now = time.monotonic()
        if now - self._shown < _OFTEN and done != total:
            return
        self._shown = now
        with _undisturbed():
            self._live.start()
            self._live.update(self._picture(head, done, total, share, facts), refresh=True)

    def close(self) -> None:
        """Leave the line clean."""
        with _undisturbed():
            self._live.stop()

    def _picture(self, head: str, done: int, total: int, share: str, facts: Sequence[str]) -> Constrain:
        width = max(self._console.width - _FREE, 1)
        line = Table.grid(padding=(0, 2, 0, 0))
        line.add_column(no_wrap=True, max_width=width * 2 // 3)
        line.add_column(max_width=40)
        line.add_column(no_wrap=True)
        line.add_row(
            Text(head),
            ProgressBar(total or None, done, complete_style=_COLOUR, finished_style=_COLOUR, pulse_style=_COLOUR),
            Text(share),
        )
        below = Columns([Text(f"  {fact}", no_wrap=True) for fact in facts])
        return Constrain(Group(line, below) if facts else line, width)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the picture is whole: rich would not know how much of it there is to clear."""
    # None: a handler that Python has not set, and could not set again.
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    pressed: list[tuple[Any, ...]] = []
    before = signal.signal(signal.SIGINT, lambda *how: pressed.append(how))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed and callable(before):
            before(*pressed[0])
