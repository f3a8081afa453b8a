"""How fast each net answers and trains, beside the machine's own rate of matrix products.

python -m capsdraw.bench.rates NAME…
"""

import sys
from dataclasses import replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from capsdraw.bench import machine, operations
from capsdraw.bench.children import answer
from capsdraw.errors import CapsDrawError
from capsdraw.fit import estimate, recipes
from capsdraw.fit.plan import Plan
from capsdraw.nets import cards
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.light_file import NoLightHalf
from capsdraw.nets.session import Session

_BATCH = 100


def main() -> int:
    """Measure the nets named on the command line, and print what was found."""
    return answer(lambda: measured(sys.argv[1:]))


def measured(names: list[str]) -> dict[str, Any]:
    """The machine's rates, and of each net its operations, times and shares of the machine's peaks."""
    rates = machine.about()
    # As in the window: what of NumPy answers has one thread.
    threadpool_limits(1, "blas")
    return {"machine": rates, "nets": [_net(cards.find(name), rates) for name in names]}


def _net(card: Card, rates: dict[str, Any]) -> dict[str, Any]:
    one, all_cores = rates["peak_one_thread"], rates["peak_all_cores"]
    heavy = Session.open(card)
    count = operations.forward(heavy.model)
    figures: dict[str, Any] = {"model": card.name, "operations": count, "step_operations": operations.step(heavy.model)}
    halves: list[tuple[str, Answering]] = [("heavy", heavy)]
    try:
        halves.insert(0, ("light", Light.open(card)))
    except NoLightHalf:
        figures["light"] = None
    for name, half in halves:
        figures[name] = {}
        for batch in (1, _BATCH):
            figures[name][f"batch_{batch}"] = _share(batch * count, _answering(half, batch), one, all_cores)
    figures["step"] = _step(card, figures["step_operations"], one, all_cores)
    return figures


def _answering(half: Answering, batch: int) -> float:
    """Milliseconds, median, in which it answers to so many images at once."""
    images = np.random.default_rng(0).random((batch, *half.card.input), np.float32)
    half.answer(images)
    return float(np.median(machine.milliseconds(lambda: half.answer(images), 100 if batch == 1 else 20, 4)))


def _step(card: Card, count: int, one: float, all_cores: float) -> dict[str, float] | None:
    """A training step by the recipe of the net, on images at random."""
    try:
        recipe = recipes.for_this_machine(recipes.load(card.name))
    except CapsDrawError:
        return None
    plain = replace(recipe, synthetic=0, strokes=0, held_out=0, limit=0)
    random = np.random.default_rng(0)
    shape = card.input if card.input[2] > 1 else card.input[:2]
    images = random.integers(0, 256, (2 * recipe.batch, *shape), np.uint8)
    labels = (np.arange(len(images)) % card.classes).astype(np.uint8)
    figures = estimate.estimate(Plan.of(plain, images, labels))
    return _share(figures.batch * count, 1000 * figures.step, one, all_cores) | {"batch": figures.batch}


def _share(count: float, milliseconds: float, one: float, all_cores: float) -> dict[str, float]:
    rate = 1e-6 * count / milliseconds
    return {
        "ms": round(milliseconds, 3), "share_of_one_thread": round(rate / one, 4),
        "share_of_all_cores": round(rate / all_cores, 4),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
