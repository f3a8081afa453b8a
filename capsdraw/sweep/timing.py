"""Times plans of a sweep's fits in a process of its own: fits come in, what they cost goes out, both as JSON."""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import psutil

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit.recipe import Recipe
from capsdraw.sweep.fit_process import failed
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_cost import TimedPlans

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data

# Bytes of an order: that of a thousand fits is two million.
_MOST: Final = 1 << 24


@dataclass(frozen=True, kw_only=True)
class _Order:
    """Fits that are timed, and those that are only held against their data."""

    timed: list[PlannedFit]
    checked: list[PlannedFit]


def main() -> int:
    """Time the fits that the standard input names; the exit code: 0 done, 1 with a line on stderr."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        order = records.parse_json(sys.stdin.buffer.read(_MOST), "order")
        measured = _measured(records.convert(order, _Order, "order"))
    except CapsDrawError as error:
        return failed(str(error))
    except (OSError, ImportError, MemoryError) as error:
        return failed(first_line(error, named=True))
    print(json.dumps(asdict(measured)))
    return 0


def _measured(order: _Order) -> TimedPlans:
    begun = time.perf_counter()
    from capsdraw.collection.as_data import open_data
    from capsdraw.fit import adapt, room
    from capsdraw.fit.estimate import estimate
    from capsdraw.fit.launch import Refused, prepare

    base, ready = int(psutil.Process().memory_info().rss), 0.0
    read: dict[tuple[str, tuple[int, ...] | None], Data] = {}

    def opened(source: str, shape: tuple[int, ...] | None) -> "Data":
        if (source, shape) not in read:
            read[source, shape] = open_data(source, shape)
        return read[source, shape]

    estimates, epochs, of_checked = [], [], []
    for fit in order.checked:
        recipe = fit.recipe
        data = adapt.opened(recipe, opened)
        fitted = adapt.adapted(recipe, data, frozenset(fit.asked))
        shape = (*data.train_images.shape[1:], 1)[:3]
        wrong = fitted.problems or room.against_data(fitted.recipe, len(data.train_labels), shape)
        if wrong:
            raise Refused(f"'{fit.title}' on '{data.name}'", wrong)
        of_checked.append(_least(recipe, fitted.recipe))
    for fit in order.timed:
        _, plan = prepare(fit.recipe, opened, asked=frozenset(fit.asked))
        ready = ready or time.perf_counter() - begun
        estimates.append(estimate(plan))
        epochs.append(_least(fit.recipe, plan.recipe))
    return TimedPlans(estimates=tuple(estimates), epochs=(*epochs, *of_checked), base=base, ready=ready)


def _least(recipe: Recipe, adapted: Recipe) -> int:
    """Epochs that a fit of this plan has at least with its data."""
    return adapted.epochs if adapted.epochs > recipe.epochs else 1


if __name__ == "__main__":
    sys.exit(main())
