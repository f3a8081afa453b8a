"""The sliders of a capsule's numbers, and beneath them what the decoder makes of the numbers."""

from typing import Final, cast

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from capsdraw.ink.normalize import Digit
from capsdraw.lab.names import LONGEST
from capsdraw.lab.perturbation import PAPER
from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, Bars
from capsdraw.ui.captioned_digit import StackedDigit
from capsdraw.ui.controls import row
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.live_text import LiveText

_COLUMNS: Final = 2
# From this width on, pixels, the pictures are larger.
_WIDE: Final = 680
_PAPER, _CLASS = f"± {PAPER:g} (paper)", "Class range"
_REACH: Final = "The range of the sliders and of Random; the grey band is the range over the training digits"
_UNKNOWN: Final = "This model has no class ranges"
# As many rows are seen whole; more are scrolled to.
_ROWS: Final = 8
_BETWEEN: Final = 2 * theme.GRID


class SlidersFace(QWidget):
    """Sliders, switches, pictures.

    Attributes:
        sliders: one a number.
        seen, redrawn, difference: pictures; again: what the net reads in the redrawn digit.
        follow, keep, reach, smooth: the switches.

    Signals:
        moved(): a number is being moved; settled(): it was let go.
        renamed(object, int, str): the user's new name for a number of the capsule with that key.
    """

    moved = Signal()
    settled = Signal()
    renamed = Signal(object, int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sliders: list[NumberSlider] = []
        self._key: object = None
        self._own: Floats | None = None
        self._bands: Floats | None = None
        self._digit: Digit | None = None
        self._make()
        self._lay_out()
        self.fit(16)
        self.reach.currentIndexChanged.connect(self._reach)
        self.smooth.toggled.connect(self._smooth)
        self.clear()

    def clear(self) -> None:
        """Nothing is held."""
        self._own = self._digit = None
        for slider in self.sliders:
            slider.set_number(0.0, None, (-PAPER, PAPER))
            slider.set_offset(0.0)
            slider.setEnabled(False)
        for stacked in (self.seen, self.redrawn, self.difference):
            stacked.view.show_digit(None)
            stacked.text.setText("")
        self.again.show_scores(None, None, 0)
        self._again.setText("Read again")

    def hold(self, key: object, own: Floats, bands: Floats | None, digit: Digit | None, scores: Floats) -> None:
        """Take hold of a capsule that was read in `digit`.

        Args:
            key: tells capsules apart: names are given to the one that was held when the naming began.
            own: (K,) its numbers.
            bands: (K, 2) the least and largest that each takes over the class, or None.
            digit: as the net saw it.
            scores: (C,) that the net gave it.
        """
        self.fit(len(own))
        self._key, self._own, self._bands, self._digit = key, own, bands, digit
        self.seen.view.show_digit(digit)
        self.again.set_reference(scores)
        for slider in self.sliders:
            slider.setEnabled(True)
        self._offer()
        self._reach()

    def fit(self, count: int) -> None:
        """As many sliders as a capsule has numbers, in columns, read downwards."""
        if len(self.sliders) == count:
            return
        for slider in self.sliders:
            slider.setParent(None)
            slider.deleteLater()
        self.sliders = [NumberSlider(dimension) for dimension in range(count)]
        rows = -(-count // _COLUMNS)
        self._make_room(rows, self.sliders[0].minimumSizeHint())
        for slider in self.sliders:
            self._grid.addWidget(slider, slider.dimension % rows, slider.dimension // rows)
            slider.moved.connect(self.moved)
            slider.settled.connect(self.settled)
            slider.rename.connect(lambda named_slider=slider: self._edit_name(named_slider))

    def _make_room(self, rows: int, least: QSize) -> None:
        """Room for so many rows of sliders that take `least` each."""
        bar = self._numbers.verticalScrollBar().sizeHint().width() if rows > _ROWS else 0
        self._numbers.setMinimumSize(
            _COLUMNS * (least.width() + _BETWEEN) - _BETWEEN + bar, min(rows, _ROWS) * least.height()
        )
        self._numbers.setMaximumHeight(rows * least.height())

    def offsets(self) -> tuple[float, ...]:
        """How far each number is moved."""
        return tuple(slider.offset for slider in self.sliders)

    def set_offsets(self, offsets: tuple[float, ...]) -> None:
        """Move the numbers, without a signal."""
        for slider, offset in zip(self.sliders, offsets, strict=True):
            slider.set_offset(offset)

    def settle(self) -> None:
        """End every burst of moves now."""
        for slider in self.sliders:
            slider.settle()

    def random(self) -> tuple[float, ...]:
        """Offsets drawn from within the chosen range: the class' own, or ±0.25 about what was read."""
        draw, offsets = np.random.default_rng().uniform, []
        for slider in self.sliders:
            low, high = self._class_range(slider.dimension) or (-PAPER, PAPER)
            # In whole thousandths, as sliders count, and none of them beyond the range's ends.
            inside = np.ceil(1000 * low), np.floor(1000 * high)
            offsets.append(
                (round(float(draw(*inside))) if inside[0] <= inside[1] else round(500 * (low + high))) / 1000
            )
        return tuple(offsets)

    def show_picture(self, picture: Floats, length: float) -> None:
        """What the decoder makes of the moved capsule, and its length."""
        self.redrawn.view.show_digit(picture)
        self.redrawn.text.setText(f"length {length:.2f}")
        if self._digit is not None and self._digit.shape == picture.shape:
            self.difference.view.show_digit(np.abs(picture - self._digit))
            self.difference.text.setText(f"squared error {float(np.mean((picture - self._digit) ** 2)):.3f}")

    def show_again(self, reading: Reading, question: int) -> None:
        """What the net says of the redrawn digit; `question` of the question."""
        self.again.show_scores(reading.scores, reading.label, question)
        self._again.setText(f"Read again: {self.again.name(reading.label)}   ▏as drawn")

    def resizeEvent(self, event: QResizeEvent) -> None:
        for digit_view in (self.seen, self.redrawn, self.difference):
            digit_view.view.set_scale(5 if event.size().width() >= _WIDE else 4)
        super().resizeEvent(event)

    def _class_range(self, dimension: int) -> tuple[float, float] | None:
        """The class' range of a number as offsets from what was read; None where the paper's is chosen."""
        if self._own is None or self._bands is None or self.reach.currentText() != _CLASS:
            return None
        low, high = (float(edge) - float(self._own[dimension]) for edge in self._bands[dimension])
        return low, high

    def _offer(self) -> None:
        """The class' range can be chosen where it is known."""
        has_ranges = self._bands is not None
        item = cast(QStandardItemModel, self.reach.model()).item(1)
        item.setEnabled(has_ranges)
        item.setToolTip("" if has_ranges else _UNKNOWN)
        self.reach.setToolTip(_REACH if has_ranges else f"{_REACH}. {_UNKNOWN}")
        if not has_ranges:
            with QSignalBlocker(self.reach):
                self.reach.setCurrentIndex(0)

    def _reach(self) -> None:
        if self._own is None:
            return
        for slider in self.sliders:
            own = float(self._own[slider.dimension])
            band, reach = None, (-PAPER, PAPER)
            if self._bands is not None:
                low, high = (float(edge) for edge in self._bands[slider.dimension])
                band, margin = (low, high), 0.1 * (high - low)
                ends = self._class_range(slider.dimension)
                if ends is not None:
                    reach = (min(ends[0] - margin, 0.0), max(ends[1] + margin, 0.0))
            slider.set_number(own, band, reach)

    def _smooth(self, smooth: bool) -> None:
        for digit_view in (self.seen, self.redrawn, self.difference):
            digit_view.view.set_smooth(smooth)

    def _edit_name(self, slider: NumberSlider) -> None:
        editor = QLineEdit(slider)
        editor.setMaxLength(LONGEST)
        editor.setPlaceholderText("Name")
        editor.setText(slider.name)
        editor.selectAll()
        editor.setGeometry(slider.name_area().toRect())

        key, before = self._key, slider.name

        def done(keep: bool = True) -> None:
            editor.blockSignals(True)
            editor.deleteLater()
            if keep and editor.text() != before:
                self.renamed.emit(key, slider.dimension, editor.text())

        editor.editingFinished.connect(done)
        editor.returnPressed.connect(slider.setFocus)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), editor, context=Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(lambda: done(False))
        editor.show()
        editor.setFocus()

    def _make(self) -> None:
        self.seen, self.redrawn = StackedDigit("What the net sees", 4), StackedDigit("Redrawn", 4)
        self.difference = StackedDigit("Difference", 4)
        self.again, self._again = Bars(), LiveText(theme.small(self))
        self.again.setMinimumSize(20 * theme.GRID, 14 * theme.GRID)
        self.again.set_ticks(CAPSULE_TICKS)
        self._again.setToolTip("What the net says of the redrawn digit; the marks are the lengths of your drawing")
        self.follow = QCheckBox("Follow the longest")
        self.follow.setChecked(True)
        self.follow.setToolTip(
            "A new drawing selects its longest capsule; otherwise the class you chose stays selected"
        )
        self.keep = QCheckBox("Keep changes while drawing")
        self.keep.setToolTip("Keep your changes when you draw on; otherwise a new stroke resets them")
        self.smooth = QCheckBox("Smooth")
        self.smooth.setToolTip("Enlarge the pictures smoothly instead of pixel by pixel")
        self.reach = QComboBox()
        self.reach.addItems([_PAPER, _CLASS])
        self.reach.setToolTip(_REACH)
        self.reach.setAccessibleName("Reach of the sliders")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setVerticalSpacing(0)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._numbers = QScrollArea()
        self._numbers.setFrameShape(QFrame.Shape.NoFrame)
        self._numbers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._numbers.setWidgetResizable(True)
        self._numbers.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the slider that has it
        inside = QWidget()
        inside.setLayout(self._grid)
        self._numbers.setWidget(inside)
        layout.addWidget(self._numbers, 1)
        layout.addLayout(row(self.follow, self.keep, None, self.reach, self.smooth))
        pictures = QHBoxLayout()
        pictures.setSpacing(2 * theme.GRID)
        for digit_view in (self.seen, self.redrawn, self.difference):
            pictures.addWidget(digit_view, 0, Qt.AlignmentFlag.AlignTop)
        again = QVBoxLayout()
        again.setSpacing(theme.GRID // 2)
        again.addWidget(self._again)
        again.addWidget(self.again, 1)
        pictures.addLayout(again, 1)
        layout.addLayout(pictures)
