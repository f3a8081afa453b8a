"""How long a fit will take here, and how much memory, from a few timed steps."""

import itertools
import time
from collections.abc import Callable

import numpy as np

from capsdraw.fit import checkpoint, room
from capsdraw.fit.batches import Batches
from capsdraw.fit.cost import Estimate
from capsdraw.fit.drawn import RENEWED
from capsdraw.fit.plan import Plan
from capsdraw.nets import families, zoo

# Seconds spent on timed steps once the net is compiled; at least two steps are timed.
_SECONDS = 1.0
# Images that a net's whitening is made from.
_SOME = 256


def estimate(plan: Plan, cancelled: Callable[[], bool] = lambda: False) -> Estimate:
    """Build the plan's net and train it for a few batches; nothing is kept.

    Args:
        plan: of the fit.
        cancelled: asked between steps; the figures are then rough.

    Raises:
        CapsDrawError: the net cannot be built; Cancelled: while the first batch was made.
    """
    recipe, trained = plan.recipe, plan.trained
    begun = time.perf_counter()
    with zoo.computing(recipe.precision):
        model = checkpoint.first(recipe, trained.images[:_SOME], plan.classes)
        training = checkpoint.compiled(model, recipe, 100)
        # The whole pool, so that a batch has its share of pen digits, which take longer than the net where it is small.
        capsule = families.is_capsule(training)
        batches = Batches(trained.images, trained.labels, recipe, capsule, plan.classes, stopped=cancelled)
        inputs, wanted = batches[0]
        training.train_on_batch(inputs, wanted)
        start = time.perf_counter() - begun
        numbers = itertools.cycle(range(1, len(batches) + 1))
        make = _timed(lambda: batches[next(numbers) % len(batches)], 2, 0.2, cancelled)
        kept = _timed(lambda: batches[0], 2, 0.1, cancelled)
        again = kept + max(make - kept, 0) / RENEWED
        step = _timed(lambda: training.train_on_batch(inputs, wanted), 2, _SECONDS, cancelled)
    fixed, each = room.needed(training)
    memory = _data(plan) + room.held_out(recipe, training) + fixed + plan.batch * each
    available = max(len(plan.training.labels) - recipe.held_out, 0) + recipe.pen_digits
    return Estimate(start, step, make, again, plan.batch, plan.images, recipe.held_out, memory, available)


def _data(plan: Plan) -> int:
    """Bytes of all images and labels, pen digits included."""
    image_bytes = plan.training.images[:1].nbytes + plan.training.labels[:1].nbytes
    return (len(plan.training.labels) + plan.recipe.pen_digits) * image_bytes


def _timed(work: Callable[[], object], least: int, seconds: float, cancelled: Callable[[], bool]) -> float:
    """Median seconds of one call."""
    times: list[float] = []
    while len(times) < least or (sum(times) < seconds and len(times) < 200):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
        if cancelled():
            break
    return float(np.median(times))
