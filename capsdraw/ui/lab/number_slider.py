"""A slider for one number of a capsule: where it was read, the range it takes, and how far the user moved it."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QSlider, QWidget

from capsdraw.lab.meaning import Meaning
from capsdraw.ui import theme

# A slider counts in thousandths: an arrow key moves it by 0.01, Page by 0.05, the paper's step.
_UNIT: Final = 1000
_FINE, _COARSE = 10, 50
_NUMBER: Final = 2.5 * theme.GRID
_NAME: Final = 14 * theme.GRID
# The value as read, and beside it the offset.
_READ: Final = 4.5 * theme.GRID
_FIGURES: Final = 9.5 * theme.GRID
_KNOB: Final = 6.0
# A change so many times as large as what is just visible fills the mark of a measured name's strength.
_FULL: Final = 8.0


class NumberSlider(QSlider):
    """Moves a number away from where it was read; its value is the offset, in thousandths.

    Double click and Home bring it back; a click on its name and F2 ask for another name.

    Attributes:
        dimension: which, from 0.
        own: the value that was read.
        name: what it is called, or ""; meaning: what was measured of it, or None.

    Signals:
        moved(): by the user, by any means; `sliderReleased` follows a drag.
        settled(): the user has finished a move, or a burst of clicks, keys or turns of the wheel.
        rename(): the user wants another name for it.
    """

    moved = Signal()
    settled = Signal()
    rename = Signal()

    def __init__(self, dimension: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.dimension = dimension
        self.own = 0.0
        self.name, self._quiet = "", True
        self.meaning: Meaning | None = None
        self._band: tuple[float, float] | None = None
        self._reach: tuple[float, float] = (-0.25, 0.25)
        self.setSingleStep(_FINE)
        self.setPageStep(_COARSE)
        self.setRange(-250, 250)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_name("", False)
        self.actionTriggered.connect(self._acted)
        self._grab = 0.0  # pixels from the knob's middle to where it was taken hold of
        self._dragged = False
        # Clicks, keys and wheel come in bursts: one burst is one move.
        self._burst = QTimer(self)
        self._burst.setSingleShot(True)
        self._burst.setInterval(QApplication.doubleClickInterval())
        self._burst.timeout.connect(self.settled)

    @property
    def offset(self) -> float:
        """How far the user moved it."""
        return self.value() / _UNIT

    def set_offset(self, offset: float) -> None:
        """Move it without a signal; the reach grows where it must."""
        self.blockSignals(True)
        wanted = round(offset * _UNIT)
        self._set_reach(wanted)
        self.setValue(wanted)
        self.blockSignals(False)
        self._describe()
        self.update()

    def set_number(self, own: float, band: tuple[float, float] | None, reach: tuple[float, float]) -> None:
        """Where it was read, the range it takes over a class, and how far it can be moved either way."""
        self.own, self._band, self._reach = own, band, reach
        self.set_offset(self.offset)

    def set_name(self, name: str, own: bool, meaning: Meaning | None = None) -> None:
        """What it is called; `own` where the user gave the name; `meaning` where one was measured."""
        self.name, self._quiet, self.meaning = name, not own, meaning
        self.setAccessibleName(f"number {self.dimension + 1}{', ' if name else ''}{name}")
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(_NAME + 20 * theme.GRID + _FIGURES), 3 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(_NAME + 10 * theme.GRID + _FIGURES), 3 * theme.GRID)

    def settle(self) -> None:
        """End a burst of moves now."""
        if self._burst.isActive():
            self._burst.stop()
            self.settled.emit()

    def name_area(self) -> QRectF:
        """Where its name stands."""
        return QRectF(0, 0, _NAME - theme.GRID, self.height())

    def strength_area(self) -> QRectF:
        """Where a measured name's strength is marked, beneath the name."""
        return QRectF(_NUMBER, self.height() - 3, _NAME - theme.GRID - _NUMBER, 2)

    def knob(self) -> QPointF:
        """The middle of what is dragged."""
        return QPointF(self._at(self.value()), self.height() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.name_area().contains(event.position()):
            self.rename.emit()
        elif self._track().adjusted(-_KNOB, 0, _KNOB, 0).contains(event.position()):
            self.setSliderDown(True)
            self._dragged = False
            away = event.position().x() - self.knob().x()
            self._grab = away if abs(away) <= _KNOB else 0.0
            self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._dragged = True
            self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown() and event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self._burst.start()
            # After a mere click a second one may follow.
            if self._dragged:
                self.settle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.name_area().contains(event.position()):
            self.setSliderDown(False)
            self._jump(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self._jump(0)
        elif event.key() == Qt.Key.Key_F2:
            self.rename.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.settle()
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that passes over it on its way is not meant for it.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track, middle = self._track(), self.height() / 2
        self._paint_words(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.track)
        painter.drawRoundedRect(QRectF(track.left(), middle - 2, track.width(), 4), 2, 2)
        if self._band is not None:
            low, high = (self._at(round((edge - self.own) * _UNIT)) for edge in self._band)
            band = QRectF(low, middle - 4, high - low, 8).intersected(track)
            painter.setBrush(colours.line)
            painter.drawRoundedRect(band, 2, 2)
        own, knob = self._at(0), self.knob()
        moved = self.value() != 0
        if moved:
            painter.setPen(QPen(colours.changed, 3))
            painter.drawLine(QPointF(own, middle), knob)
        painter.setPen(QPen(colours.says, 2))
        painter.drawLine(QPointF(own, middle - 8), QPointF(own, middle + 8))
        painter.setPen(QPen(colours.text, 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colours.changed if moved else colours.says)
        painter.drawEllipse(knob, _KNOB, _KNOB)

    def _paint_words(self, painter: QPainter) -> None:
        colours = theme.of(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.tabular(theme.small(self)))
        painter.setPen(colours.quiet)
        painter.drawText(QRectF(0, 0, _NUMBER, self.height()), middle, str(self.dimension + 1))
        place = self.name_area().adjusted(_NUMBER, 0, 0, 0)
        if self._quiet and self.meaning is not None and self.meaning.name:
            self._paint_strength(painter, self.strength_area(), self.meaning.strength)
            # Where the measure falls as the number grows, its arrow points down.
            arrow = "↑" if self.meaning.rises else "↓"
            painter.setPen(colours.quiet)
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, arrow)
            place.setWidth(place.width() - 1.5 * theme.GRID)
        painter.setPen(colours.quiet if self._quiet else colours.text)
        name = painter.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, middle, name)
        right = middle | Qt.AlignmentFlag.AlignRight
        figures = QRectF(self.width() - _FIGURES, 0, _FIGURES, self.height())
        painter.setPen(colours.quiet)
        painter.drawText(QRectF(figures.left(), 0, _READ, self.height()), right, _figure(self.own))
        if self.value():
            painter.setPen(colours.changed)
            painter.drawText(figures, right, f"{self.offset:+.2f}")

    def _paint_strength(self, painter: QPainter, place: QRectF, strength: float) -> None:
        colours = theme.of(self)
        painter.fillRect(place, colours.track)
        painter.fillRect(QRectF(place.topLeft(), QSizeF(place.width() * min(strength / _FULL, 1), 2)), colours.quiet)

    def _track(self) -> QRectF:
        return QRectF(_NAME, 0, self.width() - _NAME - _FIGURES - theme.GRID, self.height())

    def _at(self, value: int) -> float:
        track = self._track()
        span = max(self.maximum() - self.minimum(), 1)
        return track.left() + track.width() * min(max((value - self.minimum()) / span, 0.0), 1.0)

    def _drag(self, event: QMouseEvent) -> None:
        track = self._track()
        share = min(max((event.position().x() - self._grab - track.left()) / max(track.width(), 1), 0.0), 1.0)
        self._jump(round(self.minimum() + share * (self.maximum() - self.minimum())))

    def _jump(self, value: int) -> None:
        if value != self.value():
            self.setValue(value)
            self._describe()
            self.moved.emit()
            if not self.isSliderDown():
                self._burst.start()

    def _acted(self) -> None:
        # Keys and the wheel: the value follows `sliderPosition` after this signal.
        if self.sliderPosition() != self.value():
            self._jump(self.sliderPosition())

    def _set_reach(self, wanted: int) -> None:
        low, high = (round(edge * _UNIT) for edge in self._reach)
        self.setRange(min(low, wanted, 0), max(high, wanted, 0))

    def _describe(self) -> None:
        where = f"read {_figure(self.own)}, moved by {self.offset:+.2f}"
        meaning = "" if self.meaning is None else self.meaning.sentence()
        self.setAccessibleDescription(f"{where}; {meaning}" if meaning else where)
        self.setToolTip("\n".join(filter(None, (
            f"Number {self.dimension + 1}{': ' if self.name else ''}{self.name}",
            f"{where.capitalize()}: {_figure(self.own + self.offset)}",
            meaning,
            "Drag, or use arrow keys (fine) and Page keys (coarse); double-click or Home to reset. "
            "Click its name or press F2 to rename it.",
        ))))  # fmt: skip


def _figure(value: float) -> str:
    """Two decimals; what rounds to zero has no sign."""
    return f"{round(value, 2) + 0.0:.2f}"
