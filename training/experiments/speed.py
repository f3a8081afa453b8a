"""Images a second in training, every net and the ports, in one run: `python -m training.experiments.speed [ROUNDS]`.

Each contestant is fitted on images in memory for a few seconds, one after the other, round
after round, so that what else the machine does meets all of them alike.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import Data
from capsdraw.fit import batches, checkpoint, recipes
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, zoo
from capsdraw.nets.convolution import FourierConv2D
from training.experiments import ports, store

# A round of one contestant lasts about so many seconds.
ROUND = 5.0


@dataclass(frozen=True)
class Contestant:
    """A net in training, and how.

    Attributes:
        name: of the row; net: whose images it reads, a recipe's name.
        build: makes it.
        precision: a Keras dtype policy.
        batch: images a step.
        xla: whether the step is compiled by XLA; steps: as many are one call of the backend.
    """

    name: str
    net: str
    build: Callable[[], keras.Model]
    precision: str
    batch: int
    xla: bool = False
    steps: int = 1


def main() -> None:
    """Measure, print, and keep."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    data = {name: data_set(name) for name in ("mnist", "cifar10")}
    running = [_Running(contestant, data) for contestant in contestants()]
    for _ in range(rounds):
        for runner in running:
            runner.round()
    rows = [runner.row() for runner in running]
    for row in rows:
        print(f"{row['name']:<34} {row['precision']:<15} {row['batch']:>4} {row['images_per_second']:>9,.0f} images/s")
    store.write("speed", {"machine": machine(), "rounds": rounds, "rows": rows})


def contestants() -> list[Contestant]:
    """Every net as its recipe trains it, other ways to train the capsule nets, and the ports."""
    capsnet, efficient = (lambda: zoo.build("capsnet")), (lambda: zoo.build("efficient-capsnet"))
    contestants_found = [
        Contestant("port of capsnet", "capsnet", ports.capsnet, "float32", 128),
        Contestant("capsnet, direct convolution", "capsnet", _direct_capsnet, "float32", 128),
        Contestant("capsnet, direct convolution", "capsnet", _direct_capsnet, "mixed_bfloat16", 128),
        Contestant("capsnet", "capsnet", capsnet, "float32", 128),
        Contestant("port of efficient-capsnet", "efficient-capsnet", ports.efficient_capsnet, "float32", 128),
        Contestant("efficient-capsnet", "efficient-capsnet", efficient, "mixed_bfloat16", 128),
    ]
    for name in recipes.names():
        plan = recipes.load(name)
        if plan.overlaid:
            continue  # its batches are of two digits each
        contestants_found.append(Contestant(name, name, _built(plan), str(plan.precision), plan.batch))
        if plan.family.endswith("capsnet"):  # what else could help, each tried on its own
            as_trained = contestants_found[-1]
            contestants_found += [
                replace(as_trained, name=f"{name}, batch {batch}", batch=batch) for batch in (32, 512)
            ]
            contestants_found.append(replace(as_trained, name=f"{name}, XLA", xla=True))
            contestants_found.append(replace(as_trained, name=f"{name}, 8 steps a call", steps=8))
    return contestants_found


def machine() -> str:
    """Processor, cores, and versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    cores = sum(line.startswith("processor") for line in lines) or 1
    backend = keras.backend.backend()
    version = __import__(backend).__version__
    return f"{model or platform.processor()}, {cores} cores; Keras {keras.__version__} on {backend} {version}"


class _Running:
    """A contestant with its fit, ready for the next round."""

    def __init__(self, what: Contestant, data: dict[str, Data]) -> None:
        self.what = what
        keras.utils.set_random_seed(1)
        keras.config.set_dtype_policy(what.precision)
        plan = recipes.load(what.net)
        model = what.build()
        self._fit = checkpoint.compiled(model, plan, 100_000)
        self._fit.jit_compile = what.xla
        self._fit.steps_per_execution = what.steps
        source = data[plan.data]
        self._images, self._labels = source.train_images, source.train_labels
        self._capsule = families.is_capsule(model)
        self.rates: list[float] = []
        self._once(2 * what.steps)
        rounds = ROUND * self._once(3 * what.steps) / (what.batch * what.steps)
        self._steps = what.steps * max(2, round(rounds))

    def round(self) -> None:
        self.rates.append(self._once(self._steps))

    def row(self) -> dict[str, Any]:
        return {
            "name": self.what.name, "precision": self.what.precision, "batch": self.what.batch,
            "images_per_second": statistics.median(self.rates), "slowest_images_per_second": min(self.rates),
        }  # fmt: skip

    def _once(self, steps: int) -> float:
        chosen = np.arange(steps * self.what.batch) % len(self._images)
        images = from_bytes(self._images[chosen])
        images = images.reshape(*images.shape[:3], -1)
        inputs, wanted = batches.pack(images, self._labels[chosen], 10, self._capsule)
        begun = time.perf_counter()
        self._fit.fit(inputs, wanted, batch_size=self.what.batch, epochs=1, verbose=0)
        return len(chosen) / (time.perf_counter() - begun)


def _built(plan: Recipe) -> Callable[[], keras.Model]:
    return lambda: zoo.build(plan.family, **plan.options)


def _direct_capsnet() -> keras.Model:
    """CapsNet with Keras' own convolution where ours goes by Fourier coefficients."""

    def direct(layer: keras.layers.Layer) -> keras.layers.Layer:
        if not isinstance(layer, FourierConv2D):
            return layer.__class__.from_config(layer.get_config())
        return keras.layers.Conv2D(layer.filters, layer.kernel_size, strides=layer.strides, name=layer.name)

    encoder = zoo.build("capsnet").get_layer("encoder")
    return families.with_decoder(keras.models.clone_model(encoder, clone_function=direct), "direct_capsnet")


if __name__ == "__main__":
    main()
