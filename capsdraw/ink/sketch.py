"""What lies on the canvas: strokes, and perhaps a picture beneath them."""

import itertools
import operator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.ink.found import WHOLE, Box, Found, cut_out
from capsdraw.ink.normalize import Digit, digit_from_drawing, digit_from_raster, has_ink, is_dot
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.resampled import resampled
from capsdraw.ink.strokes import Drawing, Stroke

# The canvas in its own units, however large it is on screen: 14 for each pixel of a digit.
SIDE = 392
# Width of a new canvas' pen, in the same units.
PEN_WIDTH = 24.0
# Units between the points of what the eraser comes near.
_RUBBED = 2.0


@dataclass(frozen=True, eq=False)
class Sketch:
    """A canvas' content at one moment; never changed, only followed by another.

    Attributes:
        drawing: strokes in canvas units.
        picture: ink of an opened image, (rows, columns) float32 in [0, 1], fitted to the canvas; or None.
        box: the part of the canvas in which the picture is read: left, top, width, height in canvas units; None: all.
        doubts: why that may not hold what is meant.
        label: the class that its data says it is; None where nobody said, and after a stroke or the eraser.
        source: the opened picture's file, for nets that read pictures as they are; None likewise.
        colours: the picture for the eye, (392, 392, 3) uint8, where it is read as it is; None: its ink is shown.
    """

    drawing: Drawing = field(default_factory=Drawing)
    picture: Raster | None = None
    label: str | None = None
    box: Box | None = None
    doubts: tuple[str, ...] = ()
    source: bytes | None = None
    colours: NDArray[np.uint8] | None = None

    def __bool__(self) -> bool:
        return bool(self.drawing) or self.picture is not None

    def digit(self) -> Digit:
        """The (28, 28) digit that a net sees; raises CapsDrawError where there is no ink."""
        if self.picture is None:
            return digit_from_drawing(self.drawing)
        if not self.drawing:
            if self.box is None:
                return digit_from_raster(self.picture)
            cut = cut_out(self.picture, self.box_of_picture())
            if not has_ink(cut):
                raise CapsDrawError("there is no ink in the box: drag it over a digit")
            return digit_from_raster(cut)
        return digit_from_raster(self.all_to_read())

    def all_to_read(self) -> Raster:
        """What is read of strokes over a picture, where it lies: (392, 392) float32 in [0, 1]."""
        # Strokes are read wherever they are.
        return np.maximum(render(self.drawing, (SIDE, SIDE), PEN_WIDTH), self.placed_to_read())

    def placed_to_read(self) -> Raster:
        """What is read of the picture, where it lies: (392, 392) float32 in [0, 1]."""
        assert self.picture is not None
        canvas = placed(self.picture)
        if self.box is None:
            return canvas
        left, top, width, height = (round(value) for value in self.box)
        kept = np.zeros_like(canvas)
        inside = (slice(top, top + height), slice(left, left + width))
        kept[inside] = canvas[inside]
        return kept

    def with_box(self, box: Box) -> "Sketch":
        """This sketch with its picture read in another place, which is beyond doubt: somebody chose it."""
        return replace(self, box=box, doubts=(), label=None)

    def render(self) -> Raster:
        """The canvas as the user sees it: (392, 392) float32 in [0, 1], ink is 1."""
        ink = render(self.drawing, (SIDE, SIDE), PEN_WIDTH)
        if self.picture is None:
            return ink
        return np.maximum(ink, placed(self.picture))

    def with_stroke(self, stroke: Stroke) -> "Sketch":
        """This sketch and one stroke more."""
        return replace(self, drawing=Drawing((*self.drawing.strokes, stroke)), label=None, source=None, colours=None)

    def erased(self, path: NDArray[np.float64], radius: float) -> "Sketch":
        """This sketch without the ink that a round eraser touches on its way; itself where that is none.

        Args:
            path: (N, 2) positions of the eraser, canvas units; it rubs on the straight way between them.
            radius: of the eraser, canvas units.
        """
        strokes = [rest for stroke in self.drawing.strokes for rest in _cut(stroke, path, radius)]
        picture = None if self.picture is None else _rubbed(self.picture, path, radius)
        same = len(strokes) == len(self.drawing.strokes) and all(map(operator.is_, strokes, self.drawing.strokes))
        if same and picture is self.picture:
            return self
        # With the picture goes what was said of it.
        box, doubts = (None, ()) if picture is None else (self.box, self.doubts)
        return Sketch(Drawing(tuple(strokes)), picture, box=box, doubts=doubts)

    def box_of_picture(self) -> Box:
        """The box as shares of the picture."""
        assert self.picture is not None
        assert self.box is not None
        left, top, width, height = placement(self.picture)
        return (self.box[0] - left) / width, (self.box[1] - top) / height, self.box[2] / width, self.box[3] / height


def of_found(found: Found, source: bytes | None = None) -> Sketch:
    """A picture on the canvas, with the box in which a digit was found; `source` is its file's content."""
    if found.box == WHOLE:
        return Sketch(picture=found.ink, source=source)
    left, top, width, height = placement(found.ink)
    x, y, across, down = found.box
    box = (left + x * width, top + y * height, across * width, down * height)
    return Sketch(picture=found.ink, box=box, doubts=found.doubts, source=source)


def on_canvas(drawing: Drawing) -> Drawing:
    """A drawing from elsewhere, where it lay and as large as it was; `fitted` where nobody says on what it was made.

    Strokes without a width get the canvas' own.
    """
    side = drawing.canvas
    inside = side is not None and all(
        min(stroke.box[:2]) >= 0 and max(stroke.box[2:]) <= side for stroke in drawing.strokes
    )
    if side is None or not inside:
        return fitted(drawing)
    scale = SIDE / side
    return Drawing(tuple(
        replace(
            stroke,
            points=stroke.points * scale,
            width=PEN_WIDTH if stroke.width is None else min(stroke.width * scale, SIDE),
        )
        for stroke in drawing.strokes
    ))  # fmt: skip


def fitted(drawing: Drawing) -> Drawing:
    """A drawing of any unit and size, moved and scaled to fill three quarters of the canvas.

    Pen widths scale along; strokes without one get the canvas' own.
    """
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    extent = float((high - low).max())
    scale = 0.7 * SIDE / extent if not is_dot(drawing, extent) else 0.0
    # As for the digit: one stroke of unknown width makes all widths equal.
    all_have_width = all(stroke.width is not None for stroke in drawing.strokes)
    widest = max((stroke.width or 0.0) for stroke in drawing.strokes)
    # Kept in proportion where a pen would not fit on the canvas, or not be seen.
    factor = float(np.clip(widest * scale, 4, SIDE / 4)) / widest if all_have_width else 0.0
    moved = []
    for stroke in drawing.strokes:
        width = stroke.width * factor if all_have_width and stroke.width is not None else PEN_WIDTH
        moved.append(replace(stroke, points=(stroke.points - (low + high) / 2) * scale + SIDE / 2, width=width))
    return Drawing(tuple(moved))


def placement(picture: Raster) -> tuple[int, int, int, int]:
    """Where a picture lies on the canvas: left, top, width, height, in canvas units."""
    scale = SIDE / max(picture.shape)
    height, width = (max(1, round(side * scale)) for side in picture.shape)
    return (SIDE - width) // 2, (SIDE - height) // 2, width, height


def placed(picture: Raster) -> Raster:
    """A picture where it lies on the canvas: (392, 392) float32 in [0, 1]."""
    if picture.shape == (SIDE, SIDE):
        return picture.clip(0, 1)
    left, top, width, height = placement(picture)
    how = Image.Resampling.BOX if max(picture.shape) > SIDE else Image.Resampling.BILINEAR
    canvas = np.zeros((SIDE, SIDE), np.float32)
    resized = np.asarray(Image.fromarray(picture).resize((width, height), how), np.float32)
    canvas[top : top + height, left : left + width] = np.clip(resized, 0, 1)
    return canvas


def _rubbed(picture: Raster, path: NDArray[np.float64], radius: float) -> Raster | None:
    """The picture, at canvas size, without what the eraser touched; itself where that is no ink, None where all is."""
    left, touched = placed(picture), False
    # Of the canvas, the part that the eraser reaches: with each move it is a small one.
    low = np.clip(np.floor(path.min(0) - radius - 1), 0, SIDE).astype(int)
    high = np.clip(np.ceil(path.max(0) + radius + 1), 0, SIDE).astype(int)
    if (low < high).all():
        width, height = (high - low).tolist()
        rubber = render(Drawing((Stroke(path - low, 2 * radius),)), (height, width), 2 * radius)
        part = left[low[1] : high[1], low[0] : high[0]]
        touched = bool((part > 1 - rubber).any())
        np.minimum(part, 1 - rubber, out=part)
    if not touched:
        return picture
    return left if left.max() > 0.2 else None


def _cut(stroke: Stroke, path: NDArray[np.float64], radius: float) -> list[Stroke]:
    """What is left of a stroke: it is cut at the eraser's edge into shorter ones."""
    reach = radius + (stroke.width or PEN_WIDTH) / 4
    # Most strokes, and most of a long one, are nowhere near a move of the eraser.
    low, high = path.min(0) - reach, path.max(0) + reach
    left, top, right, bottom = stroke.box
    if right < low[0] or left > high[0] or bottom < low[1] or top > high[1]:
        return [stroke]
    fine, pressure = resampled(stroke, _RUBBED)
    kept = np.ones(len(fine), bool)
    for begin, end in itertools.pairwise(path if len(path) > 1 else np.repeat(path, 2, 0)):
        low, high = np.minimum(begin, end) - reach, np.maximum(begin, end) + reach
        near = np.flatnonzero(((fine >= low) & (fine <= high)).all(1))
        kept[near] &= _away(fine[near], begin, end) > reach
    if kept.all():
        return [stroke]
    edges = np.flatnonzero(np.diff(kept.astype(np.int8))) + 1
    bounds = [0, *edges.tolist(), len(fine)]
    return [
        Stroke(fine[begin:end], stroke.width, None if pressure is None else pressure[begin:end], stroke.ink)
        for begin, end in itertools.pairwise(bounds)
        if kept[begin]
    ]


def _away(points: NDArray[np.float64], begin: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far points (N, 2) are from the straight way from `begin` to `end`: (N,)."""
    way = end - begin
    along = np.clip((points - begin) @ way / max(float(way @ way), 1e-12), 0, 1)
    nearest = begin + along[:, None] * way
    return np.hypot(*(points - nearest).T)


def dark_on_white(ink: Raster) -> Image.Image:
    """Ink as a picture for files and clipboards: black on white, 8 bits."""
    return Image.fromarray(np.rint((1 - ink) * 255).astype(np.uint8))


def require_ink(sketch: Sketch) -> None:
    """Raise CapsDrawError where there is nothing to save."""
    if not sketch:
        raise CapsDrawError("the canvas is empty: draw a digit first")
