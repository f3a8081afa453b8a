"""The redrawn digit, as large as there is room, with what is said of it and what the sliders' marks mean."""

from typing import Final

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.slider_legend import SliderLegend
from capsdraw.ui.live_text import LiveText

_GAP: Final = theme.GRID // 2
# From this width on, pixels, both lines are one.
_WIDE: Final = 50 * theme.GRID


class HeroDigit(Guarded, QWidget):
    """A square picture; a line or two and the legend stand beneath it.

    Attributes:
        view: the picture; text: its length; error: how far it is from what the net sees; legend: of the sliders.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = DigitView(name, 1, self)
        font = theme.tabular(theme.small(self))
        self.text, self.error = LiveText(font, quiet=False, parent=self), LiveText(font, parent=self)
        self.legend = SliderLegend(self)

    def height_of(self, side: int) -> int:
        """Of the whole where the picture is so large, pixels."""
        lines = 1 if side >= _WIDE else 2
        words = lines * (QFontMetrics(self.text.font()).height() + _GAP)
        return side + _GAP + words + self.legend.height_for(side)

    def side_for(self, width: int, height: int) -> int:
        """The largest picture that has room there with all that stands beneath it, pixels."""
        side = max(min(width, height), 1)
        # A narrower legend may need a line more.
        while side > 1 and (excess := self.height_of(side) - height) > 0:
            side = max(side - excess, 1)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = self.side_for(event.size().width(), event.size().height())
        self.view.setFixedSize(side, side)
        top, high = side + _GAP, self.text.sizeHint().height()
        if side >= _WIDE:
            self.text.setGeometry(0, top, 3 * side // 5, high)
            self.error.setGeometry(3 * side // 5, top, side - 3 * side // 5, high)
        else:
            self.text.setGeometry(0, top, side, high)
            top += high + _GAP
            self.error.setGeometry(0, top, side, high)
        top += high + _GAP
        self.legend.setGeometry(0, top, side, self.legend.height_for(side))
        super().resizeEvent(event)
