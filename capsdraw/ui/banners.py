"""What went wrong, or can be done next, laid over the foot of the views: nothing moves for it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_CHANGES = (
    QEvent.Type.ShowToParent, QEvent.Type.Move, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest, QEvent.Type.Resize,
)  # fmt: skip


class Banners(Guarded, QWidget):
    """Lies over a widget as wide as that, as high as what of its bars is shown; Escape closes the topmost.

    Args:
        content: of the window, in which it lies; over: the widget.
        bars: hidden until they have something to say, then shown one beneath the other.
    """

    def __init__(self, content: QWidget, over: QWidget, *bars: QFrame) -> None:
        super().__init__(content)
        self._content, self._over, self._bars = content, over, bars
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        for bar in bars:
            bar.setAutoFillBackground(True)
            bar.setBackgroundRole(QPalette.ColorRole.Base)
            bar.setFrameShape(QFrame.Shape.StyledPanel)
            layout.addWidget(bar)
            bar.installEventFilter(self)
        over.installEventFilter(self)
        content.installEventFilter(self)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), over.window())
        self._escape.setContext(Qt.ShortcutContext.WindowShortcut)
        self._escape.activated.connect(self._close_first)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self._place()
        if event.type() == QEvent.Type.ShowToParent and isinstance(watched, QWidget):
            # It was given its place while it was being shown: of that, Qt does not tell its layout.
            layout = watched.layout()
            if layout is not None:
                layout.invalidate()
                layout.activate()
        return False

    def _close_first(self) -> None:
        first = next((bar for bar in self._bars if not bar.isHidden()), None)
        if first is not None:
            first.hide()

    def _place(self) -> None:
        shown = any(not bar.isHidden() for bar in self._bars)
        # Where nothing is said, Escape is the canvas'.
        self._escape.setEnabled(shown)
        self.setVisible(shown)
        if shown:
            width = self._over.width()
            layout = self.layout()
            assert layout is not None
            height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
            corner = self._over.mapTo(self._content, self._over.rect().bottomLeft())
            self.setGeometry(corner.x(), corner.y() + 1 - height, width, height)
            self.raise_()
