"""The five cards: what each says, points at, can do for the user, and takes for done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from capsdraw.datasets import synthetic
from capsdraw.formatting import class_name
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets.cards import DEFAULT_MODEL
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading

CLASSIFIER: Final = "keras-cnn"


@dataclass
class TourNotes:
    """What the tour has seen so far.

    Attributes:
        sketch: what lay on the canvas when the card came; drawn: whether something else lies there now.
        moved: whether the slider was moved since.
        reading: the newest answer; names: of the classes that it tells apart, () for their numbers.
        digit: a capsule net's, of what lay there before the scribble; scribble: of that.
    """

    sketch: Sketch | None = None
    drawn: bool = False
    moved: bool = False
    reading: Reading | None = None
    names: tuple[str, ...] = ()
    digit: Reading | None = None
    scribble: Reading | None = None


@dataclass(frozen=True)
class TourStep:
    """One card.

    Attributes:
        title, texts: what it says, with links to the glossary; {many} for a capsule's numbers.
        face: that it turns to, or "" for whichever is in sight; places: what it points at (`tour_stage.PLACES`).
        capsules: whether a capsule net must answer.
        drawing: that it draws for the user, or None; shows_model: that it chooses for the user, or "".
        slides: whether it moves the slider for the user; arrows: whether the card shows capsules as arrows.
        scribbles: whether what is drawn is to be no digit.
        done: whether the user has done it; says: a line on what was seen.
    """

    title: str
    texts: tuple[str, ...]
    face: str
    places: tuple[str, ...]
    done: Callable[[TourNotes], bool]
    says: Callable[[TourNotes], str]
    capsules: bool = True
    drawing: Callable[[], Drawing] | None = None
    shows_model: str = ""
    slides: bool = False
    arrows: bool = False
    scribbles: bool = False

    def said(self, seen: TourNotes) -> tuple[str, ...]:
        """Its texts, with as many numbers as the capsules have of the net that answered."""
        capsules = next((one.capsules for one in (seen.reading, seen.digit) if one and one.capsules is not None), None)
        many = "many" if capsules is None else str(capsules.shape[1])
        return tuple(text.replace("{many}", many) for text in self.texts)


def digit(label: int) -> Drawing:
    """A digit of the app's own pen, in canvas units; always the same."""
    return fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0))))


def scribble() -> Drawing:
    """A tangle that is no digit, in canvas units."""
    along = np.linspace(0, 1, 200)
    x = 196 + 140 * np.sin(2 * np.pi * 3.1 * along + 0.4)
    y = 196 + 135 * np.sin(2 * np.pi * 4.3 * along)
    return Drawing((Stroke(np.stack([x, y], -1)),))


def _longest(reading: Reading | None) -> float:
    return 0.0 if reading is None else float(reading.scores.max())


def _say_drawn(seen: TourNotes) -> str:
    if seen.reading is None:
        return "The bars are empty until you draw."
    return f"The longest bar: {class_name(seen.names, seen.reading.label)}, {_longest(seen.reading):.2f}."


def _say_length(seen: TourNotes) -> str:
    reading = seen.reading
    if reading is None or reading.capsules is None:
        return "Draw, and watch arrows and bars grow together."
    numbers = reading.capsules[reading.label]
    return (
        f"{len(numbers)} numbers, squared and added up: {float((numbers**2).sum()):.2f}. "
        f"The root of that is {float(np.linalg.norm(numbers)):.2f}, as long as the bar."
    )


def _say_slant(seen: TourNotes) -> str:
    return "See the digit lean." if seen.moved else "Drag it, or press → and ←."


def _say_scribble(seen: TourNotes) -> str:
    before, after = seen.digit, seen.scribble
    if before is None or after is None or before.error is None or after.error is None:
        return "Loops, a tangle, a letter: whatever is no digit."
    return (
        f"Longest capsule {_longest(before):.2f} before, {_longest(after):.2f} now; "
        f"error of the redrawing {before.error:.3f} before, {after.error:.3f} now."
    )


def _say_classifier(seen: TourNotes) -> str:
    reading, capsules = seen.reading, seen.scribble or seen.digit
    if reading is None or reading.kind == NetKind.CAPSULE:
        return f"The capsule net's longest: {_longest(capsules):.2f}." if capsules is not None else ""
    own = f"The capsule net: {_longest(capsules):.2f} at most. " if capsules is not None else ""
    return f"{own}The CNN: {class_name(seen.names, reading.label)}, with {_longest(reading):.2f}."


STEPS: Final = (
    TourStep(
        "Draw a digit",
        ("Draw any digit here, and watch the bars: there is one for each digit, and they grow while the pen moves.",),
        "read/answer",
        ("canvas", "bars"),
        lambda seen: seen.drawn,
        _say_drawn,
        drawing=lambda: digit(5),
    ),
    TourStep(
        "A bar is the length of an arrow",
        (
            "For each digit the net has a [capsule], an arrow in {many} dimensions. The bar is its [length]: how sure "
            "the net is.",
            "Where it points says how the digit is written. Draw another one, and watch.",
        ),
        "read/answer",
        ("canvas", "bars"),
        lambda seen: seen.drawn,
        _say_length,
        drawing=lambda: digit(2),
        arrows=True,
    ),
    TourStep(
        "Turn the arrow",
        (
            "These are the capsule's numbers, and the [decoder] draws the digit from them alone.",
            "Drag this one ([perturbation]): the arrow turns, and the digit leans.",
        ),
        "capsule/sliders",
        ("slant", "redrawn"),
        lambda seen: seen.moved,
        _say_slant,
        slides=True,
    ),
    TourStep(
        "Scribble",
        (
            "Now draw what is no digit. No arrow fits, so the [lengths|length] fall, and the "
            "[redrawing|reconstruction] does not look like what you drew.",
        ),
        "read/answer",
        ("canvas", "bars", "reconstruction"),
        lambda seen: seen.drawn and seen.scribble is not None,
        _say_scribble,
        drawing=scribble,
        scribbles=True,
    ),
    TourStep(
        "What does a CNN say to it?",
        (
            "A [classifier] shares out 100% among ten digits, whatever is drawn ([softmax]). Choose Keras CNN here, "
            "and compare.",
            "At the end of the tour you get back the model that you had.",
        ),
        "read/answer",
        ("model", "bars"),
        lambda seen: seen.reading is not None and seen.reading.kind != NetKind.CAPSULE,
        _say_classifier,
        capsules=False,
        shows_model=CLASSIFIER,
    ),
)
CAPSULE_NET: Final = DEFAULT_MODEL
