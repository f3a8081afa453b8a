"""What Keras calls while a fit runs: keeps checkpoint and log, tells the listener, looks, pauses and stops."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, log, ranks
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, EpochEnded, Event, Paused, Resumed
from capsdraw.fit.meter import Meter
from capsdraw.fit.optimizer import Averaged
from capsdraw.fit.plan import Plan
from capsdraw.fit.snapshots import Snapshotter, is_watchable
from capsdraw.nets import keras_private

# Seconds between two tellings within an epoch.
_OFTEN = 0.05
# Seconds between two glances at the user's drawing while the fit holds.
_GLANCE = 0.2
# Held-out images that are checked at once.
CHECKED = 250


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """Asked to end: leaves Keras' loop at once, without its check on the held-out images."""


@dataclass(frozen=True)
class FitContext:
    """What a fit is about.

    Attributes:
        plan: what is trained; folder: of the run; control: pauses and stops it; publish: told what happens.
    """

    plan: Plan
    folder: Path
    control: Control
    publish: Callable[[Event], None]


class Listener(keras.callbacks.Callback):  # type: ignore[misc]
    """Listens to Keras for a fit.

    Args:
        work: what it is about; watcher: looks at the net now and then, or None.
        epoch: that it begins with, from 0; skip: batches of it that were done before.
    """

    def __init__(self, work: FitContext, watcher: Snapshotter | None, epoch: int, skip: int) -> None:
        super().__init__()
        self._work = work
        self._recipe = recipe = work.plan.recipe
        self._steps = work.plan.steps
        self._watcher = watcher
        self._skip = skip  # batches of the first epoch that were done before
        self._epoch = epoch
        self._done = skip
        self._meter = Meter(work.plan.images, recipe.batch, recipe.held_out, CHECKED, int(recipe.average))
        self._reported_at = 0.0
        self._trained: dict[str, float] = {}
        self._average: Averaged | None = None

    @property
    def place(self) -> tuple[int, int]:
        """The epoch under way, from 1, and how many of its batches are done."""
        return min(self._epoch + 1, self._recipe.epochs), self._done

    @property
    def batches_done(self) -> int:
        """Of the whole fit."""
        return self._epoch * self._steps + self._done

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """An epoch begins: hold where it is paused, and look."""
        self._epoch = epoch
        self._done = self._skip
        self._meter.begin(self._done)
        self._hold()
        self._look()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """A batch begins: seed dropout for it."""
        # Dropout's own seeds are not in a checkpoint: a resumed fit would drop other units. On JAX they are elsewhere
        # once an epoch runs, and count on by themselves.
        if batch and not keras_private.keeps_weights():
            return
        step = self._epoch * self._steps + self._skip + batch
        for index, seeds in enumerate(self._seeds()):
            seeds.assign(np.array([self._recipe.seed + index, step], np.uint32))

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A batch is done: tell, look, pause, stop."""
        self._trained = {key: float(value) for key, value in (logs or {}).items()}
        self._done = self._skip + batch + 1
        _require_numbers({name: value for name, value in self._trained.items() if name == "loss"})
        self._meter.trained(self._done)
        now = time.monotonic()
        if now - self._reported_at >= _OFTEN:
            self._reported_at = now
            self._tell()
        if self._watcher is not None and is_watchable() and self._watcher.due:
            self._look()
        self._hold()

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """The check on the held-out images begins: it is of the moving average, where there is one."""
        self._average = Averaged(self.model)
        self._average.put_on()
        self._meter.check()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """The check is done: the net learns on with its own weights."""
        if self._average is not None:
            self._average.take_off()

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """A batch of held-out images is checked: pause, stop."""
        self._meter.tested(batch)
        try:
            self._hold()
        except Stopped:
            keras_private.sync(self.model)  # before its own weights come back: on JAX, they would be written over
            self.on_test_end()
            if self._trained:
                # The epoch is whole but for its check, which is made when the run is gone on with.
                self._log(self._trained, keep_best=False)
            raise

    def catch_up(self, training: keras.Model, done: int, checked: tuple[Any, Any] | None) -> None:
        """End epoch `done`, with its check if there is one, where the run ended before it could."""
        row = self._row(done)
        # Its model is kept before its row is.
        if row if checked is None else any(name.startswith("val_") for name in row):
            return
        self.set_model(training)
        self._epoch, self._done = done - 1, self._steps
        self._meter.begin(self._done)
        if checked is not None:
            row |= self._check(checked)
        best = self._log(row, keep_best=True)
        # How long an epoch takes is not known yet.
        epochs, left = self._recipe.epochs, None if done < self._recipe.epochs else 0.0
        figures = {**row, "epoch": float(done)}
        self._work.publish(EpochEnded(done, epochs, figures, self._meter.end(), left, best))
        self._epoch, self._done = done, self._skip

    def take_mean(self, training: keras.Model, checked: tuple[Any, Any] | None) -> None:
        """The net is the mean over its cycles from now on.

        Where no epoch was better, the last one's own among them, it is the model that answers, and its figures on
        held-out images stand in the last epoch's row.
        """
        self.set_model(training)
        epochs = self._recipe.epochs
        self._epoch, self._done = epochs - 1, self._steps
        self._trained = {}  # the epoch itself is in the log
        self._meter.begin(self._done)
        own = self._row(epochs)
        row = own if checked is None else own | self._check(checked)
        best = self._is_best(row, epochs)
        if best:
            self._log(row, keep_best=True)
        else:
            row = own
        seconds = self._meter.end()
        self._work.publish(EpochEnded(epochs, epochs, {**row, "epoch": float(epochs)}, seconds, 0.0, best))

    def _row(self, epoch: int) -> dict[str, float]:
        """What the log has of an epoch."""
        return next((row for row in log.read_rows(self._work.folder) if row["epoch"] == epoch), {})

    def _check(self, checked: tuple[Any, Any]) -> dict[str, float]:
        """The figures on the held-out images; leaves by `Stopped` where the fit is to end."""
        measured = self.model.evaluate(
            *checked, batch_size=ranks.size(CHECKED), callbacks=[self], verbose=0, return_dict=True
        )  # fmt: skip
        return self._measured({f"val_{name}": float(value) for name, value in measured.items()})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """An epoch and its check are done: keep and tell."""
        figures = self._measured({key: float(value) for key, value in (logs or {}).items()})
        checkpoint.save(self.model, self._work.folder, self.batches_done)
        if self._recipe.average and epoch + 1 in self._recipe.cycles:
            checkpoint.keep_cycle(self.model, self._work.folder, epoch + 1)
        best = self._log(figures, keep_best=True)
        seconds, left = self._times(epoch + 1)
        self._skip = 0
        row = {"epoch": float(epoch + 1), **figures}
        self._work.publish(EpochEnded(epoch + 1, self._recipe.epochs, row, seconds, left, best))
        self._look()

    def _hold(self) -> None:
        """Wait while paused; leave when stopped."""
        control = self._work.control
        if control.paused and not control.stopped:
            self._work.publish(Paused(*self.place))
            begun = time.monotonic()
            while not control.wait(_GLANCE):
                if self._watcher is not None and is_watchable() and self._watcher.changed:
                    self._look()
            self._meter.paused(time.monotonic() - begun)
            self._work.publish(Resumed(*self.place))
        if control.stopped:
            raise Stopped

    def _seeds(self) -> list[Any]:
        layers = keras_private.layers(self.model)
        return [layer.seed_generator.state for layer in layers if isinstance(layer, keras.layers.Dropout)]

    def _look(self) -> None:
        if self._watcher is not None:
            self._work.publish(self._watcher.look(*self.place, self._steps))

    def _times(self, epoch: int) -> tuple[float, float]:
        """Seconds that epoch `epoch`, from 1, took, and that the fit will take from its end on."""
        seconds, after = self._meter.end(), self._recipe.epochs - epoch
        left = self._meter.left(after, ended=True)
        if left is None:  # one batch an epoch: all that is known is how long it took
            left = seconds * self._steps / max(self._steps - self._skip, 1) * after
        return seconds, left

    def _tell(self) -> None:
        self._work.publish(
            BatchEnded(
                self._epoch + 1, self._recipe.epochs, self._done, self._steps,
                self._meter.images_per_second, self._meter.left(self._recipe.epochs - self._epoch - 1), self._trained,
                self._images(self._done) - self._images(self._skip),
            )
        )  # fmt: skip

    def _images(self, batches: int) -> int:
        """Of an epoch's first batches: its last one may be smaller."""
        return min(batches * self._recipe.batch, self._work.plan.images)

    def _log(self, figures: dict[str, float], keep_best: bool) -> bool:
        """A row for the epoch, and `model.keras` where it is the best so far; whether it is."""
        row = {"epoch": float(self._epoch + 1), **figures}
        best = keep_best and self._is_best(row, self._epoch)
        if best:
            checkpoint.keep_best(self.model, self._work.folder, self._work.plan)
        log.write_row(self._work.folder, row)
        return best

    def _is_best(self, row: dict[str, float], epochs: int) -> bool:
        """Whether no row of the log up to epoch `epochs`, from 1, is better."""
        held_out = self._recipe.held_out
        merits = [merit(other, held_out) for other in log.read_rows(self._work.folder) if other["epoch"] <= epochs]
        return merit(row, held_out) >= max(merits, default=merit({}, held_out))

    def _measured(self, figures: dict[str, float]) -> dict[str, float]:
        """An epoch's figures, all numbers; accuracy on the held-out images is the share of a whole number of them."""
        _require_numbers(figures)
        held_out = self._recipe.held_out
        return {
            name: round(value * held_out) / held_out if held_out and _is_accuracy(name) else value
            for name, value in figures.items()
        }


def _require_numbers(figures: dict[str, float]) -> None:
    for name, value in figures.items():
        if not np.isfinite(value):
            raise CapsDrawError(f"the {name.replace('_', ' ')} is no longer a number: {checkpoint.CALMER}")


def _is_accuracy(name: str) -> bool:
    """Whether a figure is the accuracy on the held-out images."""
    return name.startswith("val_") and name.endswith("accuracy")


def merit(row: dict[str, float], held_out: int) -> tuple[int, float]:
    """What makes an epoch better than another: held-out images read right, then the loss on them, less being more.

    Without held-out images, and after a stop in the middle of the check, nothing is known: all are alike.

    Args:
        row: an epoch's figures as they were measured, or as the log has them. Logs of earlier versions have six
            digits: of the accuracy they tell the count still, of two losses that agree in all six not the lower one.
        held_out: how many images are held out.
    """
    accuracy = next((value for name, value in row.items() if _is_accuracy(name)), None)
    if accuracy is None:
        return -1, -row.get("val_loss", np.inf)
    return round(accuracy * held_out), -row.get("val_loss", 0.0)
