"""The picture of an explanation, drawn from the user's own digit where it can be."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.teach import capsule_pictures, fit_pictures, hand_pictures, net_pictures
from capsdraw.ui.teach.slate import Slate

PICTURES: Final[dict[str, Callable[[Slate, QRectF], None]]] = {
    painted.__name__: painted
    for painted in (
        capsule_pictures.read, capsule_pictures.timeline, capsule_pictures.sliders, capsule_pictures.sheet,
        capsule_pictures.routing, capsule_pictures.morph, capsule_pictures.pairs,
        net_pictures.net, net_pictures.filters, net_pictures.maps, net_pictures.heat, net_pictures.compare,
        fit_pictures.plan, fit_pictures.curves, fit_pictures.theatre, fit_pictures.runs, fit_pictures.several,
        fit_pictures.result, fit_pictures.confusion, fit_pictures.mistakes, fit_pictures.calibration, fit_pictures.sets,
        hand_pictures.drawings, hand_pictures.pupils,
    )
}  # fmt: skip
_HEIGHT: Final = 17 * theme.GRID


class LessonPicture(Guarded, QWidget):
    """Paints one of `PICTURES`.

    Attributes:
        name: of the picture; glimpse: what it is drawn from.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.glimpse = Glimpse()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Picture")

    def show_picture(self, name: str, glimpse: Glimpse, words: str) -> None:
        """Show one of them; `words` say what it shows."""
        self.name, self.glimpse = name, glimpse
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(44 * theme.GRID, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(30 * theme.GRID, _HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        paint = PICTURES.get(self.name)
        if paint is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.tabular(theme.small(self)))
        paint(Slate(painter, theme.of(self), self.glimpse), QRectF(self.rect()).adjusted(1, 1, -1, -1))
