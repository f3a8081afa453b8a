"""The sliders of a capsule's numbers, and beside them, large, what the decoder makes of the numbers."""

from collections.abc import Sequence
from typing import Final, cast

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from capsdraw.ink.normalize import Digit
from capsdraw.lab.grouping import NumberGroup
from capsdraw.lab.names import LONGEST
from capsdraw.lab.perturbation import PAPER
from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui import theme
from capsdraw.ui.controls import row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.comparison_band import ComparisonBand
from capsdraw.ui.lab.hero import HeroDigit
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.lab.slider_list import SliderList
from capsdraw.ui.plain_text import tip

# Of the sliders' column, pixels: it is hardly wider than it must be, and the redrawn digit takes what it leaves.
_COLUMN: Final = 30 * theme.GRID
_BETWEEN: Final = 2 * theme.GRID
_LEAST: Final = 14 * theme.GRID
_BEYOND: Final = ": moved by you, it may pass 1"
_PAPER, _CLASS = f"± {PAPER:g} (paper)", "Class range"
_REACH: Final = "The range of the sliders and of Random; the grey band is the range over the training images"
_UNKNOWN: Final = "This model has no class ranges"


class SlidersFace(Guarded, QWidget):
    """Sliders, switches, pictures: the redrawn digit as large as the sliders beside it leave room for.

    Attributes:
        list: the sliders as they are shown.
        redrawn: the picture, with what is said of it.
        seen, difference: smaller pictures; again: what the net reads in the redrawn digit.
        follow, keep, reach, smooth: the switches.

    Signals:
        moved(): a number is being moved; settled(): it was let go.
        ranged(): the sliders reach elsewhere.
        renamed(object, int, str): the user's new name for a number of the capsule with that key.
    """

    moved = Signal()
    settled = Signal()
    ranged = Signal()
    renamed = Signal(object, int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key: object = None
        self._own: Floats | None = None
        self._bands: Floats | None = None
        self._digit: Digit | None = None
        self._later: Sequence[NumberGroup] | None = None
        self._make()
        self._lay_out()
        self.fit(16)
        self.reach.currentIndexChanged.connect(self._change_reach)
        self.smooth.toggled.connect(self._smooth)
        self.settled.connect(self._settle)
        self.clear()

    @property
    def sliders(self) -> list[NumberSlider]:
        """One a number, in the numbers' own order."""
        return self.list.sliders

    def clear(self) -> None:
        """Nothing is held."""
        self._own = self._digit = None
        for slider in self.sliders:
            slider.set_number(0.0, None, (-PAPER, PAPER))
            slider.set_offset(0.0)
            slider.show_ends(None)
            slider.setEnabled(False)
        self.list.tell_moved()
        for view in (self.seen, self.redrawn.view, self.difference):
            view.show_digit(None)
        for words in (self.redrawn.text, self.redrawn.error):
            words.setText("")
        self.again.show_scores(None, None, 0)
        self._band.again_words.setText("Read again")

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
        self.seen.show_digit(digit)
        self.again.set_reference(scores)
        for slider in self.sliders:
            slider.setEnabled(True)
        self._offer()
        self._reach()

    def fit(self, count: int) -> None:
        """As many sliders as a capsule has numbers, in their own order until it is known what they do."""
        if len(self.sliders) == count:
            return
        sliders = [NumberSlider(dimension) for dimension in range(count)]
        for slider in sliders:
            slider.moved.connect(self.moved)
            slider.settled.connect(self.settled)
            slider.rename.connect(lambda named_slider=slider: self._edit_name(named_slider))
        self._later = None
        self.list.put(sliders)
        self.list.tell_moved()

    def arrange(self, groups: Sequence[NumberGroup], effects: Sequence[float]) -> None:
        """Show the numbers in these groups, each with its effect; not before a slider in hand is let go of.

        Args:
            groups: all numbers, each in one of them.
            effects: of the numbers in their own order.
        """
        strongest = max(max(effects, default=0.0), 1e-9)
        for slider, effect in zip(self.sliders, effects, strict=True):
            slider.set_effect(effect / strongest)
        if any(slider.isSliderDown() for slider in self.sliders):
            self._later = groups
        else:
            self._later = None
            self.list.arrange(groups)

    def _settle(self) -> None:
        if self._later is not None:
            self.list.arrange(self._later)
            self._later = None

    def show_ends(self, pictures: Floats) -> None:
        """What the decoder draws at both ends of each slider: (K, 2, rows, columns)."""
        for slider, ends in zip(self.sliders, pictures, strict=False):
            slider.show_ends(ends)

    def reaches(self) -> list[tuple[float, float]]:
        """The least and the most that each number can be moved by."""
        return [slider.reach for slider in self.sliders]

    def offsets(self) -> tuple[float, ...]:
        """How far each number is moved."""
        return tuple(slider.offset for slider in self.sliders)

    def set_offsets(self, offsets: tuple[float, ...]) -> None:
        """Move the numbers, without a signal."""
        for slider, offset in zip(self.sliders, offsets, strict=True):
            slider.set_offset(offset)
        self.list.tell_moved()

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
        # As read it is below 1, for it was squashed; what is added to the numbers is not.
        self.redrawn.text.setText(f"length {length:.2f}" + (_BEYOND if length >= 1 else ""))
        if self._digit is not None and self._digit.shape == picture.shape:
            self.difference.show_digit(np.abs(picture - self._digit))
            self.redrawn.error.setText(f"squared error {float(np.mean((picture - self._digit) ** 2)):.3f}")

    def show_again(self, reading: Reading, question: int) -> None:
        """What the net says of the redrawn digit; `question` of the question."""
        self.again.show_scores(reading.scores, reading.label, question)
        self._band.again_words.setText(f"Read again: {self.again.name(reading.label)}")

    def minimumSizeHint(self) -> QSize:
        column = self._narrowest()
        beside = self._column.minimumSizeHint().height() + self._band.height_for(column) + theme.GRID
        return QSize(_LEAST + _BETWEEN + column, max(beside, self.redrawn.height_of(_LEAST)))

    def event(self, event: QEvent) -> bool:
        # What stands in it may need more room or less, once it is shown.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._place()
        return super().event(event)

    def _place(self) -> None:
        # The redrawn digit is as large a square as height and sliders leave; what it is held against stands
        # beneath it where there is room, and else beneath the sliders.
        width, height, column = self.width(), self.height(), self._narrowest()
        side = self.redrawn.side_for(max(width - _BETWEEN - column, _LEAST), height)
        used, left = self.redrawn.height_of(side), side + _BETWEEN
        self.redrawn.setGeometry(0, 0, side, used)
        beneath = height - used - theme.GRID >= self._band.height_for(side) and side >= column
        across = side if beneath else width - left
        band = self._band.height_for(across)
        if beneath:
            self._band.setGeometry(0, used + theme.GRID, across, min(height - used - theme.GRID, 2 * band))
        else:
            self._band.setGeometry(left, height - band, across, band)
        self._column.setGeometry(left, 0, width - left, height if beneath else height - band - theme.GRID)

    def _narrowest(self) -> int:
        """Of the sliders' column, pixels: fonts differ."""
        return max(_COLUMN, self._column.minimumSizeHint().width(), self._band.minimumSizeHint().width())

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
        item.setToolTip(tip("" if has_ranges else _UNKNOWN))
        self.reach.setToolTip(tip(_REACH if has_ranges else f"{_REACH}. {_UNKNOWN}"))
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

    def _change_reach(self) -> None:
        self._reach()
        self.ranged.emit()

    def _smooth(self, smooth: bool) -> None:
        for view in (self.seen, self.redrawn.view, self.difference):
            view.set_smooth(smooth)

    def _edit_name(self, slider: NumberSlider) -> None:
        editor = QLineEdit(slider)
        editor.setMaxLength(LONGEST)
        editor.setPlaceholderText("Name")
        editor.setText(slider.name)
        editor.selectAll()
        editor.setGeometry(0, 0, slider.width(), slider.height())

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
        self.list, self._column = SliderList(), QWidget(self)
        self.redrawn, self._band = HeroDigit("Redrawn", self), ComparisonBand(self)
        self.redrawn.view.set_empty("Draw: what the decoder makes of the numbers stands here")
        self.seen, self.difference, self.again = self._band.seen, self._band.difference, self._band.again
        self.follow = QCheckBox("Follow the longest")
        self.follow.setChecked(True)
        self.follow.setToolTip(
            "A new drawing selects its longest capsule; otherwise the class you chose stays selected"
        )
        self.keep = QCheckBox("Keep changes")
        self.keep.setToolTip("Keep your changes when you draw on; otherwise a new stroke resets them")
        self.smooth = QCheckBox("Smooth")
        self.smooth.setToolTip("Enlarge the pictures smoothly instead of pixel by pixel")
        self.reach = QComboBox()
        self.reach.addItems([_PAPER, _CLASS])
        self.reach.setToolTip(tip(_REACH))
        self.reach.setAccessibleName("Reach of the sliders")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.list, 1)
        switches = QVBoxLayout()
        switches.setSpacing(theme.GRID // 2)
        switches.addLayout(row(self.follow, self.smooth, None))
        switches.addLayout(row(self.reach, self.keep, None))
        column.addLayout(switches)
