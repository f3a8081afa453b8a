"""A window that is seen before its parts are: they are made when its first picture stands, or one is asked for."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from capsdraw.ui import collector, first_look
from capsdraw.ui.appearance import Appearance
from capsdraw.ui.first_frame import FirstFrame
from capsdraw.ui.furnishing import furnish
from capsdraw.ui.guard import Guarded


class Shell(Guarded, QMainWindow):
    """Coloured, placed and filled as the last session left it, as far as that can be without the parts.

    Args:
        parts: the module that they need.

    Attributes:
        appearance: light or dark; looked, first_frame: by what and of what the first picture was made.
        whole: whether all parts are there; failed: why they cannot be.
    """

    def __init__(self, parts: str) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.appearance = application.findChild(Appearance) or Appearance(application)
        self.looked = first_look.read()
        self.appearance.choose(self.looked.theme)
        self.first_frame = FirstFrame(self, self.looked)
        self.setCentralWidget(self.first_frame)
        self.setMinimumSize(960, 640)
        self.resize(1280, 800)
        self.restoreGeometry(QByteArray(self.looked.geometry))
        self.whole = self._coming = False
        self.failed: Exception | None = None
        self._parts = parts
        self._making = self._finish()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A part that is not there yet: whoever asks for one has all made."""
            making = vars(self).get("_making")
            if making is None or making.gi_running or making.gi_frame is None:
                raise AttributeError(f"the window has no {name}")
            self.furnish()
            return getattr(self, name)

    def furnish(self) -> None:
        """Make the parts now, unless they are there."""
        for _ in self._making:
            pass

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.whole:
            self._enter()
        elif not self._coming:
            self._coming = True
            QTimer.singleShot(0, self._furnish_gently)

    def _furnish_gently(self) -> None:
        """Make the parts while the first picture is seen."""
        try:
            furnish(self.first_frame.painted, self._parts, self._making)
        except Exception as error:
            # Without them there is no window: whoever started it says why.
            self.failed = error
            QApplication.exit(1)

    def _finish(self) -> Generator[None, None, None]:
        yield from self._make()
        self.whole = True
        collector.resume()
        if self.isVisible():
            self._enter()

    def _make(self) -> Generator[None, None, None]:
        """Make the parts; a step takes a hundredth of a second or two."""
        raise NotImplementedError

    def _enter(self) -> None:
        """The window is shown, and its parts are there."""
        raise NotImplementedError
