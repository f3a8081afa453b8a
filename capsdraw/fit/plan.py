"""What a fit trains, derived once from its recipe and its data. No Keras here."""

from dataclasses import dataclass
from typing import Any

from capsdraw.datasets.data import Bytes, Split
from capsdraw.fit.recipe import Recipe


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A recipe and the images that it meets; the loop, the estimate and every check before a fit take this one.

    Its arrays are views of the data's, which is in memory once.

    Attributes:
        recipe: how it is trained.
        training: all training images of the data, (N, rows, columns) or (N, rows, columns, channels) uint8, ink is
            255, and their labels, (N,) integers.
        trained: those that are trained on: the first ones, `recipe.limit` of them at most; none where all are held out.
        held_out: those that are not, the last `recipe.held_out`.
        shape: (rows, columns, channels) of what the net sees: an image, or two on their wider ground.
        classes: that the net tells apart.
    """

    recipe: Recipe
    training: Split
    trained: Split
    held_out: Split
    shape: tuple[int, ...]
    classes: int

    @classmethod
    def of(cls, recipe: Recipe, images: Bytes, labels: Bytes) -> "Plan":
        """The plan of a recipe that `check` found nothing wrong with, for training images as in `training`."""
        first_held = max(len(labels) - recipe.held_out, 0)
        last = min(first_held, recipe.limit or first_held)
        return cls(
            recipe=recipe,
            training=Split(images, labels),
            trained=Split(images[:last], labels[:last]),
            held_out=Split(images[first_held:], labels[first_held:]),
            shape=seen(recipe, images.shape[1:]),
            classes=int(recipe.options.get("classes", int(labels.max(initial=0)) + 1)),
        )

    @property
    def images(self) -> int:
        """Seen in an epoch, pen digits included, synthetic ones and people's."""
        return len(self.trained.labels) + self.recipe.pen_digits

    @property
    def batch(self) -> int:
        """Images of a step: the recipe's, or all of an epoch where those are fewer."""
        return min(self.recipe.batch, self.images)

    @property
    def steps(self) -> int:
        """Batches of an epoch; the last one may be smaller."""
        return -(-self.images // self.recipe.batch)

    @property
    def total_steps(self) -> int:
        """Batches of the whole fit."""
        return self.recipe.epochs * self.steps

    @property
    def options(self) -> dict[str, Any]:
        """What `zoo.build` is told of the net."""
        return options(self.recipe, self.shape, self.classes)


def seen(recipe: Recipe, shape: tuple[int, ...]) -> tuple[int, ...]:
    """(rows, columns, channels) of what a recipe's net sees of images of that shape, with or without channels."""
    rows, columns, channels = (*shape, 1)[:3]
    return rows + 2 * recipe.overlaid, columns + 2 * recipe.overlaid, channels


def options(recipe: Recipe, shape: tuple[int, ...], classes: int) -> dict[str, Any]:
    """What `zoo.build` is told of a recipe's net: its own options go before the form of the data."""
    return {"shape": shape, "classes": classes, **recipe.options}
