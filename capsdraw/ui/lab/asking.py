"""What the lab asks nets: the answers as functions of a session, and the questions that show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capsdraw.ink.normalize import Digit
from capsdraw.lab import perturbation
from capsdraw.lab.meaning import Meaning, of_class
from capsdraw.lab.perturbation import Sheet
from capsdraw.lab.steps import RoutingIteration, Votes, route
from capsdraw.nets.answering import Answering
from capsdraw.nets.ranges import Ranges
from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui.lab.kept_drawing import KeptEnds, MorphEnd, ask_kept
from capsdraw.ui.lab.morph_view import parts
from capsdraw.ui.lab.routing_view import RoutingView
from capsdraw.ui.lab.sheet_view import SheetView
from capsdraw.ui.lab.slider_names import Key
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.lab.strip import Strip
from capsdraw.ui.questions import Desk, Half, Question, Topic, Urgency

if TYPE_CHECKING:
    from capsdraw.nets.session import Session


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
        return perturbation.moved(self.capsules, self.label, self.offsets)


class Picture(NamedTuple):
    """Of the held capsule, moved: `pixels`, and its `length`."""

    label: int
    pixels: Floats
    length: float


class SliderEnds(NamedTuple):
    """What the decoder draws at both ends of each number's slider: (K, 2, rows, columns)."""

    label: int  # of the one that is held
    pictures: Floats


class Strips(NamedTuple):
    """Each capsule's picture, (C, rows, columns)."""

    label: int  # of the one that is held
    pictures: Floats


class Routed(NamedTuple):
    """How routing goes for the held class."""

    digit: Digit
    votes: Votes
    steps: list[RoutingIteration]
    label: int


class SheetFile(NamedTuple):
    """A sheet, and what it is saved by."""

    sheet: Sheet
    names: list[str]
    path: Path


class LabQuestions:
    """The lab's questions about what it holds, each with the view that shows the answer.

    Args:
        desk: takes them to a thread.
        face, strip, sheet, routing: the views.
        learn: is given what the numbers of a class' capsule do.
        walked: is given the frames of a morph; kept: what the net makes of the drawings that were kept for it.
        fail: is told why something could not be answered.

    Attributes:
        model, capsule, drawing: what they are about: the net that reads, the capsule that is held, the drawing that
            it was read in; what was made of the last drawing does still for what follows the pen anyway.
    """

    def __init__(
        self,
        desk: Desk,
        face: SlidersFace,
        strip: Strip,
        sheet: SheetView,
        routing: RoutingView,
        learn: Callable[[tuple[Key, Sequence[Meaning]]], None],
        walked: Callable[[Floats], None],
        kept: Callable[[KeptEnds], None],
        fail: Callable[[str], None],
    ) -> None:
        self._face, self._strip, self._routing = face, strip, routing
        self.model = Topic()
        self.capsule = Topic(self.model)
        self.drawing = Topic(self.capsule)
        self.picture = Question(
            desk, ask_picture, self._show_picture, fail, urgency=Urgency.MOVED, about=self.drawing, half=Half.DECODER
        )
        self.ends = Question(
            desk, ask_slider_ends, self._show_ends, fail, urgency=Urgency.SHOWN, about=self.capsule, half=Half.DECODER
        )
        self.reread = Question(
            desk, ask_reread, self._show_reread, fail, urgency=Urgency.MOVED, about=self.capsule, half=Half.LIGHT
        )
        self.strip = Question(
            desk, ask_strip, self._show_strip, fail, urgency=Urgency.SHOWN, about=self.capsule, half=Half.LIGHT
        )
        self.sheet = Question(
            desk,
            ask_sheet,
            sheet.show_sheet,
            fail,
            urgency=Urgency.SHOWN,
            about=self.capsule,
            half=Half.LIGHT,
            newest=True,
        )
        self.routing = Question(
            desk, ask_routing, self._show_routing, fail, urgency=Urgency.SHOWN, about=self.capsule, newest=True
        )
        self.walk = Question(
            desk, ask_walk, walked, fail, urgency=Urgency.SHOWN, about=self.model, half=Half.LIGHT, newest=True
        )
        self.kept = Question(
            desk, ask_kept, kept, fail, urgency=Urgency.SHOWN, about=self.model, half=Half.LIGHT, newest=True
        )
        self.meaning = Question(
            desk, ask_meaning, learn, fail, urgency=Urgency.BEHIND, about=self.model, half=Half.LIGHT
        )

    def _show_picture(self, picture: Picture) -> None:
        self._face.show_picture(picture.pixels, picture.length)
        self._strip.show_picture(picture.label, picture.pixels)

    def _show_ends(self, ends: SliderEnds) -> None:
        self._face.show_ends(ends.pictures)

    def _show_reread(self, reading: Reading) -> None:
        self._face.show_again(reading, self.reread.answered)

    def _show_strip(self, strip: Strips) -> None:
        self._strip.show_pictures(strip.pictures, strip.label)
        # Asked for before the sliders were moved on; the picture of them may have come first.
        redrawn = self._face.redrawn.view.digit
        if redrawn is not None and not self.picture.awaited:
            self._strip.show_picture(strip.label, redrawn)

    def _show_routing(self, routed: Routed) -> None:
        self._routing.show_routing(*routed)


def ask_picture(session: Answering, held: Held) -> Picture:
    """The picture of the moved capsule, and its length."""
    changed = held.changed()
    pixels = perturbation.picture(session.decode, changed, held.label)
    return Picture(held.label, pixels, perturbation.length(changed, held.label))


def ask_slider_ends(session: Answering, held: Held, reach: Sequence[tuple[float, float]]) -> SliderEnds:
    """What each number leads to at both ends of its slider, the others standing where they do."""
    return SliderEnds(
        held.label, perturbation.ends(session.decode, held.capsules, held.label, held.offsets, np.asarray(reach))
    )


def ask_reread(session: Answering, held: Held) -> Reading:
    """What the net reads in that picture."""
    return session.read(perturbation.picture(session.decode, held.changed(), held.label))


def ask_strip(session: Answering, capsules: Floats, label: int) -> Strips:
    """The picture of each of `capsules`, (C, K)."""
    return Strips(label, perturbation.as_every_class(session.decode, capsules))


def ask_sheet(session: Answering, held: Held) -> Sheet:
    """The paper's Figure 4 for what is held."""
    return perturbation.sheet(session.decode, held.capsules, held.label, held.offsets)


def ask_sheet_file(session: Answering, held: Held, names: list[str], path: Path) -> SheetFile:
    """The same, to be saved there with its rows called so."""
    return SheetFile(ask_sheet(session, held), names, path)


def ask_routing(session: "Session", digit: Digit, count: int | None, label: int) -> Routed:
    """How routing goes, in `count` iterations; in as many as the net makes where None."""
    from capsdraw.lab.routing import Router

    votes = session.once(Router).votes(digit)
    return Routed(digit, votes, route(votes, count), label)


def ask_meaning(session: Answering, key: Key, capsules: Floats, ranges: Ranges | None) -> tuple[Key, Sequence[Meaning]]:
    """What the numbers of a class' capsule do, as `meaning.of_class` finds."""
    return key, of_class(session.decode, capsules, key[1], ranges)


def ask_walk(session: Answering, first: MorphEnd, last: MorphEnd) -> Floats:
    """The pictures on the way between two drawings, which may be gone from the canvas by then."""
    return perturbation.walk(session.decode, (first.capsules, first.label), (last.capsules, last.label), parts())
