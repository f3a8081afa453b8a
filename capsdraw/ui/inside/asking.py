"""What the tab asks nets, on the thread that asks them; what comes back is plain data.

What asks a net's layers is made once for a session; Keras is not imported before the first question.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.fit.start import began_with
from capsdraw.ink.normalize import Digit
from capsdraw.lab.activity import Outputs, Primary, pictures
from capsdraw.lab.anatomy import Anatomy
from capsdraw.lab.arithmetic import ValueSum
from capsdraw.lab.filters import LayerKernels
from capsdraw.lab.heat import Heat
from capsdraw.lab.steps import RoutingIteration, Votes, route
from capsdraw.lab.trace import Trace, trace
from capsdraw.nets.reading import Floats

if TYPE_CHECKING:
    from capsdraw.lab import kernels, layer_probe, layer_sums
    from capsdraw.nets.session import Session


@dataclass(frozen=True)
class Maps:
    """What one layer makes of a drawing.

    Attributes:
        outputs: of the layer; pictures: these in grey, (N, rows, columns) float32 in [0, 1]; of primary
            capsules the lengths of each type.
        primary: where these are the primary capsules, else None.
        digit: what was drawn.
    """

    outputs: Outputs
    pictures: Floats
    primary: Primary | None
    digit: Digit


@dataclass(frozen=True)
class KernelPictures:
    """The kernels of one layer, ready to be shown.

    Attributes:
        layer: its name.
        inputs: how many each kernel reads; channel: which of them is shown, or None for the mean of all.
        after, before, change: (F, rows, columns); the last two None where it is not known what it started from.
        moved: (F,) how far each went, in lengths of what it was, over all inputs; or None.
        bias: (F,), or None without.
        why: what is to be said of "before": where it comes from, or why there is none.
    """

    layer: str
    inputs: int
    channel: int | None
    after: Floats
    before: Floats | None
    change: Floats | None
    moved: Floats | None
    bias: Floats | None
    why: str


@dataclass(frozen=True)
class Seen:
    """Heat over what was drawn, and the class that the net reads."""

    digit: Digit
    heat: Heat
    read: int


@dataclass(frozen=True)
class RoutedDrawing:
    """What the routing of a drawing's capsules came to."""

    digit: Digit
    votes: Votes
    step: RoutingIteration


def ask_anatomy(session: "Session") -> Anatomy:
    """The layers of the net."""
    return session.once(_dissected)


def ask_trace(session: "Session", digit: Digit) -> Trace:
    """The drawing's way through all layers."""
    return trace(ask_anatomy(session), session.once(_watcher).look(digit), digit)


def ask_maps(session: "Session", digit: Digit, layer: str, common: bool) -> Maps:
    """What one layer makes of the drawing; `common`: on one scale for all maps."""
    seen = session.once(_watcher).look(digit)
    outputs = seen.of(layer)
    primary = seen.primary if seen.primary is not None and seen.primary.layer == layer else None
    tiles = pictures(outputs, common) if primary is None else _lengths(primary)
    return Maps(outputs, tiles, primary, digit)


def ask_value(session: "Session", digit: Digit, layer: str, index: int, at: tuple[int, int] | None) -> ValueSum:
    """How one value of a layer's map comes about; the map's largest where no place is given."""
    return session.once(_sums).of(session.once(_watcher).look(digit), digit, layer, index, at)


def ask_filters(session: "Session", layer: str, channel: int | None) -> KernelPictures:
    """The kernels of one layer towards one input, or their mean over all inputs."""
    filters, why = session.once(_filters)
    learning = filters.learning(layer)
    inputs = learning.after.weights.shape[1]
    chosen = None if channel is None or channel >= inputs else channel
    after, before, change = (
        None if kernels is None else _towards(kernels, chosen)
        for kernels in (learning.after, learning.before, learning.change)
    )
    assert after is not None
    return KernelPictures(layer, inputs, chosen, after, before, change, learning.moved, learning.after.bias, why)


def ask_heat(session: "Session", digit: Digit, label: int, layer: str, read: int) -> Seen:
    """Where that convolution found what speaks for a class; the net reads the class `read`."""
    from capsdraw.lab.gradcam import GradCam

    return Seen(digit, session.once(GradCam).map(digit, label, layer), read)


def ask_sent(session: "Session", digit: Digit, label: int) -> tuple[RoutedDrawing, int]:
    """What the primary capsules send to a class; of a capsule net."""
    from capsdraw.lab.routing import Router

    votes = session.once(Router).votes(digit)
    return RoutedDrawing(digit, votes, route(votes)[-1]), label


def _dissected(session: "Session") -> Anatomy:
    from capsdraw.lab.dissection import dissect

    return dissect(session.model, session.name)


def _watcher(session: "Session") -> "layer_probe.LayerProbe":
    from capsdraw.lab.layer_probe import LayerProbe

    return LayerProbe(session)


def _sums(session: "Session") -> "layer_sums.LayerSums":
    from capsdraw.lab.layer_sums import LayerSums

    return LayerSums(session)


def _filters(session: "Session") -> "tuple[kernels.Filters, str]":
    """With what is to be said of "before"."""
    from capsdraw.fit import checkpoint
    from capsdraw.lab.kernels import Filters

    card = session.card
    try:
        recipe = began_with(card)
        filters = Filters(session.model, checkpoint.begun(recipe, card.input, card.classes))
    except CapsDrawError as error:
        return Filters(session.model), f"The filters before training are not known: {error}"
    began = f"'{recipe.start}', which it started from" if recipe.start else "rebuilt from its recipe"
    return filters, f"Before: {began}"


def _lengths(primary: Primary) -> Floats:
    """(T, rows, columns) in [0, 1]: the longest is white."""
    by_type = np.ascontiguousarray(primary.lengths.transpose(2, 0, 1))
    return by_type / np.float32(max(float(by_type.max()), 1e-9))


def _towards(kernels: LayerKernels, channel: int | None) -> Floats:
    weights = kernels.weights.mean(1) if channel is None else kernels.weights[:, channel]
    return np.ascontiguousarray(weights, np.float32)
