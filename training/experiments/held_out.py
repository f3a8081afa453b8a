"""What a net misreads of digits that none was trained on: `python -m training.experiments.held_out MODEL…`.

A MODEL is the name of one at hand, a file `….keras`, or the folder of a run, of which the model is taken that
`python -m training` would bundle: as it is after the last batch done. MNIST's test set is not read: nets are chosen by
the figures that this prints. They are of MNIST's last 5,000 training digits and
of the pen strokes of writers 26 to 30 (1,248 of them, once each), as they are and softened.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.known import data_set
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.robustness import disturb
from capsdraw.fit import recipes, runs
from capsdraw.fit.checkpoint import BEST, LAST, answering
from capsdraw.fit.plan import Plan
from capsdraw.nets import cards, families, zoo

HELD_OUT = 5000
# The four that each digit net must bear, and noise.
SOFTENED = (("blur", 1.2), ("resampling", 2.8), ("contrast", 0.5), ("ground", 20 / 255), ("noise", 0.1))
SEED = 1

Sets = dict[str, tuple[NDArray[np.uint8], NDArray[np.integer]]]


def sets() -> Sets:
    """Held-out digits: (N, 28, 28) uint8 and (N,), by name."""
    mnist, pen = data_set("mnist"), pen_strokes.strokes().data(test_only=True)
    return {
        "mnist": (mnist.train_images[-HELD_OUT:], mnist.train_labels[-HELD_OUT:]),
        "pen": (pen.test_images, pen.test_labels),
    }


def measure(model: keras.Model, digits: Sets) -> dict[str, float]:
    """Error in percent on each set, as it is and softened: {"mnist": 0.3, "mnist blur": …}."""
    scores = model.output["lengths"] if families.is_capsule(model) else model.output
    scorer = keras.Model(model.input, scores)
    errors = {}
    for name, (images, labels) in digits.items():
        for how, amount in (("", 0.0), *SOFTENED):
            inputs = disturb(images, how, amount, SEED) if how else images.astype(np.float32) / 255
            answers = scorer.predict(inputs[..., None], batch_size=250, verbose=0).argmax(1)
            errors[f"{name} {how}".strip()] = round(100 * float((answers != labels).mean()), 3)
    return errors


def opened(name: str) -> keras.Model:
    """The model of that name, file or folder.

    Raises:
        CapsDrawError: there is none, or it cannot be read.
    """
    path = Path(name)
    if path.is_dir():
        return _of_run(path)
    if not path.is_file():
        return zoo.load(cards.find(name))
    return _read(path)


def _of_run(folder: Path) -> keras.Model:
    """A mean over cosines is in no checkpoint: there the best model is taken, which it is where it is better."""
    recipe = recipes.load(str(folder / runs.CONFIG))
    if recipe.average:
        return _read(folder / BEST)
    training = _read(folder / LAST, compiled=True)
    capsule = families.is_capsule(training)
    image = training.input["image"] if capsule else training.input
    classes = (training.output["lengths"] if capsule else training.output).shape[-1]
    # The net alone: of what images it has learnt does not matter here.
    complete = replace(recipe, options={**recipe.options, "classes": classes})
    return answering(training, Plan.of(complete, np.empty((0, *image.shape[1:]), np.uint8), np.empty(0, np.uint8)))


def _read(path: Path, compiled: bool = False) -> keras.Model:
    try:
        return zoo.read(path, compiled)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot measure '{path}': {error}") from None


def main() -> None:
    """Measure each model that is named."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.held_out", description=__doc__)
    parser.add_argument("models", nargs="+", metavar="MODEL")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = parser.parse_args()
    results: dict[str, Any] = {}
    try:
        digits = sets()
        for name in chosen.models:
            results[name] = measure(opened(name), digits)
            print(f"{name}\n  " + "\n  ".join(f"{what:18} {error:7.2f}%" for what, error in results[name].items()))
    except CapsDrawError as error:
        parser.exit(1, f"{error}\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
