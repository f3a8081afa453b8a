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
from capsdraw.datasets.data import Split
from capsdraw.datasets.known import data_set
from capsdraw.datasets.overlaid import pairs
from capsdraw.datasets.sources import LABELS, Data
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.both_right import PairEvaluation, evaluate_pairs
from capsdraw.evaluate.error import Evaluation, evaluate
from capsdraw.fit import launch, recipes, runs
from capsdraw.fit.adopt import card_of, ranges_of
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import STOPPED
from capsdraw.fit.launch import Order
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session
from capsdraw.paths import resource
from training.light_files import bundle
from training.steadied import steady

_SETS = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}


def main() -> int:
    """Train each recipe named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description="make bundled models from their recipes")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a recipe in training/recipes, without .toml")
    parser.add_argument("--no-test", action="store_true", help="measure on the held-out images only, bundle nothing")
    chosen = parser.parse_args()
    try:
        for recipe in [recipes.load(name) for name in chosen.names]:
            make(recipe, data_set(recipe.data), not chosen.no_test)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped: run the same command again to resume", file=sys.stderr)
        return 1
    return 0


def make(recipe: Recipe, data: Data, test: bool = True) -> None:
    """Train one model and measure it on the held-out images; then on the test images, and write it and its card."""
    folder, control = Path("runs") / recipe.name, Control()
    order = Order(recipe=recipe, folder=folder, resume=(folder / runs.CONFIG).exists())
    with Progress(recipe.name) as progress, stopping(control):
        outcome = launch.launch(order, lambda *_: data, control, progress.show)
    if outcome.how == STOPPED:
        raise KeyboardInterrupt  # not measured before its end
    plan, model = outcome.plan, outcome.model
    words = card_of(recipe, model, LABELS.get(recipe.data, ()))
    card = replace(words, data=words.data.replace(recipe.data, _SETS[recipe.data], 1))
    session = Session(model, card)
    wrong = _held_out_wrong(recipe, session, plan, data.name)
    if recipe.overlaid:
        before = model.get_weights()
        steady(model, plan)
        if _held_out_wrong(recipe, session, plan, data.name) > wrong:
            model.set_weights(before)  # of a fit that moved no image, its own statistics are as good
    if not test:
        return
    result = _measured(session, Split(data.test_images, data.test_labels), data.name)
    if session.capsule:
        card = replace(card, ranges=ranges_of(session, plan.trained.images, plan.trained.labels))
    path = resource("trained") / f"{recipe.name}.keras"
    digest = zoo.save(model, path)
    measured = replace(card, sha256=digest, test_error_percent=result.error_percent, test_images=result.images)
    cards.write(measured, path.with_suffix(".json"))
    print(f"{recipe.name}: {bundle(Session(model, replace(measured, folder=path.parent)))}", flush=True)
    print(
        f"{recipe.name}: {result.errors} of {result.images} test images wrong, {result.error_percent:.2f}%", flush=True
    )


def _held_out_wrong(recipe: Recipe, session: Session, plan: Plan, name: str) -> int:
    """How many held-out images are misread, which is told; 0 where none are held out."""
    if not recipe.held_out:
        return 0
    held = _measured(session, plan.held_out, name)
    print(f"{recipe.name}: {held.errors} of {held.images} held-out images wrong", flush=True)
    return held.errors


def _measured(session: Session, split: Split, name: str) -> Evaluation | PairEvaluation:
    """The net's answers to these images, or to pairs of them where that is what it reads."""
    if not session.card.reads_pairs:
        return evaluate(session, split.images, split.labels, name)
    shift = (session.card.input[0] - split.images.shape[1]) // 2
    return evaluate_pairs(session, pairs(split, len(split.labels), shift=shift), name)


if __name__ == "__main__":
    sys.exit(main())
