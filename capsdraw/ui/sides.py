"""The drawing at the left, the views at the right, and between them an edge that the user may drag."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

# Of the width, to the drawing, where the user chose nothing else.
_SHARE: Final = 0.36
# Pixels by which the edge moves with a key.
_STEP: Final = 5 * theme.GRID


class Sides(Guarded, QSplitter):
    """Shares the width by a fixed part until the edge is dragged; from then on the drawing keeps its width.

    Attributes:
        chosen: the drawing's width that the user chose, pixels, or 0.

    Signals:
        moved(): the user chose another.
    """

    moved = Signal()

    def __init__(self, panel: QWidget, views: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.chosen = 0
        self._panel = panel
        self.addWidget(panel)
        self.addWidget(views)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(2 * theme.GRID)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.splitterMoved.connect(self._keep)

    def choose(self, width: int) -> None:
        """Give the drawing that width, or, 0, its part of whatever there is."""
        # What the height allows, for that is what is seen and chosen.
        self.chosen = min(width, self._panel.maximumWidth())
        self._share()
        self.moved.emit()

    def step(self, by: int) -> None:
        """Make the drawing wider (1) or narrower (-1) by some pixels."""
        self.choose(self._panel.width() + by * _STEP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def restore(self, sizes: Sequence[int]) -> None:
        """The user's choice of an earlier time."""
        self.chosen = sizes[0] if sizes else 0
        self._share()

    def _share(self) -> None:
        room = self.width() - self.handleWidth()
        panel = self.chosen or round(_SHARE * room)
        panel = min(max(panel, self._panel.minimumWidth()), self._panel.maximumWidth(), room)
        self.setSizes([panel, room - panel])

    def _keep(self) -> None:
        self.chosen = self._panel.width()
        self.moved.emit()
