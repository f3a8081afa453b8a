"""What the tab asks nets, on the thread that asks them; what comes back is plain data."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.fit.start import trained_by
from capsdraw.ink.normalize import Digit
from capsdraw.lab.activity import Outputs, Primary, pictures
from capsdraw.lab.anatomy import Anatomy
from capsdraw.lab.filters import Kernels
from capsdraw.lab.heat import Heat
from capsdraw.lab.steps import Step, Votes, route
from capsdraw.lab.trace import Trace, trace
from capsdraw.nets.reading import Floats

if TYPE_CHECKING:
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
class Shown:
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
class Sent:
    """What the routing of a drawing's capsules came to."""

    digit: Digit
    votes: Votes
    step: Step


@dataclass
class _Kept:
    """Made once for a session."""

    made: dict[str, Any] = field(default_factory=dict)
    why: str = ""


class Asker:
    """Puts the tab's questions. Keras is not imported before the first one; for one thread only."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Session, _Kept] = WeakKeyDictionary()

    def anatomy(self, session: "Session") -> Anatomy:
        """The layers of the net."""
        from capsdraw.lab.dissection import dissect

        return self._once(session, "anatomy", lambda: dissect(session.model, session.name))

    def trace(self, session: "Session", digit: Digit) -> Trace:
        """The drawing's way through all layers."""
        return trace(self.anatomy(session), self._watcher(session).look(digit), digit)

    def maps(self, session: "Session", digit: Digit, layer: str, common: bool) -> Maps:
        """What one layer makes of the drawing; `common`: on one scale for all maps."""
        seen = self._watcher(session).look(digit)
        outputs = seen.of(layer)
        primary = seen.primary if seen.primary is not None and seen.primary.layer == layer else None
        shown = pictures(outputs, common) if primary is None else _lengths(primary)
        return Maps(outputs, shown, primary, digit)

    def filters(self, session: "Session", layer: str, channel: int | None) -> Shown:
        """The kernels of one layer towards one input, or their mean over all inputs."""
        learning = self._once(session, "filters", lambda: self._filters(session)).learning(layer)
        inputs = learning.after.weights.shape[1]
        one = None if channel is None or channel >= inputs else channel
        after, before, change = (
            None if kernels is None else _towards(kernels, one)
            for kernels in (learning.after, learning.before, learning.change)
        )
        assert after is not None
        return Shown(
            layer, inputs, one, after, before, change, learning.moved, learning.after.bias, self._of(session).why
        )

    def heat(self, session: "Session", digit: Digit, label: int, layer: str) -> Heat:
        """Where that convolution found what speaks for a class."""
        from capsdraw.lab.gradcam import GradCam

        cam: GradCam = self._once(session, "cam", lambda: GradCam(session))
        return cam.map(digit, label, layer)

    def sent(self, session: "Session", digit: Digit) -> Sent:
        """What the primary capsules send; of a capsule net."""
        from capsdraw.lab.routing import Router

        votes = self._once(session, "router", lambda: Router(session)).votes(digit)
        return Sent(digit, votes, route(votes)[-1])

    def _filters(self, session: "Session") -> Any:
        from capsdraw.fit import checkpoint
        from capsdraw.lab.kernels import Filters

        kept, card = self._of(session), session.card
        try:
            recipe = trained_by(card)
            found = Filters(session.model, checkpoint.begun(recipe, card.input, card.classes))
        except CapsDrawError as error:
            kept.why = f"Not known before training: {error}"
            return Filters(session.model)
        began = f"'{recipe.start}', which it started from" if recipe.start else "made again by its recipe"
        kept.why = f"Before: {began}"
        return found

    def _watcher(self, session: "Session") -> Any:
        from capsdraw.lab.watcher import Watcher

        return self._once(session, "watcher", lambda: Watcher(session))

    def _once(self, session: "Session", what: str, make: Any) -> Any:
        made = self._of(session).made
        if what not in made:
            made[what] = make()
        return made[what]

    def _of(self, session: "Session") -> _Kept:
        return self._kept.setdefault(session, _Kept())


def _lengths(primary: Primary) -> Floats:
    """(T, rows, columns) in [0, 1]: the longest is white."""
    by_type = np.ascontiguousarray(primary.lengths.transpose(2, 0, 1))
    return by_type / np.float32(max(float(by_type.max()), 1e-9))


def _towards(kernels: Kernels, channel: int | None) -> Floats:
    weights = kernels.weights.mean(1) if channel is None else kernels.weights[:, channel]
    return np.ascontiguousarray(weights, np.float32)
