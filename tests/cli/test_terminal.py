"""Progress on a real terminal, as a user sees it: in place, whole at any width, and gone in the end."""

import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyte
import pytest

pytest.importorskip("pty", reason="this system has no pseudo-terminals")

import fcntl
import pty
import termios
import threading

ROWS = 24

# The terminal sends Ctrl-C to the session that it belongs to; tests that a shell runs in the background ignore it.
BEGIN = (
    "import fcntl, os, signal, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0);"
    "signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.executable, sys.argv[1:])"
)

FIT = r"""
import sys, time
from capsdraw.cli.progress import Progress
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded
with Progress("[bold]mine[/bold]\x1b[31m\n:smile: " + NAME, sys.stderr) as progress:
    for epoch in (1, 2):
        for batch in range(1, 6):
            progress.show(BatchEnded(epoch, 2, batch, 5, 12345.0, 75.0, {"loss": 0.25, "accuracy": 0.875}))
            time.sleep(0.15)
        progress.show(EpochEnded(epoch, 2, {"epoch": epoch, "val_accuracy": 0.5}, 3.0, None, True))
    progress.show(Ended("finished", 2, 5))
print("after", file=sys.stderr)
"""

FETCH = r"""
import sys, time
from capsdraw.cli.progress import getting_data
with getting_data() as show:
    for done in range(1, 6):
        show(done * 1_500_000, TOTAL)
        time.sleep(0.15)
print("after", file=sys.stderr)
"""

STORM = r"""
import sys
from capsdraw.cli import moving
from capsdraw.cli.progress import getting_data
moving._OFTEN = 0
try:
    with getting_data() as show:
        done = 0
        while True:
            done = (done + 1) % 999
            show(done, 1000)
except KeyboardInterrupt:
    print("after", file=sys.stderr)
"""


@dataclass
class Seen:
    """What a program left on a terminal: its exit code, all different pictures in their order, and the cursor."""

    code: int
    pictures: list[list[str]]
    cursor_hidden: bool
    cursor_column: int

    @property
    def last(self) -> list[str]:
        return self.pictures[-1]

    def ever(self, text: str) -> list[str]:
        """All different lines that held `text` at some time."""
        return list(dict.fromkeys(line for picture in self.pictures for line in picture if text in line))


def watched(columns: int, *arguments: str, stop_at: str = "", stdout: Path | None = None) -> Seen:
    """Run Python on a terminal of so many columns; press Ctrl-C as soon as `stop_at` is to be read."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    out = theirs if stdout is None else os.open(stdout, os.O_WRONLY | os.O_CREAT)
    # Where COLUMNS and LINES are set, they stand for the terminal's size: pytest-xdist sets both.
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    child = subprocess.Popen(
        [sys.executable, "-c", BEGIN, sys.executable, *arguments], stdin=theirs, stdout=out, stderr=theirs,
        start_new_session=True, env={**environment, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(theirs)
    # One that never says what is waited for would be watched for ever.
    guard = threading.Timer(180, child.kill)
    guard.start()
    screen = pyte.Screen(columns, ROWS)
    stream, pictures = pyte.ByteStream(screen), [[]]
    while piece := _read(ours):
        for part in piece.splitlines(keepends=True):
            stream.feed(part)
            picture = [line.rstrip() for line in screen.display if line.strip()]
            if picture != pictures[-1]:
                pictures.append(picture)
        if stop_at and any(stop_at in line for line in pictures[-1]):
            os.write(ours, b"\x03")
            stop_at = ""
    os.close(ours)
    guard.cancel()
    assert not stop_at
    return Seen(child.wait(60), pictures, screen.cursor.hidden, screen.cursor.x)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux' way to say that nobody writes there any more
        return b""


def whole(seen: Seen, columns: int) -> None:
    """One bar at a time, no line so long that it breaks or that Ctrl-C breaks it, the cursor as it was."""
    bars = [[line for line in picture if "━" in line] for picture in seen.pictures]
    assert any(bars)
    assert max(map(len, bars)) == 1
    assert all(len(line.replace("^C", "")) <= columns - 4 for lines in bars for line in lines)
    assert (seen.cursor_hidden, seen.cursor_column) == (False, 0)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("name", ["", "a-very-long-name" * 8])
def test_a_fit_moves_in_place_and_leaves_a_line_an_epoch(columns: int, name: str) -> None:
    seen = watched(columns, "-c", f"NAME = {name!r}\n{FIT}")
    whole(seen, columns)
    for fact in ("loss 0.2500", "accuracy 0.8750", "12,345 images/s", "1:15 left", "5/5"):
        assert seen.ever(fact), fact
    # As it stands in the file: nothing of it is obeyed.
    assert seen.ever("[bold]mine[/bold] :smile: ")
    epochs = [f"[bold]mine[/bold] :smile: {name} epoch {epoch}/2  3 s  val_accuracy 0.5000" for epoch in (1, 2)]
    broken = [line[at : at + columns].rstrip() for line in epochs for at in range(0, len(line), columns)]
    assert seen.last == [*broken, "after"]


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize(("total", "says"), [(7_500_000, " 60%"), (0, "4.5 MB")], ids=["known", "unknown"])
def test_getting_data_moves_in_place_and_leaves_nothing(columns: int, total: int, says: str) -> None:
    seen = watched(columns, "-c", f"TOTAL = {total}\n{FETCH}")
    whole(seen, columns)
    (line,) = seen.ever(says)
    assert line.startswith("loading the data  ━")
    assert seen.last == ["after"]


@pytest.mark.parametrize("columns", [80, 40])
def test_ctrl_c_while_the_terminal_is_written_to_leaves_a_clean_line(columns: int) -> None:
    """Drawn without a pause, it nearly always comes in the middle of a picture."""
    seen = watched(columns, "-c", STORM, stop_at="loading the data")
    whole(seen, columns)
    assert seen.last == ["after"]


@pytest.mark.slow
def test_ctrl_c_while_data_is_read_leaves_one_line() -> None:
    seen = watched(
        40, "-m", "capsdraw", "evaluate", "--model", "mlp", "--data", "synthetic", stop_at="loading the data"
    )
    whole(seen, 40)
    assert (seen.code, seen.last) == (1, ["capsdraw: stopped"])


@pytest.mark.slow
def test_ctrl_c_in_a_fit_leaves_whole_lines(own_home: Path) -> None:
    columns = 40
    seen = watched(
        columns, "-m", "capsdraw", "train", "--model", "mlp", "--data", "synthetic", "--epochs", "900",
        stop_at="images/s",
    )  # fmt: skip
    whole(seen, columns)
    (run,) = (own_home / "runs").iterdir()
    expected = [f"MLP: run '{run}'", f"stopped; to resume:  capsdraw train --resume {run.name}"]
    broken = [line[at : at + columns].rstrip() for line in expected for at in range(0, len(line), columns)]
    assert seen.code == 0
    assert seen.last[: len(broken)] == broken
    assert seen.last[len(broken)].startswith("mlp: stopped after ")


@pytest.mark.slow
def test_an_evaluation_moves_on_the_terminal_while_its_json_goes_elsewhere(tmp_path: Path) -> None:
    seen = watched(
        40, "-m", "capsdraw", "evaluate", "--model", "mlp", "--data", "synthetic", "--json",
        stdout=tmp_path / "out.json",
    )  # fmt: skip
    whole(seen, 40)
    assert seen.ever("2,000 of 2,000 images")
    assert (seen.code, seen.last) == (0, [])
    assert json.loads((tmp_path / "out.json").read_text())["images"] == 2000
