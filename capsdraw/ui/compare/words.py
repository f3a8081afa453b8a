"""What a dial does and where a model breaks, in words."""

from collections.abc import Sequence
from typing import Final

from capsdraw.datasets.moves import MoveKind
from capsdraw.formatting import class_name, signed, with_article
from capsdraw.lab.dial import Curve, Sweep
from capsdraw.nets.cards import Card
from capsdraw.ui.wording import invitation

# What the dials are called on their buttons, and what they do when turned up.
DIALS: Final = {
    "rotation": ("Rotate", "Turn the drawing (counter-clockwise above 0)"),
    "shift": ("Shift", "Move the drawing (to the right above 0)"),
    "scale": ("Scale", "Make the drawing smaller or larger"),
    "shear": ("Shear", "Slant the drawing (to the right above 0)"),
    "thickness": ("Thicken", "Make the strokes thinner or thicker"),
    "blur": ("Blur", "Blur the picture"),
    "resampling": ("Coarsen", "Scale the picture down to fewer pixels, and back"),
    "contrast": ("Contrast", "Make the ink paler"),
    "gamma": ("Gamma", "Fade faint ink above 1, strengthen it below"),
    "ground": ("Ground", "Lay even grey under the ink"),
    "uneven ground": ("Shade", "Lay grey under the ink that grows to one side"),
    "noise": ("Noise", "Add noise to each pixel"),
    "occlusion": ("Cover", "Lay a black square over the middle"),
}

# Units of which a tenth is too coarse.
_FINE: Final = ("times", "of the height", "of full ink", "standard deviation", "exponent", "lost")

# Behind a figure, where the axis has the whole unit.
_SHORT: Final = {
    "standard deviation": "",
    "exponent": "",
    "pixels, standard deviation": "pixels",
    "pixels, side of a square": "pixels",
}


def amount(kind: MoveKind, value: float) -> str:
    """ "−38°", "1.5 pixels", "0.80 times"."""
    if kind.unit == "degrees":
        return f"{signed(value, 0)}°"
    return f"{signed(value, 2 if kind.unit in _FINE else 1)} {_unit(kind)}".rstrip()


def holds(title: str, curve: Curve, sweep: Sweep, names: tuple[str, ...]) -> str:
    """One sentence on how far a model reads the class that was asked for; `names` are those of its classes."""
    name = with_article(class_name(names, curve.label))
    read = int(curve.answers[sweep.start])
    if read != curve.label:
        return f"{title} does not read {name} to begin with, but {with_article(class_name(names, read))}"
    if curve.holds:
        return f"{title} is right all the way"
    ends = [
        end if broken is None else float(sweep.positions[sweep.positions.searchsorted(broken) + step])
        for end, broken, step in ((sweep.kind.low, curve.below, 1), (sweep.kind.high, curve.above, -1))
    ]
    low, high = (amount(sweep.kind, end) for end in ends)
    if sweep.kind.unit != "degrees":
        low = low.removesuffix(f" {_unit(sweep.kind)}")
    return f"{title} is right from {low} to {high}"


def _unit(kind: MoveKind) -> str:
    return _SHORT.get(kind.unit, kind.unit)


def invite(reads: Card | None) -> tuple[str, str]:
    """What is said while there is no digit, and where it will be seen; `reads` is the model that reads on all tabs."""
    if reads is not None and not reads.reads_drawings:
        return f"{reads.title} reads pictures, and digits are compared: choose a model that reads digits", ""
    words = invitation(None if reads is None or reads.reads_pairs else reads)
    return f"{words}: several models read it side by side", words


def agreement(read: Sequence[tuple[str, str]], known: Sequence[Sequence[str]] = ()) -> str:
    """One sentence on what each model reads.

    Args:
        read: a model's title, and the name of the class; two may have one title.
        known: the names of all classes that each of them knows; none where all know the same.
    """
    if len({name for _, name in read}) == 1:
        all_of_them = {1: "It reads", 2: "Both read"}.get(len(read), f"All {len(read)} read")
        return f"{all_of_them} {with_article(read[0][1])}"
    by_class: dict[str, list[str]] = {}
    for title, name in read:
        by_class.setdefault(name, []).append(title)
    parts = [
        f"{listed(titles)} {'reads' if len(titles) == 1 else 'read'} {with_article(name)}"
        for name, titles in by_class.items()
    ]
    # Who has no word for what another reads, cannot disagree with it.
    words = known or [tuple(by_class)] * len(read)
    disagree = any(
        one != other and other in names for (_, one), names in zip(read, words, strict=True) for _, other in read
    )
    return f"{'They disagree' if disagree else 'They know different classes'}: " + ", ".join(parts)


def listed(titles: Sequence[str]) -> str:
    """In a sentence: "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
