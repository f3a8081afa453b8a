"""How a picture becomes what a net sees: one road for files, pastes, drawings and data, whatever the net reads.

A net is asked about pictures made as those were that it learnt from. Which way that is, its card keeps (`Intake`);
`of_file` and `of_sketch` go that way, and `datasets.folders` reads by the same functions what nets are trained on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.found import Found
from capsdraw.ink.images import read_found, read_pixels
from capsdraw.ink.normalize import BOX, SIDE, Digit, digit_from_raster
from capsdraw.ink.pair import pair_from_drawing, pair_from_found, pair_from_raster
from capsdraw.ink.raster import Raster, from_bytes, render
from capsdraw.ink.sketch import PEN_WIDTH, Sketch, on_canvas
from capsdraw.ink.sketch import SIDE as SQUARE
from capsdraw.ink.strokes import Drawing

Pixels = NDArray[np.uint8]

# Ink fainter than this does not count towards its box.
_FAINT = 0.1
# Greys, from 0 to 1, by which a picture's ground is told to be dark or light.
DARKEST, LIGHTEST = 0.3, 0.7


class Road(StrEnum):
    """What is done to a picture: its ink is taken, cropped and centred; or it is scaled, and otherwise left alone.

    Of a pair, the ink of two digits over one another is taken (`ink.pair`).
    """

    INK = "ink"
    PIXELS = "pixels"
    PAIR = "pair"


class Ground(StrEnum):
    """What lies around the things that a net learnt to see: black, white, or now this and now that."""

    DARK = "dark"
    LIGHT = "light"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Intake:
    """How pictures became a net's input. Its size, and whether it has colours, the net's own form says.

    Attributes:
        road: the ink alone, or all pixels, the middle cut to the net's form.
        ground: of the net's input; a drawing is put on it.
        turned: whether a picture on the other ground is turned round; else it stays as it is. Of pixels.
        fill: the share of the side that the ink takes. Of ink.
        white: of pictures of deep greys (16 bits and more), one for all of its data; 0: each its own. Of pixels.
        transposed: whether rows and columns of its data were exchanged, which that data needs again.
    """

    road: Road = Road.PIXELS
    ground: Ground = Ground.ANY
    turned: bool = False
    fill: float = BOX / SIDE
    white: float = 0.0
    transposed: bool = False

    @property
    def is_mnist(self) -> bool:
        """Whether that is how MNIST's digits were made, and how the canvas makes its own."""
        return self.road == Road.INK and self.ground == Ground.DARK and self.fill == BOX / SIDE


# Of nets that read digits as MNIST has them, of those that read two over one another, and of all others where nothing
# is known.
DIGITS = Intake(road=Road.INK, ground=Ground.DARK)
PAIRS = Intake(road=Road.PAIR, ground=Ground.DARK)
AS_THEY_ARE = Intake()


@dataclass(frozen=True, eq=False)
class Sight:
    """What a net sees of a picture.

    Attributes:
        pixels: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour.
        found: of an image whose ink was taken, where in it that was found; else None.
        drawing: of a strokes file, what is drawn there; else None.
    """

    pixels: Raster
    found: Found | None = None
    drawing: Drawing | None = None


def of_file(source: Path | bytes, shape: tuple[int, ...], intake: Intake, name: str | None = None) -> Raster:
    """The pixels of `sight_of`; arguments and errors likewise."""
    return sight_of(source, shape, intake, name).pixels


def sight_of(source: Path | bytes, shape: tuple[int, ...], intake: Intake, name: str | None = None) -> Sight:
    """What a net sees of an image file, of its bytes (a paste), or of a strokes file (by its ending, .json).

    Args:
        source: of the picture.
        shape: that the net reads, (rows, columns, 1 or 3).
        intake: how it reads pictures.
        name: how an error calls the picture; the file's own name where not given.

    Raises:
        CapsDrawError: it cannot be read, or there is no ink to take; the message names it.
    """
    if shape[2] not in (1, 3):
        raise CapsDrawError(f"no picture has the {shape[2]} channels that this net reads: give it data as arrays")
    if isinstance(source, Path) and source.suffix.lower() == ".json":
        drawing = strokes.load(source)
        laid = Sketch(on_canvas(drawing) if intake.road == Road.PIXELS else drawing)
        return Sight(of_sketch(laid, shape, intake), drawing=drawing)
    if intake.road == Road.PIXELS:
        pixels = read_pixels(source, (shape[0], shape[1]), name, intake.white)
        return Sight(from_bytes(on_its_ground(in_colours(pixels, shape[2] == 3), intake)))
    found = read_found(source, name)
    try:
        if intake.road == Road.PAIR:
            return Sight(pair_from_found(found, shape[0]), found)
        return Sight(placed(digit_from_raster(found.chosen), shape, intake), found)
    except CapsDrawError as error:
        called = name or (records.called(source) if isinstance(source, Path) else "the picture")
        raise CapsDrawError(f"cannot read '{called}': {error}") from None


def of_pixel_array(image: Pixels, shape: tuple[int, ...], intake: Intake, ground: Ground) -> Pixels:
    """What a net sees of an image of data whose size is another than the net's; an image without ink is empty.

    Args:
        image: (rows, columns) or (rows, columns, 3) uint8, in as many colours as the net reads.
        shape, intake: as for `sight_of`.
        ground: that the image's ink lies on.

    Returns:
        The same in the net's size.
    """
    if intake.road == Road.PIXELS:
        fitted = ImageOps.fit(Image.fromarray(image), (shape[1], shape[0]), Image.Resampling.LANCZOS)
        return on_its_ground(np.asarray(fitted), intake)
    ink = from_bytes(255 - image if ground == Ground.LIGHT else image)
    try:
        digit = digit_from_raster(ink)
    except CapsDrawError:  # there is no ink
        return np.full(shape[:2], 255 if intake.ground == Ground.LIGHT else 0, np.uint8)
    return np.rint(placed(digit, shape, intake) * 255).astype(np.uint8)


def of_sketch(
    sketch: Sketch, shape: tuple[int, ...], intake: Intake, digit: Callable[[Sketch], Digit] = Sketch.digit
) -> Raster:
    """What a net sees of the canvas; in the form of `of_file`.

    A net that reads pixels sees an opened picture as its file has it, as long as nothing was drawn over it. A drawing
    is put on the ground that the net learnt things on: where there was none, dark on light, as on paper.

    Args:
        sketch, shape, intake: the canvas, and what of a net.
        digit: makes the digit of a sketch, where one remembers the sketch before it (`ink.looks`).

    Raises:
        CapsDrawError: there is no ink.
    """
    if intake.road == Road.INK:
        return placed(digit(sketch), shape, intake)
    if intake.road == Road.PAIR:
        return _pair(sketch, shape[0])
    if sketch.source is not None:
        return of_file(sketch.source, shape, intake)
    if not sketch:
        raise CapsDrawError("the canvas is empty: draw something")
    ink = sketch.render() if sketch.drawing or sketch.picture is None else sketch.picture
    seen = ink if intake.ground == Ground.DARK else 1 - ink
    if seen.shape == tuple(shape[:2]):
        return seen if shape[2] == 1 else np.repeat(seen[..., None], 3, axis=2)
    grey = Image.fromarray(np.rint(seen * 255).astype(np.uint8))
    pixels = np.asarray(ImageOps.fit(grey, (shape[1], shape[0]), Image.Resampling.LANCZOS))
    return from_bytes(in_colours(pixels, shape[2] == 3))


def _pair(sketch: Sketch, side: int) -> Raster:
    """What a net of pairs sees of the canvas."""
    if sketch.picture is None:
        return pair_from_drawing(sketch.drawing, side)
    if not sketch.drawing and sketch.picture.shape == (side, side):
        return sketch.picture
    return pair_from_raster(
        np.maximum(render(sketch.drawing, (SQUARE, SQUARE), PEN_WIDTH), sketch.placed_to_read()), side
    )


def of_pixels(source: Path | bytes, content: bytes, name: str | None = None) -> Sketch:
    """A picture on the canvas as it is, its middle cut to a square; to whoever asks for ink, what is dark is.

    Args:
        source, name: as for `sight_of`; content: what is kept of its file (`images.kept_source`).

    Raises:
        CapsDrawError: it cannot be read; the message names it.
    """
    pixels = read_pixels(source, (SQUARE, SQUARE), name)
    grey = in_colours(pixels, colour=False)
    return Sketch(picture=from_bytes(255 - grey), source=content, colours=in_colours(pixels, colour=True))


def in_colours(image: Pixels, colour: bool) -> Pixels:
    """An image (rows, columns) or (rows, columns, 3) in colour or, (rows, columns), in grey."""
    if colour:
        return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
    return image if image.ndim == 2 else np.asarray(Image.fromarray(image).convert("L"))


def on_its_ground(image: Pixels, intake: Intake) -> Pixels:
    """An image of the net's size, turned round where that net's things lie on the other ground."""
    if not intake.turned or intake.ground == Ground.ANY or image.ndim != 2:
        return image
    ground = ground_of(image)
    return 255 - image if ground not in (Ground.ANY, intake.ground) else image


def ground_of(image: Pixels) -> Ground:
    """What most of a grey image's border is: dark, light, or neither."""
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    middle = float(np.median(border)) / 255
    return Ground.DARK if middle <= DARKEST else Ground.LIGHT if middle >= LIGHTEST else Ground.ANY


def placed(digit: Digit, shape: tuple[int, ...], intake: Intake) -> Raster:
    """A digit of MNIST's form as large, in as many pixels and on the ground that the net knows.

    Args:
        digit: (28, 28) float32 in [0, 1], light ink on black.
        shape, intake: as for `sight_of`; of a net that sees ink.

    Returns:
        In the form of `of_file`.
    """
    rows, columns, channels = shape
    if (rows, columns) != digit.shape or intake.fill != BOX / SIDE:
        digit = _resized(digit, rows, columns, intake.fill)
    seen = 1 - digit if intake.ground == Ground.LIGHT else digit
    return seen if channels == 1 else np.repeat(seen[..., None], 3, axis=2)


def _resized(digit: Digit, rows: int, columns: int, fill: float) -> Raster:
    """The digit's ink in the middle of a raster of that size, whose shorter side it takes `fill` of."""
    dark = digit > _FAINT
    down, across = (np.flatnonzero(dark.any(axis)) for axis in (1, 0))
    ink = digit[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    scale = fill * min(rows, columns) / max(ink.shape)
    high, wide = (min(max(1, round(side * scale)), most) for side, most in zip(ink.shape, (rows, columns), strict=True))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    placed = np.zeros((rows, columns), np.float32)
    top, left = (rows - high) // 2, (columns - wide) // 2
    resized = np.asarray(Image.fromarray(ink).resize((wide, high), how), np.float32)
    placed[top : top + high, left : left + wide] = np.clip(resized, 0, 1)
    return placed
