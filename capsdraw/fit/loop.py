"""One fit, from recipe to model: what the command line, the scripts and the window run."""

import atexit
import gc
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from capsdraw.datasets.monitor import Cancelled
from capsdraw.datasets.overlaid import pairs, together
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import checkpoint, lock, log, ranks
from capsdraw.fit.batches import Batches, pack, pack_pairs
from capsdraw.fit.control import Control
from capsdraw.fit.events import FAILED, FINISHED, STOPPED, Ended, Event, RunState, Started
from capsdraw.fit.listener import CHECKED, FitContext, Listener, Stopped
from capsdraw.fit.optimizer import leaves_out_steps
from capsdraw.fit.plan import Plan
from capsdraw.fit.snapshots import SnapshotSubject, Snapshotter
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, keras_private, zoo
from capsdraw.paths import sweep


def run(
    plan: Plan, folder: Path, control: Control, publish: Callable[[Event], None], watch: SnapshotSubject | None = None
) -> keras.Model:
    """Train, or go on where `folder` holds a checkpoint, and return the model as it is after the last batch.

    Where the recipe averages and the fit came to its end, it is the mean over its cycles instead.
    For `fit.launch`, which makes sure of the rest.

    Args:
        plan: what is trained, its images with it.
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
    if not len(plan.trained.labels):
        images, held_out = len(plan.training.labels), plan.recipe.held_out
        raise CapsDrawError(f"{images} images to train on, of which {held_out} are held out: too few")
    recorder = log.Recorder(folder, publish)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock.hold(folder):
            # Of a fit that was killed while it wrote; its run's name and note are written without the lock.
            sweep(folder, ".keras", ".npz", ".csv", ".toml", ".lock")
            return _guarded(_Fit(FitContext(plan, folder, control, recorder)), watch, publish)
    except OSError as error:
        raise CapsDrawError(_why(error, folder)) from error


def _guarded(fit: "_Fit", watch: SnapshotSubject | None, publish: Callable[[Event], None]) -> keras.Model:
    """The fit; a failure is recorded and told before it is raised."""
    try:
        return fit.run(watch)
    except Exception as error:
        if ranks.is_lost(error):  # no failure of the fit's own
            raise ranks.RankLost(f"another worker is gone ({first_line(error)})") from error
        message = _why(error, fit.work.folder)
        failure = Ended(FAILED, 0, 0, message)
        try:
            fit.work.publish(failure)
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
            return f"the run's folder '{folder}' is gone: restore it and resume, or start a new run"
        return (
            f"the run's folder '{folder}' cannot be written ({error.strerror or error}): "
            "free some space or choose another place; what was saved is intact"
        )
    return f"the fit failed ({first_line(error, named=True)})"


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

    def __init__(self, work: FitContext) -> None:
        self.work, self._plan = work, work.plan
        self._batches: Batches | None = None  # those that Keras reads now

    def run(self, watch: SnapshotSubject | None) -> keras.Model:
        plan, recipe, folder = self._plan, self._plan.recipe, self.work.folder
        # Keras keeps seed and precision for each thread: both are set where the fit runs, the seed by `zoo.fresh`.
        with zoo.computing(recipe.precision), ranks.together():
            training, batches_done = checkpoint.start_or_resume(plan, folder)
            done, within = divmod(batches_done, plan.steps)
            parameters = sum(int(keras.ops.size(weight)) for weight in training.trainable_weights)
            self.work.publish(Started(recipe.epochs, done, plan.steps, plan.images, parameters))
            listener = Listener(self.work, Snapshotter(training, watch) if watch else None, done, within)
            how = self._train(training, done, within, listener)
            model = checkpoint.answering(training, plan)
            if not (folder / checkpoint.BEST).exists() and listener.place != (1, 0):
                # Stopped within its first epoch: what was learnt can be used all the same.
                checkpoint.keep_best(training, folder, plan)
            self.work.publish(Ended(how, *listener.place))
        return model

    def _train(self, training: keras.Model, done: int, within: int, listener: Listener) -> RunState:
        """Fit to the end, or until stopped."""
        checked = self._checked(training)
        try:
            if done and not within:
                listener.catch_up(training, done, checked)
            self._epochs(training, done, within, listener, checked)
            if self._plan.recipe.average:
                self._take_mean(training, listener, checked)
        except BaseException as error:
            _let_go(error)
            if not self._was_stopped(error):
                raise
            self._keep_stopped(training, listener)
            return STOPPED
        return FINISHED

    def _epochs(
        self, training: keras.Model, done: int, within: int, listener: Listener, checked: tuple[Any, Any] | None
    ) -> None:
        """All epochs that are still to do: one that was stopped halfway is done to its end first."""
        plan, capsule = self._plan, families.is_capsule(training)
        whole = (done, plan.recipe.epochs, 0)
        spans = [(done, done + 1, within), (done + 1, plan.recipe.epochs, 0)] if within else [whole]
        keras_private.leave_batches_untuned()
        for first, last, skip in spans:
            if first >= last:
                continue
            self._batches = Batches(
                plan.trained.images, plan.trained.labels, plan.recipe, capsule, plan.classes, first, skip,
                lambda: self.work.control.stopped,
            )  # fmt: skip
            training.fit(
                ranks.share(self._batches), epochs=last, initial_epoch=first, validation_data=checked,
                validation_batch_size=ranks.size(CHECKED), callbacks=[listener], shuffle=False, verbose=0,
            )  # fmt: skip

    def _was_stopped(self, error: BaseException) -> bool:
        """Whether Keras' loop was left because the fit was asked to end."""
        # A batch that was left half made arrives as whatever the backend's loader makes of it.
        broken_off = self._batches is not None and self._batches.broken_off and not _is_own(error)
        return isinstance(error, Stopped) or broken_off

    def _keep_stopped(self, training: keras.Model, listener: Listener) -> None:
        """Keep what a stopped fit learnt."""
        if keras.backend.backend() == "tensorflow" and not leaves_out_steps(training):
            # Its graph has counted the batch that never came: the count does not wait for it.
            training.optimizer.iterations.assign(listener.batches_done)
        checkpoint.save(training, self.work.folder, listener.batches_done)

    def _take_mean(self, training: keras.Model, listener: Listener, checked: tuple[Any, Any] | None) -> None:
        """The net becomes its mean; where its check is stopped, it is what it was, and the mean is made again later."""
        last = [(weight, keras.ops.copy(weight)) for weight in training.weights]
        checkpoint.take_mean(training, self.work.folder, self._plan.recipe)
        try:
            listener.take_mean(training, checked)
        except Stopped:
            for weight, own in last:
                weight.assign(own)
            raise

    def _checked(self, training: keras.Model) -> tuple[Any, Any] | None:
        """The held-out images as Keras takes them."""
        plan = self._plan
        if not len(plan.held_out.labels):
            return None
        if plan.recipe.overlaid:
            held = pairs(plan.held_out, len(plan.held_out.labels), shift=plan.recipe.overlaid)
            parts = held.parts()
            packed = pack_pairs(together(parts), parts, held.labels, plan.classes, families.is_capsule(training))
            return ranks.share_of(packed)
        images = from_bytes(plan.held_out.images).reshape(-1, *plan.shape)
        return ranks.share_of(pack(images, plan.held_out.labels, plan.classes, families.is_capsule(training)))
