"""What the faces of kernels and of maps share: a layer, small pictures of it, and the one that is looked at."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.controls import row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.inside.choices import choose_layer
from capsdraw.ui.inside.detail import Detail
from capsdraw.ui.inside.tiles import Tiles
from capsdraw.ui.live_text import LiveText


class LayerView(Guarded, QWidget):
    """Pictures of one layer, and beside them the one that is looked at.

    Attributes:
        layer: the choice; tiles: the pictures; detail: the one that is looked at; said: what is seen.
        open: the button that leads to the layer's other face.

    Signals:
        wanted(): other pictures; opened(str): the other face of that layer.
    """

    wanted = Signal()
    opened = Signal(str)

    def __init__(self, layer: QComboBox, tiles: Tiles, other: QToolButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer, self.tiles, self.open = layer, tiles, other
        self.detail = Detail()
        self.status = LiveText(theme.tabular(theme.small(self)), lines=2)
        self.layer.activated.connect(lambda _: self.turned())
        self.open.clicked.connect(lambda: self.opened.emit(self.layer.currentData()))
        self.tiles.looked.connect(self.show_detail)

    def choose(self, layer: str) -> None:
        """Show that layer."""
        choose_layer(self.layer, layer)
        self.turned()

    def turned(self) -> None:
        """Another layer is chosen."""
        self.wanted.emit()

    def say(self, text: str) -> None:
        """There is nothing to show, and why."""
        self.show_nothing()
        self.status.setText(text)

    def show_nothing(self) -> None:
        """Show no pictures."""
        raise NotImplementedError

    def show_detail(self) -> None:
        """Another picture is looked at."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.detail.share(event.size().width())
        super().resizeEvent(event)

    def lay_out(self, pictures: QWidget, *controls: QWidget) -> None:
        """The controls in a row behind the layer, beneath them what is seen."""
        both = QHBoxLayout()
        both.setSpacing(2 * theme.GRID)
        both.addWidget(pictures, 1)
        both.addWidget(self.detail)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(self.layer, *controls, None, self.open))
        layout.addWidget(self.status)
        layout.addLayout(both, 1)
