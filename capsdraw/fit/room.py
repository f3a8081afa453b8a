"""Whether a fit has room in this machine's memory: reckoned from the net's layers before anything of it runs."""

import keras
import numpy as np
import psutil

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.data import Data, label_problem
from capsdraw.errors import CapsDrawError
from capsdraw.fit import check, start
from capsdraw.fit.checkpoint import cannot_average, compiled, options_of
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards, zoo
from capsdraw.nets.layers import DigitCapsules


def problems(recipe: Recipe, data: Data) -> dict[str, str]:
    """Why each entry of a recipe that cannot be used with this data, or has no room here, cannot be: {entry: reason}.

    Raises:
        CapsDrawError: the net cannot be built.
    """
    count = len(data.train_labels)
    wrong = check.problems(recipe, count, data.shape)
    if wrong:
        return wrong
    reason = label_problem(data.train_labels, recipe.options.get("classes"))
    if reason:
        return {"data": reason}
    classes = int(data.train_labels.max()) + 1
    if recipe.strokes and pen_strokes.path() is None:
        return {"strokes": f"they are not on this machine: set CAPSDRAW_DATA to a folder with {pen_strokes.FILE}, or 0"}
    reason = _start(recipe, data.shape, classes)
    if reason:
        return {"start": reason}
    used = min(recipe.limit or count, count - recipe.held_out) + recipe.pen_digits
    training = _training(recipe, data.shape, classes)
    reason = cannot_average(training) if recipe.average else ""
    if reason:
        return {"average": reason}
    reason = _held_out(recipe, training)
    if reason:
        return {"held_out": reason}
    reason = problem(recipe, training, used)
    return {"batch": reason} if reason else {}


def _start(recipe: Recipe, shape: tuple[int, ...], classes: int) -> str:
    """Why a fit cannot start from the model that its recipe names; "" where it can, or starts from none."""
    if not recipe.start:
        return ""
    try:
        return start.problem(recipe, cards.find(recipe.start), shape, classes)
    except CapsDrawError as error:
        return str(error)


def _training(recipe: Recipe, shape: tuple[int, ...], classes: int) -> keras.Model:
    """The training form of the recipe's net, with whatever weights."""
    with zoo.computing(recipe.precision):
        return compiled(zoo.build(recipe.family, **options_of(recipe, shape, classes)), recipe, 1)


def _held_out(recipe: Recipe, training: keras.Model) -> str:
    """Why so many held-out images have no room beside the net and one image; "" where they have."""
    fixed, each = needed(training)
    held, room = held_out(recipe, training), free()
    if _has_gpu() or not fixed + each <= room < fixed + each + held:
        return ""
    fits = _round(recipe.held_out * (room - fixed - each) // held)
    return f"{recipe.held_out:,} need about {_size(held)} of memory, {_size(room)} are free: up to {fits:,} fit"


def problem(recipe: Recipe, training: keras.Model, images: int) -> str:
    """Why a recipe's batch has no room here, and what has; "" where it has.

    Beyond that, the system would end the program without a word. On a GPU, whose memory is its
    own and says itself when it is full, there is nothing to refuse.

    Args:
        recipe: of the fit; training: its training form.
        images: that it trains on in an epoch, pen digits included; a batch is never larger.
    """
    if _has_gpu():
        return ""
    fixed, each = needed(training)
    fixed += held_out(recipe, training)
    room, batch = free(), min(recipe.batch, images)
    if fixed + batch * each <= room:
        return ""
    if fixed + each > room:
        return (
            f"the net alone needs about {_size(fixed + each)} of memory, {_size(room)} are free: choose a smaller net"
        )
    fits = _round((room - fixed) // each)
    return f"{batch:,} need about {_size(fixed + batch * each)} of memory, {_size(room)} are free: up to {fits:,} fit"


def needed(training: keras.Model) -> tuple[int, int]:
    """Bytes that a fit of a training form takes at least, whatever its batch, and for each image of it.

    Weights, gradient and Adam's two averages are float32, and so is a moving average of the weights.
    What a layer says is kept for the gradient, in the layer's own precision, and its gradient beside
    it; so are the votes of capsules, once as they are and once weighted. Measured on two cores,
    CapsNet takes 4.0 MB an image (this says 4.0) and Efficient-CapsNet 1.3 (1.3).
    """
    weights = sum(int(keras.ops.size(one)) for one in training.weights)
    said = 0
    for layer in training._flatten_layers(include_self=False):
        if isinstance(layer, keras.Model | keras.layers.InputLayer):
            continue
        for output in keras.tree.flatten(layer.output):
            said += int(np.prod([size or 1 for size in output.shape[1:]])) * _bytes(output.dtype)
        if isinstance(layer, DigitCapsules):
            below, capsules, _, size = layer.kernel.shape
            said += 2 * below * capsules * size * _bytes(layer.compute_dtype)
    averages = 1 if getattr(training.optimizer, "average", 0.0) else 0
    return 4 * (4 + averages) * weights, 2 * said


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
