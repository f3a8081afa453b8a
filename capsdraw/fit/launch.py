"""The one door to a fit: the window, the command line and `training` start it and go on with it here, and listen."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import keras

from capsdraw.datasets.data import Data
from capsdraw.datasets.sources import KNOWN, PEN_STROKES
from capsdraw.errors import CapsDrawError
from capsdraw.fit import adapt, adopt, check, loop, origin, ranks, room, runs, snapshots
from capsdraw.fit.adapt import Open
from capsdraw.fit.control import Control
from capsdraw.fit.events import Ended, Event, Floats, Prepared, RunState
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import orientation
from capsdraw.nets.cards import Card


class Refused(CapsDrawError):  # noqa: N818 (nothing broke)
    """A recipe that cannot be trained with its data, or not here.

    Attributes:
        problems: {entry of the recipe: reason}.
    """

    def __init__(self, what: str, problems: dict[str, str]) -> None:
        super().__init__(f"cannot train {what}: {next(f'{entry} {reason}' for entry, reason in problems.items())}")
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked for.

    Attributes:
        recipe: how it is trained; of a run that is gone on with, its own or `runs.extended`'s.
        folder: of the run; None for a new one among the user's runs.
        place: of a new run, the folder that it is to have, with no run in it yet; `folder` is None then.
        resume: whether there is a run in `folder` that is gone on with.
        note: the user's words for the run; None leaves those that it has.
        keep_as: the title under which its model is put among those at hand in the end; "" for not at all.
        drawing: called for the user's own digit, (rows, columns) float32 in [0, 1], or None where nothing is drawn;
            where it is given, the net in training is looked at (`fit.snapshots`).
        asked: entries of the recipe that the user gave for this data: none of them is adapted to it (`fit.adapt`).
    """

    recipe: Recipe
    folder: Path | None = None
    place: Path | None = None
    resume: bool = False
    note: str | None = None
    keep_as: str = ""
    drawing: Callable[[], Floats | None] | None = None
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an order.

    Attributes:
        how: the fit ended, `events.FINISHED` or `events.STOPPED`.
        folder: of the run.
        plan: what was trained.
        model: as it is after the last batch (`loop.run`).
        card: of the model that was put among those at hand, if that was asked for.
    """

    how: RunState
    folder: Path
    plan: Plan
    model: keras.Model
    card: Card | None = None


def launch(order: Order, open_data: Open, control: Control, publish: Callable[[Event], None]) -> Outcome:
    """Do what is asked for, on this thread: all of it, or none but the reason why not.

    Args:
        order: what is asked for.
        open_data: reads the data; it may raise `Cancelled`.
        control: pauses and stops the fit, once it has begun.
        publish: called on this thread: `Prepared` when nothing speaks against the fit, then what the loop tells.

    Raises:
        Refused: recipe, data or machine speak against it; no run was made then.
        CapsDrawError: no such data, other data than the run was begun with, no run to go on with, or the fit failed
            (`loop.run`); Cancelled: `open_data` was stopped.
    """
    data, plan, folder = begin(order, open_data)
    looked_at = None if order.drawing is None else snapshots.at(plan, order.drawing)
    filters = origin.first_filters(plan) if looked_at is not None and order.resume else None
    publish(Prepared(folder, data.labels, filters, data.notes))
    ends: list[RunState] = []

    def tell(event: Event) -> None:
        if isinstance(event, Ended):
            ends.append(event.how)
        publish(event)

    model = loop.run(plan, folder, control, tell, looked_at)
    card = None
    if order.keep_as:
        card = adopt.adopt(runs.read(folder), order.keep_as, data.train_images, data.train_labels, data.labels)
    return Outcome(how=ends[-1], folder=folder, plan=plan, model=model, card=card)


def begin(order: Order, open_data: Open, workers: int = 1) -> tuple[Data, Plan, Path]:
    """All that comes before the training itself, for whoever trains elsewhere than here.

    Args:
        order, open_data: as `launch` has them; workers: so many processes share the fit (`fit.ranks`).

    Returns:
        The data, the plan, and the run's folder, which is made now.

    Raises:
        Refused, CapsDrawError, Cancelled: as `launch` does.
    """
    _require_clock()
    data, plan = prepare(order.recipe, open_data, order.resume, order.asked)
    wrong = ranks.problems(plan, workers)
    if wrong:
        raise Refused(f"'{plan.recipe.name}' on '{data.name}'", wrong)
    return data, plan, _folder(replace(order, recipe=plan.recipe), data)


def prepare(
    recipe: Recipe, open_data: Open, resume: bool = False, asked: frozenset[str] = frozenset()
) -> tuple[Data, Plan]:
    """The data of a recipe and the plan for it, where nothing speaks against a fit of them here.

    Args:
        recipe, open_data: as `launch` has them.
        resume: a run's own checkpoint is gone on with, whatever model it started from, by the recipe that it has.
        asked: as `Order` has it.

    Returns:
        The data, its notes with what was changed of the recipe, and the plan of the recipe as it is trained.

    Raises:
        Refused: recipe, data or machine speak against it. CapsDrawError: no such data; Cancelled: it was stopped.
    """
    wrong = check.problems(recipe)
    if wrong:  # said before anything is fetched
        raise Refused(f"'{recipe.name}'", wrong)
    data = adapt.opened(recipe, open_data)
    if not resume:
        recipe, data = _adapted(recipe, data, asked)
    plan = Plan.of(recipe, data.train_images, data.train_labels)
    wrong = room.problems(replace(plan, recipe=replace(recipe, start="")) if resume else plan)
    if wrong:
        raise Refused(f"'{recipe.name}' on '{data.name}'", wrong)
    return data, plan


def _adapted(recipe: Recipe, data: Data, asked: frozenset[str]) -> tuple[Recipe, Data]:
    """Recipe and data that go together; raises Refused where they do not, or where nobody knows."""
    adaptation = adapt.adapted(recipe, data, asked)
    wrong = dict(adaptation.problems)
    if recipe.data not in (*KNOWN, PEN_STROKES) and "transposed" not in asked:
        doubt = orientation.doubt(data, recipe.data, recipe.transposed)
        wrong |= {"transposed": doubt} if doubt else {}
    if wrong:
        raise Refused(f"'{recipe.name}' on '{data.name}'", wrong)
    return adaptation.recipe, replace(data, notes=adaptation.notes)


def _require_clock() -> None:
    """A model's file is an archive, and the times of archives begin in 1980; raises CapsDrawError before that."""
    year = time.localtime().tm_year
    if year < 1980:
        raise CapsDrawError(f"this machine's clock says {year}, and no model can be saved before 1980: set the clock")


def _folder(order: Order, data: Data) -> Path:
    """The run's folder, made only now, when nothing speaks against the fit any more; or made sure of."""
    if order.folder is None:
        return runs.create(order.recipe, data, order.note or "", order.place)
    if not order.resume:
        return order.folder  # the loop makes it
    folder = runs.same_data(order.folder, data)
    if order.note is not None:
        runs.describe(folder, note=order.note)
    return folder
