"""The room that cards and fields of a plan stand in: as high as they are, else scrolled."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded


class FormBody(Guarded, QWidget):
    """Cards and fields; they may be narrower than their layout would have them."""

    def minimumSizeHint(self) -> QSize:
        return QSize(62 * theme.GRID, super().minimumSizeHint().height())


class FormRoom(Guarded, QScrollArea):
    """As high as what is in it, where there is room; else that is scrolled."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the field that has it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        body: QWidget | None = self.widget()
        lines = None if body is None else body.layout()
        return QSize(0, 0) if lines is None else QSize(0, lines.totalHeightForWidth(self.viewport().width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # sentences wrap otherwise

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
