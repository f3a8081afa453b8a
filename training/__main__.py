"""`python -m training NAME…`: make `trained/NAME.keras` and its card from `recipes/NAME.toml`.

Goes on where it was stopped: each recipe's run folder, `runs/NAME`, keeps a checkpoint an
epoch. The test set is read once, after the last epoch.
"""

import argparse
import importlib.metadata
import sys
from dataclasses import replace
from pathlib import Path

import keras

from capsdraw.datasets.known import data_set
from capsdraw.datasets.sources import LABELS, Data
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.error import evaluate
from capsdraw.fit import loop, recipe
from capsdraw.lab import ranges
from capsdraw.nets import cards, families, zoo
from capsdraw.nets.session import Session
from capsdraw.paths import resource
from training.progress import Progress

_SETS = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}


def main() -> int:
    """Train each recipe named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description="make bundled models from their recipes")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a recipe in training/recipes, without .toml")
    names = parser.parse_args().names
    try:
        for plan in [recipe.load(name) for name in names]:
            make(plan, data_set(plan.data))
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped: the same command goes on from the last whole epoch", file=sys.stderr)
        return 1
    return 0


def make(plan: recipe.Recipe, data: Data) -> None:
    """Train one model, measure it on the test images, write it and its card."""
    progress = Progress(plan.name)
    folder = Path("runs") / plan.name
    model = loop.run(plan, data.train_images, data.train_labels, folder, loop.Control(), progress.show)
    card = _card(plan, model)
    session = Session(model, card)
    result = evaluate(session, data.test_images, data.test_labels, data.name)
    if session.capsule:
        trained_on = len(data.train_labels) - plan.held_out
        found = ranges.of(session.encode(data.train_images[:trained_on]), data.train_labels[:trained_on])
        card = replace(card, ranges=ranges.to_card(found))
    path = resource("trained") / f"{plan.name}.keras"
    digest = zoo.save(model, path)
    measured = replace(card, sha256=digest, test_error_percent=result.error_percent, test_images=result.images)
    cards.write(measured, path.with_suffix(".json"))
    print(f"{plan.name}: {result.errors} of {result.images} wrong, {result.error_percent:.2f}%", flush=True)


def _card(plan: recipe.Recipe, model: keras.Model) -> cards.Card:
    capsule = families.is_capsule(model)
    data = f"{_SETS[plan.data]}'s training images but the last {plan.held_out}"
    return cards.Card(
        name=plan.name,
        title=plan.title,
        kind="capsule" if capsule else "classifier",
        input=tuple(model.input_shape[1:]),
        classes=(model.output["lengths"] if capsule else model.output).shape[-1],
        parameters=sum(int(keras.ops.size(one)) for one in model.trainable_weights),
        recipe=f"training/recipes/{plan.name}.toml",
        data=f"{data}, {plan.synthetic} synthetic pen digits an epoch" if plan.synthetic else data,
        epochs=plan.epochs,
        seed=plan.seed,
        test_error_percent=None,
        test_images=0,
        sha256="",
        versions={one: importlib.metadata.version(one) for one in ("capsdraw", "keras", "tensorflow")}
        | {"backend": keras.backend.backend()},
        data_set=plan.data,
        labels=LABELS.get(plan.data, ()),
    )


if __name__ == "__main__":
    sys.exit(main())
