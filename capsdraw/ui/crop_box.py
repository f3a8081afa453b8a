"""The box on an opened picture, within which it is read: where it can be taken hold of, and where a drag leaves it."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from capsdraw.ink.found import Box
from capsdraw.ink.sketch import SIDE

# Which corner is held, as (-1 or 1 across, -1 or 1 down); (0, 0) is an edge, by which the whole box is moved.
Grip = tuple[int, int]

# Canvas units: how near to an edge a press must be, and the smallest box.
_REACH: Final = 7.0
_LEAST: Final = 14.0
# How far a key moves it: half a pixel of the digit, on the whole canvas.
_KEYS: Final = {
    Qt.Key.Key_Left: (-7.0, 0.0), Qt.Key.Key_Right: (7.0, 0.0), Qt.Key.Key_Up: (0.0, -7.0), Qt.Key.Key_Down: (0.0, 7.0)
}  # fmt: skip


def grip_at(box: Box | None, at: tuple[float, float]) -> Grip | None:
    """What a press at this point, canvas units, takes hold of; None within the box and far from it."""
    if box is None:
        return None
    left, top, width, height = box
    x, y = at
    across = (abs(x - left) <= _REACH, abs(x - left - width) <= _REACH)
    down = (abs(y - top) <= _REACH, abs(y - top - height) <= _REACH)
    beside = left - _REACH <= x <= left + width + _REACH and top - _REACH <= y <= top + height + _REACH
    if not beside or not (any(across) or any(down)):
        return None
    if any(across) and any(down):
        return (-1 if across[0] else 1), (-1 if down[0] else 1)
    return 0, 0


def by_keys(key: Qt.Key, held: Qt.KeyboardModifier) -> tuple[Grip, tuple[float, float]] | None:
    """What an arrow key moves, and how far: all of the box, with Shift its lower right corner; None of other keys."""
    by = _KEYS.get(key)
    held &= ~Qt.KeyboardModifier.KeypadModifier  # so macOS calls arrows
    if by is None or held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return None
    return ((1, 1) if held else (0, 0)), by


def dragged(box: Box, grip: Grip, by: tuple[float, float]) -> Box:
    """The box after that corner, or all of it, was moved by (x, y); it stays on the canvas."""
    first, last = zip(*(_span(box[axis], box[axis + 2], grip[axis], by[axis], grip) for axis in (0, 1)), strict=True)
    return first[0], first[1], last[0] - first[0], last[1] - first[1]


def _span(first: float, length: float, side: int, by: float, grip: Grip) -> tuple[float, float]:
    if grip == (0, 0):
        first = min(max(first + by, 0.0), SIDE - length)
        return first, first + length
    last = first + length
    if side < 0:
        return min(max(first + by, 0.0), last - _LEAST), last
    return first, max(min(last + by, float(SIDE)), first + _LEAST)


def paint_box(painter: QPainter, box: Box, scale: float, colour: QColor) -> None:
    """Paint the box and its corners; `scale` is pixels a canvas unit."""
    left, top, width, height = (value * scale for value in box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
    painter.drawRect(QRectF(left, top, width, height))
    painter.setBrush(colour)
    for x in (left, left + width):
        for y in (top, top + height):
            painter.drawRect(QRectF(x - 2, y - 2, 4, 4))
