"""The affNIST test of the CapsNet paper: `python -m training.experiments.affine [NET …]`.

Each net is trained on MNIST's digits on a ground of 40 × 40, shifted by up to 6 pixels each way
and changed in no other way; then it reads test digits, once only shifted, once under the full
affine distortion. Beside the capsule nets stand the Keras tutorial's CNN and the same one made
so wide that it has as many parameters as CapsNet.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.cli.progress import Progress
from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import Data
from capsdraw.evaluate.error import evaluate
from capsdraw.evaluate.robustness import affine
from capsdraw.fit import launch, recipes, runs
from capsdraw.fit.control import Control
from capsdraw.fit.launch import Order
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES
from capsdraw.nets.session import Session
from training.experiments import store

SIDE, SHIFT, SEED, HELD_OUT = 40, 6, 1, 5000
# Name: the recipe it starts from, the net's options, its epochs.
NETS: dict[str, tuple[str, dict[str, Any], int]] = {
    "keras-cnn": ("keras-cnn", {}, 4),
    "efficient-capsnet": ("efficient-capsnet", {}, 4),
    "wide-cnn": ("keras-cnn", {"channels": 102}, 4),
    "capsnet": ("capsnet", {}, 4),
}


def main() -> None:
    """Train and measure what is not measured yet of the nets named on the command line, or of all."""
    data = data_set("mnist")
    measured: dict[str, Any] = store.read("affine") or {}
    for name in sys.argv[1:] or NETS:
        if name not in measured:
            measured[name] = result(name, data, Path("runs") / f"affine-{name}")
            print(name, measured[name], flush=True)
            store.write("affine", measured)


def result(name: str, data: Data, folder: Path, limit: int = 0) -> dict[str, Any]:
    """Train the net `name` on shifted digits, `limit` of them or all, and measure it.

    A fit that was stopped goes on with the checkpoint in its run's `folder`.
    """
    how = plan(name, limit)
    ground = replace(data, train_images=on_ground(data.train_images), test_images=on_ground(data.test_images))
    order = Order(recipe=how, folder=folder, resume=(folder / runs.CONFIG).exists())
    with Progress(name) as progress:
        model = launch.launch(order, lambda *_: ground, Control(), progress.show).model
    parameters = sum(int(keras.ops.size(weight)) for weight in model.trainable_weights)
    card = Card(
        name=name,
        title=name,
        kind=FAMILIES[how.family].kind,
        input=(SIDE, SIDE, 1),
        classes=10,
        parameters=parameters,
        recipe="",
        data="",
        epochs=how.epochs,
        seed=SEED,
        test_error_percent=None,
        test_images=0,
        sha256="",
    )
    session = Session(model, card)
    errors = {
        kind: evaluate(session, distorted, data.test_labels, kind).error_percent
        for kind, distorted in (("shifted", shifted(data.test_images)), ("affine", affined(data.test_images)))
    }
    return {"parameters": parameters, "epochs": how.epochs, "error_percent": errors}


def plan(name: str, limit: int = 0) -> Recipe:
    """How the net `name` is trained here, on `limit` digits or all."""
    base, options, epochs = NETS[name]
    return replace(
        recipes.load(base), name=name, options={"shape": [SIDE, SIDE, 1], **options}, seed=SEED, epochs=epochs,
        start="", held_out=HELD_OUT, synthetic=0, strokes=0, limit=limit,
        restarts=(), average=False, moving_average=0.0, augmentation=Augmentation(shift=SHIFT),
    )  # fmt: skip


def on_ground(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Digits (N, 28, 28) in the middle of a ground of `SIDE` pixels."""
    margin = (SIDE - images.shape[1]) // 2
    return np.pad(images, ((0, 0), (margin, margin), (margin, margin)))


def shifted(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Digits (N, 28, 28) on the ground, shifted as in training, (N, SIDE, SIDE) in [0, 1]."""
    return affine(on_ground(images), SHIFT, SEED, rotation=0, shear=0, scale=0)


def affined(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Digits (N, 28, 28) on the ground under the full distortion, (N, SIDE, SIDE) in [0, 1]."""
    return affine(on_ground(images), SHIFT, SEED)


if __name__ == "__main__":
    main()
