"""Sketches from files and into files: strokes and pictures. No window here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink import strokes
from capsdraw.ink.images import kept_source, read_found
from capsdraw.ink.intake import of_pixels
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import SIDE, Sketch, dark_on_white, of_found, on_canvas, require_ink
from capsdraw.paths import replacing


def sketch_from(path: Path, without_ink: bool = False) -> Sketch:
    """The sketch in an image or strokes file; raises CapsDrawError naming the file.

    Args:
        path: of the file; without_ink: whether a picture is taken as it is.
    """
    if path.suffix.lower() == ".json":
        return Sketch(on_canvas(strokes.load(path)))
    return of_picture(path, None, without_ink)


def thumbnail(path: Path) -> Raster | None:
    """The ink of a file, small; None where it cannot be read."""
    try:
        picture = sketch_from(path, without_ink=True).render()
    except CapsDrawError:
        return None
    return picture[::4, ::4]


def of_picture(source: Path | bytes, name: str | None, without_ink: bool) -> Sketch:
    """A picture as a sketch, its ink or all of its pixels.

    Args:
        source: its file or its bytes; name: it is called in messages, or None for the file's.
        without_ink: whether it is taken as it is.

    Raises:
        CapsDrawError: it cannot be read.
    """
    if without_ink:
        return of_pixels(source, kept_source(source, name), name)
    return of_found(read_found(source, name), kept_source(source, name))


def in_colour(sketch: Sketch) -> NDArray[np.uint8] | None:
    """An opened picture as it is seen, (392, 392, 3); None of ink, as of one that was drawn over: black on white."""
    return None if sketch.drawing else sketch.colours


def save(sketch: Sketch, path: Path) -> None:
    """Write a sketch; raises CapsDrawError where it cannot be, and leaves an old file as it was."""
    require_ink(sketch)
    try:
        if path.suffix.lower() != ".json":
            colours = in_colour(sketch)
            picture = dark_on_white(sketch.render()) if colours is None else Image.fromarray(colours)
            with replacing(path) as temporary:
                picture.save(temporary)
        elif sketch.picture is not None:
            raise CapsDrawError(f"cannot save '{path.name}': an opened picture has no strokes; save it as .png")
        else:
            strokes.save(replace(sketch.drawing, canvas=float(SIDE)), path)
    except OSError as error:
        raise CapsDrawError(f"cannot save '{path.name}': {refusal(error, saving=True)}") from None
    except ValueError:  # Pillow knows no such ending
        raise CapsDrawError(f"cannot save '{path.name}': end its name in .json or .png") from None
