"""The dial's slider, whose knob stands above the place of the plot that it means."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded


class DialSlider(Guarded, QWidget):
    """A slider with margins.

    Attributes:
        slider: in it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Dial")
        self.slider.setPageStep(5)
        self._ends = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def align(self, left: int, right: int) -> None:
        """Let the middle of the knob go from `left` to `right`, pixels from this widget's left edge."""
        self._ends = left, right
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(16 * theme.GRID, self.slider.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * theme.GRID, self.slider.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The plot beneath may have told its ends before this has its new width.
        self._place()
        super().resizeEvent(event)

    def _place(self) -> None:
        knob = self.slider.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self.slider)
        (left, right), width = self._ends, self.width()
        first, last = left - knob // 2, right + knob - knob // 2
        if right <= left or first < 0 or last > width:
            first, last = 0, width  # as long as there is no plot
        self.slider.setGeometry(first, 0, last - first, self.height())
