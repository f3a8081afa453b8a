"""Ready-made choices for each family: a look in a minute, a good net, and what its authors did. No Keras here.

A net that nobody published has a plain fit in that third place.
"""

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from capsdraw.datasets.moves import Border
from capsdraw.fit import recipes
from capsdraw.fit.adapt import with_steps
from capsdraw.fit.cost import Estimate
from capsdraw.fit.recipe import Augmentation, Precision, RateSchedule, Recipe
from capsdraw.nets.catalog import FAMILIES

# What the first preset is called: until it is known how long it takes, and where it takes about a minute.
QUICK, MINUTE = "A quick look", "One minute"
# Seconds that it is to take; within which it is called a minute.
_WANTED: Final = 60.0
_ABOUT_A_MINUTE: Final = (45.0, 80.0)
# The fewest images that show anything; epochs that it is worth while to go through them at least, and at most.
_FEWEST, _LEAST, _MOST = 1000, 2, 60
# Of fewer pictures than that an epoch is a step or two: so many steps are worth while.
_STEPS: Final = 600


@dataclass(frozen=True)
class Preset:
    """A choice of the form.

    Attributes:
        name: on its button; about: what it is, in a sentence; begun: a second one, where it starts from a model.
        recipe: that it fills the form with.
    """

    name: str
    about: str
    recipe: Recipe
    begun: str = ""


# Of a family that was not timed yet.
_FEW: dict[str, Any] = {"limit": 10_000, "epochs": 3}
# Changes of a family's recipe. So many images and epochs take about a minute on two cores without a GPU; how many do
# where the app runs, `in_a_minute` says.
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
    good = recipes.for_this_machine(good)
    title = FAMILIES[family].title
    # A net of one's own begins with random weights.
    once = replace(good, synthetic=0, strokes=0, restarts=(), average=False, moving_average=0.0, start="")
    minute = replace(
        once, held_out=min(good.held_out, 1000), augmentation=_sharp(good.augmentation), **_MINUTE.get(family, _FEW)
    )
    plain = replace(once, augmentation=Augmentation(), precision=Precision.FLOAT32)
    begun = f"It goes on from the weights of {title}." if good.start else ""
    return [
        Preset(QUICK, "Few images and epochs: enough to watch it learn.", minute),
        Preset("Good", f"The recipe of the {title} that comes with the app.", good, begun),
        _published(family, plain),
    ]


def _published(family: str, plain: Recipe) -> Preset:
    if family not in _PUBLISHED:
        return Preset("Plain", "No image is moved or made softer: what that is worth.", plain)
    about = "As its authors trained it, as closely as a plan can, with Adam."
    return Preset("As published", about, replace(plain, **_PUBLISHED[family]))


def in_a_minute(recipe: Recipe, estimate: Estimate) -> Recipe:
    """A quick look's recipe with so many images and epochs as take about a minute here.

    A machine that goes through all images sooner does so more often; one that is too slow has a few all the same, and
    takes longer, which `name_for` says.

    Args:
        recipe: without pen digits; estimate: of it, on this machine.
    """
    passes = ceil(estimate.available / estimate.batch)
    whole = replace(estimate, images=estimate.available)
    each = (whole.seconds(2) - whole.seconds(1)) / max(whole.images, 1)  # its check included
    check = estimate.held_out * estimate.check
    each = max(each - check / max(whole.images, 1), 1e-9)
    budget = max(_WANTED - estimate.start, 0.0)
    epochs = recipe.epochs
    while True:
        images = int((budget / epochs - check) / each)
        if images >= _FEWEST or epochs <= _LEAST:
            break
        epochs -= 1
    if estimate.available < _FEWEST:
        epochs = with_steps(replace(recipe, epochs=epochs), estimate.available, estimate.batch).epochs
    elif images < estimate.available:
        images = max(min(images // 500 * 500, estimate.available), min(_FEWEST, estimate.available))
        return replace(recipe, limit=images, epochs=epochs)
    often = int(budget / (estimate.available * each + check))
    most = max(_MOST, _STEPS // max(passes, 1))
    return replace(recipe, limit=0, epochs=min(max(often, epochs), most))


def name_for(seconds: float) -> str:
    """What a quick look is called that takes so long."""
    least, most = _ABOUT_A_MINUTE
    if seconds < least:
        return "Under a minute"
    return MINUTE if seconds <= most else f"About {_IN_WORDS.get(round(seconds / 60), round(seconds / 60))} minutes"


_IN_WORDS = {1: "two", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def _sharp(augmentation: Augmentation) -> Augmentation:
    """The moves without what makes pictures soft, pale or noisy: in a minute nothing is learnt of that."""
    kept = ("rotation", "shift", "zoom", "shear", "elastic", "thickness", "erase", "flip", "border", "channel_shift")
    return Augmentation(**{name: getattr(augmentation, name) for name in kept})
