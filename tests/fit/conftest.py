"""A small fit on synthetic digits."""

from collections.abc import Callable
from pathlib import Path

import keras

from capsdraw.datasets import synthetic
from capsdraw.fit import loop
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, EpochEnded, Event
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo

IMAGES, LABELS = synthetic.digits(700, 1)
RECIPE = Recipe(
    name="tiny",
    title="Tiny",
    family="keras-cnn",
    options=zoo.TINY["keras-cnn"],
    held_out=200,
    synthetic=100,
    epochs=3,
    batch=50,
    learning_rate=5e-3,
    augmentation=Augmentation(rotation=5, shift=1, zoom=0.05, shear=0.05, elastic=0.3),
)


def fit(folder: Path, recipe: Recipe = RECIPE, stop_after: int = 0) -> tuple[keras.Model, list[EpochEnded]]:
    control, events = Control(), []

    def listen(event: Event) -> None:
        if not isinstance(event, EpochEnded):
            return
        events.append(event)
        if event.epoch == stop_after:
            control.stop()

    return loop.run(Plan.of(recipe, IMAGES, LABELS), folder, control, listen), events


def stop_at(epoch: int, batch: int) -> tuple[Control, Callable[[Event], None]]:
    """A control, and a listener that stops after that batch."""
    control = Control()

    def listen(event: Event) -> None:
        if isinstance(event, BatchEnded) and (event.epoch, event.batch) == (epoch, batch):
            control.stop()

    return control, listen
