"""What of CapsNet does what? `python -m training.experiments.ablation [CHANGE …]`.

A CapsNet of 64 channels learns from 20,000 images for six epochs, from three seeds: as its recipe to come has it, and
with one thing changed at a time. Then it reads digits that it was not trained on, as they are and softened
(`held_out`): so it shows which robustness comes from the moves in training and which, if any, from capsules. MNIST's
test set is not read. Measurements are kept one by one, so that a stopped run goes on where it was.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras

from capsdraw.datasets.data import Data
from capsdraw.datasets.known import data_set
from capsdraw.fit import loop, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation, RateSchedule, Recipe
from training.experiments import held_out, store

CHANNELS, LIMIT, EPOCHS = 64, 20_000, 6
SEEDS = (1, 2, 3)
# As the recipe has it, and what is changed of it.
CHANGES = ("as planned", "no softening", "shifts alone", "routing 1", "no decoder", "no bias")


def main() -> None:
    """Measure what is not measured yet of the changes named on the command line, or of all."""
    data, digits = data_set("mnist"), held_out.sets()
    measured: list[dict[str, Any]] = (store.read("ablation") or {"fits": []})["fits"]
    done = {(fit["change"], fit["seed"]) for fit in measured}
    for seed in SEEDS:
        for change in sys.argv[1:] or CHANGES:
            if (change, seed) in done:
                continue
            errors = errors_after(plan(change, seed), data, digits)
            summary = ", ".join(f"{name} {error:.2f}%" for name, error in errors.items())
            print(f"{change}, seed {seed}: {summary}", flush=True)
            measured.append({"change": change, "seed": seed, "errors": errors})
            store.write("ablation", {"channels": CHANNELS, "images": LIMIT, "epochs": EPOCHS, "fits": measured})


def plan(change: str, seed: int) -> Recipe:
    """The short fit of one of `CHANGES`; raises KeyError for another."""
    path = Path(__file__).parents[1] / "planned" / "capsnet.toml"
    whole = recipes.load(str(path)) if path.exists() else recipes.load("capsnet")
    base = replace(
        whole, seed=seed, epochs=EPOCHS, limit=LIMIT, options={**whole.options, "channels": CHANNELS},
        schedule=RateSchedule.COSINE, restarts=(), average=False, synthetic=whole.synthetic // 2,
        strokes=whole.strokes // 2,
    )  # fmt: skip
    still = Augmentation()
    softening = {name: getattr(still, name) for name in ("blur", "resampling", "contrast", "gamma", "ground", "noise")}
    changed: dict[str, Recipe] = {
        "as planned": base,
        "no softening": replace(base, augmentation=replace(base.augmentation, **softening)),
        "shifts alone": replace(base, augmentation=Augmentation(shift=base.augmentation.shift)),
        "routing 1": replace(base, options={**base.options, "iterations": 1}),
        "no decoder": replace(base, reconstruction=0.0),
        "no bias": replace(base, options={name: value for name, value in base.options.items() if name != "bias"}),
    }
    return changed[change]


def errors_after(recipe: Recipe, data: Data, digits: held_out.Sets) -> dict[str, float]:
    """Train, and measure on the held-out digits as `held_out.measure` does."""
    with tempfile.TemporaryDirectory() as folder:
        fit = Plan.of(recipe, data.train_images, data.train_labels)
        model = loop.run(fit, Path(folder), Control(), lambda _: None)
    errors = held_out.measure(model, digits)
    keras.backend.clear_session()
    return errors


if __name__ == "__main__":
    main()
