"""What data and machine say against a fit before anything of it runs; memory is reckoned from the net's layers."""

from collections.abc import Iterator

import keras
import numpy as np
import psutil

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.data import label_problem
from capsdraw.errors import CapsDrawError
from capsdraw.fit import ranks, start
from capsdraw.fit.check import too_few
from capsdraw.fit.checkpoint import cannot_average, compiled
from capsdraw.fit.plan import Plan, seen
from capsdraw.fit.recipe import Recipe
from capsdraw.formatting import times
from capsdraw.nets import cards, keras_private, zoo
from capsdraw.nets.catalog import FAMILIES
from capsdraw.nets.layers import DigitCapsules


def problems(plan: Plan) -> dict[str, str]:
    """Why each entry of a recipe that cannot be used with its data, or has no room here, cannot be: {entry: reason}.

    The recipe is one that `check` finds nothing wrong with.

    Raises:
        CapsDrawError: the net cannot be built.
    """
    recipe = plan.recipe
    wrong = against_data(recipe, len(plan.training.labels), (*plan.training.images.shape[1:], 1)[:3])
    if wrong:
        return wrong
    if recipe.overlaid and plan.training.images.ndim == 4 and plan.training.images.shape[3] != 1:
        return {"overlaid": "two images over one another are read in grey, and these have colours: set it to 0"}
    reason = label_problem(plan.training.labels, recipe.options.get("classes"))
    if reason:
        return {"data": reason}
    if recipe.overlaid and len(np.unique(plan.trained.labels)) < 2:
        return {"overlaid": "two digits of different classes are laid over one another, and these are all of one"}
    if recipe.overlaid and len(np.unique(plan.held_out.labels)) == 1:
        return {"held_out": "two digits of different classes are laid over one another, and these are all of one"}
    wrong = dict(too_few(recipe, plan.classes))
    if wrong:
        return wrong
    if recipe.strokes and pen_strokes.path() is None:
        return {"strokes": f"they are not on this machine: set CAPSDRAW_DATA to a folder with {pen_strokes.FILE}, or 0"}
    reason = _start(plan)
    if reason:
        return {"start": reason}
    training = _training(plan)
    reason = cannot_average(training) if recipe.average else ""
    if reason:
        return {"average": reason}
    reason = _held_out(recipe, training)
    if reason:
        return {"held_out": reason}
    reason = _batch(plan, training)
    return {"batch": reason} if reason else {}


def against_data(recipe: Recipe, images: int | None = None, shape: tuple[int, ...] | None = None) -> dict[str, str]:
    """Why each entry does not go with the images, as far as they are known: {entry: reason}.

    Args:
        recipe: one that `check` finds nothing wrong with.
        images: how many there are to train on.
        shape: (rows, columns, channels) of each.
    """
    wrong = {} if shape is None else dict(_sizes(recipe, shape))
    if images == 0:
        wrong["data"] = "it has no training images"
    elif images is not None and images <= recipe.held_out:
        wrong["held_out"] = f"all {images:,} images are held out: none are left to train on"
    return wrong


def _sizes(recipe: Recipe, shape: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """What does not go with images of that shape."""
    family = FAMILIES[recipe.family]
    net = seen(recipe, shape)
    if tuple(recipe.options.get("shape", net)) != net:
        wanted = times(recipe.options["shape"])
        yield "shape", f"{wanted} does not match these images, {times(net)}: leave it out to use theirs"
    elif min(net[:2]) < family.least_for(recipe.options):
        yield "data", f"{family.reads(recipe.options)}, these are {times(net[:2])}"
    for entry in ("synthetic", "strokes"):
        if getattr(recipe, entry) and tuple(shape) != (28, 28, 1):
            yield entry, f"pen digits are 28 × 28 × 1, these images are {times(shape)}: set it to 0"
    if recipe.augmentation.erase >= min(shape[:2]):
        yield "erase", f"a square of {recipe.augmentation.erase} covers all of an image of {times(shape[:2])}"


def _start(plan: Plan) -> str:
    """Why a fit cannot start from the model that its recipe names; "" where it can, or starts from none."""
    if not plan.recipe.start:
        return ""
    try:
        return start.problem(plan.recipe, cards.find(plan.recipe.start), plan.training.images.shape[1:], plan.classes)
    except CapsDrawError as error:
        return str(error)


def _training(plan: Plan) -> keras.Model:
    """The training form of the plan's net, with whatever weights."""
    with zoo.computing(plan.recipe.precision):
        return compiled(zoo.build(plan.recipe.family, **plan.options), plan.recipe, 1)


def _held_out(recipe: Recipe, training: keras.Model) -> str:
    """Why so many held-out images have no room beside the net and one image; "" where they have."""
    fixed, each = needed(training)
    held, room = held_out(recipe, training), free()
    if _has_gpu() or not fixed + each <= room < fixed + each + held:
        return ""
    fits = _round(recipe.held_out * (room - fixed - each) // held)
    return f"{recipe.held_out:,} need about {_size(held)} of memory, {_size(room)} are free; at most {fits:,} fit"


def _batch(plan: Plan, training: keras.Model) -> str:
    """Why a plan's batch has no room here beside its training form, and what has; "" where it has.

    Beyond that, the system would end the program without a word. On a GPU, whose memory is its
    own and says itself when it is full, there is nothing to refuse.
    """
    if _has_gpu():
        return ""
    fixed, each = needed(training)
    fixed += held_out(plan.recipe, training)
    room, batch = free(), ranks.size(plan.batch)
    if fixed + batch * each <= room:
        return ""
    if fixed + each > room:
        return (
            f"the net alone needs about {_size(fixed + each)} of memory, {_size(room)} are free: choose a smaller net"
        )
    fits = _round((room - fixed) // each)
    return f"{batch:,} need about {_size(fixed + batch * each)} of memory, {_size(room)} are free; at most {fits:,} fit"


def needed(training: keras.Model) -> tuple[int, int]:
    """Bytes that a fit of a training form takes at least, whatever its batch, and for each image of it.

    Weights, gradient and Adam's two averages are float32, and so is a moving average of the weights.
    What a layer says is kept for the gradient, in the layer's own precision, and its gradient beside
    it; so are the votes of capsules, once as they are and once weighted. Measured on two cores,
    CapsNet takes 4.0 MB an image (this says 4.0) and Efficient-CapsNet 1.3 (1.3).
    """
    weights = sum(int(keras.ops.size(weight)) for weight in training.weights)
    activations = 0
    for layer in keras_private.layers(training):
        if isinstance(layer, keras.Model | keras.layers.InputLayer):
            continue
        for output in keras.tree.flatten(layer.output):
            activations += int(np.prod([size or 1 for size in output.shape[1:]])) * _bytes(output.dtype)
        if isinstance(layer, DigitCapsules):
            below, capsules, _, size = layer.kernel.shape
            activations += 2 * below * capsules * size * _bytes(layer.compute_dtype)
    averages = 1 if getattr(training.optimizer, "average", 0.0) else 0
    return 4 * (4 + averages) * weights, 2 * activations


def held_out(recipe: Recipe, training: keras.Model) -> int:
    """Bytes of the held-out images as a fit checks them: float32, made once."""
    shape = training.input["image"].shape if isinstance(training.input, dict) else training.input_shape
    return 4 * recipe.held_out * int(np.prod(shape[1:]))


def free() -> int:
    """Bytes of memory that a program can have now."""
    return int(psutil.virtual_memory().available)


def _bytes(dtype: str) -> int:
    return 2 if "16" in dtype else 4


def _round(count: int) -> int:
    """A count that is not larger, with one figure that is not 0: nobody wants a batch of 387."""
    step = 10 ** max(len(str(count)) - 1, 0)
    return int(count // step * step)


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{max(round(count / 2**20), 1)} MB"


def _has_gpu() -> bool:
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
