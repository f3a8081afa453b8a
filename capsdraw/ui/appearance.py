"""Light, dark, or as the desktop is: the user's choice."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from capsdraw.ui import theme
from capsdraw.ui.first_look import ThemeChoice


class Appearance(QObject):
    """Keeps the application's palette as it was chosen.

    Attributes:
        look: what was chosen.

    Signals:
        changed(): something else was chosen.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.look = ThemeChoice.SYSTEM
        application.styleHints().colorSchemeChanged.connect(lambda _: self._apply())
        self._apply()

    def choose(self, look: ThemeChoice) -> None:
        """Light or dark from now on, or as the desktop is, now and when it changes."""
        if look != self.look:
            self.look = look
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        system = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme.apply(self._application, system if self.look is ThemeChoice.SYSTEM else self.look is ThemeChoice.DARK)
