"""The menu bar: what can be done, where every desktop has it."""

import platform
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, qVersion
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QMainWindow, QMenu, QWidget

from capsdraw import __version__, versions
from capsdraw.ui import plain_text
from capsdraw.ui.appearance import Appearance
from capsdraw.ui.first_look import ThemeChoice
from capsdraw.ui.lines_dialog import LinesDialog

_LOOKS: Final = ((ThemeChoice.SYSTEM, "As the system"), (ThemeChoice.LIGHT, "Light"), (ThemeChoice.DARK, "Dark"))
_LIBRARIES: Final = ("PySide6", "numpy", "tensorflow", "keras", "ai_edge_litert")
# Keys that no menu has, for the list of all.
_OTHER_KEYS: Final = (
    ("P, E", "Pen, eraser"),
    ("0 to 9", "Say which digit was drawn: it is kept in your collection; of a net of letters, the letter's key"),
    ("Space", "On the canvas, while a net of two digits reads: draw the other one"),
    ("Enter, Space", "On the canvas, while Pupils says what to write: keep it, and show the next"),
    ("[ and ]", "Thinner or thicker pen"),
    ("Escape", "Give up the stroke or the move of the box under way; close a message"),
    ("Arrow keys", "On the canvas: move the box on a picture; with Shift, its lower right corner"),
    ("Arrow keys, Home", "On a slider: move it; on one of a capsule, reset it"),
    ("Arrow keys, Enter", "In a wall of pictures, a table or a net: go to another; open it"),
    ("Delete, Ctrl+Z", "In Collection: keep the chosen drawings no longer; take that back"),
    ("Tab, Shift+Tab", "To the next control, or back to the one before"),
)


class Menus(QObject):
    """Fills the menu bar of a window.

    Attributes:
        file, edit, view, model, help: the menus; recent: within File, filled by whoever knows the files.
        theme: within View.
        actions: those of all menus that were added here, in order.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.actions: list[QAction] = []
        self._looks: dict[ThemeChoice, QAction] = {}
        self._appearance: Appearance | None = None
        bar = window.menuBar()
        self.file, self.edit, self.view = bar.addMenu("&File"), bar.addMenu("&Edit"), bar.addMenu("&View")
        self.model, self.help = bar.addMenu("&Model"), bar.addMenu("&Help")
        self.recent = QMenu("Open &Recent", self.file)
        self.theme = QMenu("&Theme", self.view)

    def add(
        self,
        menu: QMenu,
        text: str,
        key: QKeySequence.StandardKey | str,
        slot: Callable[[], object],
        checkable: bool = False,
    ) -> QAction:
        """An entry of a menu, with its key ("" for none); it works wherever the focus is."""
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key))
        action.setCheckable(checkable)
        action.triggered.connect(lambda *_: slot())
        return self.take(menu, action)

    def take(self, menu: QMenu, action: QAction) -> QAction:
        """An action that there is already, in a menu, too."""
        menu.addAction(action)
        self.actions.append(action)
        return action

    def add_tabs(self, titles: list[str], turn: Callable[[int], object]) -> None:
        """View's first entries: the tabs by Ctrl and their number."""
        for index, title in enumerate(titles):
            self.add(self.view, title, f"Ctrl+{index + 1}", partial(turn, index))
        self.view.addSeparator()

    def add_theme(self, appearance: Appearance) -> None:
        """View's choice between light and dark."""
        only_one = QActionGroup(self.theme)
        for look, words in _LOOKS:
            action = self.add(self.theme, words, "", partial(appearance.choose, look), checkable=True)
            only_one.addAction(action)
            self._looks[look] = action
        self._appearance = appearance
        appearance.changed.connect(self._show_look)
        self._show_look()
        self.view.addMenu(self.theme)

    def _show_look(self) -> None:
        if self._appearance is not None:
            self._looks[self._appearance.look].setChecked(True)

    def show_shortcuts(self) -> QDialog:
        """All keys, in a window of their own."""
        keys = [
            (action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text().replace("&", ""))
            for action in self.actions
            if not action.shortcut().isEmpty()
        ]
        return _shown(LinesDialog("Shortcuts", [*keys, *_OTHER_KEYS], self._window))

    def show_about(self) -> QDialog:
        """Versions, to be copied into a report."""
        about = [
            ("CapsDraw", __version__),
            ("Python", platform.python_version()),
            ("Qt", qVersion()),
            *versions.of(*_LIBRARIES).items(),
            ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
            ("Display", QGuiApplication.platformName()),
        ]
        words = "Draw a digit, watch a capsule network see it. Free software under the MIT licence."
        return _shown(LinesDialog("About CapsDraw", about, self._window, words))


def _shown(dialog: QDialog) -> QDialog:
    dialog.show()
    return dialog


def recent_into(menu: QMenu, names: Sequence[tuple[str, Callable[[], object]]], clear: Callable[[], object]) -> None:
    """Fill File's list of what was opened: (words, what opens it), the last one first."""
    menu.clear()
    owner: QWidget = menu
    for words, open_it in names:
        action = QAction(plain_text.unmarked(words), owner)
        action.triggered.connect(lambda _=False, open_it=open_it: open_it())
        menu.addAction(action)
    if names:
        menu.addSeparator()
    action = QAction("Clear the list" if names else "Nothing was opened yet", owner)
    action.setEnabled(bool(names))
    action.triggered.connect(lambda *_: clear())
    menu.addAction(action)
