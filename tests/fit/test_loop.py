"""A fit learns, is told of, and ends with advice where it cannot go on."""

import errno
import gc
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, listener, lock, log, loop, snapshots
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event, Snapshot
from capsdraw.fit.plan import Plan
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, zoo

from .conftest import IMAGES, LABELS, RECIPE, fit


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_was_trained_in_half_precision_answers_in_full(tmp_path: Path) -> None:
    """Half precision is slow where a processor lacks it, and no bundled model may need it."""
    model, _ = fit(tmp_path, replace(RECIPE, precision="mixed_bfloat16", epochs=1))
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="700 images to train on, of which 700 are held out"):
        fit(tmp_path, replace(RECIPE, held_out=700))


@pytest.mark.slow
def test_a_loss_that_is_no_number_ends_the_fit_with_advice(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="lower the learning rate"):
        fit(tmp_path, replace(RECIPE, family="efficient-capsnet", options={"channels": 8}, learning_rate=1e30))


def test_weights_that_are_no_numbers_are_kept_nowhere(tmp_path: Path) -> None:
    """The loss is that before the update: where an epoch's last one breaks the net, only its weights tell."""
    # One batch an epoch; the rate of the second is beyond float32.
    recipe = replace(RECIPE, synthetic=0, limit=50, held_out=0, learning_rate=10.0, schedule="exponential", decay=3e38)
    with pytest.raises(CapsDrawError, match="are no longer numbers: lower the learning rate and train again"):
        fit(tmp_path, recipe)
    assert log.read_events(tmp_path)[-1]["how"] == "failed"
    assert [row["epoch"] for row in log.read_rows(tmp_path)] == [1]
    for name in ("last.keras", "model.keras"):
        kept = keras.saving.load_model(tmp_path / name)
        assert all(np.isfinite(one).all() for one in kept.get_weights()), name


@pytest.mark.slow
def test_figures_of_the_check_that_are_no_numbers_end_the_fit_before_it_is_kept(tmp_path: Path) -> None:
    """Such weights are numbers still, and as useless."""
    recipe = replace(
        RECIPE, family="efficient-capsnet", options={"channels": 8}, synthetic=0, limit=50, epochs=1,
        learning_rate=1e30, schedule="constant",
    )  # fmt: skip
    with pytest.raises(CapsDrawError, match=r"the val .*loss is no longer a number: lower the learning rate"):
        fit(tmp_path, recipe)
    assert not list(tmp_path.glob("*.keras"))


@pytest.mark.slow
def test_a_check_that_is_made_up_for_must_give_numbers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control()
    with monkeypatch.context() as patch:
        patch.setattr(listener.Listener, "on_test_begin", lambda *_: control.stop())
        loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, control, lambda _: None)
    before = log.read_rows(tmp_path)
    monkeypatch.setattr(keras.Model, "evaluate", lambda *_, **__: {"loss": np.nan, "accuracy": 0.1})
    with pytest.raises(CapsDrawError, match="the val loss is no longer a number: lower the learning rate"):
        fit(tmp_path)
    assert log.read_rows(tmp_path) == before


@pytest.mark.slow
def test_two_fits_do_not_work_in_one_folder(tmp_path: Path) -> None:
    caught: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            try:
                fit(tmp_path)
            except CapsDrawError as error:
                caught.append(str(error))

    loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, Control(), listen)
    assert len(caught) == 1
    assert "is already being trained" in caught[0]
    assert log.read_events(tmp_path)[-1]["how"] == "finished"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_what_a_killed_fit_left_half_written_is_swept_by_the_next_one(tmp_path: Path) -> None:
    """Each is as large as the net with its optimizer, and its name hides it."""
    child = (
        "import os, signal, sys, pathlib; from capsdraw.paths import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    for name in ("last.keras", "cycle-0001.npz", "run.json"):
        subprocess.run([sys.executable, "-c", child, str(tmp_path / name)], check=False)
    left = sorted(path.suffix for path in tmp_path.glob(".capsdraw-*"))
    assert left == [".json", ".keras", ".npz"]
    for name in (".capsdraw-my-own.keras", "older.keras", ".hidden.npz"):
        (tmp_path / name).write_text("the user's")
    with lock.hold(tmp_path), pytest.raises(CapsDrawError, match="is already being trained"):
        fit(tmp_path)
    assert len(list(tmp_path.glob(".capsdraw-*"))) == 4
    fit(tmp_path, replace(RECIPE, epochs=1))
    # The name and note of a run may be written at this very moment.
    assert sorted(path.suffix for path in tmp_path.glob(".capsdraw-????????.*")) == [".json"]
    for name in (".capsdraw-my-own.keras", "older.keras", ".hidden.npz"):
        assert (tmp_path / name).read_text() == "the user's"


@pytest.mark.slow
def test_the_best_epoch_is_kept_beside_the_last(tmp_path: Path) -> None:
    _, events = fit(tmp_path, replace(RECIPE, epochs=5, learning_rate=0.05, schedule="constant"))
    accuracy = [event.figures["val_accuracy"] for event in events]
    best = max(range(5), key=lambda one: (accuracy[one], -events[one].figures["val_loss"]))
    assert [event.epoch for event in events if event.best][-1] == best + 1
    kept = keras.saving.load_model(tmp_path / "model.keras")
    answer = np.asarray(kept(IMAGES[500:, ..., None].astype(np.float32) / 255))
    assert (answer.argmax(1) == LABELS[500:]).mean() == pytest.approx(accuracy[best], abs=1e-6)


@pytest.mark.slow
def test_a_full_disk_ends_the_fit_with_advice_and_earlier_epochs_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(tmp_path, stop_after=1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "events.jsonl"}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keras.Model, "save", full)
    with pytest.raises(CapsDrawError, match=r"cannot be written \(No space left on device\): free some space"):
        fit(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "events.jsonl"} == before
    assert log.read_events(tmp_path)[-1]["how"] == "failed"
    monkeypatch.undo()
    _, rest = fit(tmp_path)
    assert [event.epoch for event in rest] == [2, 3]


@pytest.mark.slow
def test_the_folder_going_away_ends_the_fit_with_advice(tmp_path: Path) -> None:
    folder = tmp_path / "run"

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            shutil.rmtree(folder)
            folder.write_text("a file where the folder was")

    with pytest.raises(CapsDrawError, match="cannot be written"):
        loop.run(Plan.of(RECIPE, IMAGES, LABELS), folder, Control(), listen)


@pytest.mark.slow
@pytest.mark.parametrize("epoch", [1, 3])
def test_a_folder_that_is_deleted_stays_so_and_the_fit_says_that_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: int
) -> None:
    """Made again it would lack its recipe: hours of training that no list of runs shows."""
    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    folder, told = tmp_path / "run", []

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, 3):
            shutil.rmtree(folder)

    with pytest.raises(CapsDrawError, match="is gone: restore it and resume, or start a new run"):
        loop.run(Plan.of(RECIPE, IMAGES, LABELS), folder, Control(), listen)
    assert not folder.exists()
    assert isinstance(told[-1], Ended)
    assert told[-1].how == "failed"
    assert [event.epoch for event in told if isinstance(event, EpochEnded)] == list(range(1, epoch))


def test_running_out_of_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    monkeypatch.setattr(keras.Model, "fit", exhausted)
    with pytest.raises(CapsDrawError, match="out of memory: choose a smaller batch"):
        fit(tmp_path)


@pytest.mark.slow
def test_another_number_of_classes_and_another_size_are_learnt(tmp_path: Path) -> None:
    images = np.pad(IMAGES, ((0, 0), (4, 4), (4, 4)))
    recipe = replace(RECIPE, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"], epochs=1, synthetic=0)
    model = loop.run(Plan.of(recipe, images, LABELS % 7), tmp_path, Control(), lambda _: None)
    assert model.input_shape == (None, 36, 36, 1)
    assert model.output["capsules"].shape[1:] == (7, 8)


def test_a_fit_can_start_from_a_model_at_hand(tmp_path: Path) -> None:
    recipe = replace(RECIPE, family="mlp", options={}, epochs=1, start="mlp", learning_rate=1e-7)
    tuned, _ = fit(tmp_path / "tuned", recipe)
    for one, other in zip(tuned.get_weights(), zoo.load(cards.find("mlp")).get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
    with pytest.raises(CapsDrawError, match="cannot start from 'mlp': its weights do not fit this net"):
        fit(tmp_path / "other", replace(recipe, options={"hidden": 20}))


@pytest.mark.slow
def test_the_net_in_training_is_looked_at_with_the_users_own_digit(tmp_path: Path) -> None:
    digits, labels = snapshots.one_of_each(IMAGES[500:, ..., None].astype(np.float32) / 255, LABELS[500:])
    own = digits[3, ..., 0]
    events: list[Event] = []
    recipe = replace(RECIPE, family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"], epochs=2)
    model = loop.run(
        Plan.of(recipe, IMAGES, LABELS), tmp_path, Control(), events.append,
        snapshots.SnapshotSubject(digits, labels, lambda: own),
    )  # fmt: skip
    looks = [event for event in events if isinstance(event, Snapshot)]
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
    watcher = snapshots.Snapshotter(
        checkpoint.compiled(model, RECIPE, 1),
        snapshots.SnapshotSubject(from_bytes(IMAGES[:5, ..., None]), LABELS[:5], lambda: None),
    )
    look = watcher.look(1, 0, 1)
    assert (look.dead, look.primary) == (1, 4)


def test_a_classifier_in_training_is_looked_at_too() -> None:
    model = zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])
    digits = from_bytes(IMAGES[:5, ..., None])
    look = snapshots.Snapshotter(
        checkpoint.compiled(model, RECIPE, 1), snapshots.SnapshotSubject(digits, LABELS[:5], lambda: None)
    ).look(1, 0, 1)
    assert np.abs(look.scores - np.asarray(model(digits))).max() < 1e-6
    assert (look.pictures, look.dead, look.own) == (None, None, False)


@pytest.mark.slow
def test_a_fit_leaves_no_graph_behind(tmp_path: Path) -> None:
    """Twenty fits in one window would else keep the graphs of all twenty."""

    def graphs() -> int:
        gc.collect()
        return sum(type(one).__name__ == "FuncGraph" for one in gc.get_objects())

    fit(tmp_path / "first", replace(RECIPE, epochs=1))
    before = graphs()
    fit(tmp_path / "second", replace(RECIPE, epochs=1))
    assert graphs() <= before
