"""Tool tips of what a widget paints itself: they depend on where the pointer is."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip


class PlacedTips(Guarded, QWidget):
    """A widget that says what lies beneath the pointer."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self.tip(event.pos())), self)
            return True
        return super().event(event)

    def tip(self, place: QPoint) -> str:
        """What lies there, in words; "" for nothing."""
        raise NotImplementedError
