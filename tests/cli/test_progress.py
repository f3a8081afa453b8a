"""A fit's events as lines: over one another on a terminal alone."""

import io
import sys
from contextlib import suppress

import pyte
import pytest

from capsdraw.cli.progress import Progress, getting_data, reading_images
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


FIRST = BatchEnded(1, 2, 1, 4, None, None, {"loss": 2.5})
SECOND = BatchEnded(1, 2, 4, 4, 1234.0, 75.0, {"loss": 1.25})
WHOLE = EpochEnded(1, 2, {"epoch": 1.0, "loss": 1.0, "val_accuracy": 0.5}, 3.0, 65.0, True)
LINE = "mlp epoch 1/2  3 s, 1:05 left  loss 1.0000  val_accuracy 0.5000"


@pytest.fixture(autouse=True)
def a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def shown(terminal: Terminal) -> list[str]:
    """The lines that a user sees."""
    screen = pyte.Screen(80, 24)
    screen.set_mode(pyte.modes.LNM)
    pyte.Stream(screen).feed(terminal.getvalue())
    return [line.rstrip() for line in screen.display[: screen.cursor.y + 1]]


def test_what_is_known_of_a_fit_under_way_stands_below_its_bar() -> None:
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    progress.show(FIRST)
    assert shown(terminal)[1] == "  loss 2.5000"
    progress.show(SECOND)
    line, facts = shown(terminal)
    assert line == f"mlp epoch 1/2  {'━' * 40}  4/4"
    assert facts.split() == ["loss", "1.2500", "1,234", "images/s", "1:15", "left"]


def test_what_is_said_after_a_stop_begins_a_line_of_its_own() -> None:
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    for event in (FIRST, SECOND, Ended("stopped", 1, 2)):
        progress.show(event)
    assert shown(terminal) == [""]


def test_a_fit_that_breaks_off_without_a_word_leaves_a_clean_line() -> None:
    terminal = Terminal()
    with suppress(KeyboardInterrupt), Progress("mlp", terminal) as progress:
        progress.show(FIRST)
        raise KeyboardInterrupt
    assert shown(terminal) == [""]


def test_a_fit_that_ends_with_an_epoch_leaves_no_empty_line() -> None:
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    for event in (FIRST, WHOLE, Ended("finished", 1, 4)):
        progress.show(event)
    assert shown(terminal) == [LINE, ""]


@pytest.mark.parametrize("forced", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}], ids=["", "colour", "tty"])
def test_a_file_gets_whole_lines_only(monkeypatch: pytest.MonkeyPatch, forced: dict[str, str]) -> None:
    for name, value in forced.items():
        monkeypatch.setenv(name, value)
    file = io.StringIO()
    progress = Progress("mlp", file)
    for event in (FIRST, WHOLE, EpochEnded(2, 2, {"epoch": 2.0}, 3.0, None, False), SECOND, Ended("stopped", 2, 1)):
        progress.show(event)
    assert file.getvalue() == f"{LINE}\nmlp epoch 2/2  3 s  \n"


def test_a_terminal_that_can_write_nothing_over_gets_whole_lines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    for event in (FIRST, SECOND, WHOLE, Ended("finished", 1, 4)):
        progress.show(event)
    assert terminal.getvalue() == f"{LINE}\n"


def test_nobody_is_told_of_data_where_nobody_would_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with getting_data() as show:
        assert show is None


def test_a_part_without_images_is_told_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a collection nothing may be held out: the first that is told is that none of all are read."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with reading_images("mlp") as show:
        show(0, 100)
        assert "0 of 100 images" in shown(terminal)[-1]
        show(100, 100)  # the end is always shown
        assert "left" in shown(terminal)[-1]
