"""What lies on the canvas: strokes, and perhaps a picture beneath them."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit, digit_from_drawing, digit_from_raster, is_dot
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.strokes import Drawing, Stroke

# The canvas in its own units, however large it is on screen: 14 for each pixel of a digit.
SIDE = 392
# Width of a new canvas' pen, in the same units.
PEN_WIDTH = 24.0


@dataclass(frozen=True, eq=False)
class Sketch:
    """A canvas' content at one moment; never changed, only followed by another.

    Attributes:
        drawing: strokes in canvas units.
        picture: ink of an opened image, (rows, columns) float32 in [0, 1], fitted to the canvas; or None.
        label: the class that its data says it is; None where nobody said, and after a stroke or the eraser.
    """

    drawing: Drawing = field(default_factory=Drawing)
    picture: Raster | None = None
    label: str | None = None

    def __bool__(self) -> bool:
        return bool(self.drawing) or self.picture is not None

    def digit(self) -> Digit:
        """The (28, 28) digit that a net sees; raises CapsDrawError where there is no ink."""
        if self.picture is None:
            return digit_from_drawing(self.drawing)
        return digit_from_raster(self.render() if self.drawing else self.picture)

    def render(self) -> Raster:
        """The canvas as the user sees it: (392, 392) float32 in [0, 1], ink is 1."""
        ink = render(self.drawing, (SIDE, SIDE), PEN_WIDTH)
        if self.picture is None:
            return ink
        return np.maximum(ink, _placed(self.picture))

    def with_stroke(self, stroke: Stroke) -> "Sketch":
        """This sketch and one stroke more."""
        return replace(self, drawing=Drawing((*self.drawing.strokes, stroke)), label=None)

    def erased(self, path: NDArray[np.float64], radius: float) -> "Sketch":
        """This sketch without the ink that a round eraser touches on its way.

        Args:
            path: (N, 2) positions of the eraser, canvas units; it rubs on the straight way between them.
            radius: of the eraser, canvas units.
        """
        path, _ = _fine(Stroke(path))
        strokes = [rest for stroke in self.drawing.strokes for rest in _cut(stroke, path, radius)]
        picture = None if self.picture is None else _rubbed(self.picture, path, radius)
        return Sketch(Drawing(tuple(strokes)), picture)


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
        moved.append(Stroke((stroke.points - (low + high) / 2) * scale + SIDE / 2, width, stroke.pressure))
    return Drawing(tuple(moved))


def placement(picture: Raster) -> tuple[int, int, int, int]:
    """Where a picture lies on the canvas: left, top, width, height, in canvas units."""
    scale = SIDE / max(picture.shape)
    height, width = (max(1, round(side * scale)) for side in picture.shape)
    return (SIDE - width) // 2, (SIDE - height) // 2, width, height


def _placed(picture: Raster) -> Raster:
    left, top, width, height = placement(picture)
    how = Image.Resampling.BOX if max(picture.shape) > SIDE else Image.Resampling.BILINEAR
    canvas = np.zeros((SIDE, SIDE), np.float32)
    resized = np.asarray(Image.fromarray(picture).resize((width, height), how), np.float32)
    canvas[top : top + height, left : left + width] = np.clip(resized, 0, 1)
    return canvas


def _rubbed(picture: Raster, path: NDArray[np.float64], radius: float) -> Raster | None:
    """The picture, at canvas size, without what the eraser touched; None when nothing is left."""
    canvas = _placed(picture)
    rubber = render(Drawing((Stroke(path, 2 * radius),)), (SIDE, SIDE), 2 * radius)
    left = np.minimum(canvas, 1 - rubber)
    return left if left.max() > 0.2 else None


def _cut(stroke: Stroke, path: NDArray[np.float64], radius: float) -> list[Stroke]:
    """What is left of a stroke: it is cut at the eraser's edge into shorter ones."""
    fine, pressure = _fine(stroke)
    reach = radius + (stroke.width or PEN_WIDTH) / 4
    kept = np.ones(len(fine), bool)
    # In slices: many points times a long path would not fit in memory.
    for first in range(0, len(path), 256):
        away = fine[:, None, :] - path[None, first : first + 256]
        kept &= (away**2).sum(2).min(1) > reach**2
    if kept.all():
        return [stroke]
    edges = np.flatnonzero(np.diff(kept.astype(np.int8))) + 1
    parts = np.split(np.arange(len(fine)), edges)
    return [
        Stroke(fine[piece], stroke.width, None if pressure is None else pressure[piece])
        for piece in parts
        if kept[piece[0]]
    ]


def _fine(stroke: Stroke) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """The stroke with a point at least every 2 units."""
    steps = np.hypot(*np.diff(stroke.points, axis=0).T)
    counts = np.maximum(np.ceil(steps / 2).astype(np.int64), 1)
    along = np.concatenate([index + np.arange(n) / n for index, n in enumerate(counts)] + [np.array([len(counts)])])
    where = np.arange(len(stroke.points))
    points = np.stack([np.interp(along, where, stroke.points[:, axis]) for axis in (0, 1)], axis=1)
    return points, None if stroke.pressure is None else np.interp(along, where, stroke.pressure)


def dark_on_white(ink: Raster) -> Image.Image:
    """Ink as a picture for files and clipboards: black on white, 8 bits."""
    return Image.fromarray(np.rint((1 - ink) * 255).astype(np.uint8))


def require_ink(sketch: Sketch) -> None:
    """Raise CapsDrawError where there is nothing to save."""
    if not sketch:
        raise CapsDrawError("the canvas is empty: draw a digit first")
