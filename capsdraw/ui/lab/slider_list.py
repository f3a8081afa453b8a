"""The sliders of a capsule, one beneath the other: by name, the strongest first, the weaker ones folded away."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from capsdraw.lab.grouping import NumberGroup, unsorted
from capsdraw.ui import theme
from capsdraw.ui.controls import button
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.number_slider import SIDE, NumberSlider
from capsdraw.ui.plain_text import Label, tip

# Of the pictures at a slider's ends, pixels at most; and such a share of the list's width.
_LARGEST: Final = 64
_SHARE: Final = 10
_NAMELESS: Final = "no single name"
_WHY_NAMELESS: Final = "Nothing that has one name stands out as they move: the pictures at both ends show what they do"


class SliderList(Guarded, QScrollArea):
    """Sliders under headings; a button for each heading unfolds its weaker ones.

    Attributes:
        sliders: one a number, in the numbers' own order; groups: how they are shown.
        headings: of the groups, those that have any; more: the buttons, by the name of their group.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sliders: list[NumberSlider] = []
        self.groups: list[NumberGroup] = []
        self.headings: list[Label] = []
        self.more: dict[str, QToolButton] = {}
        self._headed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the slider that has it
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, theme.GRID // 2, 0)
        self._rows.setSpacing(2)
        self.setWidget(inside)

    def put(self, sliders: list[NumberSlider]) -> None:
        """Show other sliders, in their own order."""
        for slider in self.sliders:
            slider.setParent(None)
            slider.deleteLater()
        self.sliders = sliders
        self._set_sides()
        self._arrange(unsorted(len(sliders)), headed=False)

    def arrange(self, groups: Sequence[NumberGroup], keep_unfolded: bool = False) -> None:
        """Show the sliders in these groups; nothing moves where they are in them.

        Args:
            groups: all numbers, each in one of them.
            keep_unfolded: what the user unfolded stays so where its name is still there.
        """
        if self._headed and self.groups == list(groups):
            for group, heading in zip(self.groups, self.headings, strict=True):
                heading.setText(_heading(group))
            return
        unfolded = [name for name, fold in self.more.items() if fold.isChecked()] if keep_unfolded else []
        self._arrange(groups, headed=True)
        for name in unfolded:
            if name in self.more:
                self.more[name].setChecked(True)

    def blank(self) -> None:
        """The sliders are another capsule's, of which nothing is known yet: all stay where they are, without a name."""
        for heading in self.headings:
            heading.setText(" ")
        for slider in self.sliders:
            slider.set_effect(0)

    def shown(self) -> list[NumberSlider]:
        """The sliders that are not folded away, from the top down."""
        return [self.sliders[dimension] for group in self.groups for dimension in self._unfolded(group)]

    def reveal(self, dimension: int) -> None:
        """Unfold a number's group, and scroll to it."""
        name = next(group.name for group in self.groups if dimension in group.members)
        if name in self.more:
            self.more[name].setChecked(True)
        self.ensureWidgetVisible(self.sliders[dimension])

    def tell_moved(self) -> None:
        """Say of what is folded away how many were moved."""
        for group in self.groups:
            if group.name in self.more:
                self.more[group.name].setText(self._fold_words(group))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_sides()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What it scrolls was given its width while it was being shown: of that, Qt does not tell its layout.
        self._rows.invalidate()
        self._rows.activate()

    def _set_sides(self) -> None:
        for slider in self.sliders:
            slider.set_side(min(max(self.viewport().width() // _SHARE, SIDE), _LARGEST))

    def _unfolded(self, group: NumberGroup) -> tuple[int, ...]:
        return group.members if group.name not in self.more or self.more[group.name].isChecked() else group.shown

    def _arrange(self, groups: Sequence[NumberGroup], headed: bool) -> None:
        for made in (*self.headings, *self.more.values()):
            made.setParent(None)
            made.deleteLater()
        while self._rows.count():
            self._rows.takeAt(0)
        focused = next((slider for slider in self.sliders if slider.hasFocus()), None)
        self.groups, self._headed, self.headings, self.more = list(groups), headed, [], {}
        for group in self.groups:
            self._add(group)
        self._rows.addStretch()
        self.tell_moved()
        self._order_keys()
        if focused is not None:
            self.reveal(focused.dimension)
            focused.setFocus()

    def _add(self, group: NumberGroup) -> None:
        if self._headed:
            heading = Label(_heading(group))
            heading.setWordWrap(True)
            heading.setContentsMargins(0, theme.GRID // 2, 0, 0)
            heading.setToolTip(tip("" if group.name else _WHY_NAMELESS))
            self.headings.append(heading)
            self._rows.addWidget(heading)
        for dimension in group.members:
            self._rows.addWidget(self.sliders[dimension])
            self.sliders[dimension].setVisible(dimension not in group.folded)
        if group.folded:
            fold = button("", "Show or fold away the weaker ones of this name")
            fold.setCheckable(True)
            fold.toggled.connect(lambda _, group=group: self._fold(group))
            self.more[group.name] = fold
            self._rows.addWidget(fold)

    def _fold(self, group: NumberGroup) -> None:
        unfolded = self._unfolded(group)
        for dimension in group.folded:
            self.sliders[dimension].setVisible(dimension in unfolded)
        self.tell_moved()

    def _fold_words(self, group: NumberGroup) -> str:
        if self.more[group.name].isChecked():
            return "▴ fewer"
        moved = sum(self.sliders[dimension].value() != 0 for dimension in group.folded)
        return f"▾ {len(group.folded)} more" + (f", {moved} moved" if moved else "")

    def _order_keys(self) -> None:
        """Tab goes from slider to slider as they are shown, and to the button beneath them."""
        before: QWidget = self
        for group in self.groups:
            for widget in (*(self.sliders[dimension] for dimension in group.members), self.more.get(group.name)):
                if widget is not None:
                    QWidget.setTabOrder(before, widget)
                    before = widget


def _heading(group: NumberGroup) -> str:
    """Its name, and of how many numbers it is where there are several."""
    count = len(group.members)
    return (group.name or _NAMELESS) + (f" · {count} numbers" if count > 1 else "")
