"""The row of digits that lie side by side on the canvas, in a picture, or in a strokes file."""

from dataclasses import dataclass, field, replace

import numpy as np

from capsdraw.ink import road
from capsdraw.ink.found import SEVERAL, WHOLE, Box, Found, span
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import SIDE, Sketch, placement
from capsdraw.ink.slices import CutStrokes, Row, of_strokes


@dataclass(eq=False)
class LastRow:
    """What is remembered of the last row, for one thread: how strokes were cut, and what a picture's own row was."""

    cut: CutStrokes = field(default_factory=dict)
    picture: Raster | None = None
    place: tuple[Box, bool] = (WHOLE, False)
    row: Row | None = None

    def in_picture(self, picture: Raster, box: Box, beyond: bool) -> Row | None:
        """The row of a picture, which is never changed: as long as it is the same, and read in the same box."""
        if picture is not self.picture or self.place != (box, beyond):
            row = _in_picture(picture, box, beyond)
            self.picture, self.place, self.row = picture, (box, beyond), row
        return self.row


def of_sketch(sketch: Sketch, known: LastRow | None = None) -> Row | None:
    """The row of what lies on the canvas, placed in canvas units; None where nothing can be cut.

    Of a picture with several digits those beside the one in its box belong to it, also beneath strokes; else, and once
    the user has chosen the box, it lies in the box. `known` is what was remembered of the sketch before.
    """
    known = known or LastRow()
    if sketch.picture is None:
        return of_strokes(sketch.drawing, known.cut)
    if road.is_small(sketch.picture.shape):
        return None
    box = WHOLE if sketch.box is None else sketch.box_of_picture()
    several = SEVERAL in sketch.doubts
    if sketch.drawing and not several:
        return _in_picture(sketch.all_to_read(), WHOLE, beyond=False)
    row = known.in_picture(sketch.picture, box, several)
    if sketch.drawing:
        return _in_picture(_beneath_strokes(sketch, row), WHOLE, beyond=False)
    left, top, _, _ = placement(sketch.picture)
    return None if row is None else replace(row, unit=SIDE / max(sketch.picture.shape), origin=(left, top))


def _beneath_strokes(sketch: Sketch, row: Row | None) -> Raster:
    """The canvas' ink: all strokes, and all digits of the picture's row, of which the box holds one."""
    if row is None or row.ink is None or sketch.picture is None:
        return sketch.all_to_read()
    kept, patch = np.zeros_like(sketch.picture), row.ink
    rows, columns = patch.ink.shape
    kept[patch.top : patch.top + rows, patch.left : patch.left + columns] = patch.ink
    return replace(sketch, picture=kept, box=None).all_to_read()


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
