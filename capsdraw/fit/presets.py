"""Ready-made choices for each family: a look in a minute, a good net, and what its authors did. No Keras here."""

from dataclasses import dataclass, replace
from typing import Any

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.moves import Border
from capsdraw.fit import recipes
from capsdraw.fit.recipe import Augmentation, Precision, RateSchedule, Recipe
from capsdraw.nets.catalog import FAMILIES


@dataclass(frozen=True)
class Preset:
    """A choice of the form.

    Attributes:
        name: on its button; about: what it is, in a sentence.
        recipe: that it fills the form with.
    """

    name: str
    about: str
    recipe: Recipe


# Of a family that was not timed yet.
_FEW: dict[str, Any] = {"limit": 10_000, "epochs": 3}
# Changes of a family's recipe. So many images and epochs take about a minute on two cores without a GPU.
_MINUTE: dict[str, dict[str, Any]] = {
    "efficient-capsnet": {"limit": 9000, "epochs": 3, "options": {"momentum": 0.9}},
    "capsnet": {"limit": 12_000, "epochs": 3, "options": {"channels": 64}},
    "keras-cnn": {"limit": 20_000, "epochs": 6},
    "tutorial-cnn": {"limit": 30_000, "epochs": 8},
    "deep-convnet": {"limit": 20_000, "epochs": 5},
    "mlp": {"limit": 40_000, "epochs": 20},
    "cifar-cnn": {"epochs": 6},
}

# Where an author used another optimizer than Adam, its learning rate is kept and Adam takes its place.
_PUBLISHED: dict[str, dict[str, Any]] = {
    "efficient-capsnet": {
        "epochs": 150, "batch": 16, "learning_rate": 5e-4, "schedule": RateSchedule.EXPONENTIAL, "decay": 0.97,
        "augmentation": Augmentation(rotation=30, shift=2, zoom=0.1, erase=4),
    },
    "capsnet": {
        "epochs": 50, "batch": 128, "learning_rate": 1e-3, "schedule": RateSchedule.EXPONENTIAL, "decay": 0.9,
        "augmentation": Augmentation(shift=2),
    },
    "keras-cnn": {"epochs": 7, "batch": 128, "learning_rate": 1e-3, "schedule": RateSchedule.CONSTANT},
    "tutorial-cnn": {
        "epochs": 15, "batch": 128, "learning_rate": 1e-3, "schedule": RateSchedule.CONSTANT,
        "augmentation": Augmentation(shift=2.8),
    },
    "deep-convnet": {"epochs": 20, "batch": 100, "learning_rate": 1e-3, "schedule": RateSchedule.CONSTANT},
    "mlp": {"epochs": 15, "batch": 128, "learning_rate": 1e-3, "schedule": RateSchedule.CONSTANT},
    "cifar-cnn": {
        "epochs": 10, "batch": 512, "learning_rate": 1e-4, "schedule": RateSchedule.CONSTANT,
        "augmentation": Augmentation(shift=3.2, rotation=15, flip=True, border=Border.EDGE),
    },
}  # fmt: skip


def of(family: str) -> list[Preset]:
    """The presets of a family, the quickest first."""
    good = recipes.load(family)
    here = pen_strokes.path() is not None
    # A machine that has no pen strokes trains on all else.
    good = good if here else replace(good, strokes=0)
    title = FAMILIES[family].title
    once = replace(good, synthetic=0, strokes=0, restarts=(), average=False, moving_average=0.0)
    minute = replace(once, held_out=min(good.held_out, 1000), **_MINUTE.get(family, _FEW))
    plain = replace(once, augmentation=Augmentation(), precision=Precision.FLOAT32)
    return [
        Preset("One minute", "Few images and epochs: about a minute on two cores.", minute),
        Preset("Good", f"The recipe of the {title} that comes with the app.", good),
        Preset(
            "As published",
            "As its authors trained it, as closely as a plan can, with Adam.",
            replace(plain, **_PUBLISHED.get(family, {})),
        ),
    ]
