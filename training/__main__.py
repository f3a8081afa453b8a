"""`python -m training NAME…`: make `trained/NAME.keras` and its card from `recipes/NAME.toml`.

Goes on where it was stopped: each recipe's run folder, `runs/NAME`, keeps a checkpoint an
epoch. The test set is read once, after the last epoch; with `--no-test` not at all: the errors on
the held-out images are told, nothing is bundled, and the same command without it does the rest.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from capsdraw.cli.progress import Progress
from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import LABELS, Data
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.error import evaluate
from capsdraw.fit import loop, recipes
from capsdraw.fit.adopt import card_of
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards, ranges, zoo
from capsdraw.nets.session import Session
from capsdraw.paths import resource
from training.lighten import bundle

_SETS = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}


def main() -> int:
    """Train each recipe named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description="make bundled models from their recipes")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a recipe in training/recipes, without .toml")
    parser.add_argument("--no-test", action="store_true", help="measure on the held-out images only, bundle nothing")
    chosen = parser.parse_args()
    try:
        for plan in [recipes.load(name) for name in chosen.names]:
            make(plan, data_set(plan.data), not chosen.no_test)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped: the same command goes on from there", file=sys.stderr)
        return 1
    return 0


def make(plan: Recipe, data: Data, test: bool = True) -> None:
    """Train one model and measure it on the held-out images; then on the test images, and write it and its card."""
    folder = Path("runs") / plan.name
    control = Control()
    with Progress(plan.name) as progress, stopping(control):
        model = loop.run(plan, data.train_images, data.train_labels, folder, control, progress.show)
    if control.stopped:
        raise KeyboardInterrupt  # not measured before its end
    words = card_of(plan, model, LABELS.get(plan.data, ()))
    card = replace(words, data=words.data.replace(plan.data, _SETS[plan.data], 1))
    session = Session(model, card)
    trained_on = len(data.train_labels) - plan.held_out
    if plan.held_out:
        held = evaluate(session, data.train_images[trained_on:], data.train_labels[trained_on:], data.name)
        print(f"{plan.name}: {held.errors} of {held.images} held-out images wrong", flush=True)
    if not test:
        return
    result = evaluate(session, data.test_images, data.test_labels, data.name)
    if session.capsule:
        found = ranges.of(session.encode(data.train_images[:trained_on]), data.train_labels[:trained_on])
        card = replace(card, ranges=ranges.to_card(found))
    path = resource("trained") / f"{plan.name}.keras"
    digest = zoo.save(model, path)
    measured = replace(card, sha256=digest, test_error_percent=result.error_percent, test_images=result.images)
    cards.write(measured, path.with_suffix(".json"))
    print(f"{plan.name}: {bundle(Session(model, replace(measured, folder=path.parent)))}", flush=True)
    print(f"{plan.name}: {result.errors} of {result.images} test images wrong, {result.error_percent:.2f}%", flush=True)


if __name__ == "__main__":
    sys.exit(main())
