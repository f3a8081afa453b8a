"""The row of digits that lie side by side on the canvas, in a picture, or in a strokes file."""

from dataclasses import replace

from capsdraw.ink import road
from capsdraw.ink.found import SEVERAL, WHOLE, Box, Found, span
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import SIDE, Sketch, placement
from capsdraw.ink.slices import CutStrokes, Row, of_strokes


def of_sketch(sketch: Sketch, known: CutStrokes | None = None) -> Row | None:
    """The row of what lies on the canvas, placed in canvas units; None where nothing can be cut.

    Of a picture with several digits those beside the one in its box belong to it; else, and once the user has chosen
    the box, it lies in the box. `known` is as of `of_strokes`.
    """
    if sketch.picture is None:
        return of_strokes(sketch.drawing, known)
    if road.is_small(sketch.picture.shape):
        return None
    if sketch.drawing:
        return _in_picture(sketch.all_to_read(), WHOLE, beyond=False)
    box = WHOLE if sketch.box is None else sketch.box_of_picture()
    row = _in_picture(sketch.picture, box, SEVERAL in sketch.doubts)
    left, top, _, _ = placement(sketch.picture)
    return None if row is None else replace(row, unit=SIDE / max(sketch.picture.shape), origin=(left, top))


def of_found(found: Found, columns: int) -> Row | None:
    """The row of a picture, placed in pixels of its file, which has so many columns."""
    if road.is_small(found.ink.shape):
        return None
    row = _in_picture(found.ink, found.box, SEVERAL in found.doubts)
    return None if row is None else replace(row, unit=columns / found.ink.shape[1])


def _in_picture(ink: Raster, box: Box, beyond: bool) -> Row | None:
    road.import_finding()
    from capsdraw.ink.row_in_picture import row_in

    left, top, width, height = box
    return row_in(ink, (span(top, height, ink.shape[0]), span(left, width, ink.shape[1])), beyond)
