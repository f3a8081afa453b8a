"""A fit on a terminal: the line that moves ends where the fit does."""

import io

from capsdraw.cli.progress import Progress
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


FIRST = BatchEnded(1, 2, 1, 4, None, None, {"loss": 2.5})
SECOND = BatchEnded(1, 2, 2, 4, 1234.0, 75.0, {"loss": 1.25})
WHOLE = EpochEnded(1, 2, {"epoch": 1.0, "loss": 1.0, "val_accuracy": 0.5}, 3.0, 65.0, True)


def test_what_is_said_after_a_stop_begins_a_line_of_its_own() -> None:
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    for event in (FIRST, SECOND, Ended("stopped", 1, 2)):
        progress.show(event)
    assert terminal.getvalue().split("\r\x1b[K") == [
        "", "mlp epoch 1/2 █████░░░░░░░░░░░░░░░  loss 2.5000",
        "mlp epoch 1/2 ██████████░░░░░░░░░░  1,234 images/s, 1:15 left  loss 1.2500\n",
    ]  # fmt: skip


def test_a_fit_that_ends_with_an_epoch_leaves_no_empty_line() -> None:
    terminal = Terminal()
    progress = Progress("mlp", terminal)
    for event in (FIRST, WHOLE, Ended("finished", 1, 4)):
        progress.show(event)
    lines = terminal.getvalue().split("\r\x1b[K")
    assert lines[-1] == "mlp epoch 1/2  3 s, 1:05 left  loss 1.0000  val_accuracy 0.5000\n"


def test_a_file_gets_whole_lines_only() -> None:
    file = io.StringIO()
    progress = Progress("mlp", file)
    for event in (FIRST, WHOLE, EpochEnded(2, 2, {"epoch": 2.0}, 3.0, None, False), SECOND, Ended("stopped", 2, 1)):
        progress.show(event)
    assert file.getvalue() == "mlp epoch 1/2  3 s, 1:05 left  loss 1.0000  val_accuracy 0.5000\nmlp epoch 2/2  3 s  \n"
