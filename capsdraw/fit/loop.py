"""One fit, from recipe to model: what the command line, the scripts and the window run."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.fit.batches import Batches, pack
from capsdraw.fit.events import BatchEnded, EpochEnded, Event
from capsdraw.fit.recipe import Recipe, load, to_toml
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, losses, zoo
from capsdraw.nets.whitening import Whitening
from capsdraw.paths import replacing

# Seconds between two tellings within an epoch, and how many of them the speed is averaged over.
_OFTEN, _LATELY = 0.05, 100


@dataclass
class Control:
    """How a listener steers a running fit: set `stop` to end it after the batch under way."""

    stop: threading.Event = field(default_factory=threading.Event)


def run(
    recipe: Recipe,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    folder: Path,
    control: Control,
    publish: Callable[[Event], None],
) -> keras.Model:
    """Train, or go on where `folder` holds a checkpoint, and return the model.

    Args:
        recipe: how.
        images: (N, rows, columns) or (N, rows, columns, channels) uint8, ink is 255.
        labels: (N,) integers.
        folder: of the run; `config.toml`, `last.keras` (with optimizer) and `log.csv` are kept in it.
        control: to stop it.
        publish: called on this thread while an epoch runs and after it.

    Raises:
        CapsDrawError: fewer images than are held out, a folder of another recipe's run, or a
            loss that is not a number.
    """
    if len(images) <= recipe.held_out:
        raise CapsDrawError(f"{len(images)} images to train on, of which {recipe.held_out} are held out: too few")
    # Keras keeps seed and precision for each thread: both are set where the fit runs, the seed by `zoo.fresh`.
    keras.config.set_dtype_policy(recipe.precision)
    first_held = len(images) - recipe.held_out
    last = first_held if not recipe.limit else min(first_held, recipe.limit)
    steps = -(-(last + recipe.synthetic) // recipe.batch)
    training, done = _start_or_resume(recipe, folder, steps, images[:last])
    capsule = isinstance(training.output, dict)
    batches = Batches(images[:last], labels[:last], recipe, capsule, done)
    checked = None
    if recipe.held_out:
        shape = training.input["image"].shape[1:] if capsule else training.input_shape[1:]
        fresh = from_bytes(images[first_held:]).reshape(-1, *shape)
        checked = pack(fresh, labels[first_held:], int(labels.max()) + 1, capsule)
    listener = _Listener(recipe, folder, control, publish, steps)
    training.fit(
        batches, epochs=recipe.epochs, initial_epoch=done, validation_data=checked,
        validation_batch_size=500, callbacks=[listener], shuffle=False, verbose=0,
    )  # fmt: skip
    return _finished(training, recipe)


def _start_or_resume(recipe: Recipe, folder: Path, steps: int, images: NDArray[np.uint8]) -> tuple[keras.Model, int]:
    """The model to fit, and how many epochs of `steps` batches it has behind it."""
    config, last = folder / "config.toml", folder / "last.keras"
    if not last.exists():
        with replacing(config) as temporary:
            temporary.write_text(to_toml(recipe), encoding="utf-8")
        model = zoo.fresh(recipe.family, recipe.seed, **recipe.options)
        for layer in model.layers:
            if isinstance(layer, Whitening):
                layer.adapt(from_bytes(images))
        return compiled(model, recipe, steps * recipe.epochs), 0
    if not config.exists() or load(str(config)) != recipe:
        raise CapsDrawError(f"the run in '{folder}' was made with another recipe: move that folder away to train anew")
    training = keras.saving.load_model(last)
    # The optimizer knows best: the log may be an epoch short where the power went between the two.
    return training, int(training.optimizer.iterations) // steps


def compiled(model: keras.Model, recipe: Recipe, steps: int) -> keras.Model:
    """The model's training form with optimizer, losses and metrics, for `steps` batches in all."""
    training = families.training_form(model)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps))
    if families.is_capsule(model):
        training.compile(
            optimizer,
            loss={"lengths": losses.MarginLoss(), "reconstruction": losses.ReconstructionLoss()},
            metrics={"lengths": [keras.metrics.CategoricalAccuracy(name="accuracy")]},
        )
    else:
        training.compile(
            optimizer, loss="categorical_crossentropy", metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")]
        )
    return training


def _finished(training: keras.Model, recipe: Recipe) -> keras.Model:
    """The weights of the fit in a model of its own: no optimizer's state goes into its file.

    It computes in float32, whatever the fit did: half precision is slow where a processor lacks it.
    """
    keras.config.set_dtype_policy("float32")
    model = zoo.build(recipe.family, **recipe.options)
    if families.is_capsule(model):
        for part in ("encoder", "decoder"):
            model.get_layer(part).set_weights(training.get_layer(part).get_weights())
    else:
        model.set_weights(training.get_weights())
    return model


class _Listener(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the checkpoint and the log, tells the listener, and stops when asked."""

    def __init__(
        self, recipe: Recipe, folder: Path, control: Control, publish: Callable[[Event], None], steps: int
    ) -> None:
        super().__init__()
        self._steps = steps
        self._recipe = recipe
        self._folder = folder
        self._control = control
        self._publish = publish
        self._epoch = 0
        self._told = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        self._epoch = epoch
        self._begun = time.monotonic()
        self._lately: deque[tuple[int, float]] = deque([(0, self._begun)], maxlen=_LATELY)
        # Dropout's own seeds are not in a checkpoint: a resumed fit would drop other units.
        for number, layer in enumerate(self.model._flatten_layers()):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign(np.array([self._recipe.seed + number, epoch], np.uint32))

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        figures = logs or {}
        if not np.isfinite(figures.get("loss", 0.0)):
            raise CapsDrawError("the loss is no longer a number: lower the learning rate and train again")
        if self._control.stop.is_set():
            self.model.stop_training = True
            self.model.stop_evaluating = True
        now = time.monotonic()
        if now - self._told >= _OFTEN:
            self._told = now
            self._tell(batch + 1, now, {key: float(value) for key, value in figures.items()})

    def _tell(self, done: int, now: float, figures: dict[str, float]) -> None:
        first, then = self._lately[0]
        self._lately.append((done, now))
        seconds = (now - then) / max(done - first, 1)
        left = self._steps - done + self._steps * (self._recipe.epochs - self._epoch - 1)
        self._publish(
            BatchEnded(
                self._epoch + 1, self._recipe.epochs, done, self._steps,
                self._recipe.batch / max(seconds, 1e-9), left * seconds, figures,
            )
        )  # fmt: skip

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self._control.stop.is_set():
            return  # half an epoch is no checkpoint: a resumed fit does it anew
        figures = {"epoch": float(epoch + 1), **{key: float(value) for key, value in (logs or {}).items()}}
        with replacing(self._folder / "last.keras") as temporary:
            self.model.save(temporary)
        self._log(figures)
        seconds = time.monotonic() - self._begun
        left = seconds * (self._recipe.epochs - epoch - 1)
        self._publish(EpochEnded(epoch + 1, self._recipe.epochs, figures, seconds, left))

    def _log(self, figures: dict[str, float]) -> None:
        """A row for the epoch; rows of a run that once went further are dropped."""
        path = self._folder / "log.csv"
        rows = path.read_text().splitlines() if path.exists() else []
        kept = [row for row in rows[1:] if float(row.split(",")[0]) < figures["epoch"]]
        new = ",".join(f"{value:.6g}" for value in figures.values())
        with replacing(path) as temporary:
            temporary.write_text("\n".join([",".join(figures), *kept, new]) + "\n")
