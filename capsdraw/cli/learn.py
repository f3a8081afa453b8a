"""`capsdraw learn`: a model goes on learning, from the user's own drawings."""

import argparse
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from capsdraw.cli.command_parser import not_empty
from capsdraw.cli.progress import Progress, getting_data, reading_images
from capsdraw.cli.terminal import add_json, note, print_json, quiet_stderr, say
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import STOPPED, Ended, Event, Prepared
from capsdraw.nets import cards
from capsdraw.nets.cards import Card

if TYPE_CHECKING:
    from capsdraw.fit.lesson import Change, Lesson

HELP = "have a model learn from the drawings that you kept, beside what it was trained on"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw learn` takes."""
    parser.add_argument(
        "--model", default=cards.DEFAULT_MODEL, metavar="NAME",
        help="the model to go on from, a name that 'capsdraw models' lists (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--keep-as", required=True, type=not_empty, metavar="TITLE", help="the new model's title; the old one stays"
    )
    parser.add_argument(
        "--even-if-worse", action="store_true", help="keep it though it reads something worse than before"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Learn, measure, and keep what is no worse.

    Raises:
        CapsDrawError: no such model, nothing to learn from, the fit failed, or what came of it is worse.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from capsdraw.collection.as_data import open_data
    from capsdraw.collection.database import Collection

    card = cards.find(options.model)
    with quiet_stderr():
        from capsdraw.fit import launch, lesson  # TensorFlow, in silence
    order = lesson.order_for(card, options.keep_as)
    data: list[Data] = []

    def opened(source: str, shape: tuple[int, ...] | None) -> Data:
        with getting_data() as show:
            data.append(open_data(source, shape, watch=ReadMonitor(show), intake=card.intake))
        return data[-1]

    with Progress(card.name, sys.stderr) as progress, ExitStack() as fitting:
        control = Control()

        def show(event: Event) -> None:
            progress.show(event)
            if isinstance(event, Prepared):
                note(f"{order.recipe.title}: run '{event.folder}'")
                for line in event.notes:
                    note(line)
                fitting.enter_context(stopping(control))
            elif isinstance(event, Ended):
                fitting.close()

        outcome = launch.launch(order, opened, control, show)
    if outcome.how == STOPPED:
        raise CapsDrawError(f"stopped, and nothing kept; the run is '{outcome.folder}'")
    with Collection() as collection, reading_images("measuring") as tell:
        result = lesson.measured(card, outcome.folder, data[-1], collection, tell)
    if result.worse and not options.even_if_worse:
        why = f"it reads {result.worse} worse than before"
        raise CapsDrawError(f"not kept: {why}. Keep more drawings, or say --even-if-worse")
    kept = lesson.keep(outcome.folder, options.keep_as, data[-1])
    _tell(options, kept, result)
    return 0


def _tell(options: argparse.Namespace, card: Card, lesson: "Lesson") -> None:
    if options.json:
        others = _json(lesson.others)
        print_json(
            {
                "name": card.name, "collection": _json(lesson.collection),
                "mnist": others if lesson.source == "mnist" else None, "others": {"data": lesson.source, **others},
            }
        )  # fmt: skip
        return
    say(f"available as '{card.name}'")
    for what, change in (("your held-out drawings", lesson.collection), (lesson.source, lesson.others)):
        if change.images:
            say(f"{what}: {change.before:.2f} → {change.after:.2f}% of {change.images:,} wrong")


def _json(change: "Change") -> dict[str, Any]:
    return {"before": change.before, "after": change.after, "images": change.images}
