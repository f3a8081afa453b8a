"""One fit, from recipe to model: what the command line, the scripts and the window run."""

import atexit
import gc
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.watch import Cancelled
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import checkpoint, lock, log
from capsdraw.fit.batches import Batches, pack
from capsdraw.fit.control import Control
from capsdraw.fit.events import FAILED, FINISHED, STOPPED, Ended, Event, Started
from capsdraw.fit.listener import CHECKED, Listener, Stopped, Work
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.watch import Watch, Watcher
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, zoo
from capsdraw.paths import sweep


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
            that is not a number, no memory, or a folder that cannot be written or went away.
    """
    if len(images) <= recipe.held_out:
        raise CapsDrawError(f"{len(images)} images to train on, of which {recipe.held_out} are held out: too few")
    recorder = log.Recorder(folder, publish)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock.hold(folder):
            # Of a fit that was killed while it wrote; its run's name and note are written without the lock.
            sweep(folder, ".keras", ".npz", ".csv", ".toml", ".lock")
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
        if not folder.exists():
            return f"the run's folder '{folder}' is gone: put it back and go on with it, or begin another run"
        return (
            f"the run's folder '{folder}' cannot be written ({error.strerror or error}): "
            "make room there or choose another place; what it already keeps is whole"
        )
    return f"the fit broke off ({first_line(error, named=True)})"


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
        count = last + recipe.synthetic
        self.work = Work(recipe, folder, control, publish, -(-count // recipe.batch), count, self.classes)

    def run(self, watch: Watch | None) -> keras.Model:
        recipe, steps = self.recipe, self.work.steps
        # Keras keeps seed and precision for each thread: both are set where the fit runs, the seed by `zoo.fresh`.
        with zoo.computing(recipe.precision):
            training, batches_done = checkpoint.start_or_resume(
                recipe, self.folder, steps, self._images, self.classes
            )  # fmt: skip
            done, within = divmod(batches_done, steps)
            parameters = sum(int(keras.ops.size(one)) for one in training.trainable_weights)
            self.publish(
                Started(recipe.epochs, done, steps, self.work.images, parameters)
            )  # fmt: skip
            listener = Listener(self.work, Watcher(training, watch) if watch else None, done, within)
            how = self._train(training, done, within, listener)
            model = checkpoint.answering(training, recipe, self.classes)
            if not (self.folder / checkpoint.BEST).exists() and listener.place != (1, 0):
                # Stopped within its first epoch: what was learnt can be used all the same.
                checkpoint.keep_best(training, self.folder, recipe, self.classes)
            self.publish(Ended(how, *listener.place))
        return model

    def _train(self, training: keras.Model, done: int, within: int, listener: Listener) -> str:
        """Fit to the end, or until stopped."""
        epochs = self.recipe.epochs
        checked = self._checked(training)
        # An epoch that was stopped halfway is done to its end first.
        spans = [(done, done + 1, within), (done + 1, epochs, 0)] if within else [(done, epochs, 0)]
        capsule = families.is_capsule(training)
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
                    validation_batch_size=CHECKED, callbacks=[listener], shuffle=False, verbose=0,
                )  # fmt: skip
            if self.recipe.average:
                self._take_mean(training, listener, checked)
        except BaseException as error:
            _let_go(error)
            # A batch that was left half made arrives as whatever the backend's loader makes of it.
            broken_off = batches is not None and batches.broken_off and not _is_own(error)
            if not (isinstance(error, Stopped) or broken_off):
                raise
            if keras.backend.backend() == "tensorflow":
                # Its graph has counted the batch that never came: the count does not wait for it.
                training.optimizer.iterations.assign(listener.batches_done)
            checkpoint.save(training, self.folder)
            return STOPPED
        return FINISHED

    def _take_mean(self, training: keras.Model, listener: Listener, checked: tuple[Any, Any] | None) -> None:
        """The net becomes its mean; where its check is stopped, it is what it was, and the mean is made again later."""
        last = training.get_weights()
        checkpoint.take_mean(training, self.folder, self.recipe)
        try:
            listener.take_mean(training, checked)
        except Stopped:
            training.set_weights(last)
            raise

    def _checked(self, training: keras.Model) -> tuple[Any, Any] | None:
        """The held-out images as Keras takes them."""
        images, labels = self._held
        if not len(labels):
            return None
        capsule = families.is_capsule(training)
        shape = training.input["image"].shape[1:] if capsule else training.input_shape[1:]
        return pack(from_bytes(images).reshape(-1, *shape), labels, self.classes, capsule)
