"""The drawing canvas: mouse, tablet pen and touch to strokes, and nothing more."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.history import History
from capsdraw.ink.sketch import PEN_WIDTH, SIDE, Sketch, placement
from capsdraw.ink.strokes import Stroke
from capsdraw.ui import theme
from capsdraw.ui.paint import ink_image, paint_stroke

MIN_PEN: Final = 4.0
MAX_PEN: Final = 72.0
STEP: Final = 4.0
# Canvas units; a pixel of the digit has 14.
_LEAST_MOVE: Final = 0.5


class Canvas(QWidget):
    """A square of paper to draw on, in its own 392 × 392 units at any size on screen.

    Attributes:
        pen_width: of the pen and the eraser, canvas units.
        erasing: whether the pen erases.

    Signals:
        changed(Sketch): what lies on the canvas now, also while the pen moves.
        edited(): a step was made, undone or redone.
        pen_changed(float): the pen's new width.
    """

    changed = Signal(object)
    edited = Signal()
    pen_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pen_width = PEN_WIDTH
        self.erasing = False
        self._history = History(Sketch())
        self._example = False
        # Of the stroke under way: points, pressures, and the sketch it started from.
        self._points: list[tuple[float, float]] = []
        self._pressures: list[float] = []
        self._before = Sketch()
        self._rubber = False
        # The finger that makes it; others wait until it is done.
        self._finger: int | None = None
        # Finished strokes, painted once; None when they must be painted anew.
        self._painted: QImage | None = None
        self._hover: QPointF | None = None
        self.setMinimumSize(288, 288)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawing canvas")

    @property
    def sketch(self) -> Sketch:
        """What lies on the canvas now, the stroke under way included."""
        return self._with_current() if self._points else self._history.now

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._history.can_redo

    def show_sketch(self, sketch: Sketch, example: bool = False) -> None:
        """Put `sketch` on the canvas, as a step that can be undone; an example gives way to the first stroke."""
        self._end()
        self._example = example
        if not self._history.now and not self._history.can_undo:
            # The blank canvas that the app starts with is no step that anyone made.
            self._history = History(sketch)
            self._announce()
        else:
            self._step(sketch)

    def clear(self) -> None:
        """Wipe the canvas, as a step that can be undone."""
        self._abandon()
        self._example = False
        if self._history.now:
            self._step(Sketch())

    def undo(self) -> None:
        """Take the last step back; a stroke under way counts as one."""
        if self._points:
            self._abandon()
        else:
            self._history.undo()
        self._example = False
        self._announce()

    def redo(self) -> None:
        """Make the last step taken back again."""
        self._abandon()
        self._history.redo()
        self._announce()

    def set_pen_width(self, width: float) -> None:
        """Set the width of pen and eraser, canvas units, within 4 to 72."""
        width = min(max(width, MIN_PEN), MAX_PEN)
        if width != self.pen_width:
            self.pen_width = width
            self.pen_changed.emit(width)
            self.update()

    # Qt's events ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position(), 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position(), 1.0)
        elif self.erasing:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        match event.type():
            case QEvent.Type.TabletPress if event.button() == Qt.MouseButton.LeftButton and not self._points:
                self._begin(event.position(), event.pressure(), rubber)
            case QEvent.Type.TabletMove if event.buttons():
                self._move(event.position(), event.pressure())
            case QEvent.Type.TabletRelease if event.button() == Qt.MouseButton.LeftButton:
                self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        # A laptop's touch pad sends touches too; it moves the mouse, and that draws.
        if isinstance(event, QTouchEvent) and event.device().type() == QInputDevice.DeviceType.TouchScreen:
            self._touch(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._points:
            self._abandon()
            self._announce()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._painted = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._painted = None
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.paper)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        sketch = self.sketch
        if not sketch:
            self._paint_invitation(painter, area)
        live = bool(self._points) and not self._rubber
        painter.drawImage(
            area.topLeft(), self._finished(self._before if live else sketch, keep=not self._points or live)
        )
        if live:
            self._place(painter, area.topLeft())
            paint_stroke(painter, sketch.drawing.strokes[-1], colours.ink)
            painter.resetTransform()
        if self.erasing and self._hover is not None:
            radius = self.pen_width / 2 * self._scale()
            painter.setPen(QPen(colours.quiet, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._hover, radius, radius)

    # ----------------------------------------------------------------------------------------

    def _begin(self, at: QPointF, pressure: float, rubber: bool = False) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._rubber = rubber or self.erasing
        self._before = Sketch() if self._example and not self._rubber else self._history.now
        self._points, self._pressures = [self._units(at)], [pressure]
        self._painted = None
        self._rub()
        self._announce()

    def _move(self, at: QPointF, pressure: float) -> None:
        if not self._points:
            return
        point = self._units(at)
        # A pen at rest sends a thousand points a second that nobody could see.
        if math.dist(point, self._points[-1]) >= _LEAST_MOVE:
            self._points.append(point)
            self._pressures.append(pressure)
            self._rub()
            self._announce()

    def _rub(self) -> None:
        """Erase along the last move, and only there: earlier ones are done."""
        if self._rubber:
            self._before = self._before.erased(np.array(self._points[-2:], np.float64), self.pen_width / 2)

    def _end(self) -> None:
        if self._points:
            sketch = self._with_current()
            self._points = []
            self._example = False
            self._step(sketch)

    def _touch(self, event: QTouchEvent) -> None:
        """Follow the first finger only; a palm that lands during a stroke changes nothing."""
        event.accept()
        if event.type() == QEvent.Type.TouchBegin and not self._points:
            self._finger = event.points()[0].id()
            self._begin(event.points()[0].position(), 1.0)
            return
        if event.type() == QEvent.Type.TouchCancel and self._finger is not None:
            self._finger = None
            self._abandon()
            self._announce()
        for point in event.points():
            if point.id() != self._finger:
                continue
            if point.state() == QEventPoint.State.Updated:
                self._move(point.position(), 1.0)
            elif point.state() == QEventPoint.State.Released:
                self._finger = None
                self._end()

    def _with_current(self) -> Sketch:
        if self._rubber:
            return self._before
        points = np.array(self._points, np.float64)
        pressed = None if min(self._pressures) >= 1 else np.clip(np.array(self._pressures, np.float64), 0, 1)
        return self._before.with_stroke(Stroke(points, self.pen_width, pressed))

    def _abandon(self) -> None:
        self._points = []
        self._painted = None

    def _step(self, sketch: Sketch) -> None:
        self._history.push(sketch)
        self._announce()

    def _announce(self) -> None:
        if not self._points:
            self._painted = None
            self.edited.emit()
        self.update()
        self.changed.emit(self.sketch)

    def _area(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def _scale(self) -> float:
        return self._area().width() / SIDE

    def _units(self, at: QPointF) -> tuple[float, float]:
        # A pen that leaves the paper draws on its edge.
        inside = (at - self._area().topLeft()) / self._scale()
        return min(max(inside.x(), 0.0), SIDE), min(max(inside.y(), 0.0), SIDE)

    def _place(self, painter: QPainter, corner: QPointF) -> None:
        painter.translate(corner)
        painter.scale(self._scale(), self._scale())

    def _finished(self, sketch: Sketch, keep: bool) -> QImage:
        """All strokes but the one under way, painted once."""
        ratio = self.devicePixelRatioF()
        # The window may have come to a screen of finer pixels.
        if self._painted is not None and keep and self._painted.devicePixelRatio() == ratio:
            return self._painted
        side = max(1, round(self._area().width() * ratio))
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._place(painter, QPointF())
        ink = theme.of(self).ink
        if sketch.picture is not None:
            painter.drawImage(QRectF(*placement(sketch.picture)), ink_image(sketch.picture, ink))
        for stroke in sketch.drawing.strokes:
            paint_stroke(painter, stroke, ink)
        painter.end()
        self._painted = image if keep else None
        return image

    def _paint_invitation(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(theme.of(self).quiet)
        painter.setFont(theme.large(self))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "Draw a digit")
