"""Frames over a live window that say: here. Whatever is done there reaches what lies beneath."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_WIDE: Final = 3
_AWAY: Final = 4  # pixels from what is framed


class Spotlight(Guarded, QWidget):
    """Covers a window, and is nowhere but at its frames.

    Attributes:
        frames: where they stand, in the window.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self.frames: tuple[QRect, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def point_at(self, places: Sequence[QRect]) -> None:
        """Frame these places of the window; none hides it."""
        room = self._over.rect()
        grown = (place.adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY) for place in places)
        frames = tuple(place.intersected(room) for place in grown)
        self.setGeometry(room)
        if frames != self.frames:
            self.frames = frames
            seen = QRegion()
            for frame in frames:
                inner = frame.adjusted(_WIDE + 1, _WIDE + 1, -_WIDE - 1, -_WIDE - 1)
                seen += QRegion(frame) - QRegion(inner)
            # Beneath the rest nothing is painted anew while the pen moves.
            self.setMask(seen)
            self.update()
        self.setVisible(bool(frames))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.of(self).says, _WIDE))
        for frame in self.frames:
            painter.drawRect(frame.adjusted(2, 2, -3, -3))
