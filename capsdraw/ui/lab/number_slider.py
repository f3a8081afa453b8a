"""A slider for one number of a capsule: where it was read, the range it takes, and how far the user moved it."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QSlider, QWidget

from capsdraw.formatting import signed
from capsdraw.lab.meaning import Meaning
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of, paint_empty
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip

# A slider counts in thousandths: an arrow key moves it by 0.01, Page by 0.05, the paper's step.
_UNIT: Final = 1000
_FINE, _COARSE = 10, 50
# Which number it is, with the arrow of what was measured; beneath it the mark of its effect.
_NUMBER: Final = 3.5 * theme.GRID
# The value as read, and beneath it the offset.
_FIGURES: Final = 4.5 * theme.GRID
_TRACK: Final = 8 * theme.GRID
_KNOB: Final = 6.0
# Of the picture at either end, pixels: as many as most pictures have themselves.
SIDE: Final = 28


class NumberSlider(Guarded, QSlider):
    """Moves a number away from where it was read; its value is the offset, in thousandths.

    At both ends stands what the decoder draws there; a click on such a picture goes to it. Double click and Home bring
    the number back; a click on its figure, at the left, and F2 ask for another name.

    Attributes:
        dimension: which, from 0.
        own: the value that was read.
        name: what it is called, or ""; meaning: what was measured of it, or None.
        effect: how much of the picture it changes, as a share of what the strongest number does; 0 while not known.
        side: of the pictures at both ends, pixels.

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
        self.effect, self.side = 0.0, SIDE
        self._ends: tuple[QImage, QImage] | None = None
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
        with QSignalBlocker(self):
            wanted = round(offset * _UNIT)
            self._set_reach(wanted)
            self.setValue(wanted)
        self._describe()
        self.update()

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the most that it can be moved by."""
        return self.minimum() / _UNIT, self.maximum() / _UNIT

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

    def set_effect(self, effect: float) -> None:
        """How much of the picture it changes, from 0 to 1, the strongest number's being 1."""
        self.effect = effect
        self.update()

    def show_ends(self, pictures: Floats | None) -> None:
        """What the decoder draws at the left and at the right end, (2, rows, columns); outlines for None."""
        self._ends = None if pictures is None else (image_of(pictures[0]), image_of(pictures[1]))
        self.update()

    @property
    def has_ends(self) -> bool:
        """Whether the pictures at both ends are there."""
        return self._ends is not None

    def set_side(self, side: int) -> None:
        """How large the pictures at both ends are, pixels."""
        if side != self.side:
            self.side = side
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(_NUMBER + 3 * _TRACK + _FIGURES) + 2 * self.side, self.side + theme.GRID // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(_NUMBER + _TRACK + _FIGURES + 2 * theme.GRID) + 2 * self.side, self.side + theme.GRID // 2)

    def settle(self) -> None:
        """End a burst of moves now."""
        if self._burst.isActive():
            self._burst.stop()
            self.settled.emit()

    def name_area(self) -> QRectF:
        """Where its figure stands; a click there asks for another name."""
        return QRectF(0, 0, _NUMBER, self.height())

    def effect_area(self) -> QRectF:
        """Where its effect is marked, beneath its figure."""
        return QRectF(0, self.height() / 2 + 1.25 * theme.GRID, _NUMBER - theme.GRID / 2, 3)

    def end_areas(self) -> tuple[QRectF, QRectF]:
        """Where the pictures of its ends stand, less and more."""
        top = (self.height() - self.side) / 2
        right = self.width() - _FIGURES - self.side - theme.GRID / 2
        return QRectF(_NUMBER, top, self.side, self.side), QRectF(right, top, self.side, self.side)

    def knob(self) -> QPointF:
        """The middle of what is dragged."""
        return QPointF(self._at(self.value()), self.height() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.name_area().contains(event.position()):
            self.rename.emit()
        elif (end := self._end_at(event.position())) is not None:
            self._jump((self.minimum(), self.maximum())[end])
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
        beside = self.name_area().contains(event.position()) or self._end_at(event.position()) is not None
        if event.button() == Qt.MouseButton.LeftButton and not beside:
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
        self._paint_ends(painter)
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
        says = colours.says if self.isEnabled() else colours.line
        if moved:
            painter.setPen(QPen(colours.changed, 3))
            painter.drawLine(QPointF(own, middle), knob)
        painter.setPen(QPen(says, 2))
        painter.drawLine(QPointF(own, middle - 8), QPointF(own, middle + 8))
        painter.setPen(QPen(colours.text, 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colours.changed if moved else says)
        painter.drawEllipse(knob, _KNOB, _KNOB)

    def _paint_words(self, painter: QPainter) -> None:
        colours = theme.of(self)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.tabular(theme.small(self)))
        line = painter.fontMetrics().height()
        middle = self.height() / 2
        place = QRectF(0, middle - line + theme.GRID / 2, _NUMBER - theme.GRID / 2, line)
        painter.setPen(colours.text if self.isEnabled() else colours.quiet)
        painter.drawText(place, left, str(self.dimension + 1))
        painter.setPen(colours.quiet)
        if self._quiet and self.meaning is not None and self.meaning.name:
            # Where the measure falls as the number grows, its arrow points down.
            painter.drawText(place, right, "↑" if self.meaning.rises else "↓")
        if self.effect > 0:
            mark = self.effect_area()
            painter.fillRect(mark, colours.track)
            painter.fillRect(
                QRectF(mark.topLeft(), QSizeF(mark.width() * min(self.effect, 1), mark.height())), colours.quiet
            )
        if not self.isEnabled():
            return
        figures = QRectF(self.width() - _FIGURES, middle - line, _FIGURES, line)
        painter.drawText(figures, right, signed(self.own))
        if self.value():
            painter.setPen(colours.changed)
            painter.drawText(figures.translated(0, line), right, signed(self.offset, plus=True))

    def _paint_ends(self, painter: QPainter) -> None:
        for end, place in enumerate(self.end_areas()):
            if self._ends is None:
                paint_empty(painter, self, place)
            else:
                painter.drawImage(place, self._ends[end])

    def _end_at(self, place: QPointF) -> int | None:
        """The picture of an end that lies there: 0 for less, 1 for more, or None."""
        areas = self.end_areas()
        return next((end for end in (0, 1) if areas[end].contains(place)), None)

    def _track(self) -> QRectF:
        less, more = self.end_areas()
        left = less.right() + theme.GRID
        return QRectF(left, 0, more.left() - theme.GRID - left, self.height())

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
        where = f"read {signed(self.own)}, moved by {signed(self.offset, plus=True)}"
        meaning = "" if self.meaning is None else self.meaning.sentence()
        effect = f"It changes {100 * self.meaning.effect:.1f}% of the picture over that range" if self.meaning else ""
        self.setAccessibleDescription(f"{where}; {meaning}" if meaning else where)
        self.setToolTip(tip("\n".join(filter(None, (
            f"Number {self.dimension + 1}{': ' if self.name else ''}{self.name}",
            f"{where.capitalize()}: {signed(self.own + self.offset)}",
            meaning,
            effect,
            "Drag, or use arrow keys (fine) and Page keys (coarse); double-click or Home to reset. Click the picture "
            "at an end to go there. Click its figure at the left or press F2 to name it.",
        )))))  # fmt: skip
