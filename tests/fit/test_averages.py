"""A fit that averages ends with the mean over its cycles."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, listener, log, loop
from capsdraw.fit.control import Control
from capsdraw.fit.events import Ended, EpochEnded
from capsdraw.fit.plan import Plan
from capsdraw.nets import zoo

from .conftest import IMAGES, LABELS, RECIPE, fit

AVERAGED = replace(
    RECIPE, family="capsnet", options=zoo.TINY["capsnet"], epochs=3, restarts=(1,), average=True, synthetic=0
)


@pytest.mark.slow
def test_a_fit_that_averages_gives_the_mean_over_its_cycles(tmp_path: Path) -> None:
    first, _ = fit(tmp_path / "first", replace(AVERAGED, epochs=1, restarts=(), average=False))
    last, _ = fit(tmp_path / "last", replace(AVERAGED, average=False))
    # Stopped in the middle and gone on with: what was kept of the first cycle is still there.
    stopped, _ = fit(tmp_path / "mean", AVERAGED, stop_after=2)
    mean, _ = fit(tmp_path / "mean", AVERAGED)
    for one, two, both in zip(first.get_weights(), last.get_weights(), mean.get_weights(), strict=True):
        assert np.abs((one + two) / 2 - both).max() < 1e-4
    assert np.abs(stopped.get_weights()[0] - mean.get_weights()[0]).max() > 1e-3
    assert np.abs(last.get_weights()[0] - mean.get_weights()[0]).max() > 1e-3


@pytest.mark.parametrize("mean", ["better", "worse"])
def test_a_mean_answers_where_no_epoch_was_better_and_the_log_has_the_figures_of_what_does(
    tmp_path: Path, mean: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was held against all epochs but the last one, whose figures it took, whichever of the two answered."""
    recipe = replace(AVERAGED, family="mlp", options=zoo.TINY["mlp"], learning_rate=1e-3)
    good, _ = fit(tmp_path / "good", replace(recipe, epochs=9, restarts=(), average=False, learning_rate=1e-2))
    share = 1 if mean == "better" else 0
    taken = [share * weight for weight in good.get_weights()]
    monkeypatch.setattr(checkpoint, "take_mean", lambda training, *_: training.set_weights(taken))
    _, events = fit(tmp_path / "run", recipe)
    assert [event.epoch for event in events] == [1, 2, 3, 3]
    rows = log.read_rows(tmp_path / "run")
    assert rows[-1] == events[-1].figures
    assert (events[-1].best, rows[-1] == events[-2].figures) == ((True, False) if share else (False, True))
    kept = keras.saving.load_model(tmp_path / "run" / checkpoint.BEST)
    right = (np.asarray(kept(IMAGES[500:, ..., None].astype(np.float32) / 255)).argmax(1) == LABELS[500:]).mean()
    accuracies = [event.figures["val_accuracy"] for event in events]
    assert right == pytest.approx(max(accuracies), abs=1e-6)
    assert right == pytest.approx(max(row["val_accuracy"] for row in rows), abs=1e-6)
    fit(tmp_path / "run", recipe)
    assert log.read_rows(tmp_path / "run") == rows


@pytest.mark.slow
@pytest.mark.parametrize("place", ["last batch", "check"])
def test_an_averaging_fit_stopped_at_a_cycle_s_end_goes_on(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    through, _ = fit(tmp_path / "through", AVERAGED)
    control = Control()
    steps = 10  # 500 images in batches of 50
    if place == "check":
        real = listener.Listener.on_test_batch_end
        monkeypatch.setattr(
            listener.Listener,
            "on_test_batch_end",
            lambda self, batch, logs=None: (control.stop(), real(self, batch, logs)),
        )
    else:
        after = listener.Listener.on_train_batch_end

        def stop(self: Any, batch: int, logs: Any = None) -> None:
            if batch == steps - 1:
                control.stop()
            after(self, batch, logs)

        monkeypatch.setattr(listener.Listener, "on_train_batch_end", stop)
    loop.run(Plan.of(AVERAGED, IMAGES, LABELS), tmp_path / "stopped", control, lambda _: None)
    monkeypatch.undo()
    assert control.stopped
    stopped, _ = fit(tmp_path / "stopped", AVERAGED)
    for one, other in zip(through.get_weights(), stopped.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


@pytest.mark.slow
def test_a_stop_in_the_check_of_the_mean_ends_it_within_a_batch_and_the_mean_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "CHECKED", 20)  # ten batches of held-out images
    monkeypatch.setattr(listener, "CHECKED", 20)
    recipe = replace(AVERAGED, epochs=2)
    through, _ = fit(tmp_path / "through", recipe)
    control, told, checked = Control(), [], []
    real = listener.Listener.on_test_batch_end

    def stop(self: Any, batch: int, logs: Any = None) -> None:
        if len([one for one in told if isinstance(one, EpochEnded)]) == recipe.epochs:
            checked.append(batch)
            if batch == 2:
                control.stop()
        real(self, batch, logs)

    monkeypatch.setattr(listener.Listener, "on_test_batch_end", stop)
    last = loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path / "stopped", control, told.append)
    monkeypatch.setattr(listener.Listener, "on_test_batch_end", real)
    assert checked == [0, 1, 2]
    assert isinstance(told[-1], Ended)
    assert told[-1].how == "stopped"
    before = log.read_rows(tmp_path / "stopped")
    assert [len(row) for row in before] == [len(before[0])] * 2
    # What it has is its last batch's, not half of a mean.
    assert np.abs(last.get_weights()[0] - through.get_weights()[0]).max() > 1e-3
    mean, rest = fit(tmp_path / "stopped", recipe)
    assert [event.epoch for event in rest] == [2]
    for one, other in zip(through.get_weights(), mean.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    rows = log.read_rows(tmp_path / "stopped")
    assert rows[-1] == pytest.approx(log.read_rows(tmp_path / "through")[-1], rel=1e-3)
    assert log.read_events(tmp_path / "stopped")[-1]["how"] == "finished"


@pytest.mark.slow
def test_what_cannot_be_averaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="cannot average 'efficient-capsnet': it uses batch normalisation"):
        fit(tmp_path / "other", replace(AVERAGED, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"]))
    fit(tmp_path / "mean", replace(AVERAGED, average=False), stop_after=2)
    with pytest.raises(CapsDrawError, match="the weights at the end of epoch 1 are missing"):
        fit(tmp_path / "mean", AVERAGED)
