"""A fit stops and pauses when asked, and goes on as if it had never been stopped."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, listener, log, loop, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, Ended, Event, Paused
from capsdraw.fit.plan import Plan
from capsdraw.fit.schedule import Schedule
from capsdraw.nets import zoo

from .conftest import IMAGES, LABELS, RECIPE, fit, stop_at


@pytest.mark.slow
def test_a_stopped_fit_goes_on_as_if_it_had_run_through(tmp_path: Path) -> None:
    through, _ = fit(tmp_path / "through")
    _, first = fit(tmp_path / "stopped", stop_after=1)
    resumed, rest = fit(tmp_path / "stopped")
    assert [event.epoch for event in first + rest] == [1, 2, 3]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


@pytest.mark.slow
def test_a_power_cut_between_checkpoint_and_log_costs_no_epoch(tmp_path: Path) -> None:
    fit(tmp_path / "through")
    fit(tmp_path / "cut", stop_after=2)
    log = tmp_path / "cut" / "log.csv"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    _, rest = fit(tmp_path / "cut")
    assert [event.epoch for event in rest] == [2, 3]  # the second's check is made up for
    assert log.read_text().splitlines()[-1] == (tmp_path / "through" / "log.csv").read_text().splitlines()[-1]


def test_a_run_is_not_resumed_with_another_recipe(tmp_path: Path) -> None:
    fit(tmp_path, stop_after=1)
    with pytest.raises(CapsDrawError, match="another recipe"):
        fit(tmp_path, replace(RECIPE, seed=2))


@pytest.mark.slow
def test_a_fit_stopped_within_an_epoch_keeps_what_it_learnt_to_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    through, _ = fit(tmp_path / "through")
    control, listen = stop_at(2, 7)
    loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path / "stopped", control, listen)
    seen: list[Event] = []
    resumed = loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path / "stopped", Control(), seen.append)
    batches = [(event.epoch, event.batch) for event in seen if isinstance(event, BatchEnded)]
    assert batches == [(2, batch) for batch in range(8, 13)] + [(3, batch) for batch in range(1, 13)]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    assert [row["epoch"] for row in log.read_rows(tmp_path / "stopped")] == [1, 2, 3]


@pytest.mark.slow
def test_steps_that_float16_leaves_out_are_batches_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras does not count them: a stopped fit did some of its batches twice, a finished one had some to go."""
    real = checkpoint.compiled

    def too_large(*given: Any) -> keras.Model:
        training = real(*given)
        training.optimizer.initial_scale = 2.0**24
        return training

    monkeypatch.setattr(checkpoint, "compiled", too_large)
    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    recipe = replace(
        RECIPE, family="mlp", options=zoo.TINY["mlp"], precision="mixed_float16", synthetic=0, epochs=2,
        schedule="constant",
    )  # fmt: skip
    through, _ = fit(tmp_path / "through", recipe)
    control, listen = stop_at(1, 7)
    loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path / "stopped", control, listen)
    assert control.stopped
    resumed, rest = fit(tmp_path / "stopped", recipe)
    assert [event.epoch for event in rest] == [1, 2]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    for name in ("through", "stopped"):
        with zoo.computing(recipe.precision):
            kept = zoo.read(tmp_path / name / "last.keras", compiled=True)
        assert int(kept.optimizer.iterations) < 2 * 10
        _, more = fit(tmp_path / name, runs.extended(tmp_path / name, 1))
        assert [event.epoch for event in more] == [3]


@pytest.mark.slow
@pytest.mark.parametrize("epoch", [1, 2])
def test_a_stop_while_pen_digits_are_drawn_ends_at_once_and_loses_no_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: int
) -> None:
    """Whether the digits are the first, which the fit's thread draws, or a later batch's, the loader's."""
    recipe = replace(RECIPE, synthetic=300, batch=200, epochs=2)
    through = loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path / "through", Control(), lambda _: None)
    control, real, late = Control(), synthetic.digits_at, []

    def stopping(numbers: Any, seed: int) -> Any:
        if control.stopped:
            late.append(len(numbers))
        elif min(numbers) >= 300 * (epoch - 1):
            control.stop()
        return real(numbers, seed)

    monkeypatch.setattr(synthetic, "digits_at", stopping)
    events: list[Event] = []
    loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path / "stopped", control, events.append)
    # Not one more piece, though the batch has more of them.
    assert control.stopped
    assert late == []
    assert isinstance(events[-1], Ended)
    assert events[-1].how == "stopped"
    monkeypatch.undo()
    resumed = loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path / "stopped", Control(), lambda _: None)
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    assert [row["epoch"] for row in log.read_rows(tmp_path / "stopped")] == [1, 2]


def test_a_fit_stopped_in_its_first_epoch_leaves_a_model_that_can_be_used(tmp_path: Path) -> None:
    control, listen = stop_at(1, 1)
    model = loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, control, listen)
    kept = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(model.get_weights(), kept.get_weights(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.slow
def test_while_a_fit_is_paused_no_batch_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    control, events, paused = Control(), [], threading.Event()

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, BatchEnded) and (event.epoch, event.batch) == (1, 3):
            control.pause()
        if isinstance(event, Paused):
            paused.set()

    thread = threading.Thread(
        target=loop.run, args=(Plan.of(replace(RECIPE, epochs=1), IMAGES, LABELS), tmp_path, control, listen)
    )
    thread.start()
    assert paused.wait(60)
    count = len(events)
    time.sleep(0.5)  # twelve batches take less
    assert len(events) == count
    control.resume()
    thread.join(60)
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Started", *["BatchEnded"] * 3, "Paused", "Resumed", *["BatchEnded"] * 9, "EpochEnded", "Ended"]


@pytest.mark.slow
def test_a_stop_in_the_check_on_held_out_images_loses_no_batch_and_no_check(tmp_path: Path) -> None:
    control = Control()
    real = listener.Listener.on_test_batch_end

    class Listener(listener.Listener):
        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            control.stop()
            real(self, batch, logs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "Listener", Listener)
        loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, control, lambda _: None)
    assert [set(row) for row in log.read_rows(tmp_path)] == [{"epoch", "accuracy", "loss"}]
    _, rest = fit(tmp_path)
    assert [event.epoch for event in rest] == [1, 2, 3]
    fit(tmp_path / "through")
    mine, theirs = log.read_rows(tmp_path), log.read_rows(tmp_path / "through")
    assert mine[0] == pytest.approx(theirs[0], rel=1e-3)
    # Whoever draws curves sees the check that was made up for.
    assert rest[0].figures == pytest.approx(mine[0], rel=1e-3)
    assert rest[0].best


@pytest.mark.slow
def test_a_stop_in_the_very_last_batch_leaves_a_run_whose_last_check_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    control, listen = stop_at(3, 12)
    loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, control, listen)
    assert [row["epoch"] for row in log.read_rows(tmp_path)] == [1, 2]
    _, rest = fit(tmp_path)
    assert [(event.epoch, event.seconds_left) for event in rest] == [(3, 0.0)]
    assert rest[0].figures == pytest.approx(log.read_rows(tmp_path)[-1], rel=1e-3)
    assert log.read_rows(tmp_path)[-1]["val_accuracy"] > 0.2
    assert [row["epoch"] for row in log.read_rows(tmp_path)] == [1, 2, 3]


@pytest.mark.parametrize("place", ["in the last batch", "before the last model"])
def test_a_run_without_held_out_images_that_ended_before_its_last_model_is_finished_with_it(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its model stayed that of the epoch before, and however often it was gone on with, an epoch was left."""
    recipe = replace(RECIPE, family="mlp", options=zoo.TINY["mlp"], held_out=0, synthetic=0, batch=100)
    control, listen = stop_at(3, 7)
    with monkeypatch.context() as patch:
        if place == "in the last batch":
            patch.setattr(listener, "_OFTEN", 0.0)
        else:
            real = checkpoint.keep_best

            def broken(*given: Any) -> None:
                if [row["epoch"] for row in log.read_rows(tmp_path)] == [1, 2]:
                    control.stop()
                    raise listener.Stopped
                real(*given)

            patch.setattr(checkpoint, "keep_best", broken)
        loop.run(Plan.of(recipe, IMAGES, LABELS), tmp_path, control, listen)
    assert control.stopped
    assert runs.read(tmp_path).epochs_done == 2
    _, rest = fit(tmp_path, recipe)
    assert [event.epoch for event in rest] == [3]
    run = runs.read(tmp_path)
    assert (run.state, run.epochs_done, run.can_resume) == ("finished", 3, False)
    last, best = (keras.saving.load_model(tmp_path / name) for name in ("last.keras", "model.keras"))
    for one, other in zip(last.get_weights(), best.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert fit(tmp_path, recipe)[1] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "family"), [("constant", "keras-cnn"), ("exponential", "keras-cnn"), ("constant", "efficient-capsnet")]
)
def test_a_run_gone_on_with_equals_one_that_was_longer_from_the_start(
    tmp_path: Path, schedule: str, family: str
) -> None:
    """Dropout's seeds and the statistics of batch normalisation are gone on with too."""
    longer = replace(RECIPE, family=family, options=zoo.TINY[family], schedule=schedule, epochs=3)
    through, _ = fit(tmp_path / "through", longer)
    fit(tmp_path / "more", replace(longer, epochs=2))
    more, events = fit(tmp_path / "more", runs.extended(tmp_path / "more", 1))
    assert [event.epoch for event in events] == [3]
    for one, other in zip(through.get_weights(), more.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("family", ["keras-cnn", "efficient-capsnet"])
def test_a_cosine_gone_on_with_equals_one_with_the_same_restarts_from_the_start(tmp_path: Path, family: str) -> None:
    plan = replace(RECIPE, family=family, options=zoo.TINY[family], schedule="cosine")
    through, _ = fit(tmp_path / "through", replace(plan, restarts=(1, 2)))
    fit(tmp_path / "more", replace(plan, epochs=1))
    for _ in range(2):
        more, _ = fit(tmp_path / "more", runs.extended(tmp_path / "more", 1))
    assert runs.read(tmp_path / "more").recipe == replace(plan, restarts=(1, 2))
    for one, other in zip(through.get_weights(), more.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


@pytest.mark.slow
def test_a_cosine_that_is_gone_on_with_starts_anew(tmp_path: Path) -> None:
    fit(tmp_path, replace(RECIPE, epochs=1))
    recipe = runs.extended(tmp_path, 2)
    assert (recipe.epochs, recipe.restarts) == (3, (1,))
    assert float(Schedule.of(recipe, 12)(12)) == pytest.approx(recipe.learning_rate)
    _, events = fit(tmp_path, recipe)
    assert [event.epoch for event in events] == [2, 3]


COSINE = replace(RECIPE, family="mlp", options=zoo.TINY["mlp"], schedule="cosine", synthetic=0, epochs=4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("done", "epochs", "restarts"),
    [
        (3, 8, (1,)),  # a restart that never was
        (3, 8, (3,)),  # it was under way to another end
        (3, 8, ()),
        (3, 5, ()),
        (4, 8, ()),  # it has come to its end
        (4, 8, (3,)),
    ],
)
def test_a_cosine_is_not_gone_on_with_as_another_than_it_was(
    tmp_path: Path, done: int, epochs: int, restarts: tuple[int, ...]
) -> None:
    """The run's `config.toml` would tell of a restart that never happened, and the net could not be made again."""
    fit(tmp_path, COSINE, stop_after=done)
    with pytest.raises(CapsDrawError) as refused:
        fit(tmp_path, replace(COSINE, epochs=epochs, restarts=restarts))
    assert str(refused.value) == (
        f"the run in '{tmp_path}' was trained with another recipe: {epochs} epochs with restarts {list(restarts)} are "
        f"not what its first {done} had; resume with 4 and restarts [], or with more and restarts [4]"
    )
    assert runs.read(tmp_path).recipe == COSINE
    fit(tmp_path, COSINE)
    assert runs.read(tmp_path).epochs_done == 4


@pytest.mark.slow
@pytest.mark.parametrize(("done", "epochs", "restarts"), [(3, 6, (4,)), (3, 6, (4, 5)), (4, 5, (4,))])
def test_a_cosine_is_gone_on_with_for_more_epochs_after_its_end(
    tmp_path: Path, done: int, epochs: int, restarts: tuple[int, ...]
) -> None:
    longer = replace(COSINE, epochs=epochs, restarts=restarts)
    fit(tmp_path, COSINE, stop_after=done)
    fit(tmp_path, longer)
    assert runs.read(tmp_path).recipe == longer
    assert runs.read(tmp_path).epochs_done == epochs


@pytest.mark.slow
def test_a_rate_that_does_not_know_its_end_may_be_given_another_but_no_restart_that_never_was(tmp_path: Path) -> None:
    constant = replace(COSINE, schedule="constant")
    fit(tmp_path, constant, stop_after=3)
    with pytest.raises(CapsDrawError, match=r"5 epochs with restarts \[2\] are not what its first 3 had"):
        fit(tmp_path, replace(constant, epochs=5, restarts=(2,)))
    fit(tmp_path, replace(constant, epochs=5))
    assert runs.read(tmp_path).epochs_done == 5
