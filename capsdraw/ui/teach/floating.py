"""A card over the window that is dragged by its head, or moved by arrow keys, and never leaves the window."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from capsdraw.ui import theme
from capsdraw.ui.controls import button
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label

_STEP: Final = 2 * theme.GRID
_ARROWS: Final = {
    Qt.Key.Key_Left: QPoint(-_STEP, 0), Qt.Key.Key_Right: QPoint(_STEP, 0),
    Qt.Key.Key_Up: QPoint(0, -_STEP), Qt.Key.Key_Down: QPoint(0, _STEP),
}  # fmt: skip


class FloatingCard(Guarded, QWidget):
    """A child of a window, above all others in it. Escape closes it, wherever in the window the focus is.

    Args:
        window: over which it lies.

    Attributes:
        over: the window; title: at its head; close_button: beside it; body: where its content is laid out.
        moved_by_hand: whether the user chose its place.

    Signals:
        closed(): by the user.
    """

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.over = window
        self._held: QPoint | None = None
        self._focus: QWidget | None = None
        self.moved_by_hand = False
        self.title = Label()
        self.title.setFont(theme.large(self))
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.close_button: QToolButton = button("✕", "Close (Escape)")
        self.close_button.setAccessibleName("Close")
        self.close_button.clicked.connect(self.shut)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        layout.setSpacing(theme.GRID)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GRID)
        layout.addLayout(self.body)
        self.hide()
        window.installEventFilter(self)

    def appear(self) -> None:
        """Be shown above all else."""
        if not self.isVisible():
            self._focus = self.window().focusWidget()
            self.show()
        self.raise_()

    def shut(self) -> None:
        """Close it, as the user wants; the focus goes back to where it was."""
        if self.isHidden():
            return
        own = self.isAncestorOf(self.focusWidget() or self) or self.hasFocus()
        self.hide()
        # What had it may be gone by now: a button of a row that another net has changed.
        if own and self._focus is not None and Shiboken.isValid(self._focus) and self._focus.isVisible():
            self._focus.setFocus()
        self._focus = None
        self.closed.emit()

    def height_for(self, width: int) -> int:
        """What the content takes in that width, as it is now: a layout hears of a change only later."""
        self._layout.invalidate()
        self._layout.activate()
        return max(self._layout.totalHeightForWidth(width), self._layout.totalMinimumSize().height())

    def stand(self, place: QRect) -> None:
        """Stand there, as far as that is within the window."""
        room = self.over.rect().adjusted(4, 4, -4, -4)
        size = place.size().boundedTo(room.size())
        left = min(max(place.left(), room.left()), room.right() - size.width() + 1)
        top = min(max(place.top(), room.top()), room.bottom() - size.height() + 1)
        self.setGeometry(QRect(QPoint(left, top), size))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.over and self.isVisible():
            # An Escape that nobody else had a use for.
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self.shut()
                    return True
            elif event.type() == QEvent.Type.Resize:
                self.resettle()
        return super().eventFilter(watched, event)

    def resettle(self) -> None:
        """The window has another size."""
        self.stand(self.geometry())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move(event.position().toPoint() - self._held)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        self._held = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        elif event.key() in _ARROWS:
            self._move(_ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colours.paper)
        painter.setPen(QPen(colours.says, 1.5))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 8, 8)

    def _move(self, by: QPoint) -> None:
        self.moved_by_hand = True
        self.stand(self.geometry().translated(by))


def least_covered(size: QRect, room: QRect, kept_free: Sequence[QRect]) -> QRect:
    """The place in a room for something of that size that covers least of what is to be kept free."""
    xs = (room.left(), room.center().x() - size.width() // 2, room.right() - size.width() + 1)
    ys = (room.bottom() - size.height() + 1, room.center().y() - size.height() // 2, room.top())
    places = [QRect(x, y, size.width(), size.height()) for y in ys for x in xs]
    return min(places, key=lambda place: sum(_area(place.intersected(free)) for free in kept_free))


def _area(place: QRect) -> int:
    return max(place.width(), 0) * max(place.height(), 0)
