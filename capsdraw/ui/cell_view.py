"""What all widgets of cells share: which cell the pointer or the keyboard is at, and what is said of it.

A widget lays its cells out (`cell_layout`) and paints them; these bases find, tell, move and scroll.
"""

from collections.abc import Iterator
from typing import ClassVar, Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget

from capsdraw.ui.cell_layout import ARROWS, Box, Layout, Move
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip

_MOVES: Final = {
    Qt.Key.Key_Left: Move.LEFT, Qt.Key.Key_Right: Move.RIGHT, Qt.Key.Key_Up: Move.UP, Qt.Key.Key_Down: Move.DOWN,
    Qt.Key.Key_Home: Move.HOME, Qt.Key.Key_End: Move.END,
    Qt.Key.Key_PageUp: Move.PAGE_UP, Qt.Key.Key_PageDown: Move.PAGE_DOWN,
}  # fmt: skip
_CONFIRM: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
# Pixels beyond a cell that its frames reach at most, with what a pen of two pixels is smoothed over.
_FRAME: Final = 2

L = TypeVar("L", bound=Layout)


class CellView(Guarded, QWidget, Generic[L]):
    """Cells that are looked at, of which the one under the pointer is known.

    Attributes:
        over: the cell under the pointer, or None.
    """

    # Over a cell.
    pointer_shape: ClassVar = Qt.CursorShape.ArrowCursor

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over: int | None = None
        self._laid: tuple[QSize, L] | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(name)

    @property
    def cells(self) -> L:
        """Where the cells stand at the widget's size; kept until that, or what is shown, is another one."""
        if self._laid is None or self._laid[0] != self.size():
            self._laid = self.size(), self.lay_out(self.width(), self.height())
        return self._laid[1]

    def lay_out(self, width: int, height: int) -> L:
        """Where the cells stand in a widget of that size."""
        raise NotImplementedError

    def words(self, index: int) -> str:
        """What a cell is, in words."""
        raise NotImplementedError

    def tip(self, place: QPointF) -> str:
        """What a tool tip says there, or ""."""
        index = self.under(place)
        return "" if index is None else self.words(index)

    def entered(self, before: int | None) -> None:
        """The pointer went to `over` from the cell `before`, or from none."""

    def under(self, place: QPointF) -> int | None:
        """The cell that lies there, or None."""
        return self.cells.at(place.x(), place.y())

    def shown_anew(self) -> None:
        """Other things are shown: lay the cells out and paint them anew."""
        self._laid = None
        if self.over is not None and self.over >= self.cells.count:
            self.over = None
        self.update()

    def renew(self, *indices: int | None) -> None:
        """Paint these cells anew: all at once may take longer than a frame."""
        for index in indices:
            if index is not None and index < self.cells.count:
                for box in self.cells.boxes(index):
                    self.update(QRectF(*box.grown(_FRAME)).toAlignedRect())

    def in_sight(self, area: QRect) -> Iterator[int]:
        """The cells that must be painted where that area is."""
        return self.cells.within(Box(area.x(), area.y(), area.width(), area.height()).grown(_FRAME))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point(self.under(event.position()))

    def leaveEvent(self, _: QEvent) -> None:
        self.point(None)

    def point(self, index: int | None) -> None:
        """The pointer is over that cell, or over none."""
        if index != self.over:
            before, self.over = self.over, index
            self.setCursor(Qt.CursorShape.ArrowCursor if index is None else self.pointer_shape)
            self.entered(before)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.tip(QPointF(event.pos()))
            if words:
                QToolTip.showText(event.globalPos(), tip(words), self)
                return True
            QToolTip.hideText()
        return super().event(event)


class CellPicker(CellView[L]):
    """Cells that are clicked, and gone through by keys.

    Arrow keys, Home, End and Page keys go as the layout has it; Return and Space do what a click does.

    Attributes:
        current: the cell that the keyboard is at, or None.

    Signals:
        moved(QRectF): keys went to the cell that stands there.
    """

    moved = Signal(QRectF)

    pointer_shape: ClassVar = Qt.CursorShape.PointingHandCursor

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def clicked(self, index: int) -> None:
        """A cell was clicked."""
        raise NotImplementedError

    def stepped(self, index: int) -> None:
        """Keys lead to a cell."""
        self.go(index)

    def start(self) -> int:
        """The cell that an arrow leads to while there is no current one."""
        return 0

    def begin(self, move: Move, page: float) -> int | None:
        """Where a key leads while there is no current cell, or None."""
        to = self.cells.after(self.start(), move, page)
        return self.start() if to is not None and move in ARROWS else to

    def go(self, index: int | None) -> None:
        """Make a cell the current one, and say what it is; or none."""
        if index is not None:
            self.setAccessibleDescription(self.words(index))
        if index != self.current:
            self.renew(self.current, index)
            self.current = index

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.under(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        to = self._leads(event)
        if to is not None:
            self.stepped(to)
            self.moved.emit(self.must_be_seen(to))
        elif self.current is not None and event.key() in _CONFIRM:
            self.clicked(self.current)
        else:
            super().keyPressEvent(event)

    def must_be_seen(self, index: int) -> QRectF:
        """What is scrolled into sight when keys go to a cell."""
        return QRectF(*self.cells.boxes(index)[0])

    def _leads(self, event: QKeyEvent) -> int | None:
        """To which cell the key leads."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None or self.start() >= self.cells.count:
            return None
        page = self.visibleRegion().boundingRect().height()
        return self.begin(move, page) if self.current is None else self.cells.after(self.current, move, page)


class CellFollower(CellPicker[L]):
    """Cells of which pointer and keys share the current one: it is where either went last; none where neither is."""

    def entered(self, before: int | None) -> None:  # noqa: ARG002
        self.go(self.over)

    def stepped(self, index: int) -> None:
        super().stepped(index)
        # The pointer counts again as soon as it moves, be it within its cell.
        self.over = None

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.go(None)


class CellScroll(Guarded, QScrollArea):
    """Cells that are scrolled up and down; keys scroll where they go."""

    def __init__(self, view: CellPicker[L], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        view.moved.connect(lambda box: self.ensureVisible(0, int(box.center().y()), 0, int(box.height())))
        self._view = view
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(view)
        self.viewport().setAutoFillBackground(False)
        view.setAutoFillBackground(False)

    def showEvent(self, event: QShowEvent) -> None:
        # What was laid out anew out of sight was not told: the bar would scroll through what is no more.
        self._view.updateGeometry()
        super().showEvent(event)
