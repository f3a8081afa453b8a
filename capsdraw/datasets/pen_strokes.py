"""Digits as thirty people drew them on a tablet, drawn through the app's own ink; where `CAPSDRAW_DATA` holds them.

The training part of UCI's "Pen-Based Recognition of Handwritten Digits" (Alpaydin and Alimoglu 1998, CC BY 4.0),
put together in one file, `pen-strokes.npz`. Of some drawings a stroke was lost (a 4 without its second, a 9 that is a
7). They are left in: which they are, only a look at each could tell, and a rule by what nets read would leave out what
nets find hard, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw import archives
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.npz import array
from capsdraw.datasets.sources import PEN_STROKES
from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import PEN, digit_from_drawing
from capsdraw.ink.strokes import MAX_POINTS, Drawing, Stroke
from capsdraw.paths import data_folder

Whole = NDArray[np.integer]

FILE = f"{PEN_STROKES}.npz"
# For cards and documents.
SOURCE = "UCI Pen-Based Recognition of Handwritten Digits, Alpaydin and Alimoglu 1998, CC BY 4.0"
# Writers from this one on are held out: nets are chosen by their drawings, and none is trained on them.
HELD_OUT = 26
# The pen's width, of the app's own: thin to thick.
PENS = (0.7, 1.6)
# What the file may hold: ten times what it does.
_MAX_FILE_BYTES, _MAX_DRAWINGS = 64 << 20, 100_000
_MAX_UNIT = 30_000
# Digits between two tellings.
_OFTEN = 100


@dataclass(frozen=True, eq=False)
class PenStrokes:
    """Drawings with their labels and writers.

    Attributes:
        points: (P, 2) x to the right and y down, in units of the tablet, of which there are 500 a side.
        stroke_at: (S + 1,) stroke `s` is `points[stroke_at[s]:stroke_at[s + 1]]`.
        drawing_at: (D + 1,) drawing `d` is the strokes `drawing_at[d]` to `drawing_at[d + 1]`.
        labels: (D,) 0 to 9; writers: (D,) from 1 on.
    """

    points: Whole
    stroke_at: Whole
    drawing_at: Whole
    labels: Whole
    writers: Whole

    @property
    def trained_on(self) -> Whole:
        """The numbers of the drawings of writers before `HELD_OUT`."""
        return np.flatnonzero(self.writers < HELD_OUT)

    @property
    def held_out(self) -> Whole:
        """The numbers of the others."""
        return np.flatnonzero(self.writers >= HELD_OUT)

    def drawing(self, index: int) -> Drawing:
        """The strokes of a drawing."""
        ends = self.stroke_at[self.drawing_at[index] : self.drawing_at[index + 1] + 1]
        return Drawing(tuple(Stroke(self.points[a:b].astype(np.float64)) for a, b in pairwise(ends)))

    def digits_at(self, numbers: Sequence[int] | Whole, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Digits of an endless row: all of `trained_on`, in an order of the seed, over and over, each with its own pen.

        Args:
            numbers: which, from 0.
            seed: of the order and of the pens.

        Returns:
            Images (count, 28, 28) uint8, ink is 255, and labels (count,) uint8: MNIST's form.
        """
        order = np.random.default_rng(seed).permutation(self.trained_on)
        return self._drawn(order[np.asarray(numbers) % len(order)], [(seed, int(index)) for index in numbers])

    def _drawn(self, indices: Whole, seeds: Sequence[tuple[int, int]]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        images = np.empty((len(indices), 28, 28), np.uint8)
        for place, (index, seed) in enumerate(zip(indices, seeds, strict=True)):
            pen = PEN * np.random.default_rng(seed).uniform(*PENS)
            images[place] = np.rint(digit_from_drawing(self.drawing(int(index)), pen) * 255)
        return images, self.labels[indices].astype(np.uint8)

    def data(self, test_only: bool = False, watch: ReadMonitor = NO_MONITOR) -> Data:
        """As a data set: each drawing once, with a pen of its own; the held-out writers are the test part.

        Args:
            test_only: the training part is left empty.
            watch: is told of digits.

        Raises:
            Cancelled: stopped.
        """
        parts = [self.trained_on[: 0 if test_only else None], self.held_out]
        indices = np.concatenate(parts)
        images = np.empty((len(indices), 28, 28), np.uint8)
        for first in range(0, len(indices), _OFTEN):
            few = indices[first : first + _OFTEN]
            images[first : first + _OFTEN] = self._drawn(few, [(0, int(index)) for index in few])[0]
            watch.tell(min(first + _OFTEN, len(indices)), len(indices))
        labels, trained = self.labels[indices].astype(np.uint8), len(parts[0])
        return Data(PEN_STROKES, images[:trained], labels[:trained], images[trained:], labels[trained:])


def path() -> Path | None:
    """The file, where `CAPSDRAW_DATA` holds it, or None."""
    folder = data_folder()
    try:
        return folder / FILE if folder is not None and (folder / FILE).is_file() else None
    except OSError:  # the folder cannot be looked into
        return None


def strokes() -> PenStrokes:
    """What the file holds; it is read once, as long as it stays the same.

    Raises:
        CapsDrawError: it is not here, or cannot be used.
    """
    here = path()
    if here is None:
        raise CapsDrawError(f"the pen strokes are not on this machine: set CAPSDRAW_DATA to a folder with {FILE}")
    try:
        status = here.stat()
    except OSError as error:
        raise CapsDrawError(f"cannot read data '{here}': {error.strerror or error}") from None
    return _read_once(here, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1)
def _read_once(file: Path, _changed: int, _size: int) -> PenStrokes:
    return read(file)


def read(file: Path) -> PenStrokes:
    """The pen strokes of a file of that form. Nothing pickled is read.

    Raises:
        CapsDrawError: unreadable, or numbers that fit no drawing; the message says which.
    """
    names = ("points", "stroke_at", "drawing_at", "labels", "writers")
    try:
        with archives.opened(file, "data") as archive:
            members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
            missing = [name for name in names if name not in members]
            if missing:
                raise CapsDrawError(f"cannot use '{file.name}': it holds no {missing[0]}")
            if sum(members[name].file_size for name in names) > _MAX_FILE_BYTES:
                raise CapsDrawError(f"cannot use '{file.name}': more than {_MAX_FILE_BYTES >> 20} MB of pen strokes")
            arrays: dict[str, Any] = {name: array(archive, members[name], f"{name} of '{file.name}'") for name in names}
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive ends in any of a dozen
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CapsDrawError(f"cannot read data '{file}': {reason or type(error).__name__}") from None
    reason = _problem(**arrays)
    if reason:
        raise CapsDrawError(f"cannot use '{file.name}': {reason}")
    return PenStrokes(**arrays)


def _problem(points: Whole, stroke_at: Whole, drawing_at: Whole, labels: Whole, writers: Whole) -> str:
    """Why these are no pen strokes; "" where they are."""
    rows = {"stroke_at": stroke_at, "drawing_at": drawing_at, "labels": labels, "writers": writers}
    for name, values in {"points": points, **rows}.items():
        shape = (len(values), 2) if name == "points" and values.ndim else (values.size,)
        if values.dtype.kind not in "iu" or values.shape != shape or not values.size:
            wanted = "(N, 2)" if name == "points" else "(N,)"
            return f"{name} is {values.dtype} {values.shape}: expected whole numbers {wanted}"
    if int(points.min()) < -_MAX_UNIT or int(points.max()) > _MAX_UNIT:
        return f"points lie beyond ± {_MAX_UNIT:,}"
    for name, offsets, end in (("stroke_at", stroke_at, len(points)), ("drawing_at", drawing_at, len(stroke_at) - 1)):
        wide = offsets.astype(object) if offsets.dtype == np.uint64 else offsets.astype(np.int64)
        if wide[0] != 0 or wide[-1] != end or not (wide[1:] > wide[:-1]).all():
            return f"{name} does not rise from 0 to {end:,}, step by step"
    count = len(drawing_at) - 1
    if not len(labels) == len(writers) == count <= _MAX_DRAWINGS:
        return f"{count:,} drawings, {len(labels):,} labels and {len(writers):,} writers: expected as many of each"
    most = int(np.diff(stroke_at[drawing_at].astype(np.int64)).max())
    if most > MAX_POINTS:
        return f"a drawing has {most:,} points: at most {MAX_POINTS:,} are read"
    if int(labels.min()) < 0 or int(labels.max()) > 9:
        return "labels are not all 0 to 9"
    both_kinds = [(writers < HELD_OUT).any(), (writers >= HELD_OUT).any()]
    if int(writers.min()) < 1 or not all(both_kinds):
        return f"writers are not numbers from 1 on, with some below {HELD_OUT} to train on and some from there on"
    return ""
