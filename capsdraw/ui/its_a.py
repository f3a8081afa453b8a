"""The row beneath the answer in which the user says what the drawing is; it is kept by that."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from capsdraw.formatting import with_article
from capsdraw.ui import plain_text, theme
from capsdraw.ui.controls import button
from capsdraw.ui.plain_text import Label

# So many classes have a button each; of more, the menu has all.
_MOST: Final = 12
# Letters of a name on a button.
_SHORT: Final = 2
_LEAST: Final = 22
_WIDEST: Final = 28
# Keys of letters that are a tool's: a class of that name is said with Shift.
_TAKEN: Final = frozenset("PE")
# What the row says so is a sentence: It's a 7 – and it is kept.
_HINT: Final = "– and it is kept"
_WHY: Final = "Say what you drew, right or wrong: it is kept in your Collection, and a model can learn from it"


class ItsA(QWidget):
    """A button for each class, or, where there are many, what the net sees and a menu of all.

    Attributes:
        buttons: those of the classes, or the one for what the net sees; another: opens the menu; undo: takes back.
        words: what was kept.

    Signals:
        said(str): the drawing is of the class of that name.
        undone(): what was said is to be taken back.
    """

    said = Signal(str)
    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QToolButton] = []
        self._names: tuple[str, ...] = ()
        self._seen, self._kept = "", ""
        self._able = self._paused = False
        self._keys: list[QAction] = []
        self.another = button("Another", "Choose among all classes of this net")
        self.another.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.another.setMenu(QMenu(self.another))
        self.another.menu().aboutToShow.connect(self._fill)
        self.words = Label()
        self.words.setFont(theme.small(self))
        self.words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.undo = button("Undo", "Take it out of your collection again")
        self.undo.setFont(theme.small(self))
        self.undo.clicked.connect(self.undone)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._row = QHBoxLayout()
        self._lay_out()
        self.describe(tuple("0123456789"))
        self.show_empty()

    def describe(self, names: tuple[str, ...]) -> None:
        """The classes of the net that answers from now on."""
        if names == self._names:
            return
        self._names, self._seen = names, ""
        earlier = self.buttons
        focused = next((one for one in (*earlier, self.another) if one.hasFocus()), None)
        for old in earlier:
            self._group.removeButton(old)
            self._row.removeWidget(old)
        each = len(names) <= _MOST and all(len(name) <= _SHORT for name in names)
        shown = names if each else ("…",)
        self.buttons = [self._made(name, each) for name in shown]
        for place, class_button in enumerate(self.buttons):
            self._row.insertWidget(1 + place, class_button)
        self.another.setVisible(not each)
        self._set_keys()
        self._refresh()
        if focused is not None and (focused in earlier or each):
            self._take_focus()
        for old in earlier:
            old.hide()  # if it has the focus still, that goes to what comes next
            old.deleteLater()

    def see(self, name: str) -> None:
        """What the net sees, by its class' name; "" for nothing."""
        self._seen = name
        if not self.another.isHidden():
            self.buttons[0].setText(plain_text.unmarked(name) or "…")
            self.buttons[0].setAccessibleName(f"It's {with_article(name)}" if name else "It's …")
        self._refresh()

    def show_empty(self) -> None:
        """There is nothing to say anything of."""
        self._show("", False, _HINT)
        self.undo.setVisible(False)

    def show_drawing(self) -> None:
        """Something is drawn, and not kept."""
        self._show("", True, _HINT)
        self.undo.setVisible(False)

    def show_kept(self, name: str, undo: bool, words: str = "") -> None:
        """It is kept as that class; whether that can be taken back here."""
        self._show(name, True, words or f"Kept as {with_article(name)}{'  ·' if undo else ''}")
        self.undo.setVisible(undo)

    def pause(self, paused: bool) -> None:
        """Whether somebody else says what is drawn, for the time being."""
        self._paused = paused
        self._refresh()

    def _show(self, kept: str, able: bool, words: str) -> None:
        self._kept, self._able = kept, able
        if words != self.words.text():
            self.words.setText(words)
        self._refresh()

    def _refresh(self) -> None:
        able = self._able and not self._paused
        each = self.another.isHidden()
        for class_button, name in zip(self.buttons, self._names if each else (self._seen,), strict=True):
            class_button.setEnabled(able and bool(name))
            class_button.setChecked(bool(name) and name == self._kept)
        self.another.setEnabled(able)
        self.undo.setEnabled(not self._paused)
        for action in self._keys:
            action.setEnabled(able)

    def _take_focus(self) -> None:
        """From a button that goes, whose focus would go with it."""
        offered = (*self.buttons, *([] if self.another.isHidden() else [self.another]))
        taker = next((one for one in offered if one.isEnabled()), None)
        if taker is not None:
            taker.show()  # else a new one would be only after this
            taker.setFocus()

    def _made(self, name: str, each: bool) -> QToolButton:
        class_button = button(plain_text.unmarked(name), _tip(name) if each else "Keep it as what the net sees")
        class_button.setCheckable(True)
        class_button.setAutoRaise(False)
        class_button.setAccessibleName(f"It's {with_article(name)}")
        if each:
            class_button.setMinimumWidth(_LEAST)
            class_button.setMaximumWidth(_WIDEST)
            class_button.clicked.connect(lambda: self._say(name))
        else:
            class_button.clicked.connect(lambda: self._say(self._seen))
        # Tab meets one of the group, arrow keys lead to the others.
        self._group.addButton(class_button)
        first = self._group.buttons()[0] is class_button
        class_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if first else Qt.FocusPolicy.ClickFocus)
        return class_button

    def _say(self, name: str) -> None:
        self._refresh()  # a click has checked the button: whether it is so will be told
        if name and self._able and not self._paused:
            self.said.emit(name)

    def _set_keys(self) -> None:
        for action in self._keys:
            self.removeAction(action)
            action.deleteLater()
        self._keys = []
        for name, key in keys_of(self._names).items():
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.setAutoRepeat(False)
            action.triggered.connect(partial(self._say, name))
            self.addAction(action)
            self._keys.append(action)

    def _fill(self) -> None:
        """The menu, when it is wanted: there may be hundreds of classes."""
        menu = self.another.menu()
        menu.clear()
        for name in self._names:
            action = QAction(plain_text.unmarked(name), menu)
            action.triggered.connect(partial(self._say, name))
            menu.addAction(action)

    def _lay_out(self) -> None:
        self._row.setSpacing(2)
        self._row.setContentsMargins(0, 0, 0, 0)
        words = Label("It's a")
        for label in (words, self.words):
            label.setToolTip(plain_text.tip(_WHY))
        words.setContentsMargins(0, 0, theme.GRID // 2, 0)
        self._row.addWidget(words)
        self._row.addWidget(self.another)
        self._row.addSpacing(theme.GRID // 2)
        self._row.addWidget(self.words)
        self._row.addWidget(self.undo)
        self._row.addStretch(1)
        # What has no room is cut off: the column grows for no words.
        self.words.setMinimumWidth(1)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


def keys_of(names: tuple[str, ...]) -> dict[str, str]:
    """The key of each class whose name is a letter or a figure; of a letter that is a tool's key, with Shift."""
    keys: dict[str, str] = {}
    for name in names:
        if len(name) == 1 and name.isascii() and name.isalnum():
            # "a" and "A" are told apart where a net knows both.
            both = name.isupper() and name.lower() in names
            key = f"Shift+{name.upper()}" if both or name.upper() in _TAKEN else name.upper()
            if key not in keys.values():
                keys[name] = key
    return keys


def _tip(name: str) -> str:
    key = keys_of((name,)).get(name)
    return f"Keep it as {with_article(name)}{f' ({key})' if key else ''}"
