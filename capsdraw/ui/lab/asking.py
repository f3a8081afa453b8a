"""What the lab asks the model, and which answers are still about what it shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from capsdraw.ink.normalize import Digit
from capsdraw.lab import perturb
from capsdraw.lab.meaning import of_class
from capsdraw.lab.steps import Step, Votes, route
from capsdraw.nets.ranges import Ranges
from capsdraw.nets.reading import Floats
from capsdraw.ui.lab.morph_view import Kept, parts
from capsdraw.ui.lab.slider_names import Key
from capsdraw.ui.questions import Explore, Questions, Work

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

# What an answer is about, by kind: it comes too late when that is gone. A file is saved whatever has changed since.
_FILES: Final = ("sheet file",)
_OF_MODEL: Final = ("meaning", "morph")
_OF_CAPSULE: Final = ("reread", "strip", "sheet", "routing")
_OF_DRAWING: Final = ("picture",)


@dataclass(frozen=True)
class Held:
    """The capsule that is held, as it is at this moment.

    Attributes:
        model: whose; label: of which class; name: what that is called.
        capsules: (C, K) all of them, as read; offsets: (K,) what the user added to the held one's numbers.
    """

    model: str
    label: int
    name: str
    capsules: Floats
    offsets: tuple[float, ...]

    def changed(self) -> Floats:
        """All capsules (C, K), the held one moved."""
        return perturb.moved(self.capsules, self.label, self.offsets)


class LabQuestions:
    """The lab's questions to the model that answers now."""

    def __init__(self, explore: Explore) -> None:
        kinds = (_FILES, _OF_MODEL, _OF_CAPSULE, _OF_DRAWING)
        self._all = [Questions(explore) for _ in kinds]
        _, self._of_model, self._of_capsule, self._of_drawing = self._all
        self._of = {kind: one for one, some in zip(self._all, kinds, strict=True) for kind in some}
        self._routers: dict[str, Any] = {}  # for the thread that asks models only

    @property
    def asked(self) -> int:
        """Number of the newest question, 0 before the first."""
        return max(one.asked for one in self._all)

    @property
    def busy(self) -> bool:
        """Whether the newest question of some kind is not answered yet."""
        return any(one.busy for one in self._all)

    def forget_model(self) -> None:
        """Another model answers from now on."""
        self._of_model.forget()
        self.forget_capsule()

    def forget_capsule(self) -> None:
        """Another capsule is held, or none."""
        self._of_capsule.forget()
        self.forget_drawing()

    def forget_drawing(self) -> None:
        """The drawing is another one; what was made of the last one still does for what follows the pen anyway."""
        self._of_drawing.forget()

    def awaits(self, kind: str) -> bool:
        """Whether the newest question of a kind is not answered yet."""
        return self._of[kind].awaits(kind)

    def answered(self, kind: str, number: int) -> bool:
        """Take note of an answer, or of a failure; whether it is the lab's, and still about what it shows."""
        return kind in self._of and self._of[kind].answered(kind, number)

    def picture(self, held: Held) -> None:
        """The picture of the moved capsule, and its length."""
        changed, label = held.changed(), held.label
        length = perturb.length(changed, label)
        self._ask("picture", lambda session: (perturb.picture(session.decode, changed, label), length))

    def reread(self, held: Held) -> None:
        """What the net reads in that picture."""
        changed, label = held.changed(), held.label
        self._ask("reread", lambda session: session.read(perturb.picture(session.decode, changed, label)))

    def strip(self, capsules: Floats) -> None:
        """The picture of each of `capsules`, (C, K)."""
        self._ask("strip", lambda session: perturb.as_every_class(session.decode, capsules))

    def sheet(self, held: Held) -> None:
        """The sheet to be looked at."""
        self._ask("sheet", lambda session: perturb.sheet(session.decode, held.capsules, held.label, held.offsets))

    def sheet_file(self, held: Held, names: list[str], path: Path) -> None:
        """The sheet to be saved, with what it is saved by: the answer is (sheet, names, path)."""
        self._ask(
            "sheet file",
            lambda session: (perturb.sheet(session.decode, held.capsules, held.label, held.offsets), names, path),
        )

    def routing(self, digit: Digit, count: int | None) -> None:
        """How routing goes, up to what the last of `count` updates leads to; of as many as the net makes where None."""
        self._ask("routing", lambda session: self._route(session, digit, count))

    def meaning(self, key: Key, capsules: Floats, ranges: Ranges | None) -> None:
        """What the numbers of a class' capsule do, as `meaning.of_class` finds."""
        self._ask("meaning", lambda session: (key, of_class(session.decode, capsules, key[1], ranges)))

    def walk(self, first: Kept, last: Kept) -> None:
        """The pictures on the way between two drawings, which may be gone from the canvas by then."""
        ends = (first.capsules, first.label), (last.capsules, last.label)
        self._ask("morph", lambda session: perturb.walk(session.decode, *ends, parts()))

    def _route(self, session: "Session", digit: Digit, count: int | None) -> tuple[Digit, Votes, list[Step]]:
        """On the thread that asks models."""
        from capsdraw.lab.routing import Router

        if session.name not in self._routers:
            self._routers[session.name] = Router(session)
        votes = self._routers[session.name].votes(digit)
        # One more than the net makes: what its last update would have led to.
        return digit, votes, route(votes, (count or votes.iterations) + 1)

    def _ask(self, kind: str, work: Work) -> None:
        self._of[kind].ask(kind, work)
