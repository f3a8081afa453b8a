"""One fit of a sweep: trained, or gone on with, here in this process, wherever it was begun."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw.fit import runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded, Event
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_results import is_finished, known_epochs, read_run

if TYPE_CHECKING:
    from capsdraw.fit.adapt import Open


def is_done(place: Path, until: int | None = None) -> bool:
    """Whether the run in `place` is at its end, or has so many epochs; no Keras is imported for that.

    Raises:
        CapsDrawError: what lies there cannot be read.
    """
    run = read_run(place)
    return run is not None and (is_finished(run) or (until is not None and known_epochs(run) >= until))


def train(
    fit: PlannedFit, place: Path, until: int | None, control: Control, publish: Callable[[Event], None],
    open_data: "Open",
) -> None:  # fmt: skip
    """Begin the fit's run in `place`, or go on with it from its last checkpoint; nothing where it is done.

    Args:
        fit: what is trained; place: the run's folder.
        until: epochs that it has then, and rests; None for its end. Its schedule is that of all its epochs.
        control: stops it; publish: told what happens; open_data: reads its data (`fit.launch.launch`).

    Raises:
        CapsDrawError: as `launch` does.
    """
    if is_done(place, until):
        return
    from capsdraw.fit.launch import Order, launch

    def tell(event: Event) -> None:
        publish(event)
        if until is not None and isinstance(event, EpochEnded) and event.epoch >= until:
            control.stop()

    if (place / runs.CONFIG).exists():
        order = Order(recipe=runs.read(place).recipe, folder=place, resume=True)
    else:
        order = Order(recipe=fit.recipe, place=place, asked=frozenset(fit.asked))
    launch(order, open_data, control, tell)
