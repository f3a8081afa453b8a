"""One after the other writes what is asked for: the view for a class of pupils, or for anybody in a hurry."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.collection.item import MOST_WRITER, Item, checked_writer
from capsdraw.errors import short
from capsdraw.formatting import many, with_article
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.answers import Answers
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.collection.big_word import BigWord
from capsdraw.ui.collection.counts_strip import CountsScroll, CountsStrip
from capsdraw.ui.collection.prompter import Prompter
from capsdraw.ui.controls import row, stacked
from capsdraw.ui.drawings import KeptDrawings
from capsdraw.ui.guard import Guarded
from capsdraw.ui.keeping import Keeping, item_of, keep, said_of, take_back
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.model_list import Models
from capsdraw.ui.plain_text import Label

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

_HOW: Final = (
    "Press Begin, and write on the canvas at the left what is shown here, as you always do. Enter or the space bar "
    "keeps it and shows the next. A name is not needed: it only tells later whose drawings are whose."
)
# Letters of a writer's name above what is to be written: that must not be cut off.
_WHO: Final = 24
_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PupilsView(Guarded, QWidget):
    """Prompts a writer, and keeps what is written.

    Attributes:
        writer: the field for a name; begin, keep, skip, back, stop: the buttons; word: what is to be written.
        strip: how many of each the writer has written; status: what became of the last.

    Signals:
        prompting(bool): from now on the view says what a drawing is, or no longer.
    """

    prompting = Signal(bool)

    def __init__(
        self, drawings: KeptDrawings, canvas: Canvas, answers: Answers, models: Models, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drawings, self._canvas, self._answers, self._models = drawings, canvas, answers, models
        self._names: tuple[str, ...] = ()
        self._prompter: Prompter | None = None
        # Whose name that is.
        self._prompted = ""
        # What was kept since the writer began, the last at the end.
        self._kept: list[Keeping] = []
        self._saving = self._told = False
        self._make()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def running(self) -> bool:
        """Whether somebody is prompted."""
        return self._prompter is not None

    @property
    def asked(self) -> str:
        """What is to be written; "" for nothing."""
        return "" if self._prompter is None else self._prompter.now

    def describe(self, card: Card) -> None:
        """The classes of the model that reads are what is asked for; those of who is writing stay."""
        self._names = card.names

    def start(self) -> None:
        """Prompt the writer whose name stands in the field."""
        writer, left = self._writer(), self._canvas.sketch
        self._drawings.ask(lambda kept: kept.counts(writer), partial(self._begin, writer, left), "writer's counts")

    def end(self) -> None:
        """Nobody is prompted any more."""
        self._prompter, self._kept = None, []
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._refresh()

    def _writer(self) -> str:
        return checked_writer(self.writer.text())

    def _begin(self, writer: str, left: Sketch, counts: dict[str, int] | None) -> None:
        """Prompt that writer; what was `left` on the canvas is wiped, and nothing that the pen has begun since."""
        if writer != self._writer() or not self._names:
            return  # another name was typed meanwhile
        if self.running and writer == self._prompted:
            return  # Enter, and leaving the field
        # What is shown stays to be written: the next pupil's pen may be at it already.
        self._prompter, self._kept = Prompter(self._names, counts or {}, first=self.asked), []
        self._prompted = writer
        if self._canvas.sketch is left:
            self._canvas.clear()
        self.status.setText("")
        self._refresh()
        self._canvas.setFocus()

    def _keep(self) -> None:
        prompter, sketch = self._prompter, self._canvas.sketch
        if prompter is None or self._saving or self._canvas.drawing:
            return
        if not sketch:
            self.status.setText(f"The canvas is empty: write {with_article(prompter.now)} first")
            return
        self._saving = True
        item = item_of(sketch, prompter.now, said_of(self._answers, self._models.readers), self._writer())
        self._drawings.change(
            lambda kept: _keep_new(kept, item), partial(self._show_kept, prompter, sketch), self._free
        )

    def _show_kept(self, prompter: Prompter, sketch: Sketch, kept: Keeping | None) -> None:
        self._free()
        if prompter is not self._prompter:
            return
        if kept is None:
            self.status.setText(f"This drawing is kept already: clear it, and write {with_article(prompter.now)}")
            return
        self._kept.append(kept)
        prompter.written()
        self.status.setText(f"Kept as {with_article(kept.label)}")
        if self._canvas.sketch is sketch:
            self._canvas.clear()
        self._refresh()
        self._canvas.setFocus()

    def _free(self) -> None:
        self._saving = False

    def _skip(self) -> None:
        if self._prompter is not None:
            self._prompter.skip()
            self.status.setText("")
            self._refresh()
            self._canvas.setFocus()

    def _take_back(self) -> None:
        prompter = self._prompter
        if prompter is not None and self._kept:
            last = self._kept.pop()
            self._drawings.change(
                lambda kept: take_back(kept, last), lambda _: self._show_back(prompter, last),
                lambda: self._put_back(prompter, last),
            )  # fmt: skip

    def _put_back(self, prompter: Prompter, last: Keeping) -> None:
        """It could not be taken out: it may be later."""
        if prompter is self._prompter:
            self._kept.append(last)
            self._refresh()

    def _show_back(self, prompter: Prompter, last: Keeping) -> None:
        if prompter is self._prompter:
            prompter.take_back(last.label)
            self.status.setText(f"Taken out again: {with_article(last.label)}")
            self._refresh()
            self._canvas.setFocus()

    def _change_writer(self) -> None:
        if self.running and self._writer() != self._prompted:
            self.start()

    def _refresh(self) -> None:
        prompter = self._prompter
        self._stack.setCurrentIndex(int(prompter is not None))
        if prompter is not None:
            written = sum(prompter.counts.values())
            who = short(self._writer(), _WHO) or "You"
            self._who.setText(f"{who}: {many(written, 'drawing')} so far. Please write:")
            self.word.show_word(prompter.now)
            self.strip.show_counts(prompter.names, prompter.counts, prompter.now)
            self._room.fit()
        self.back.setEnabled(bool(self._kept))
        for widget in (self.keep, self.skip, self.stop):
            widget.setEnabled(prompter is not None)
        self.begin.setEnabled(prompter is None)
        told = prompter is not None and self.isVisible()
        for key in self._shortcuts:
            key.setEnabled(told)
        if told != self._told:
            self._told = told
            self.prompting.emit(told)

    def _make(self) -> None:
        self.writer = QLineEdit()
        self.writer.setMaxLength(MOST_WRITER)
        self.writer.setPlaceholderText("no name")
        self.writer.setAccessibleName("Writer")
        self.begin, self.stop = QPushButton("Begin"), QPushButton("Stop")
        self.keep, self.skip, self.back = QPushButton("Keep, next"), QPushButton("Skip"), QPushButton("Undo the last")
        self.keep.setToolTip("Keep what is on the canvas, and show the next (Enter or space bar, on the canvas)")
        self.word = BigWord("To be written")
        self.strip = CountsStrip("What this writer has written")
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room = CountsScroll(self.strip)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.status = LiveText(theme.small(self))
        self._who = LiveText(theme.large(self), quiet=False)
        # Of the canvas: a button with the focus keeps its own keys.
        self._shortcuts = [
            QShortcut(QKeySequence(key), self._canvas, context=Qt.ShortcutContext.WidgetShortcut) for key in _KEYS
        ]

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        before, during = QWidget(), QWidget()
        how = caption(_HOW)
        how.setAlignment(Qt.AlignmentFlag.AlignTop)
        stacked(before, how)
        stacked(during, self._who, self.word)
        self._stack.addWidget(before)
        self._stack.addWidget(during)
        name = Label("Writer")
        name.setBuddy(self.writer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(name, self.writer, self.begin, self.stop))
        layout.addWidget(self._stack, 1)
        layout.addLayout(row(self.keep, self.skip, self.back, None))
        layout.addWidget(self.status)
        layout.addWidget(self._room)

    def _connect(self) -> None:
        self.begin.clicked.connect(self.start)
        self.writer.returnPressed.connect(self.start)
        self.writer.editingFinished.connect(self._change_writer)
        self.stop.clicked.connect(self.end)
        self.keep.clicked.connect(self._keep)
        self.skip.clicked.connect(self._skip)
        self.back.clicked.connect(self._take_back)
        for key in self._shortcuts:
            key.activated.connect(self._keep)


def _keep_new(kept: "Collection", item: Item) -> Keeping | None:
    """Keep a drawing; None of one that is kept: Ctrl+Z has brought it back, and it is not what is asked for now."""
    return keep(kept, item) if kept.find(item.sketch) is None else None
