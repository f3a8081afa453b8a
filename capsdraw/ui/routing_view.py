"""Routing, seen: how much each place of the digit gives to the held class, step by step."""

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QVBoxLayout, QWidget

from capsdraw.lab.steps import Step, Votes, sent, share
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.digit_view import grey_image
from capsdraw.ui.live_text import LiveText

MOST_STEPS: Final = 10


class CouplingMap(QWidget):
    """The digit with what each place sends laid over it; without places, a table of capsules and classes.

    Signals:
        pointed(object): (row, column) of the place under the pointer, or (capsule,) in a table, or None.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._heat: Floats | None = None
        self._at: tuple[int, ...] | None = None
        self._held = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What each place sends to the held class")

    def show_step(self, digit: Floats | None, votes: Votes | None, heat: Floats | None, held: int) -> None:
        """Show heat, (rows, columns) over the digit or (I, J) as a table, each in [0, 1]."""
        before = None if self._votes is None else (self._votes.grid, len(self._votes.activity))
        self._digit, self._votes, self._heat, self._held = digit, votes, heat, held
        if votes is None or (votes.grid, len(votes.activity)) != before:
            # What was pointed at may not be a place of this net.
            self._point(None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(196, 196)

    def place(self, *at: int) -> QRectF:
        """Where a place of the grid, or a row of the table, stands."""
        assert self._votes is not None
        frame = self._frame()
        if self._votes.grid is None:
            step = frame.height() / len(self._votes.activity)
            return QRectF(frame.left(), frame.top() + at[0] * step, frame.width(), step)
        stride, side = self._votes.field
        pixel = frame.width() / self._columns()
        middle = QPointF(stride * at[1] + side / 2, stride * at[0] + side / 2) * pixel
        return QRectF(middle.x() - stride * pixel / 2, middle.y() - stride * pixel / 2, stride * pixel, stride * pixel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())

    def leaveEvent(self, _: QEvent) -> None:
        self._point(None)

    def paintEvent(self, _: QPaintEvent) -> None:
        colours, frame = theme.of(self), self._frame()
        painter = QPainter(self)
        if self._votes is not None and self._votes.grid is None:
            self._paint_table(painter)
            return
        painter.fillRect(frame, Qt.GlobalColor.black)
        if self._digit is not None:
            painter.drawImage(frame, grey_image(0.55 * self._digit))
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self._votes is None or self._heat is None or self._votes.grid is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.ndindex(self._votes.grid):
            painter.setBrush(_heat(theme.DARK.says, float(self._heat[row, column])))
            painter.drawRect(self.place(row, column).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._at is not None:
            stride, side = self._votes.field
            pixel = frame.width() / self._columns()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.DARK.text, 1, Qt.PenStyle.DashLine))
            field = QRectF(stride * self._at[1] * pixel, stride * self._at[0] * pixel, side * pixel, side * pixel)
            painter.drawRect(field)
            painter.setPen(QPen(theme.DARK.text, 2))
            painter.drawRect(self.place(*self._at))

    def _paint_table(self, painter: QPainter) -> None:
        colours = theme.of(self)
        if self._heat is None:
            return
        frame = self._frame()
        capsules, classes = self._heat.shape
        wide, high = frame.width() / classes, frame.height() / capsules
        painter.fillRect(frame, Qt.GlobalColor.black)
        painter.setPen(Qt.PenStyle.NoPen)
        for capsule, label in np.ndindex(capsules, classes):
            painter.setBrush(_heat(theme.DARK.says, float(self._heat[capsule, label])))
            painter.drawRect(QRectF(label * wide + 0.5, capsule * high + 0.5, wide - 1, high - 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.says, 2))
        painter.drawRect(QRectF(self._held * wide, 0, wide, frame.height()))
        if self._at is not None:
            painter.setPen(QPen(theme.DARK.text, 2))
            painter.drawRect(self.place(*self._at))

    def _frame(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def _columns(self) -> int:
        return 28 if self._digit is None else self._digit.shape[1]

    def _point(self, position: QPointF | None) -> None:
        found: tuple[int, ...] | None = None
        if position is not None and self._votes is not None:
            grid = self._votes.grid
            all_of_them = np.ndindex(grid) if grid else np.ndindex(len(self._votes.activity))
            found = next((at for at in all_of_them if self.place(*at).contains(position)), None)
        if found != self._at:
            self._at = found
            self.pointed.emit(found)
            self.update()


class RoutingView(QWidget):
    """The map, the steps, and what comes out of each.

    Attributes:
        map: the digit and what its places send; step: which iteration; count: how many are made.
        lengths: of the class' capsules after the step; shared: by the place under the pointer.

    Signals:
        counted(int): the user wants so many iterations.
    """

    counted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._steps: list[Step] = []
        self._held = 0
        self._at: tuple[int, ...] | None = None
        self.map = CouplingMap()
        self.lengths, self.shared = Bars(), Bars()
        for bars, ticks in ((self.lengths, CAPSULE_TICKS), (self.shared, CLASSIFIER_TICKS)):
            bars.setMinimumSize(20 * theme.GRID, 14 * theme.GRID)
            bars.set_ticks(ticks)
        self.step, self.count = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        self._about = caption()
        self._after, self._under = (LiveText(theme.tabular(theme.small(self)), quiet=False) for _ in range(2))
        self._lay_out()
        self.step.valueChanged.connect(self._show)
        self.count.valueChanged.connect(self.counted)
        self.map.pointed.connect(self._point)

    def show_routing(self, digit: Floats, votes: Votes, steps: list[Step], held: int) -> None:
        """Show what routing does with a digit, for the class `held`."""
        last = self.step.value() == self.step.maximum()
        self._digit, self._votes, self._steps, self._held = digit, votes, steps, held
        shown = len(steps) if last else min(self.step.value(), len(steps))
        with QSignalBlocker(self.step), QSignalBlocker(self.count):
            self.step.setRange(1, len(steps))
            self.step.setValue(shown)
            self.count.setValue(len(steps))
        dynamic = votes.prior is None
        for one in (self.step, self.count):
            one.setEnabled(dynamic)
        self._show()

    def show_nothing(self) -> None:
        """Nothing is drawn."""
        self._digit, self._votes, self._steps, self._at = None, None, [], None
        self.map.show_step(None, None, None, 0)
        for bars in (self.lengths, self.shared):
            bars.show_scores(None, None, 0)
        self._after.setText("")

    def _show(self) -> None:
        if self._votes is None or not self._steps:
            return
        step = self._steps[self.step.value() - 1]
        self.map.show_step(self._digit, self._votes, self._heats(step), self._held)
        winner = int(step.lengths.argmax())
        self.lengths.show_scores(step.lengths, winner, 0)
        self.lengths.set_reference(self._steps[min(self._votes.iterations, len(self._steps)) - 1].lengths)
        alike = np.log2(len(step.lengths))
        self._after.setText(
            f"After step {self.step.value()} of {len(self._steps)}: {self.lengths.name(winner)}. "
            f"Entropy of the coupling {step.entropy:.2f} of {alike:.2f} bits"
        )
        self._about.setText(self._sentence())
        self._show_share(step)

    def _sentence(self) -> str:
        assert self._votes is not None
        if self._votes.grid is None:
            return (
                f"Each of its {len(self._votes.activity)} primary capsules (rows) sees the whole digit; self-attention "
                "says in one step how it shares itself out over the classes (columns)."
            )
        rows, columns = self._votes.grid
        return (
            f"{rows} × {columns} places look at the digit through windows of {self._votes.field[1]} pixels. "
            f"Bright places give more of themselves to {self.lengths.name(self._held)}. At step 1 all share alike."
        )

    def _heats(self, step: Step) -> Floats:
        """In [0, 1], the same scale for every step, so that steps can be compared."""
        assert self._votes is not None
        if self._votes.grid is None:
            return step.coupling
        most = max(float(sent(one, self._votes)[..., self._held].max()) for one in self._steps)
        return sent(step, self._votes)[..., self._held] / max(most, 1e-9)

    def _point(self, at: tuple[int, ...] | None) -> None:
        self._at = at
        if self._steps:
            self._show_share(self._steps[self.step.value() - 1])

    def _show_share(self, step: Step) -> None:
        assert self._votes is not None
        if self._at is None:
            self._under.setText("Point at the picture: how that place shares itself out")
            self.shared.show_scores(None, None, 0)
            return
        shares = step.coupling[self._at[0]] if self._votes.grid is None else share(step, self._votes, *self._at[:2])
        self._under.setText("The place under the pointer shares itself out")
        self.shared.show_scores(shares, int(shares.argmax()), 0)

    def _lay_out(self) -> None:
        self.step.setRange(1, 1)
        self.step.setPageStep(1)
        self.step.setAccessibleName("Step of routing")
        self.count.setRange(1, MOST_STEPS)
        self.count.setAccessibleName("Number of steps")
        self.count.setToolTip("How many steps are made; the net was trained with its own number, marked on the bars")
        steps = QHBoxLayout()
        steps.setSpacing(theme.GRID)
        for widget in (QLabel("Step"), self.step, QLabel("of"), self.count):
            steps.addWidget(widget, 1 if widget is self.step else 0)
        right = QVBoxLayout()
        right.setSpacing(theme.GRID // 2)
        right.addLayout(steps)
        right.addWidget(self._after)
        right.addWidget(self.lengths, 1)
        right.addWidget(self._under)
        right.addWidget(self.shared, 1)
        both = QHBoxLayout()
        both.setSpacing(2 * theme.GRID)
        both.addWidget(self.map, 1)
        both.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(both, 1)


def _heat(colour: QColor, amount: float) -> QColor:
    shown = QColor(colour)
    shown.setAlphaF(min(max(amount, 0.0), 1.0) * 0.9)
    return shown
