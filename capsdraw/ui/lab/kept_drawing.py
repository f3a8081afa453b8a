"""A drawing that is kept for a morph, and what the net that answers now makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capsdraw.formatting import class_name
from capsdraw.ink.normalize import Digit
from capsdraw.lab import perturbation
from capsdraw.nets.answering import Answering
from capsdraw.nets.reading import Floats


@dataclass(frozen=True, eq=False)
class KeptDrawing:
    """A drawing, as a net saw it; another net can be asked about it.

    Attributes:
        digit: (rows, columns), or (rows, columns, 3) in colour, float32 in [0, 1].
        model: the net that read it; label: of the class whose capsule was held; name: what that is called.
        chosen: whether the user chose that class; else it was the longest.
        offsets: (K,) what the user added to the capsule's numbers.
        net: the hash of that net's file, which another may have replaced by now; "" where that was not kept.
    """

    digit: Digit
    model: str
    label: int
    name: str
    chosen: bool
    offsets: tuple[float, ...]
    net: str = ""


@dataclass(frozen=True)
class MorphEnd:
    """A drawing's capsule, kept for the walk.

    Attributes:
        model: whose; label: of which class; name: what that is called.
        capsules: (C, K), the user's offsets included.
        picture: (rows, columns) that the decoder made of it.
    """

    model: str
    label: int
    name: str
    capsules: Floats
    picture: Floats


KeptEnds = list[tuple[KeptDrawing, MorphEnd | None]]


def ask_kept(session: Answering, drawings: Sequence[KeptDrawing]) -> KeptEnds:
    """What that net makes of each drawing: None where it reads pictures of another size, or has no capsules."""
    return [(drawing, _end(session, drawing)) for drawing in drawings]


def _end(session: Answering, drawing: KeptDrawing) -> MorphEnd | None:
    rows, columns, channels = session.card.input
    if drawing.digit.shape != ((rows, columns) if channels == 1 else (rows, columns, channels)):
        return None
    reading = session.read(drawing.digit)
    if reading.capsules is None:
        return None
    labels, capsules, label = session.card.labels, reading.capsules, reading.label
    # A class that the user chose is held again where this net has it, too.
    known = drawing.label < len(capsules) and class_name(labels, drawing.label) == drawing.name
    if drawing.chosen and known:
        label = drawing.label
    # What was added to numbers means something to that net's alone.
    same = drawing.model == session.name and drawing.net in ("", session.card.sha256)
    if same and label == drawing.label and len(drawing.offsets) == capsules.shape[1]:
        capsules = perturbation.moved(capsules, label, np.asarray(drawing.offsets, np.float32))
    picture = perturbation.picture(session.decode, capsules, label)
    return MorphEnd(session.name, label, class_name(labels, label), capsules, picture)
