"""A sketch as bytes: a strokes file with fields added, so that any strokes file's reader reads what it has of strokes.

Strokes are kept to the bit, a picture in 65,536 greys.
"""

import base64
import binascii
import io
import json
from dataclasses import replace
from typing import Any, Final

import numpy as np
from PIL import Image

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.ink import images, strokes
from capsdraw.ink.found import Box
from capsdraw.ink.images import MOST_SOURCE
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import SIDE, Sketch, on_canvas
from capsdraw.ink.strokes import Drawing

MOST_BYTES: Final = 2 * MOST_SOURCE + strokes.MAX_FILE_BYTES
# Points: more than fit into so many bytes. What was drawn and kept here must come back, however long it took.
_MOST_POINTS: Final = 1_000_000
# Pixels a side of a picture's ink: `ink.images` makes none larger.
_LONGEST: Final = 1024
_WHITE: Final = 65535


def encoded(sketch: Sketch) -> bytes:
    """A sketch as `decoded` gives it back; `sketch.drawing.canvas` says in which unit its strokes are."""
    return as_bytes(to_document(sketch))


def as_bytes(document: dict[str, Any]) -> bytes:
    """A document as its file has it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def to_document(sketch: Sketch) -> dict[str, Any]:
    """A sketch as the JSON object that its file holds."""
    document = strokes.to_json(sketch.drawing)
    if sketch.picture is not None:
        document["picture"] = _text(_png(sketch.picture))
    if sketch.source is not None and len(sketch.source) <= MOST_SOURCE:
        document["source"] = _text(sketch.source)
    if sketch.box is not None:
        document["box"] = [float(side) for side in sketch.box]
    if sketch.doubts:
        document["doubts"] = list(sketch.doubts)
    if sketch.label is not None:
        document["label"] = sketch.label
    return document


def decoded(data: bytes, name: str, what: str = "") -> Sketch:
    """The sketch that `encoded` wrote, its strokes in the unit that they were kept in.

    Args:
        data: the bytes; name: of the file that they are from, and what: it is, for messages.

    Raises:
        CapsDrawError: they are damaged, or were never such bytes.
    """
    return from_document(records.parse_json(data, name, what), name, what)


def from_document(document: Any, name: str, what: str = "") -> Sketch:
    """The sketch of an object that was parsed already; as `decoded`."""
    try:
        return _sketch(document, name)
    except (CapsDrawError, ValueError, TypeError, KeyError, binascii.Error, OSError) as error:
        raise CapsDrawError(records.one_line(f"cannot read {what + ' ' if what else ''}'{name}': {error}")) from None


def in_canvas_units(sketch: Sketch) -> Sketch:
    """A sketch from anywhere, its strokes where they belong on the canvas; what was drawn there stays to the bit."""
    return replace(sketch, drawing=on_canvas(sketch.drawing)) if sketch.drawing else sketch


def _sketch(document: Any, name: str) -> Sketch:
    if not isinstance(document, dict):
        raise CapsDrawError("expected an object")
    drawing = strokes.from_json(document, _MOST_POINTS) if document.get("strokes") else Drawing()
    picture, source, box = document.get("picture"), document.get("source"), document.get("box")
    doubts, label = document.get("doubts", []), document.get("label")
    if label is not None and not isinstance(label, str):
        raise CapsDrawError("label must be a text")
    return Sketch(
        drawing,
        None if picture is None else _ink(_bytes(picture)),
        label,
        None if box is None else _box(box, name),
        tuple(records.convert(doubts, list[str], name)),
        None if source is None else _bytes(source),
    )


def _box(values: Any, name: str) -> Box:
    left, top, width, height = records.convert(values, tuple[float, float, float, float], name)
    if min(width, height) <= 0 or min(left, top) < 0 or max(left + width, top + height) > SIDE + 1:
        raise CapsDrawError("box does not lie on the canvas")
    return left, top, width, height


def _png(ink: Raster) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.rint(ink.clip(0, 1) * _WHITE).astype(np.uint16)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _ink(png: bytes) -> Raster:
    """(rows, columns) float32 in [0, 1]."""
    try:
        with images.opened(png) as image:
            if image.format != "PNG" or max(image.size) > _LONGEST or image.mode not in ("I;16", "I", "L"):
                raise CapsDrawError("picture must be a PNG in grey, of at most 1,024 pixels a side")
            white = 255 if image.mode == "L" else _WHITE
            return (np.asarray(image).astype(np.float32) / np.float32(white)).clip(0, 1)
    except CapsDrawError:
        raise
    except Exception as error:  # Pillow's reader raises whatever it met
        raise CapsDrawError(f"its picture cannot be read: {first_line(error)}") from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str):
        raise CapsDrawError("picture and source must be texts")
    return base64.b64decode(text, validate=True)
