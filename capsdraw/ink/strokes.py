"""Strokes and drawings as plain, frozen data, and the strokes file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.paths import replacing

VERSION = 1
MAX_POINTS = 20_000
# Two digits over one another are told apart by them, for the eye.
INKS = (0, 1)
MAX_FILE_BYTES = 4 * 2**20

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stroke:
    """One movement of the pen.

    Attributes:
        points: `(N, 2)` float64, N ≥ 1, x to the right and y down, in any unit.
        width: the pen's width in the same unit, or None where unknown.
        pressure: `(N,)` float64 in [0, 1], or None for a pen without pressure.
        ink: 0, or 1 for the second of two digits that are drawn over one another; nets see no difference.
    """

    points: Points
    width: float | None = None
    pressure: NDArray[np.float64] | None = None
    ink: int = 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stroke):
            return NotImplemented
        return (
            self.width == other.width
            and self.ink == other.ink
            and np.array_equal(self.points, other.points)
            and (self.pressure is None) == (other.pressure is None)
            and (self.pressure is None or np.array_equal(self.pressure, other.pressure))  # type: ignore[arg-type]
        )

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its points."""
        (left, top), (right, bottom) = self.points.min(0).tolist(), self.points.max(0).tolist()
        return left, top, right, bottom

    def continues(self, before: "Stroke") -> bool:
        """Whether this is `before` and perhaps more: it begins with the same points, of the same width and pressure."""
        count, points = len(before.points), self.points[: len(before.points)]
        if len(points) < count or (self.width, self.ink) != (before.width, before.ink):
            return False
        # Of a stroke under way, both look at the same memory.
        same = points.__array_interface__["data"] == before.points.__array_interface__["data"]
        if not same and not np.array_equal(points, before.points):
            return False
        if self.pressure is None or before.pressure is None:
            return self.pressure is before.pressure
        return np.array_equal(self.pressure[:count], before.pressure)

    def widths(self, default: float) -> NDArray[np.float64]:
        """The pen's width at each point, `(N,)`: half of it at no pressure, all of it at full."""
        width = default if self.width is None else self.width
        if self.pressure is None:
            return np.full(len(self.points), width)
        return width * (0.5 + 0.5 * self.pressure)


@dataclass(frozen=True)
class Drawing:
    """What was drawn.

    Attributes:
        strokes: in the order in which they were made.
        canvas: side of the square that they were made on, in their unit, from (0, 0) on; None where unknown.
    """

    strokes: tuple[Stroke, ...] = ()
    canvas: float | None = None

    def __bool__(self) -> bool:
        return bool(self.strokes)

    def of_ink(self, ink: int) -> "Drawing":
        """The strokes of that ink alone, where they are."""
        return Drawing(tuple(stroke for stroke in self.strokes if stroke.ink == ink), self.canvas)


def stroke(points: Sequence[Sequence[float]] | Points, width: float | None = None) -> Stroke:
    """A stroke from plain numbers: `points` is N pairs (x, y)."""
    return Stroke(np.asarray(points, np.float64).reshape(-1, 2), width)


def to_json(drawing: Drawing) -> dict[str, Any]:
    """The drawing as the strokes file's JSON object."""
    document: dict[str, Any] = {"version": VERSION, "strokes": [_stroke_to_json(stroke) for stroke in drawing.strokes]}
    if drawing.canvas is not None:
        document["canvas"] = drawing.canvas
    return document


def from_json(document: Any, most: int = MAX_POINTS) -> Drawing:
    """The drawing that a strokes file's JSON object describes, of so many points at most.

    Raises:
        CapsDrawError: not such an object, no points, too many, or numbers that are not finite.
    """
    if not isinstance(document, dict) or not isinstance(document.get("strokes"), list):
        raise CapsDrawError('not a strokes file: expected {"version": 1, "strokes": [{"points": [[x, y], …]}, …]}')
    if document.get("version") != VERSION:
        raise CapsDrawError(f"strokes file of version {document.get('version')!r}: this app reads version {VERSION}")
    # Counted before anything is converted, so that a huge file costs nothing.
    count = sum(len(_points_of(entry, stroke_number)) for stroke_number, entry in enumerate(document["strokes"], 1))
    if not count:
        raise CapsDrawError("the strokes file has no points: nothing was drawn")
    if count > most:
        raise CapsDrawError(f"the strokes file has {count:,} points: at most {most:,} are read")
    strokes = [_stroke_from_json(entry, stroke_number) for stroke_number, entry in enumerate(document["strokes"], 1)]
    return Drawing(tuple(stroke for stroke in strokes if stroke is not None), _canvas(document))


def save(drawing: Drawing, path: Path) -> None:
    """Write a strokes file; an old one is replaced whole or not at all.

    Raises:
        CapsDrawError: more points than `load` would read.
    """
    count = sum(len(stroke.points) for stroke in drawing.strokes)
    if count > MAX_POINTS:
        raise CapsDrawError(f"cannot save '{path.name}': {count:,} points, at most {MAX_POINTS:,}; save a picture")
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(to_json(drawing), separators=(",", ":")), encoding="utf-8")


def load(path: Path) -> Drawing:
    """Read a strokes file.

    Raises:
        CapsDrawError: unreadable, too large, not JSON, or not a strokes file; the message names the file.
    """
    document = records.parse_json(records.read_bytes(path, most=MAX_FILE_BYTES), path.name)
    try:
        return from_json(document)
    except CapsDrawError as error:
        raise CapsDrawError(records.one_line(f"cannot read '{path.name}': {error}")) from None


def _stroke_to_json(stroke: Stroke) -> dict[str, Any]:
    entry: dict[str, Any] = {"points": stroke.points.tolist()}
    if stroke.width is not None:
        entry["width"] = stroke.width
    if stroke.pressure is not None:
        entry["pressure"] = stroke.pressure.tolist()
    if stroke.ink:
        entry["ink"] = stroke.ink
    return entry


def _canvas(document: dict[str, Any]) -> float | None:
    """The square's side; None where none is said, or something that is no length: then the strokes are fitted."""
    side: Any = document.get("canvas")
    return float(side) if _is_number(side) and 0 < side < 1e9 else None


def _points_of(entry: Any, stroke_number: int) -> list[Any]:
    points = entry.get("points") if isinstance(entry, dict) else None
    if not isinstance(points, list):
        raise CapsDrawError(f"stroke {stroke_number} has no list of points")
    return points


def _stroke_from_json(entry: dict[str, Any], stroke_number: int) -> Stroke | None:
    if not entry["points"]:
        return None
    points = _numbers(entry["points"], f"stroke {stroke_number}: points")
    if points.ndim != 2 or points.shape[1] != 2 or not points.size:
        raise CapsDrawError(f"stroke {stroke_number}: points must be pairs [x, y]")
    width = entry.get("width")
    if width is not None and not (_is_number(width) and 0 < width < 1e9):
        raise CapsDrawError(f"stroke {stroke_number}: width must be a number above 0, received {width!r}")
    ink = entry.get("ink", 0)
    if isinstance(ink, bool) or ink not in INKS:
        raise CapsDrawError(f"stroke {stroke_number}: ink must be 0 or 1, received {records.one_line(repr(ink))[:40]}")
    pressure = _pressure(entry, len(points), stroke_number)
    return Stroke(points, None if width is None else float(width), pressure, int(ink))


def _pressure(entry: dict[str, Any], count: int, stroke_number: int) -> NDArray[np.float64] | None:
    if entry.get("pressure") is None:
        return None
    pressure = _numbers(entry["pressure"], f"stroke {stroke_number}: pressure")
    if pressure.shape != (count,) or not count or pressure.min() < 0 or pressure.max() > 1:
        raise CapsDrawError(f"stroke {stroke_number}: pressure must be one number from 0 to 1 for each point")
    return pressure


def _numbers(values: Any, what: str) -> NDArray[np.float64]:
    try:
        array = np.asarray(values, dtype=object)
        if not array.size:
            return np.empty(array.shape)
        if not all(_is_number(value) for value in array.ravel()):
            raise TypeError
        array = array.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        raise CapsDrawError(f"{what} must be numbers") from None
    if not np.isfinite(array).all():
        raise CapsDrawError(f"{what} must be finite, received NaN or infinity")
    # Far beyond any screen or tablet; squares of such numbers must not overflow.
    if np.abs(array).max() > 1e9:
        raise CapsDrawError(f"{what} must lie within ±1e9")
    return array


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
