"""One fit, from recipe to model: what the command line, the scripts and the window run."""

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
from capsdraw.fit.recipe import Recipe, load, to_toml
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
        folder: of the run; `config.toml`, `last.keras` (with optimizer) and `log.csv` are kept in it.
        control: to stop it.
        publish: called on this thread after each epoch.

    Raises:
        CapsDrawError: fewer images than are held out, a folder of another recipe's run, or a
            loss that is not a number.
    """
    if len(images) <= recipe.held_out:
        raise CapsDrawError(f"{len(images)} images to train on, of which {recipe.held_out} are held out: too few")
    # Keras keeps seed and precision for each thread: both are set where the fit runs.
    keras.utils.set_random_seed(recipe.seed)
    keras.config.set_dtype_policy(recipe.precision)
    first_held = len(images) - recipe.held_out
    last = first_held if not recipe.limit else min(first_held, recipe.limit)
    steps = -(-(last + recipe.synthetic) // recipe.batch)
    training, done = _start_or_resume(recipe, folder, steps)
    capsule = isinstance(training.output, dict)
    batches = Batches(images[:last], labels[:last], recipe, capsule, done)
    checked = None
    if recipe.held_out:
        shape = training.input["image"].shape[1:] if capsule else training.input_shape[1:]
        fresh = from_bytes(images[first_held:]).reshape(-1, *shape)
        checked = pack(fresh, labels[first_held:], int(labels.max()) + 1, capsule)
    listener = _Listener(recipe, folder, control, publish)
    training.fit(
        batches, epochs=recipe.epochs, initial_epoch=done, validation_data=checked,
        validation_batch_size=500, callbacks=[listener], shuffle=False, verbose=0,
    )  # fmt: skip
    return _finished(training, recipe)


def _start_or_resume(recipe: Recipe, folder: Path, steps: int) -> tuple[keras.Model, int]:
    """The model to fit, and how many epochs of `steps` batches it has behind it."""
    config, last = folder / "config.toml", folder / "last.keras"
    if not last.exists():
        with replacing(config) as temporary:
            temporary.write_text(to_toml(recipe), encoding="utf-8")
        return _compile(zoo.build(recipe.family, **recipe.options), recipe, steps * recipe.epochs), 0
    if not config.exists() or load(str(config)) != recipe:
        raise CapsDrawError(f"the run in '{folder}' was made with another recipe: move that folder away to train anew")
    training = keras.saving.load_model(last)
    # The optimizer knows best: the log may be an epoch short where the power went between the two.
    return training, int(training.optimizer.iterations) // steps


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
        """A row for the epoch; rows of a run that once went further are dropped."""
        path = self._folder / "log.csv"
        rows = path.read_text().splitlines() if path.exists() else []
        kept = [row for row in rows[1:] if float(row.split(",")[0]) < figures["epoch"]]
        new = ",".join(f"{value:.6g}" for value in figures.values())
        with replacing(path) as temporary:
            temporary.write_text("\n".join([",".join(figures), *kept, new]) + "\n")
