"""The window's first picture: paper, tools, menus, tabs, where they will be. NumPy and all it brings come after it.

What stands here is looked at for some tenths of a second, and not worked with: what the user does meanwhile waits
(`ui.furnishing`). Words and places are those of the parts that come (`ui.toolbar`, `ui.tools`, `ui.glance`,
`ui.drawing_panel`); a test holds both equal, so that nothing jumps.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QSlider,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from capsdraw.ui import controls, theme
from capsdraw.ui.first_look import FirstLook
from capsdraw.ui.guard import Guarded
from capsdraw.ui.its_a import ItsA
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.paper_column import PaperColumn, paint_paper, scale_of
from capsdraw.ui.plain_text import Label
from capsdraw.ui.sides import Sides
from capsdraw.ui.tab_bar import TITLES, flatten
from capsdraw.ui.waiting_line import WaitingLine

MENUS: Final = ("&File", "&Edit", "&View", "&Model", "&Help")
ACTIONS: Final = (("Open …", "Save …"), ("Example", "Test digit"), ("A letter", "42", "A scribble"))
TOOLS: Final = ("Pen", "Eraser", "Undo", "Redo", "Clear")
# Least, usual and largest width of the pen, canvas units.
PEN: Final = (4, 24, 72)
MODEL_LETTERS: Final = 26
# Pixels a side of a digit.
_SIDE: Final = 28


class FirstFrame(QWidget):
    """What fills a window until its parts are there; the bars around it are put there as well.

    Attributes:
        paper, column, tabs: what stands where the canvas, all at its side, and the views will.
        toolbar, foot: what stands for the bar above, and in the one beneath.

    Signals:
        painted(): it is on screen.
    """

    painted = Signal()

    def __init__(self, window: QMainWindow, looked: FirstLook) -> None:
        super().__init__(window)
        for title in MENUS:
            window.menuBar().addMenu(title)
        self.toolbar = _toolbar()
        window.addToolBar(self.toolbar)
        window.statusBar().setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        self.foot = WaitingLine(lambda: None)  # hidden, and all the same as high as the bar will be
        window.statusBar().addPermanentWidget(self.foot)
        self.paper, self.tabs = _Paper(self.painted.emit), QTabWidget()
        self.column = _Column(self.paper, _tools(looked.pen or PEN[1]), _Glance(), ItsA())
        for title in TITLES:
            self.tabs.addTab(QWidget(), title)
        flatten(self.tabs)
        self.sides = Sides(self.column, self.tabs)
        self.sides.restore(looked.drawing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.addWidget(self.sides, 1)


class _Column(PaperColumn):
    def spare(self, height: int) -> None:
        for glance in self.findChildren(_Glance):
            glance.grow(height)


class _Paper(Guarded, QWidget):
    """A blank sheet: what lay on the canvas, or the invitation to draw, comes with the canvas."""

    def __init__(self, painted: Callable[[], object]) -> None:
        super().__init__()
        self._painted = painted
        self.setCursor(Qt.CursorShape.CrossCursor)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        paint_paper(painter, QRectF(0, 0, side, side), theme.of(self))
        painter.end()
        self._painted()


def _toolbar() -> QToolBar:
    bar = QToolBar("Main")
    bar.setMovable(False)
    for number, group in enumerate(ACTIONS):
        if number:
            bar.addSeparator()
        for words in group:
            bar.addAction(words)
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    bar.addWidget(Label("Model "))
    bar.addWidget(controls.combo("Model", letters=MODEL_LETTERS))
    return bar


def _tools(pen: float) -> QWidget:
    tools = _Row()
    thickness = QSlider(Qt.Orientation.Horizontal)
    thickness.setRange(PEN[0], PEN[2])
    thickness.setValue(round(pen))
    thickness.setMinimumWidth(6 * theme.GRID)
    layout = QHBoxLayout(tools)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.GRID // 2)
    for widget in controls.one_of(*(controls.button(words, "") for words in TOOLS[:2]), first=True):
        layout.addWidget(widget)
    layout.addSpacing(theme.GRID)
    layout.addWidget(Label("Size"))
    layout.addWidget(thickness, 1)
    layout.addSpacing(theme.GRID)
    for words in TOOLS[2:]:
        button = controls.button(words, "")
        button.setEnabled(False)
        layout.addWidget(button)
    return tools


class _Glance(QWidget):
    """Its sentence, and the room of all that stands beneath it."""

    def __init__(self) -> None:
        super().__init__()
        headline = LiveText(theme.tabular(theme.large(self)), quiet=False)
        headline.setText("Draw a digit")
        self._caption = LiveText(theme.small(self)).sizeHint().height()
        self._pictures = QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        for widget in (headline, LiveText(theme.small(self), lines=2), self._pictures):
            layout.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.grow(0)

    def grow(self, spare: int) -> None:
        """As the glance that comes will."""
        self._pictures.setFixedHeight(_SIDE * scale_of(spare) + theme.GRID // 4 + self._caption)


class _Row(Guarded, QWidget):
    def sizeHint(self) -> QSize:
        return QSize(392, 4 * theme.GRID)
