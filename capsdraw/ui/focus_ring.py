"""A frame around what has the keyboard's focus, once keys are used to get about: Fusion shows it on few widgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QTabBar, QWidget
from shiboken6 import isValid

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_MOVES: Final = (
    QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest,
)  # fmt: skip
# Pixels between a widget and its frame.
_GAP: Final = 2


class FocusRing(Guarded, QWidget):
    """Lies over a window, lets everything through, and frames the widget with the focus after Tab was pressed.

    Attributes:
        framed: the widget that is framed, or None.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.framed: QWidget | None = None
        self._by_keys = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        window.installEventFilter(self)

    @contextmanager
    def following(self) -> Iterator[None]:
        """Around what gives the focus away because of a key."""
        self._by_keys = True
        try:
            yield
        finally:
            self._by_keys = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and (watched is self.framed or watched is self.parent()):
            self.place()
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.of(self).says, 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        inside = now is not None and now.window() is self.parent()
        self._frame(now if self._by_keys and inside else None)

    def _frame(self, widget: QWidget | None) -> None:
        # Of what is deleted with the focus in it, the focus is told of before its end is.
        if self.framed is not None and isValid(self.framed):
            self.framed.removeEventFilter(self)
        self.framed = widget
        if widget is not None:
            widget.installEventFilter(self)
            widget.destroyed.connect(self._forget)
        self.place()

    def _forget(self) -> None:
        self.framed = None
        self.hide()

    def place(self) -> None:
        """Lie around the widget, wherever that is now."""
        widget = self.framed
        if widget is None or not widget.isVisible():
            self.hide()
            return
        at, size = widget.mapTo(self.window(), widget.rect().topLeft()), widget.size()
        place = QRect(at, size)
        if isinstance(widget, QTabBar):
            place = widget.tabRect(widget.currentIndex()).translated(at)
        if isinstance(widget, QAbstractScrollArea):
            place = place.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        self.setGeometry(place.adjusted(-_GAP, -_GAP, _GAP, _GAP))
        self.raise_()
        self.show()
