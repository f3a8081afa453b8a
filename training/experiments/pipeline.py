"""Does a fit wait for its batches? `python -m training.experiments.pipeline [ROUNDS]`.

Each recipe's net is fitted in turn on images that lie in memory, unchanged, and on the batches that
the recipe makes of them: shuffled, moved, mixed with pen digits. Then the batches are made without a
net. All three in each round, for a few seconds each, from the fit's second epoch on: the first draws
all pen digits, later ones a fifth of them.
"""

import statistics
import sys
import time
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import Data
from capsdraw.fit import batches, checkpoint, recipes
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, zoo
from training.experiments import store
from training.experiments.speed import machine

# A part of a round lasts about so many seconds.
PART = 4.0


def main() -> None:
    """Measure every recipe, print, and keep."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    data = {name: data_set(name) for name in ("mnist", "cifar10")}
    rows = []
    for name in of_one_thing():
        rows.append(measured(recipes.load(name), data, rounds))
        print(" ".join(str(value) for value in rows[-1].values()), flush=True)
        keras.backend.clear_session()
    store.write("pipeline", {"machine": machine(), "rounds": rounds, "rows": rows})


def of_one_thing() -> list[str]:
    """The recipes whose images show one thing each: pairs are measured by their fits."""
    return [name for name in recipes.names() if not recipes.load(name).overlaid]


def measured(plan: Recipe, data: dict[str, Data], rounds: int) -> dict[str, Any]:
    """Images a second of a recipe's steps on images in memory, of its fit, and of its batches alone; medians."""
    with zoo.computing(plan.precision):
        trial = _Measured(plan, data[plan.data])
        parts = [(trial.in_memory(), trial.fitted(), trial.made_alone()) for _ in range(rounds)]
    medians = [statistics.median(rates) for rates in zip(*parts, strict=True)]
    return {"name": plan.name, **dict(zip(("step", "fit", "batches"), medians, strict=True))}


class _Measured:
    """A recipe's net, and as many of its images as last for a part of a round."""

    def __init__(self, plan: Recipe, source: Data) -> None:
        model = zoo.build(plan.family, **plan.options)
        self._net = checkpoint.compiled(model, plan, 100_000)
        self._plan, self._source, self._capsule = plan, source, families.is_capsule(model)
        self._take(4 * plan.batch)
        self.in_memory()  # compiled for
        count = len(source.train_labels) - plan.held_out
        self._take(min(count, max(4 * plan.batch, round(PART * self.in_memory()))), plan.synthetic / count)
        self.fitted()

    def in_memory(self) -> float:
        begun = time.perf_counter()
        self._net.fit(*self._packed, batch_size=self._plan.batch, epochs=1, verbose=0)
        return len(self._labels) / (time.perf_counter() - begun)

    def fitted(self) -> float:
        begun = time.perf_counter()
        self._net.fit(self._batches, epochs=1, shuffle=False, verbose=0)  # Keras calls `on_epoch_end`
        return self._images / (time.perf_counter() - begun)

    def made_alone(self) -> float:
        begun = time.perf_counter()
        for index in range(len(self._batches)):
            self._batches[index]
        seconds = time.perf_counter() - begun
        self._batches.on_epoch_end()
        return self._images / seconds

    def _take(self, count: int, synthetic: float = 0.0) -> None:
        """The first `count` images, to which so large a share of pen digits is added."""
        images, self._labels = self._source.train_images[:count], self._source.train_labels[:count]
        plan = replace(self._plan, synthetic=round(count * synthetic))
        self._images = count + plan.synthetic
        self._batches = batches.Batches(images, self._labels, plan, self._capsule, 10)
        grey = from_bytes(images)
        self._packed = batches.pack(
            grey.reshape(*grey.shape[:3], -1), self._labels.astype(np.int64), 10, self._capsule
        )  # fmt: skip


if __name__ == "__main__":
    main()
