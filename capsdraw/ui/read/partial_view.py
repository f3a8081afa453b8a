"""A drawing as far as it had come: that part in ink, what was still to come pale."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ink.sketch import Sketch
from capsdraw.ui import theme
from capsdraw.ui.digit_view import paint_empty
from capsdraw.ui.guard import Guarded
from capsdraw.ui.painted_sketch import PaintedSketch, inks_of
from capsdraw.ui.paper_column import paint_paper


class PartialView(Guarded, QWidget):
    """A small canvas to be looked at.

    Attributes:
        part: what is in ink, or None: there an outline stands.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part: Sketch | None = None
        self._whole = Sketch()
        self._part_paper, self._whole_paper = PaintedSketch(), PaintedSketch()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The drawing so far")

    def show_part(self, part: Sketch | None, whole: Sketch | None) -> None:
        """Show that part of the whole, or nothing."""
        self.part, self._whole = part, whole or Sketch()
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        side = min(self.width(), self.height())
        area = QRectF(0, 0, side, side)
        if self.part is None:
            paint_empty(painter, self, area)
            return
        paint_paper(painter, area, colours)
        ratio = self.devicePixelRatioF()
        pale = (colours.line, colours.line)
        for paper, sketch, inks in (
            (self._whole_paper, self._whole, pale),
            (self._part_paper, self.part, inks_of(self._whole, colours)),
        ):
            paper.show(sketch, max(1, round(side * ratio)), ratio, inks)
            painter.drawImage(area.topLeft(), paper.image)
        painter.end()
        # A long drawing takes several frames.
        if not (self._whole_paper.complete and self._part_paper.complete):
            self.update()
