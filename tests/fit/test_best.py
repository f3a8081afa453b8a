"""Which epoch is the best is decided by what was measured on held-out images, not by how it was written down."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from capsdraw.fit import checkpoint, listener, log
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded, Event
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe

HELD_OUT = 5000
PLAN = Plan.of(
    Recipe(name="mlp", title="MLP", family="mlp", held_out=HELD_OUT, epochs=9),
    np.zeros((HELD_OUT + 1, 8, 8), np.uint8), np.zeros(HELD_OUT + 1, np.uint8),
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """But the log: no net is there, and it need not survive a power cut."""
    monkeypatch.setattr(checkpoint, "save", lambda *_: None)
    monkeypatch.setattr(checkpoint, "keep_best", lambda *_: None)
    monkeypatch.setattr(log, "replacing", lambda path, **_: nullcontext(path))


def best(folder: Path, epochs: list[tuple[float, float]], first: int = 0) -> list[bool]:
    """Whether each of these epochs, (accuracy, loss) as Keras measured them, was kept as the best so far."""
    told: list[Event] = []
    listening = listener.Listener(listener.FitContext(PLAN, folder, Control(), told.append), None, first, 0)
    for epoch, (accuracy, loss) in enumerate(epochs, first):
        listening._epoch = epoch
        listening.on_epoch_end(epoch, {"loss": 0.1, "val_accuracy": float(accuracy), "val_loss": float(loss)})
    return [event.best for event in told if isinstance(event, EpochEnded)]


@pytest.mark.slow
def test_of_epochs_with_as_many_errors_the_one_with_the_lower_loss_is_the_best(tmp_path: Path) -> None:
    """Whatever the count: of 5,000 images, half of all accuracies are rounded up in six digits, half down."""
    losses = np.random.default_rng(1).uniform(0.01, 2, HELD_OUT + 1).astype(np.float32)
    wrong = []
    for count, loss in enumerate(losses):
        accuracy = np.float32(count) / np.float32(HELD_OUT)
        higher, lower = (np.nextafter(loss, np.float32(bound)) for bound in (3, 0))
        (tmp_path / log.LOG).unlink(missing_ok=True)
        if best(tmp_path, [(accuracy, loss), (accuracy, higher), (accuracy, lower)]) != [True, False, True]:
            wrong.append(count)
    assert wrong == []


def test_one_image_more_that_is_read_right_goes_before_any_loss(tmp_path: Path) -> None:
    for count in range(0, HELD_OUT, 97):
        (tmp_path / log.LOG).unlink(missing_ok=True)
        few, more = (np.float32(right) / np.float32(HELD_OUT) for right in (count, count + 1))
        assert best(tmp_path, [(few, 0.1), (more, 0.2), (few, 0.05)]) == [True, True, False], count


def test_the_log_gives_again_what_was_measured(tmp_path: Path) -> None:
    figures = {"val_accuracy": np.float32(4967) / np.float32(HELD_OUT), "val_loss": np.float32(1) / np.float32(3)}
    best(tmp_path, [(figures["val_accuracy"], figures["val_loss"])])
    (row,) = log.read_rows(tmp_path)
    assert row == {"epoch": 1, "loss": 0.1, "val_accuracy": 4967 / HELD_OUT, "val_loss": float(figures["val_loss"])}
    assert (tmp_path / log.LOG).read_text().splitlines()[1].startswith("1,0.1,0.9934,0.3333333")


def test_a_run_whose_log_has_six_digits_goes_on(tmp_path: Path) -> None:
    """Those of earlier versions: of the accuracy they tell the count, whichever way they were rounded."""
    for count in range(0, HELD_OUT + 1, 7):
        accuracy = np.float32(count) / np.float32(HELD_OUT)
        old = f"epoch,loss,val_accuracy,val_loss\n1,0.2,{accuracy:.6g},0.123457\n"
        (tmp_path / log.LOG).write_text(old)
        assert best(tmp_path, [(accuracy, 0.1235), (accuracy, 0.1234)], first=1) == [False, True], count
        assert (tmp_path / log.LOG).read_text().startswith(old), count
