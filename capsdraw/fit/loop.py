"""One fit, from recipe to model: what the command line, the scripts and the window run."""

import atexit
import gc
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.watch import Cancelled
from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, lock, log
from capsdraw.fit.batches import Batches, pack
from capsdraw.fit.control import Control
from capsdraw.fit.events import (
    FAILED,
    FINISHED,
    STOPPED,
    BatchEnded,
    Ended,
    EpochEnded,
    Event,
    Paused,
    Resumed,
    Started,
)
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.watch import Watch, Watcher, is_watchable
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import zoo

# Seconds between two tellings within an epoch, and how many of them the speed is averaged over.
_OFTEN, _LATELY = 0.05, 100
# Seconds between two glances at the user's drawing while the fit holds.
_GLANCE = 0.2
# Held-out images that are checked at once.
_CHECKED = 250


class _StoppedError(Exception):
    """Asked to end: leaves Keras' loop at once, without its check on the held-out images."""


def run(
    recipe: Recipe,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    folder: Path,
    control: Control,
    publish: Callable[[Event], None],
    watch: Watch | None = None,
) -> keras.Model:
    """Train, or go on where `folder` holds a checkpoint, and return the model as it is after the last batch.

    Where the recipe averages and the fit came to its end, it is the mean over its cycles instead.

    Args:
        recipe: how.
        images: (N, rows, columns) or (N, rows, columns, channels) uint8, ink is 255.
        labels: (N,) integers.
        folder: of the run; kept in it are `config.toml`, `last.keras` (with optimizer), `model.keras`
            (the best of the epochs and the mean), `log.csv` and `events.jsonl`.
        control: to pause and to stop it. A stopped fit keeps what it learnt and goes on from there; the
            figures of the epoch that it was stopped in are then of its rest only.
        publish: called on this thread with what happens; a failure too is told before it is raised.
        watch: what to look at now and then, or None.

    Raises:
        CapsDrawError: fewer images than are held out, a folder of another recipe's run, a loss
            that is not a number, no memory, or a folder that cannot be written.
    """
    if len(images) <= recipe.held_out:
        raise CapsDrawError(f"{len(images)} images to train on, of which {recipe.held_out} are held out: too few")
    recorder = log.Recorder(folder, publish)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock.hold(folder):
            return _guarded(_Fit(recipe, images, labels, folder, control, recorder), watch, publish)
    except OSError as error:
        raise CapsDrawError(_why(error, folder)) from error


def _guarded(fit: "_Fit", watch: Watch | None, publish: Callable[[Event], None]) -> keras.Model:
    """The fit; a failure is recorded and told before it is raised."""
    try:
        return fit.run(watch)
    except Exception as error:
        message = _why(error, fit.folder)
        failure = Ended(FAILED, 0, 0, message)
        try:
            fit.publish(failure)
        except OSError:  # where the disk is full, the listener at least is told
            publish(failure)
        raise CapsDrawError(message) from error


def _why(error: Exception, folder: Path) -> str:
    """One line for the user."""
    if isinstance(error, CapsDrawError):
        return str(error)
    # TensorFlow's own class is not there on other backends.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "the fit ran out of memory: choose a smaller batch or a smaller net; earlier epochs are kept"
    if isinstance(error, OSError):
        return (
            f"the run's folder '{folder}' cannot be written ({error.strerror or error}): "
            "make room there or choose another place; what it already keeps is whole"
        )
    return f"the fit broke off ({type(error).__name__}: {error})".splitlines()[0]


def _is_own(error: BaseException) -> bool:
    """Whether the fit itself said what went wrong, and not the loader that was stopped."""
    return isinstance(error, CapsDrawError) and not isinstance(error, Cancelled)


def _let_go(error: BaseException) -> None:
    """Let go of what Keras loads batches with for the fit that `error` broke off.

    TensorFlow's threads that load end when Keras' iterator over the batches is collected as garbage, which
    a traceback would put off. Where one lives to the interpreter's end, the two wait for each other for ever.
    """
    traceback.clear_frames(error.__traceback__)
    atexit.unregister(gc.collect)
    atexit.register(gc.collect)


class _Fit:
    """The parts of one fit; for `run` only."""

    def __init__(
        self, recipe: Recipe, images: NDArray[np.uint8], labels: NDArray[np.integer], folder: Path, control: Control,
        publish: Callable[[Event], None],
    ) -> None:  # fmt: skip
        self.recipe, self.folder, self.control, self.publish = recipe, folder, control, publish
        self.classes = int(recipe.options.get("classes", labels.max() + 1))
        first_held = len(images) - recipe.held_out
        last = first_held if not recipe.limit else min(first_held, recipe.limit)
        self._images, self._labels = images[:last], labels[:last]
        self._held = images[first_held:], labels[first_held:]
        self.steps = -(-(last + recipe.synthetic) // recipe.batch)

    def run(self, watch: Watch | None) -> keras.Model:
        recipe, steps = self.recipe, self.steps
        # Keras keeps seed and precision for each thread: both are set where the fit runs, the seed by `zoo.fresh`.
        keras.config.set_dtype_policy(recipe.precision)
        try:
            training, batches_done = checkpoint.start_or_resume(
                recipe, self.folder, steps, self._images, self.classes
            )  # fmt: skip
            done, within = divmod(batches_done, steps)
            parameters = sum(int(keras.ops.size(one)) for one in training.trainable_weights)
            self.publish(
                Started(recipe.epochs, done, steps, len(self._labels) + recipe.synthetic, parameters)
            )  # fmt: skip
            listener = _Listener(self, Watcher(training, watch) if watch else None, done, within)
            how = self._train(training, done, within, listener)
            model = checkpoint.answering(training, recipe, self.classes)
            if not (self.folder / checkpoint.BEST).exists() and listener.place != (1, 0):
                # Stopped within its first epoch: what was learnt can be used all the same.
                zoo.save(model, self.folder / checkpoint.BEST)
            self.publish(Ended(how, *listener.place))
        finally:
            keras.config.set_dtype_policy("float32")
        return model

    def _train(self, training: keras.Model, done: int, within: int, listener: "_Listener") -> str:
        """Fit to the end, or until stopped."""
        epochs = self.recipe.epochs
        checked = self._checked(training)
        # An epoch that was stopped halfway is done to its end first.
        spans = [(done, done + 1, within), (done + 1, epochs, 0)] if within else [(done, epochs, 0)]
        capsule = isinstance(training.output, dict)
        batches: Batches | None = None
        try:
            if done and not within and checked is not None:
                listener.catch_up(training, done, checked)
            for first, last, skip in spans:
                if first >= last:
                    continue
                batches = Batches(
                    self._images, self._labels, self.recipe, capsule, self.classes, first, skip,
                    lambda: self.control.stopped,
                )  # fmt: skip
                training.fit(
                    batches, epochs=last, initial_epoch=first, validation_data=checked,
                    validation_batch_size=_CHECKED, callbacks=[listener], shuffle=False, verbose=0,
                )  # fmt: skip
        except BaseException as error:
            _let_go(error)
            # A batch that was left half made arrives as whatever the backend's loader makes of it.
            broken_off = batches is not None and batches.broken_off and not _is_own(error)
            if not (isinstance(error, _StoppedError) or broken_off):
                raise
            if keras.backend.backend() == "tensorflow":
                # Its graph has counted the batch that never came: the count does not wait for it.
                training.optimizer.iterations.assign(listener.batches_done)
            checkpoint.save(training, self.folder)
            return STOPPED
        if self.recipe.average:
            checkpoint.take_mean(training, self.folder, self.recipe)
            listener.take_mean(training, checked)
        return FINISHED

    def _checked(self, training: keras.Model) -> tuple[Any, Any] | None:
        """The held-out images as Keras takes them."""
        images, labels = self._held
        if not len(labels):
            return None
        capsule = isinstance(training.output, dict)
        shape = training.input["image"].shape[1:] if capsule else training.input_shape[1:]
        return pack(from_bytes(images).reshape(-1, *shape), labels, self.classes, capsule)


class _Listener(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the checkpoint and the log, tells the listener, looks, pauses and stops."""

    def __init__(self, fit: _Fit, watcher: Watcher | None, epoch: int, skip: int) -> None:
        super().__init__()
        self._fit = fit
        self._recipe = fit.recipe
        self._watcher = watcher
        self._skip = skip  # batches of the first epoch that were done before
        self._epoch = epoch
        self._done = skip
        self._held = 0.0  # seconds of this epoch in which it was paused
        self._told = 0.0
        self._trained: dict[str, float] = {}

    @property
    def place(self) -> tuple[int, int]:
        """The epoch under way, from 1, and how many of its batches are done."""
        return min(self._epoch + 1, self._recipe.epochs), self._done

    @property
    def batches_done(self) -> int:
        """Of the whole fit."""
        return self._epoch * self._fit.steps + self._done

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        self._epoch = epoch
        self._begun = time.monotonic()
        self._held = 0.0
        self._lately: deque[tuple[int, float]] = deque([(self._skip, self._begun)], maxlen=_LATELY)
        self._done = self._skip
        self._hold()
        self._look()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        # Dropout's own seeds are not in a checkpoint: a resumed fit would drop other units.
        step = self._epoch * self._fit.steps + self._skip + batch
        for number, seeds in enumerate(self._seeds()):
            seeds.assign(np.array([self._recipe.seed + number, step], np.uint32))

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._trained = {key: float(value) for key, value in (logs or {}).items()}
        self._done = self._skip + batch + 1
        if not np.isfinite(self._trained.get("loss", 0.0)):
            raise CapsDrawError("the loss is no longer a number: lower the learning rate and train again")
        now = time.monotonic()
        if now - self._told >= _OFTEN:
            self._told = now
            self._tell(now)
        if self._watcher is not None and is_watchable() and self._watcher.due:
            self._look()
        self._hold()

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        try:
            self._hold()
        except _StoppedError:
            if self._trained:
                # The epoch is whole but for its check, which is made when the run is gone on with.
                self._log(self._trained, keep_best=False)
            raise

    def catch_up(self, training: keras.Model, done: int, checked: tuple[Any, Any]) -> None:
        """Make the check of epoch `done` where the run ended before it could."""
        row = self._row(done)
        if any(name.startswith("val_") for name in row):
            return
        self.set_model(training)
        self._epoch, self._done = done - 1, self._fit.steps
        self._lately = deque([(0, time.monotonic())], maxlen=_LATELY)
        self._log({**row, **self._check(checked, [self])}, keep_best=True)
        self._epoch, self._done = done, self._skip

    def take_mean(self, training: keras.Model, checked: tuple[Any, Any] | None) -> None:
        """The net is the mean over its cycles from now on: so are the last epoch's figures on held-out images."""
        self.set_model(training)
        epochs = self._recipe.epochs
        self._epoch, self._done = epochs - 1, self._fit.steps
        row = self._row(epochs)
        if checked is not None:
            row |= self._check(checked, [])
        best = self._log(row, keep_best=True)
        self._fit.publish(EpochEnded(epochs, epochs, {**row, "epoch": float(epochs)}, 0.0, 0.0, best))

    def _row(self, epoch: int) -> dict[str, float]:
        """What the log has of an epoch."""
        return next((one for one in log.read_rows(self._fit.folder) if one["epoch"] == epoch), {})

    def _check(self, checked: tuple[Any, Any], callbacks: list[keras.callbacks.Callback]) -> dict[str, float]:
        """The figures on the held-out images."""
        found = self.model.evaluate(
            *checked, batch_size=_CHECKED, callbacks=callbacks, verbose=0, return_dict=True
        )  # fmt: skip
        return {f"val_{name}": float(value) for name, value in found.items()}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        figures = {key: float(value) for key, value in (logs or {}).items()}
        if self._recipe.average and epoch + 1 in self._recipe.cycles:
            checkpoint.keep_cycle(self.model, self._fit.folder, epoch + 1)
        checkpoint.save(self.model, self._fit.folder)
        best = self._log(figures, keep_best=True)
        seconds = time.monotonic() - self._begun - self._held
        share = self._fit.steps / max(self._fit.steps - self._skip, 1)
        left = seconds * share * (self._recipe.epochs - epoch - 1)
        self._skip = 0
        row = {"epoch": float(epoch + 1), **figures}
        self._fit.publish(EpochEnded(epoch + 1, self._recipe.epochs, row, seconds, left, best))
        self._look()

    def _hold(self) -> None:
        """Wait while paused; leave when stopped."""
        control = self._fit.control
        if control.paused and not control.stopped:
            self._fit.publish(Paused(*self.place))
            begun = time.monotonic()
            while not control.wait(_GLANCE):
                if self._watcher is not None and is_watchable() and self._watcher.changed:
                    self._look()
            self._held += time.monotonic() - begun
            self._fit.publish(Resumed(*self.place))
            # The time that passed says nothing of the speed.
            self._lately.clear()
            self._lately.append((self._done, time.monotonic()))
        if control.stopped:
            raise _StoppedError

    def _seeds(self) -> list[Any]:
        dropouts = (one for one in self.model._flatten_layers() if isinstance(one, keras.layers.Dropout))
        return [one.seed_generator.state for one in dropouts]

    def _look(self) -> None:
        if self._watcher is not None:
            self._fit.publish(self._watcher.look(*self.place, self._fit.steps))

    def _tell(self, now: float) -> None:
        first, then = self._lately[0]
        self._lately.append((self._done, now))
        seconds = (now - then) / max(self._done - first, 1)
        left = self._fit.steps * (self._recipe.epochs - self._epoch) - self._done
        self._fit.publish(
            BatchEnded(
                self._epoch + 1, self._recipe.epochs, self._done, self._fit.steps,
                self._recipe.batch / max(seconds, 1e-9), left * seconds, self._trained,
            )
        )  # fmt: skip

    def _log(self, figures: dict[str, float], keep_best: bool) -> bool:
        """A row for the epoch, and `model.keras` where it is the best so far; whether it is."""
        row = {"epoch": float(self._epoch + 1), **figures}
        before = [merit(one) for one in log.read_rows(self._fit.folder) if one["epoch"] <= self._epoch]
        best = keep_best and merit(row) >= max(before, default=merit({}))
        if best:
            model = checkpoint.answering(self.model, self._recipe, self._fit.classes)
            zoo.save(model, self._fit.folder / checkpoint.BEST)
        log.write_row(self._fit.folder, row)
        return best


def merit(row: dict[str, float]) -> tuple[float, float]:
    """What makes an epoch better than another: accuracy on the held-out images, then their loss.

    Without held-out images, and after a stop in the middle of the check, nothing is known: all are alike.
    """
    accuracy = next((value for name, value in row.items() if name.startswith("val_") and "accuracy" in name), -1.0)
    return accuracy, -row.get("val_loss", 0.0 if accuracy >= 0 else np.inf)
