"""What can be done from menus and toolbar, put together for one window."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction, QKeySequence

from capsdraw.nets.cards import Card
from capsdraw.ui.menus import Menus, recent_into
from capsdraw.ui.sharing import Sharing
from capsdraw.ui.tab_bar import TITLES
from capsdraw.ui.toolbar import MainToolbar, tipped

if TYPE_CHECKING:
    from capsdraw.ui.main_window import MainWindow

_KEY: Final = QKeySequence.StandardKey
_TEST: Final = "Show a random test {}, of the data that the net was trained on"


class Commands:
    """Fills the menu bar, and makes the toolbar of the actions that stand in both."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.menus = Menus(window)
        self.sharing = Sharing(window)
        files = self._fill_file()
        self._fill_edit()
        self._fill_view()
        self._fill_help()
        self.toolbar = MainToolbar(files, window)
        self.menus.model.aboutToShow.connect(self._fill_model)
        self._export = self.menus.add(self.menus.model, "E&xport Model …", "", window.model_files.ask_export)

    def describe(self, card: Card) -> None:
        """That model answers from now on: what of it is tested is called by its name."""
        what = card.noun if card.noun in ("digit", "letter") else "image"
        self.test_digit.setText(f"&Test {what}")
        tipped(self.test_digit, _TEST.format(what))

    def _fill_file(self) -> list[list[QAction]]:
        files, menus = self._window.files, self.menus
        add, menu = menus.add, menus.file
        open_it = tipped(add(menu, "&Open …", _KEY.Open, files.ask_open), "Open an image, a strokes file or a model")
        menu.addMenu(menus.recent)
        save = tipped(add(menu, "&Save …", _KEY.Save, files.ask_save), "Save as strokes or as a picture")
        add(menu, "Export &Picture …", "Ctrl+Shift+E", files.ask_export)
        add(menu, "S&hare …", "", self.sharing.ask)
        menu.addSeparator()
        example = tipped(add(menu, "&Example", "Ctrl+E", files.open_example), "Show an example drawing")
        self.test_digit = tipped(add(menu, "&Test digit", "Ctrl+T", files.open_test_image), _TEST.format("digit"))
        tried = [
            tipped(add(menu, words, "", partial(files.try_out, name)), tip)
            for words, name, tip in (
                ("A letter", "letter", "What does the net say to a letter?"),
                ("42", "forty-two", "What does the net say to two digits?"),
                ("A scribble", "scribble", "What does the net say to a scribble?"),
            )
        ]
        menu.addSeparator()
        add(menu, "&Quit", _KEY.Quit, self._window.close)
        self.menus.recent.aboutToShow.connect(self._list_recent)
        return [[open_it, save], [example, self.test_digit], tried]

    def _fill_model(self) -> None:
        """The choice of a model, and what can be done with the one that reads."""
        self.toolbar.picker.fill(self.menus.model)
        self.menus.model.addSeparator()
        self.menus.model.addAction(self._export)

    def _fill_edit(self) -> None:
        menus, window = self.menus, self._window
        keys = window.panel.tools.keys
        menus.take(menus.edit, keys["Undo"])
        menus.take(menus.edit, keys["Redo"])
        menus.edit.addSeparator()
        menus.add(menus.edit, "&Copy Drawing", _KEY.Copy, window.files.copy)
        menus.add(menus.edit, "&Paste", _KEY.Paste, window.files.paste)
        menus.edit.addSeparator()
        menus.take(menus.edit, keys["Clear"])

    def _fill_view(self) -> None:
        menus, window = self.menus, self._window
        menus.add_tabs(list(TITLES), window.tabs.setCurrentIndex)
        menus.add_theme(window.appearance)
        menus.add(menus.view, "Wider Drawing", "Ctrl+Shift+Right", lambda: window.sides.step(1))
        menus.add(menus.view, "Narrower Drawing", "Ctrl+Shift+Left", lambda: window.sides.step(-1))
        menus.add(menus.view, "&Full Screen", _KEY.FullScreen, window.toggle_full_screen)
        menus.add(menus.view, "&Reset Layout", "", window.reset_layout)

    def _fill_help(self) -> None:
        menus, teaching = self.menus, self._window.teaching
        menus.add(menus.help, "&Explain This View", "F1", lambda: teaching.teacher.explain())
        menus.add(menus.help, "&Tour", "", lambda: teaching.teacher.start_tour())
        menus.add(menus.help, "&Glossary", "Shift+F1", lambda: teaching.teacher.open_glossary())
        menus.help.addSeparator()
        menus.add(menus.help, "&Shortcuts", "Ctrl+/", menus.show_shortcuts)
        menus.add(menus.help, "&About CapsDraw", "", menus.show_about)

    def _list_recent(self) -> None:
        files = self._window.files
        names = [(path.name, partial(files.open, path)) for path in files.recent]
        recent_into(self.menus.recent, names, files.forget_recent)
