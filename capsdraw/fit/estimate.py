"""How long a fit will take here, and how much memory, from a short stretch of it.

A batch is made by another thread while the net learns from the one before, but both are Python's in part, and share
two cores: what a batch takes lies between the longer of the two and their sum. So the fit's own loop is timed.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np

from capsdraw.fit import checkpoint, room
from capsdraw.fit.batches import Batches
from capsdraw.fit.cost import Estimate
from capsdraw.fit.drawn import RENEWED
from capsdraw.fit.plan import Plan
from capsdraw.nets import families, keras_private, zoo

# Seconds spent on a timed stretch once the net is compiled; batches of it, at least and at most.
_SECONDS: Final = 1.0
_FEWEST, _MOST = 3, 200
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
        first = batches[0]
        _loop(training, lambda _: first, 2)
        start = time.perf_counter() - begun
        step = _pace(training, lambda _: first, cancelled)
        numbers = itertools.count(1)  # each batch once: its pen digits are there the second time
        pace = _pace(training, lambda _: batches[next(numbers) % len(batches)], cancelled)
        make = _timed(lambda: batches[next(numbers) % len(batches)], 0.2, cancelled)
        again = make
        if recipe.pen_digits:
            kept = _timed(lambda: batches[0], 0.1, cancelled)
            again = min(kept + max(make - kept, 0) / RENEWED, make)
    fixed, each = room.needed(training)
    memory = _data(plan) + room.held_out(recipe, training) + fixed + plan.batch * each
    available = max(len(plan.training.labels) - recipe.held_out, 0) + recipe.pen_digits
    return Estimate(start, step, make, again, pace, plan.batch, plan.images, recipe.held_out, memory, available)


def _data(plan: Plan) -> int:
    """Bytes of all images and labels, pen digits included."""
    image_bytes = plan.training.images[:1].nbytes + plan.training.labels[:1].nbytes
    return (len(plan.training.labels) + plan.recipe.pen_digits) * image_bytes


class _Stretch(keras.utils.PyDataset):  # type: ignore[misc]
    """So many batches as `get` gives, by their numbers from 0; loaded as a fit's `Batches` are."""

    def __init__(self, get: Callable[[int], Any], count: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self._get, self._count = get, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Any:
        return self._get(index)


class _Clock(keras.callbacks.Callback):  # type: ignore[misc]
    """When each batch was done; as the fit's listener, it asks for the figures of each."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """A batch is done."""
        for value in (logs or {}).values():
            float(value)
        self.times.append(time.perf_counter())


def _loop(training: keras.Model, get: Callable[[int], Any], count: int) -> float:
    """Seconds that each batch but the first takes of a fit of `count`, at least 2."""
    clock = _Clock()
    keras_private.leave_batches_untuned()
    training.fit(_Stretch(get, count), shuffle=False, verbose=0, callbacks=[clock])
    return (clock.times[-1] - clock.times[0]) / (count - 1)


def _pace(training: keras.Model, get: Callable[[int], Any], cancelled: Callable[[], bool]) -> float:
    """Seconds a batch in the fit's own loop, over a second of it."""
    rough = _loop(training, get, _FEWEST)
    count = min(int(_SECONDS / rough), _MOST)
    return rough if count <= _FEWEST or cancelled() else _loop(training, get, count)


def _timed(work: Callable[[], object], seconds: float, cancelled: Callable[[], bool]) -> float:
    """Median seconds of one call; of two at least."""
    times: list[float] = []
    while len(times) < 2 or (sum(times) < seconds and len(times) < _MOST):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
        if cancelled():
            break
    return float(np.median(times))
