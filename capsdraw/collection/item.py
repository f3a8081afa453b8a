"""A drawing with its class, as the user's collection keeps it; plain data."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from capsdraw.datasets.sources import COLLECTION_FILE
from capsdraw.errors import CapsDrawError, plain
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import Sketch

# Of the user's own, in the app's folder: known without what opens it.
FILE: Final = COLLECTION_FILE
# Characters of a class' name, and of a writer's.
MOST_LABEL: Final = 40
MOST_WRITER: Final = 80
# What the hash of a picture is made of: its ink in so many greys, as a file keeps it.
_WHITE: Final = 65535


class Said(NamedTuple):
    """What a model said of a drawing; like `Entry` a tuple, of which a hundred thousand are made in a moment.

    Attributes:
        model: its name when it was asked; sha256: of its file, which is what counts.
        label: the class' name; score: of that class, from 0 to 1.
    """

    model: str
    sha256: str
    label: str
    score: float


@dataclass(frozen=True, eq=False)
class Item:
    """A drawing that is to be kept, or was.

    Attributes:
        sketch: as drawn, its strokes in the unit of `sketch.drawing.canvas`.
        label: the name of its class: "7", "B".
        made: when, in seconds since 1970.
        writer: who drew it; "" where nobody said.
        answers: what models said of it.
    """

    sketch: Sketch
    label: str
    made: float
    writer: str = ""
    answers: tuple[Said, ...] = ()


class Entry(NamedTuple):
    """What a list shows of a kept drawing.

    Attributes:
        id: for good: no other drawing of this collection will have it.
        label, made, writer: as `Item` has them.
        said: what the model that was asked for said of it; None where it was not asked yet.
    """

    id: int
    label: str
    made: float
    writer: str
    said: Said | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether that model took it for another class."""
        return self.said is not None and self.said.label != self.label


def checked_label(text: str) -> str:
    """A class' name without blanks around it; raises CapsDrawError where it is none."""
    return _checked(text, "class", MOST_LABEL, empty="give it a name, such as 7 or B")


def checked_writer(text: str) -> str:
    """A writer's name, or ""; raises CapsDrawError where it cannot be kept."""
    return _checked(text, "writer", MOST_WRITER) if text.strip() else ""


def content(sketch: Sketch) -> str:
    """The hash of what was drawn, the same for the same strokes and ink wherever they come from: 64 characters.

    Neither its class nor when and where it was drawn is part of it, so that a merge finds what is there twice.
    """
    digest = hashlib.sha256(b"capsdraw drawing 1")
    for stroke in sketch.drawing.strokes:
        digest.update(struct.pack("<qd", len(stroke.points), -1.0 if stroke.width is None else stroke.width))
        # Zero has two signs, and one meaning.
        digest.update((stroke.points.astype("<f8") + 0.0).tobytes())
        if stroke.ink:
            digest.update(struct.pack("<3sq", b"ink", stroke.ink))
        if stroke.pressure is not None:
            digest.update(b"pressure" + (stroke.pressure.astype("<f8") + 0.0).tobytes())
    if sketch.picture is not None:
        rows, columns = sketch.picture.shape
        digest.update(struct.pack("<8sqq", b"picture", rows, columns))
        digest.update(np.rint(sketch.picture.clip(0, 1) * _WHITE).astype("<u2").tobytes())
        if sketch.box is not None:
            digest.update(struct.pack("<4d", *sketch.box))
    return digest.hexdigest()


def thumbnail(digit: Raster) -> bytes:
    """A digit (28, 28) as 784 bytes, ink is 255."""
    return np.rint(digit.clip(0, 1) * 255).astype(np.uint8).tobytes()


def _checked(text: str, what: str, most: int, empty: str = "") -> str:
    words = " ".join(plain(text).split())
    if not words or len(words) > most:
        why = empty if not words else f"at most {most} characters"
        raise CapsDrawError(f"cannot use {text[:most]!r} as a {what}: {why}")
    return words
