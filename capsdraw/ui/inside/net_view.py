"""A picture of the net: its layers from the image downwards, and what each makes of the drawing."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from capsdraw.lab.anatomy import Anatomy, Part
from capsdraw.lab.trace import Trace
from capsdraw.ui import theme
from capsdraw.ui.inside.net_paint import Line, paint_frame, paint_line, paint_ways

_HIGH: Final = 7 * theme.GRID
_LOW: Final = 3 * theme.GRID
_HEAD: Final = 4 * theme.GRID
# Of a frame: within, and between it and what stands outside.
_INNER: Final = theme.GRID
_BY_KEYS: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
# What a drawing passes through and is changed little, or in form only.
_QUIET: Final = ("normalisation", "dropout", "padding", "whitening")


class NetView(QScrollArea):
    """The picture, scrolled.

    Attributes:
        picture: what is scrolled.

    Signals:
        picked(str): the layer of that name was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = NetPicture()
        self.picture.picked.connect(self.picked)
        self.picture.moved.connect(lambda box: self.ensureVisible(0, round(box.center().y()), 0, _HIGH))
        self.setWidget(self.picture)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.picture)
        self.viewport().setAutoFillBackground(False)
        self.picture.setAutoFillBackground(False)

    def show_anatomy(self, anatomy: Anatomy | None, names: tuple[str, ...] = ()) -> None:
        """Draw a net, whose classes have these names; None for none."""
        self.picture.show_anatomy(anatomy, names)

    def show_trace(self, trace: Trace | None) -> None:
        """Highlight a drawing's way, or none."""
        self.picture.show_trace(trace)


class NetPicture(QWidget):
    """A line a layer; frames round encoder and decoder.

    Attributes:
        anatomy: what is drawn, or None; trace: of the drawing, or None.
        at: number of the part under the pointer, or that keys went to; None for none.

    Signals:
        picked(str): a layer was clicked; moved(object): keys went to the line at this QRectF.
    """

    picked = Signal(str)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.anatomy: Anatomy | None = None
        self.trace: Trace | None = None
        self.at: int | None = None
        self._names: tuple[str, ...] = ()
        self._tops: list[tuple[float, float]] = []
        self._frames: list[tuple[str, float, float, int]] = []
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Layers of the net")

    def show_anatomy(self, anatomy: Anatomy | None, names: tuple[str, ...]) -> None:
        """As `NetView` has it."""
        self.anatomy, self.trace, self.at, self._names = anatomy, None, None, names
        self._tops, self._frames = [], []
        if anatomy is not None:
            self._place(anatomy)
        self.updateGeometry()
        self.update()

    def show_trace(self, trace: Trace | None) -> None:
        """As `NetView` has it."""
        if trace is None or (self.anatomy is not None and len(trace.stops) == len(self.anatomy.parts)):
            self.trace = trace
            self.update()

    def row(self, number: int) -> QRectF:
        """Where the line of a part stands."""
        top, high = self._tops[number]
        return QRectF(_INNER, top, self.width() - 3 * _INNER, high)

    def sizeHint(self) -> QSize:
        bottom = self._tops[-1][0] + self._tops[-1][1] if self._tops else 0
        return QSize(50 * theme.GRID, round(bottom) + 2 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * theme.GRID, self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(self._under(event.position()))

    def leaveEvent(self, _: QEvent) -> None:
        self._go(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None and self.anatomy is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.anatomy.parts[found].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = 0 if self.anatomy is None else len(self.anatomy.parts) - 1
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and last:
            self._go(1 if self.at is None else min(max(self.at + step, 1), last))
            self.moved.emit(self.row(self.at or 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.at and self.anatomy:
            self.picked.emit(self.anatomy.parts[self.at].name)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.at is None and self.anatomy is not None and event.reason() in _BY_KEYS:
            self._go(1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._under(QPointF(event.pos()))
            if found is None or self.anatomy is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), in_words(self.anatomy.parts[found]), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.anatomy is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for group, top, bottom, count in self._frames:
            frame = QRectF(0.5, top, self.width() - theme.GRID, bottom - top)
            paint_frame(painter, frame, f"{group.capitalize()} · {count:,} parameters", self)
        paint_ways(painter, colours, self.anatomy, [self.row(number) for number in range(len(self._tops))], self.trace)
        for number, part in enumerate(self.anatomy.parts):
            row = self.row(number)
            if row.intersects(QRectF(event.rect())):
                stop = None if self.trace is None else self.trace.stops[number]
                paint_line(painter, Line(part, row, stop, number == self.at, self._names), self)

    def _place(self, anatomy: Anatomy) -> None:
        top, group, begun, parameters = 0.0, "", 0.0, 0
        for part in (*anatomy.parts, None):
            now = "" if part is None else part.group
            if now != group:
                if group:
                    self._frames.append((group, begun, top, parameters))
                    top += theme.GRID
                if now:
                    begun, parameters, top = top + theme.GRID, 0, top + theme.GRID + _HEAD
                group = now
            if part is not None:
                high = _LOW if low(part) else _HIGH
                self._tops.append((top, high))
                top, parameters = top + high, parameters + part.parameters

    def _under(self, place: QPointF) -> int | None:
        # The image has nothing to open.
        return next((number for number in range(1, len(self._tops)) if self.row(number).contains(place)), None)

    def _go(self, number: int | None) -> None:
        if number != self.at:
            self.at = number
            self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
            if number is not None and self.anatomy is not None:
                self.setAccessibleDescription(in_words(self.anatomy.parts[number]))
            self.update()


def low(part: Part) -> bool:
    """Whether its line is a low one: it changes the form only, or next to nothing."""
    return part.kind in _QUIET or (part.kind == "reshape" and len(part.shape) != 3) or part.says.startswith("which ")


def in_words(part: Part) -> str:
    """A layer, and what a click on it shows."""
    parameters = f"{part.parameters:,} parameters" if part.parameters else "no parameters"
    fixed = f", {part.fixed:,} numbers that training counts but does not learn" if part.fixed else ""
    sees = ""
    if part.maps and part.field is not None and max(part.field.side) > 1:
        sees = f". Each place sees {part.field.side[0]:.0f} × {part.field.side[1]:.0f} pixels"
    opens = "its filters" if part.filters else "what it makes of the image"
    return f"{part.name}: {part.says}; {parameters}{fixed}{sees}. Click: {opens}"
