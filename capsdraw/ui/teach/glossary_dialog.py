"""The glossary: a word is looked for, read, and leads to others."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from capsdraw.teach import glossary
from capsdraw.teach.glossary import Word
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label
from capsdraw.ui.teach.linked_text import LinkedText

_DOWN: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class GlossaryDialog(Guarded, QDialog):
    """All words at the left, the one that is read at the right.

    Letters go into the search, arrows through the list; links are reached by Tab, and Back (Alt+Left) returns.

    Attributes:
        search: what is looked for; words: those that fit.
        title, also, brief, text, source: of the word that is read; shown: that word, or None.
        back: to the word that was read before.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Glossary")
        self.shown: Word | None = None
        self._before: list[Word] = []
        self.search, self.words = QLineEdit(), QListWidget()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search the glossary")
        self.words.setAccessibleName("Words")
        self.words.setFixedWidth(22 * theme.GRID)
        self.title, self.brief, self.text = Label(), Label(), LinkedText("Explanation")
        self.title.setFont(theme.large(self))
        self.brief.setWordWrap(True)
        self.also, self.source = caption(), caption()
        self.none = caption("No such word.")
        self.back = button("Back", "To the word before (Alt+Left)")
        self._lay_out()
        self.search.textChanged.connect(lambda _: self._offer())
        self.search.installEventFilter(self)
        self.words.currentItemChanged.connect(lambda item, _: self._pick(item))
        self.text.followed.connect(self.open_at)
        self.back.clicked.connect(self._go_back)
        back = QShortcut(QKeySequence("Alt+Left"), self)
        back.activated.connect(self._go_back)
        self._offer()

    def open_at(self, word: str = "") -> None:
        """Show the window, at a word, or at the one that was read last."""
        entry = glossary.find(word) if word else None
        if entry is not None:
            with QSignalBlocker(self.search):
                self.search.clear()
            self._offer(entry)
            self._read(entry)
        self.show()
        self.activateWindow()
        if entry is None:
            self.search.setFocus()
        else:
            (self.text if entry.text and self.text.links else self.words).setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Arrows in the search go through the list.
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _DOWN:
                step = 1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1
                self.words.setCurrentRow(min(max(self.words.currentRow() + step, 0), self.words.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.text.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _offer(self, wanted: Word | None = None) -> None:
        """The words that fit what is looked for; the best one is read, unless another is wanted."""
        found = glossary.search(self.search.text())
        with QSignalBlocker(self.words):
            self.words.clear()
            for entry in found:
                item = QListWidgetItem(entry.word)
                item.setData(Qt.ItemDataRole.UserRole, entry.word)
                self.words.addItem(item)
            self.words.setCurrentRow(found.index(wanted) if wanted in found else 0 if found else -1)
        self.none.setVisible(not found)
        self._article.setVisible(bool(found))
        if found and wanted is None:
            self._read(found[0], remember=False)

    def _pick(self, item: QListWidgetItem | None) -> None:
        entry = None if item is None else glossary.find(item.data(Qt.ItemDataRole.UserRole))
        if entry is not None:
            self._read(entry)

    def _read(self, entry: Word, remember: bool = True) -> None:
        if entry is self.shown:
            return
        if remember and self.shown is not None:
            self._before.append(self.shown)
        self.shown = entry
        self.back.setEnabled(bool(self._before))
        self.also.setText(f"Also: {', '.join(entry.also)}" if entry.also else "")
        self.title.setText(entry.word[0].upper() + entry.word[1:])
        self.brief.setText(f"{entry.brief[0].upper()}{entry.brief[1:]}.")
        self.text.show_texts([entry.text])
        self.source.setText(f"Source: {entry.source}.")
        self._room.verticalScrollBar().setValue(0)

    def _go_back(self) -> None:
        if self._before:
            entry = self._before.pop()
            with QSignalBlocker(self.search):
                self.search.clear()
            self._offer(entry)
            self._read(entry, remember=False)
            self.back.setEnabled(bool(self._before))

    def _lay_out(self) -> None:
        self._article = QWidget()
        article = QVBoxLayout(self._article)
        article.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        article.setSpacing(theme.GRID)
        for widget in (self.title, self.also, self.brief, self.text, self.source):
            article.addWidget(widget)
        article.addStretch(1)
        self._room = QScrollArea()
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setWidgetResizable(True)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setWidget(self._article)
        left = QVBoxLayout()
        left.setSpacing(theme.GRID)
        left.addWidget(self.search)
        left.addWidget(self.words, 1)
        self.search.setFixedWidth(22 * theme.GRID)
        right = QVBoxLayout()
        right.addLayout(row(self.back, None))
        right.addWidget(self.none)
        right.addWidget(self._room, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(left)
        layout.addLayout(right, 1)
        self.resize(80 * theme.GRID, 52 * theme.GRID)
