"""Which step of routing is shown: played, or by a scrubber."""

from typing import Final

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStyle, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.play_button import PlayButton

_EVERY: Final = 40  # milliseconds
# Milliseconds that a step stands still, and that the way to the next one takes.
_STANDS: Final = 700
_GOES: Final = 900


class StepBar(Guarded, QWidget):
    """Play, and the scrubber.

    Attributes:
        play: the button; step: the scrubber, 0 to the number of rounds.

    Signals:
        moved(float): the step to show; while it plays, also what lies between two.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.play, self.step = PlayButton(_EVERY), QSlider(Qt.Orientation.Horizontal)
        self.play.setToolTip("Watch the votes find one another, round by round")
        self.step.setRange(0, 0)
        self.step.setPageStep(1)
        self.step.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.step.setTickInterval(1)
        self.step.setAccessibleName("Step of routing")
        self._since = 0  # milliseconds at the step that is shown
        layout = QHBoxLayout(self)
        # The steps' names are painted beneath.
        layout.setContentsMargins(0, 0, 0, QFontMetrics(theme.small(self)).height())
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.play)
        layout.addWidget(self.step, 1)
        self.play.toggled.connect(self._play)
        self.step.valueChanged.connect(self._scrubbed)
        self.play.due.connect(self._advance)
        self.setFocusProxy(self.step)

    @property
    def last(self) -> bool:
        """Whether the answer is shown."""
        return self.step.value() == self.step.maximum()

    def set_rounds(self, rounds: int) -> None:
        """There are steps 0 to `rounds`; who looked at the answer looks at the answer, else the step stays."""
        for control in (self.play, self.step):
            control.setEnabled(rounds > 0)
        if rounds == self.step.maximum():
            return
        answered = self.last
        with QSignalBlocker(self.step):
            self.step.setRange(0, rounds)
            if answered:
                self.step.setValue(rounds)
        self.play.setChecked(False)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setFont(theme.small(self))
        high, rounds = painter.fontMetrics().height(), self.step.maximum()
        free, ends = float(self.step.x()), float(self.width())
        for at in (0, rounds, *range(1, rounds)) if rounds else ():
            name = tick_name(at, rounds)
            wide = painter.fontMetrics().horizontalAdvance(name) + 2.0
            left = min(max(self._tick(at) - wide / 2, self.step.x()), self.width() - wide)
            if 0 < at < rounds:
                # Where there is no room for all, the first and the last are named.
                if left < free + theme.GRID or left + wide > ends - theme.GRID:
                    continue
                free = left + wide
            elif at == 0:
                free = left + wide
            else:
                ends = left
            painter.setPen(colours.text if at == self.step.value() else colours.quiet)
            painter.drawText(QRectF(left, self.height() - high, wide, high), Qt.AlignmentFlag.AlignCenter, name)

    def _tick(self, at: int) -> float:
        """Where the scrubber's handle stands at a step."""
        handle = self.step.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self.step)
        return self.step.x() + handle / 2 + at / self.step.maximum() * (self.step.width() - handle)

    def _play(self, on: bool) -> None:
        self._since = 0
        if not on:
            self.moved.emit(float(self.step.value()))
        elif self.last:
            self._put(0)

    def _advance(self) -> None:
        self._since += _EVERY
        at = self.step.value()
        if self._since >= _STANDS + _GOES:
            self._since = 0
            self._put(at + 1)
            if self.last:
                self.play.setChecked(False)
        elif self._since > _STANDS:
            self.moved.emit(at + (self._since - _STANDS) / _GOES)

    def _put(self, at: int) -> None:
        with QSignalBlocker(self.step):
            self.step.setValue(at)
        self.update()
        self.moved.emit(float(at))

    def _scrubbed(self, at: int) -> None:
        # Who scrubs wants to see this step, not the next ones.
        self.play.setChecked(False)
        self.update()
        self.moved.emit(float(at))


def step_name(at: int, rounds: int) -> str:
    """What step `at` of 0 to `rounds` is called."""
    if rounds == 0:
        return "The answer"
    if at == 0:
        return "Before routing"
    return f"After round {at}" if at < rounds else f"The answer, after round {at}"


def tick_name(at: int, rounds: int) -> str:
    """The same in short, beneath the scrubber."""
    return "The answer" if at == rounds else step_name(at, rounds)
