"""Touch: the first finger draws, and a palm that lands during its stroke changes nothing."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEventPoint, QTouchEvent


class FirstFinger:
    """Follows one finger from its press to its release.

    Args:
        press: it came down there; whether that begins something.
        move: it moved there; end: it was lifted; cancel: the system took it away.
    """

    def __init__(
        self, press: Callable[[QPointF], bool], move: Callable[[QPointF], None], end: Callable[[], None],
        cancel: Callable[[], None],
    ) -> None:  # fmt: skip
        self._press, self._move, self._end, self._cancel = press, move, end, cancel
        # The finger that draws; others wait until it is done.
        self._finger: int | None = None

    def follow(self, event: QTouchEvent) -> None:
        """Take an event of all fingers."""
        event.accept()
        if event.type() == QEvent.Type.TouchBegin:
            if self._press(event.points()[0].position()):
                self._finger = event.points()[0].id()
            return
        if event.type() == QEvent.Type.TouchCancel and self._finger is not None:
            self._finger = None
            self._cancel()
        for point in event.points():
            if point.id() != self._finger:
                continue
            if point.state() == QEventPoint.State.Updated:
                self._move(point.position())
            elif point.state() == QEventPoint.State.Released:
                self._finger = None
                self._end()
