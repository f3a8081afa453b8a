"""One fit, from recipe to model: what the command line, the scripts and the window run."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.fit.batches import Batches, pack
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, losses, zoo
from capsdraw.paths import replacing


@dataclass(frozen=True)
class EpochEnded:
    """Published after each epoch: its number from 1, of how many, and the figures of its log."""

    epoch: int
    epochs: int
    figures: dict[str, float]


@dataclass
class Control:
    """How a listener steers a running fit: set `stop` to end it after the batch under way."""

    stop: Event = field(default_factory=Event)


def run(
    recipe: Recipe,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    folder: Path,
    control: Control,
    publish: Callable[[EpochEnded], None],
) -> keras.Model:
    """Train, or go on where `folder` holds a checkpoint, and return the model.

    Args:
        recipe: how.
        images: (N, rows, columns) or (N, rows, columns, channels) uint8, ink is 255.
        labels: (N,) integers.
        folder: of the run; `last.keras` (with optimizer) and `log.csv` are kept in it.
        control: to stop it.
        publish: called on this thread after each epoch.

    Raises:
        CapsDrawError: fewer images than are held out, or a loss that is not a number.
    """
    if len(images) <= recipe.held_out:
        raise CapsDrawError(f"{len(images)} images to train on, of which {recipe.held_out} are held out: too few")
    # Keras keeps seed and precision for each thread: both are set where the fit runs.
    keras.utils.set_random_seed(recipe.seed)
    keras.config.set_dtype_policy(recipe.precision)
    train, held = slice(None, len(images) - recipe.held_out), slice(len(images) - recipe.held_out, None)
    model = zoo.build(recipe.family, **recipe.options)
    capsule = families.is_capsule(model)
    limited = slice(None, recipe.limit or None)
    done = _epochs_done(folder)
    batches = Batches(images[train][limited], labels[train][limited], recipe, capsule, done)
    training = _resume(folder) if done else _compile(model, recipe, len(batches) * recipe.epochs)
    fresh = from_bytes(images[held]).reshape(-1, *model.input_shape[1:])
    checked = pack(fresh, labels[held], int(labels.max()) + 1, capsule) if recipe.held_out else None
    listener = _Listener(recipe, folder, control, publish)
    training.fit(
        batches, epochs=recipe.epochs, initial_epoch=done, validation_data=checked,
        validation_batch_size=500, callbacks=[listener], shuffle=False, verbose=0,
    )  # fmt: skip
    return _finished(training, recipe)


def _compile(model: keras.Model, recipe: Recipe, steps: int) -> keras.Model:
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


def _epochs_done(folder: Path) -> int:
    log = folder / "log.csv"
    if not (log.exists() and (folder / "last.keras").exists()):
        return 0
    with log.open(newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _resume(folder: Path) -> keras.Model:
    return keras.saving.load_model(folder / "last.keras")


def _finished(training: keras.Model, recipe: Recipe) -> keras.Model:
    """The weights of the fit in a model of its own: no optimizer's state goes into its file."""
    model = zoo.build(recipe.family, **recipe.options)
    if families.is_capsule(model):
        for part in ("encoder", "decoder"):
            model.get_layer(part).set_weights(training.get_layer(part).get_weights())
    else:
        model.set_weights(training.get_weights())
    return model


class _Listener(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the checkpoint and the log, tells the listener, and stops when asked."""

    def __init__(self, recipe: Recipe, folder: Path, control: Control, publish: Callable[[EpochEnded], None]) -> None:
        super().__init__()
        self._recipe = recipe
        self._folder = folder
        self._control = control
        self._publish = publish

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        # Dropout's own seeds are not in a checkpoint: a resumed fit would drop other units.
        for number, layer in enumerate(self.model._flatten_layers()):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign(np.array([self._recipe.seed + number, epoch], np.uint32))

    def on_train_batch_end(
        self,
        batch: int,  # noqa: ARG002
        logs: dict[str, Any] | None = None,
    ) -> None:
        if not np.isfinite((logs or {}).get("loss", 0.0)):
            raise CapsDrawError("the loss is no longer a number: lower the learning rate and train again")
        if self._control.stop.is_set():
            self.model.stop_training = True
            self.model.stop_evaluating = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self._control.stop.is_set():
            return  # half an epoch is no checkpoint: a resumed fit does it anew
        figures = {"epoch": float(epoch + 1), **{key: float(value) for key, value in (logs or {}).items()}}
        with replacing(self._folder / "last.keras") as temporary:
            self.model.save(temporary)
        self._log(figures)
        self._publish(EpochEnded(epoch + 1, self._recipe.epochs, figures))

    def _log(self, figures: dict[str, float]) -> None:
        path = self._folder / "log.csv"
        old = path.read_text() if path.exists() and figures["epoch"] > 1 else ",".join(figures) + "\n"
        with replacing(path) as temporary:
            temporary.write_text(old + ",".join(f"{value:.6g}" for value in figures.values()) + "\n")
