"""A fit learns, is told of, stops when asked, and goes on as if it had never been stopped."""

import errno
import gc
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, log, loop, runs, watch
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event, Looked, Paused
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.fit.schedule import Schedule
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, zoo

IMAGES, LABELS = synthetic.digits(700, 1)
RECIPE = Recipe(
    "tiny", "Tiny", "keras-cnn", options=zoo.TINY["keras-cnn"], held_out=200, synthetic=100, epochs=3, batch=50,
    learning_rate=5e-3, augmentation=Augmentation(rotation=5, shift=1, zoom=0.05, shear=0.05, elastic=0.3),
)  # fmt: skip


def fit(folder: Path, recipe: Recipe = RECIPE, stop_after: int = 0) -> tuple[keras.Model, list[EpochEnded]]:
    control, events = Control(), []

    def listen(event: Event) -> None:
        if not isinstance(event, EpochEnded):
            return
        events.append(event)
        if event.epoch == stop_after:
            control.stop()

    return loop.run(recipe, IMAGES, LABELS, folder, control, listen), events


@pytest.mark.parametrize("family", ["keras-cnn", "efficient-capsnet"])
def test_a_fit_learns_and_tells_of_each_epoch(tmp_path: Path, family: str) -> None:
    recipe = replace(RECIPE, family=family, options=zoo.TINY[family], epochs=4)
    model, events = fit(tmp_path, recipe)
    key = "val_accuracy" if family == "keras-cnn" else "val_lengths_accuracy"
    assert [event.epoch for event in events] == [1, 2, 3, 4]
    assert events[-1].figures["loss"] < events[0].figures["loss"]
    assert events[-1].figures[key] > 0.3
    assert (tmp_path / "log.csv").read_text().count("\n") == 5
    # What is returned is what was trained, not what was built.
    answer = model(IMAGES[500:, ..., None].astype(np.float32) / 255)
    scores = np.asarray(answer if family == "keras-cnn" else answer["lengths"])
    assert (scores.argmax(1) == LABELS[500:]).mean() == pytest.approx(events[-1].figures[key], abs=0.01)
    assert getattr(model, "optimizer", None) is None


@pytest.mark.parametrize(
    ("family", "precision"),
    [("capsnet", "mixed_bfloat16"), ("efficient-capsnet", "float32"), ("deep-convnet", "mixed_bfloat16")],
)
def test_what_a_fit_starts_from_can_be_made_again(tmp_path: Path, family: str, precision: str) -> None:
    """The filters "before" are these: a fit that learns nothing ends with what it started from."""
    recipe = replace(
        RECIPE, family=family, options=zoo.TINY[family], seed=5, epochs=1, synthetic=0, limit=50, learning_rate=0.0,
        precision=precision,
    )  # fmt: skip
    trained, _ = fit(tmp_path, recipe)
    again, other = (zoo.fresh(family, seed, **recipe.options) for seed in (5, 6))
    for one, same in zip(trained.trainable_weights, again.trainable_weights, strict=True):
        assert np.array_equal(one, same)
    different = [not np.array_equal(a, b) for a, b in zip(again.get_weights(), other.get_weights(), strict=True)]
    assert any(different)


def test_what_was_trained_in_half_precision_answers_in_full(tmp_path: Path) -> None:
    """Half precision is slow where a processor lacks it, and no bundled model may need it."""
    model, _ = fit(tmp_path, replace(RECIPE, precision="mixed_bfloat16", epochs=1))
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_a_stopped_fit_goes_on_as_if_it_had_run_through(tmp_path: Path) -> None:
    through, _ = fit(tmp_path / "through")
    _, first = fit(tmp_path / "stopped", stop_after=1)
    resumed, rest = fit(tmp_path / "stopped")
    assert [event.epoch for event in first + rest] == [1, 2, 3]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


def test_a_power_cut_between_checkpoint_and_log_costs_no_epoch(tmp_path: Path) -> None:
    fit(tmp_path / "through")
    fit(tmp_path / "cut", stop_after=2)
    log = tmp_path / "cut" / "log.csv"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    _, rest = fit(tmp_path / "cut")
    assert [event.epoch for event in rest] == [3]
    assert log.read_text().splitlines()[-1] == (tmp_path / "through" / "log.csv").read_text().splitlines()[-1]


def test_a_run_is_not_resumed_with_another_recipe(tmp_path: Path) -> None:
    fit(tmp_path, stop_after=1)
    with pytest.raises(CapsDrawError, match="another recipe"):
        fit(tmp_path, replace(RECIPE, seed=2))


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="700 images to train on, of which 700 are held out"):
        fit(tmp_path, replace(RECIPE, held_out=700))


def test_a_loss_that_is_no_number_ends_the_fit_with_advice(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="lower the learning rate"):
        fit(tmp_path, replace(RECIPE, family="efficient-capsnet", options={"channels": 8}, learning_rate=1e30))


def stop_at(epoch: int, batch: int) -> tuple[Control, Callable[[Event], None]]:
    """A control, and a listener that stops after that batch."""
    control = Control()

    def listen(event: Event) -> None:
        if isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch):
            control.stop()

    return control, listen


def test_a_fit_stopped_within_an_epoch_keeps_what_it_learnt_to_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_OFTEN", 0.0)
    through, _ = fit(tmp_path / "through")
    control, listen = stop_at(2, 7)
    loop.run(RECIPE, IMAGES, LABELS, tmp_path / "stopped", control, listen)
    seen: list[Event] = []
    resumed = loop.run(RECIPE, IMAGES, LABELS, tmp_path / "stopped", Control(), seen.append)
    batches = [(event.epoch, event.batch) for event in seen if isinstance(event, BatchEnded)]
    assert batches == [(2, batch) for batch in range(8, 13)] + [(3, batch) for batch in range(1, 13)]
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    assert [row["epoch"] for row in log.read_rows(tmp_path / "stopped")] == [1, 2, 3]


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_stop_while_pen_digits_are_drawn_ends_at_once_and_loses_no_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: int
) -> None:
    """Whether the digits are the first, which the fit's thread draws, or a later batch's, the loader's."""
    recipe = replace(RECIPE, synthetic=300, batch=200, epochs=2)
    through = loop.run(recipe, IMAGES, LABELS, tmp_path / "through", Control(), lambda _: None)
    control, real, late = Control(), synthetic.digits_at, []

    def stopping(numbers: Any, seed: int) -> Any:
        if control.stopped:
            late.append(len(numbers))
        elif min(numbers) >= 300 * (epoch - 1):
            control.stop()
        return real(numbers, seed)

    monkeypatch.setattr(synthetic, "digits_at", stopping)
    events: list[Event] = []
    loop.run(recipe, IMAGES, LABELS, tmp_path / "stopped", control, events.append)
    # Not one more piece, though the batch has more of them.
    assert control.stopped
    assert late == []
    assert isinstance(events[-1], Ended)
    assert events[-1].how == "stopped"
    monkeypatch.undo()
    resumed = loop.run(recipe, IMAGES, LABELS, tmp_path / "stopped", Control(), lambda _: None)
    for one, other in zip(through.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    assert [row["epoch"] for row in log.read_rows(tmp_path / "stopped")] == [1, 2]


def test_a_fit_stopped_in_its_first_epoch_leaves_a_model_that_can_be_used(tmp_path: Path) -> None:
    control, listen = stop_at(1, 1)
    model = loop.run(RECIPE, IMAGES, LABELS, tmp_path, control, listen)
    kept = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(model.get_weights(), kept.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_while_a_fit_is_paused_no_batch_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_OFTEN", 0.0)
    control, events, paused = Control(), [], threading.Event()

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, BatchEnded) and (event.epoch, event.batch) == (1, 3):
            control.pause()
        if isinstance(event, Paused):
            paused.set()

    thread = threading.Thread(
        target=loop.run, args=(replace(RECIPE, epochs=1), IMAGES, LABELS, tmp_path, control, listen)
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


def test_a_stop_in_the_check_on_held_out_images_loses_no_batch_and_no_check(tmp_path: Path) -> None:
    control = Control()
    real = loop._Listener.on_test_batch_end

    class Listener(loop._Listener):
        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            control.stop()
            real(self, batch, logs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "_Listener", Listener)
        loop.run(RECIPE, IMAGES, LABELS, tmp_path, control, lambda _: None)
    assert [set(row) for row in log.read_rows(tmp_path)] == [{"epoch", "accuracy", "loss"}]
    _, rest = fit(tmp_path)
    assert [event.epoch for event in rest] == [2, 3]
    fit(tmp_path / "through")
    mine, theirs = log.read_rows(tmp_path), log.read_rows(tmp_path / "through")
    assert mine[0] == pytest.approx(theirs[0], rel=1e-3)


def test_a_stop_in_the_very_last_batch_leaves_a_run_whose_last_check_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_OFTEN", 0.0)
    control, listen = stop_at(3, 12)
    loop.run(RECIPE, IMAGES, LABELS, tmp_path, control, listen)
    assert [row["epoch"] for row in log.read_rows(tmp_path)] == [1, 2]
    _, rest = fit(tmp_path)
    assert rest == []
    assert log.read_rows(tmp_path)[-1]["val_accuracy"] > 0.2
    assert [row["epoch"] for row in log.read_rows(tmp_path)] == [1, 2, 3]


def test_two_fits_do_not_work_in_one_folder(tmp_path: Path) -> None:
    caught: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            try:
                fit(tmp_path)
            except CapsDrawError as error:
                caught.append(str(error))

    loop.run(RECIPE, IMAGES, LABELS, tmp_path, Control(), listen)
    assert len(caught) == 1
    assert "is being trained already" in caught[0]
    assert log.read_events(tmp_path)[-1]["how"] == "finished"


def test_the_best_epoch_is_kept_beside_the_last(tmp_path: Path) -> None:
    _, events = fit(tmp_path, replace(RECIPE, epochs=5, learning_rate=0.05, schedule="constant"))
    accuracy = [event.figures["val_accuracy"] for event in events]
    best = max(range(5), key=lambda one: (accuracy[one], -events[one].figures["val_loss"]))
    assert [event.epoch for event in events if event.best][-1] == best + 1
    kept = keras.saving.load_model(tmp_path / "model.keras")
    answer = np.asarray(kept(IMAGES[500:, ..., None].astype(np.float32) / 255))
    assert (answer.argmax(1) == LABELS[500:]).mean() == pytest.approx(accuracy[best], abs=1e-6)


@pytest.mark.parametrize("schedule", ["constant", "exponential"])
def test_a_run_gone_on_with_equals_one_that_was_longer_from_the_start(tmp_path: Path, schedule: str) -> None:
    longer = replace(RECIPE, schedule=schedule, epochs=3)
    through, _ = fit(tmp_path / "through", longer)
    fit(tmp_path / "more", replace(longer, epochs=2))
    more, events = fit(tmp_path / "more", runs.extended(tmp_path / "more", 1))
    assert [event.epoch for event in events] == [3]
    for one, other in zip(through.get_weights(), more.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


def test_a_cosine_that_is_gone_on_with_starts_anew(tmp_path: Path) -> None:
    fit(tmp_path, replace(RECIPE, epochs=1))
    recipe = runs.extended(tmp_path, 2)
    assert (recipe.epochs, recipe.restarts) == (3, (1,))
    assert float(Schedule.of(recipe, 12)(12)) == pytest.approx(recipe.learning_rate)
    _, events = fit(tmp_path, recipe)
    assert [event.epoch for event in events] == [2, 3]


AVERAGED = replace(
    RECIPE, family="capsnet", options=zoo.TINY["capsnet"], epochs=3, restarts=(1,), average=True, synthetic=0
)


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


def test_the_figures_of_a_mean_are_its_own(tmp_path: Path) -> None:
    recipe = replace(AVERAGED, epochs=2)
    mean, events = fit(tmp_path, recipe)
    capsules = keras.Model(mean.input, mean.output["lengths"])
    right = np.asarray(capsules(IMAGES[500:, ..., None].astype(np.float32) / 255)).argmax(1) == LABELS[500:]
    assert [event.epoch for event in events] == [1, 2, 2]
    assert events[-1].figures["val_lengths_accuracy"] == pytest.approx(right.mean(), abs=1e-6)
    assert log.read_rows(tmp_path)[-1]["val_lengths_accuracy"] == pytest.approx(right.mean(), abs=1e-6)


@pytest.mark.parametrize("place", ["last batch", "check"])
def test_an_averaging_fit_stopped_at_a_cycle_s_end_goes_on(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    through, _ = fit(tmp_path / "through", AVERAGED)
    control = Control()
    steps = 10  # 500 images in batches of 50
    if place == "check":
        real = loop._Listener.on_test_batch_end
        monkeypatch.setattr(
            loop._Listener,
            "on_test_batch_end",
            lambda self, batch, logs=None: (control.stop(), real(self, batch, logs)),
        )
    else:
        after = loop._Listener.on_train_batch_end

        def stop(self: Any, batch: int, logs: Any = None) -> None:
            if batch == steps - 1:
                control.stop()
            after(self, batch, logs)

        monkeypatch.setattr(loop._Listener, "on_train_batch_end", stop)
    loop.run(AVERAGED, IMAGES, LABELS, tmp_path / "stopped", control, lambda _: None)
    monkeypatch.undo()
    assert control.stopped
    stopped, _ = fit(tmp_path / "stopped", AVERAGED)
    for one, other in zip(through.get_weights(), stopped.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


def test_what_cannot_be_averaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="cannot average 'efficient-capsnet': its batch normalisation"):
        fit(tmp_path / "other", replace(AVERAGED, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"]))
    fit(tmp_path / "mean", replace(AVERAGED, average=False), stop_after=2)
    with pytest.raises(CapsDrawError, match="the weights at the end of epoch 1 were not kept"):
        fit(tmp_path / "mean", AVERAGED)


def test_a_full_disk_ends_the_fit_with_advice_and_earlier_epochs_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(tmp_path, stop_after=1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "events.jsonl"}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keras.Model, "save", full)
    with pytest.raises(CapsDrawError, match=r"cannot be written \(No space left on device\): make room"):
        fit(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "events.jsonl"} == before
    assert log.read_events(tmp_path)[-1]["how"] == "failed"
    monkeypatch.undo()
    _, rest = fit(tmp_path)
    assert [event.epoch for event in rest] == [2, 3]


def test_the_folder_going_away_ends_the_fit_with_advice(tmp_path: Path) -> None:
    folder = tmp_path / "run"

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            shutil.rmtree(folder)
            folder.write_text("a file where the folder was")

    with pytest.raises(CapsDrawError, match="cannot be written"):
        loop.run(RECIPE, IMAGES, LABELS, folder, Control(), listen)


def test_running_out_of_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    monkeypatch.setattr(keras.Model, "fit", exhausted)
    with pytest.raises(CapsDrawError, match="out of memory: choose a smaller batch"):
        fit(tmp_path)


def test_another_number_of_classes_and_another_size_are_learnt(tmp_path: Path) -> None:
    images = np.pad(IMAGES, ((0, 0), (4, 4), (4, 4)))
    recipe = replace(RECIPE, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"], epochs=1, synthetic=0)
    model = loop.run(recipe, images, LABELS % 7, tmp_path, Control(), lambda _: None)
    assert model.input_shape == (None, 36, 36, 1)
    assert model.output["capsules"].shape[1:] == (7, 8)


def test_a_fit_can_start_from_a_model_at_hand(tmp_path: Path) -> None:
    recipe = replace(RECIPE, family="mlp", options={}, epochs=1, start="mlp", learning_rate=1e-7)
    tuned, _ = fit(tmp_path / "tuned", recipe)
    for one, other in zip(tuned.get_weights(), zoo.load(cards.find("mlp")).get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    with pytest.raises(CapsDrawError, match="cannot start from 'mlp': its weights are not those of this net"):
        fit(tmp_path / "other", replace(recipe, options={"hidden": 20}))


def test_the_net_in_training_is_looked_at_with_the_users_own_digit(tmp_path: Path) -> None:
    digits, labels = watch.one_of_each(IMAGES[500:, ..., None].astype(np.float32) / 255, LABELS[500:])
    own = digits[3, ..., 0]
    events: list[Event] = []
    recipe = replace(RECIPE, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"], epochs=2)
    model = loop.run(
        recipe, IMAGES, LABELS, tmp_path, Control(), events.append, watch.Watch(digits, labels, lambda: own)
    )  # fmt: skip
    looks = [event for event in events if isinstance(event, Looked)]
    assert (looks[0].epoch, looks[0].batch) == (1, 0)
    assert (looks[-1].epoch, looks[-1].batch) == (2, looks[-1].batches)
    last = looks[-1]
    assert last.labels.tolist() == [*range(10), -1]
    assert np.array_equal(last.digits[-1, ..., 0], own)
    answer = model(last.digits)
    assert np.abs(np.asarray(answer["lengths"]) - last.scores).max() < 1e-5
    assert last.pictures is not None
    assert np.abs(np.asarray(answer["reconstruction"]) - last.pictures).max() < 1e-5
    assert last.filters is not None
    assert last.filters.shape == (8, 5, 5)
    assert np.array_equal(last.filters[2], model.get_layer("encoder").layers[1].get_weights()[0][:, :, 0, 2])
    assert np.abs(last.filters - looks[0].filters).max() > 1e-3
    assert last.primary == 4


def test_dead_capsules_are_counted() -> None:
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    primary = model.get_layer("encoder").get_layer("primary")
    kernel, bias = primary.get_weights()
    kernel[:, :, 8:16] = 0  # of the second capsule: all its numbers stay 0
    primary.set_weights([kernel, bias])
    watcher = watch.Watcher(
        checkpoint.compiled(model, RECIPE, 1), watch.Watch(from_bytes(IMAGES[:5, ..., None]), LABELS[:5], lambda: None)
    )
    look = watcher.look(1, 0, 1)
    assert (look.dead, look.primary) == (1, 4)


def test_a_classifier_in_training_is_looked_at_too() -> None:
    model = zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])
    digits = from_bytes(IMAGES[:5, ..., None])
    look = watch.Watcher(checkpoint.compiled(model, RECIPE, 1), watch.Watch(digits, LABELS[:5], lambda: None)).look(
        1, 0, 1
    )
    assert np.abs(look.scores - np.asarray(model(digits))).max() < 1e-6
    assert (look.pictures, look.dead, look.own) == (None, None, False)


def test_a_fit_leaves_no_graph_behind(tmp_path: Path) -> None:
    """Twenty fits in one window would else keep the graphs of all twenty."""

    def graphs() -> int:
        gc.collect()
        return sum(type(one).__name__ == "FuncGraph" for one in gc.get_objects())

    fit(tmp_path / "first", replace(RECIPE, epochs=1))
    before = graphs()
    fit(tmp_path / "second", replace(RECIPE, epochs=1))
    assert graphs() <= before
