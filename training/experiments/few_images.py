"""Do capsules need less data? `python -m training.experiments.few_images [NET …]`.

Each net is trained on the first 100, 300, … training images of a shuffle, three times, with
another shuffle and other first weights each time. Whatever the net and the number of images,
it sees 60,000 images, in batches of 64, none of them changed; then it reads the test digits.
Measurements are kept one by one, so that a stopped run goes on where it was.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import Data
from capsdraw.evaluate.error import evaluate
from capsdraw.fit import launch, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.launch import Order
from capsdraw.fit.recipe import Augmentation
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES
from capsdraw.nets.session import Session
from training.experiments import store

NETS = ("mlp", "keras-cnn", "efficient-capsnet", "capsnet")
COUNTS = (100, 300, 1000, 3000, 10_000)
SEEDS = (1, 2, 3)
SEEN, BATCH = 60_000, 64


def main() -> None:
    """Measure what is not measured yet of the nets named on the command line, or of all."""
    data = data_set("mnist")
    measured: list[dict[str, Any]] = (store.read("few_images") or {"fits": []})["fits"]
    done = {(fit["net"], fit["images"], fit["seed"]) for fit in measured}
    for net in sys.argv[1:] or NETS:
        for seed in SEEDS:
            for count in COUNTS:
                if (net, count, seed) in done:
                    continue
                error = error_after(net, count, seed, data)
                print(f"{net} {count} images, seed {seed}: {error:.2f}%", flush=True)
                measured.append({"net": net, "images": count, "seed": seed, "error_percent": error})
                store.write("few_images", {"seen": SEEN, "batch": BATCH, "fits": measured})


def error_after(net: str, count: int, seed: int, data: Data, seen: int = SEEN) -> float:
    """Test error in percent of a net trained on `count` images, of which it saw `seen`, many more than once."""
    chosen = np.random.default_rng(seed).permutation(len(data.train_images))[:count]
    # Few images are repeated within an epoch: each epoch costs a checkpoint.
    chosen = np.tile(chosen, max(1, seen // 10 // count))
    plan = replace(
        recipes.load(net),
        seed=seed,
        epochs=seen // len(chosen),
        batch=BATCH,
        held_out=0,
        start="",
        synthetic=0,
        strokes=0,
        moving_average=0.0,
        restarts=(),
        average=False,
        augmentation=Augmentation(),
    )
    few = replace(data, train_images=data.train_images[chosen], train_labels=data.train_labels[chosen])
    with tempfile.TemporaryDirectory() as folder:
        order = Order(recipe=plan, folder=Path(folder))
        model = launch.launch(order, lambda *_: few, Control(), lambda _: None).model
    card = Card(
        name=net,
        title=net,
        kind=FAMILIES[plan.family].kind,
        input=(28, 28, 1),
        classes=10,
        parameters=0,
        recipe="",
        data="",
        epochs=10,
        seed=seed,
        test_error_percent=None,
        test_images=0,
        sha256="",
    )
    error = evaluate(Session(model, card), data.test_images, data.test_labels, "mnist").error_percent
    keras.backend.clear_session()
    return error


if __name__ == "__main__":
    main()
