"""The face of the Collection tab that shows the kept drawings: filters, the wall, what can be done, counts."""

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from capsdraw.errors import short
from capsdraw.formatting import many
from capsdraw.nets.cards import Card
from capsdraw.ui import plain_text, theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.collection.counts_strip import CountsScroll, CountsStrip
from capsdraw.ui.collection.listing import ENOUGH, Listing, Sorting, classes, missing
from capsdraw.ui.collection.wall import DrawingScroll
from capsdraw.ui.controls import button, combo, row, stacked
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label

_EMPTY: Final = (
    "Nothing is kept yet. Draw something and say what it is, in the row beneath the answer: it is kept here, "
    "with its strokes, and a model can learn from it."
)
# While a net of two digits over one another reads, the row is not there.
_EMPTY_FOR_PAIRS: Final = (
    "Nothing is kept yet. {} reads two digits at once, and what is kept is one: choose a net that reads one, draw, and "
    "say what it is. It is kept here, with its strokes, and a model can learn from it."
)
_FOR_PAIRS: Final = "{}. {} reads two digits at once: to learn from these, choose a net that reads one."
_LEARN: Final = "Train the chosen model on these drawings: a model of its own comes of it"
_NOBODY: Final = "no name"
# Classes that are named in a sentence.
_NAMED: Final = 6


class KeptView(Guarded, QWidget):
    """What is kept.

    Attributes:
        wall_scroll, wall: the drawings; strip: counts of classes.
        order, label, writer: how they are chosen; classes_button, delete, put, undo: what can be done with them.
        draw, pupils: what is offered while there are none; learn: the button; figures: before and after.
        status: what was done; asking: how far the model is with reading them.

    Signals:
        filtered(): others are to be shown, or in another order.
        named(str): those that are chosen are of that class; other_named(): of one that is to be asked for.
    """

    filtered = Signal()
    named = Signal(str)
    other_named = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The title of the chosen model, where it reads pairs of digits; else "".
        self._of_pairs = ""
        self._make()
        self._lay_out()
        for box in (self.order, self.label, self.writer):
            box.activated.connect(lambda _: self.filtered.emit())
        self.strip.picked.connect(self._filter_by)
        self.wall.chosen.connect(self.refresh)
        self.classes_button.menu().aboutToShow.connect(self._fill_classes)
        self.show_listing(Listing())

    @property
    def chosen(self) -> tuple[Sorting, str | None, str | None]:
        """The order, and of which class and writer drawings are shown; None for all."""
        label, writer = self.label.currentData(), self.writer.currentData()
        return Sorting(self.order.currentData()), label, writer

    def describe(self, card: Card) -> None:
        """The model that is chosen: what is kept are single digits, and not each learns from these."""
        self._of_pairs = short(card.title) if card.reads_pairs else ""
        self._empty.setText(_EMPTY_FOR_PAIRS.format(self._of_pairs) if self._of_pairs else _EMPTY)
        self.draw.setVisible(not self._of_pairs)

    def show_listing(self, listing: Listing) -> None:
        """Show these drawings."""
        self.wall.show_listing(listing)
        names = listing.choice.names
        self.strip.show_counts(names, listing.counts, listing.choice.label)
        self._room.fit()
        self._fill(self.label, "All classes", [(name, name) for name in classes(names, listing.counts)])
        writers = sorted(listing.writers, key=lambda name: (not name, name.casefold()))
        self._fill(self.writer, "All writers", [(name or _NOBODY, name) for name in writers])
        self.writer.setEnabled(len(writers) > 1 or self.writer.currentData() is not None)
        self._show_parts(bool(listing.entries))
        kept = many(len(listing.entries), "drawing")
        needs = needs_in_words(names, listing.counts)
        self._needs.setText(_FOR_PAIRS.format(kept, self._of_pairs) if self._of_pairs else needs)
        self.learn.setEnabled(bool(listing.entries) and not self._of_pairs)
        self.refresh()

    def offer_undo(self, offered: bool) -> None:
        """Whether there is a change to take back; where the last drawing was deleted, that is all there is to do."""
        drawings = bool(self.wall.listing.entries)
        if self.undo.hasFocus() and not offered:
            (self.wall if drawings else self.pupils).setFocus()  # a button that cannot be pressed loses it to anything
        self.undo.setEnabled(offered)
        self._show_parts(drawings)

    def refresh(self) -> None:
        """What can be done with what is chosen."""
        count = len(self.wall.picked.ids)
        for widget in (self.classes_button, self.delete):
            widget.setEnabled(count > 0)
        self.put.setEnabled(count == 1)
        listing = self.wall.listing
        shown = many(len(listing.shown), "drawing")
        self._chosen.setText(f"{count:,} of {shown} chosen" if count else shown)

    def event(self, event: QEvent) -> bool:
        # With the focus on any part of it: elsewhere this key is the canvas'.
        if event.type() == QEvent.Type.ShortcutOverride and self._means_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._means_undo(event):
            self.undo.click()
        else:
            super().keyPressEvent(event)

    def _means_undo(self, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo) and self.undo.isEnabled()

    def _show_parts(self, drawings: bool) -> None:
        """What there is to see: with drawings all of it, without what is offered then."""
        page, focus = int(not drawings), QApplication.focusWidget()
        # What has the focus goes out of sight, and the focus would go anywhere.
        lost = page != self._stack.currentIndex() and focus is not None and self.isAncestorOf(focus)
        head, deeds, foot = self._parts
        for part in (head, foot, self._room):
            part.setVisible(drawings)
        deeds.setVisible(drawings or self.undo.isEnabled())
        self._stack.setCurrentIndex(page)
        if lost:
            (self.wall if drawings else self.undo if self.undo.isEnabled() else self.pupils).setFocus()

    def _filter_by(self, name: str) -> None:
        """The class of a click; one more click shows all again."""
        self.label.setCurrentIndex(0 if self.label.currentData() == name else self.label.findData(name))
        self.filtered.emit()

    @staticmethod
    def _fill(box: QComboBox, everything: str, items: list[tuple[str, str]]) -> None:
        """The choices there are now; what was chosen stays so where it can."""
        wanted = [everything, *(words for words, _ in items)]
        if [box.itemText(index) for index in range(box.count())] == wanted:
            return
        with QSignalBlocker(box):
            before = box.currentData()
            box.clear()
            box.addItem(everything, None)
            for words, data in items:
                box.addItem(plain_text.readable(words), data)
            box.setCurrentIndex(max(0 if before is None else box.findData(before), 0))

    def _fill_classes(self) -> None:
        menu, listing = self.classes_button.menu(), self.wall.listing
        menu.clear()
        fill_classes(menu, classes(listing.choice.names, listing.counts), self)

    def _make(self) -> None:
        self.wall_scroll = DrawingScroll()
        self.wall = self.wall_scroll.wall
        self.strip = CountsStrip("Drawings by class", "Click to see these alone, and once more to see all")
        self._room = CountsScroll(self.strip)
        self.order = combo("Sorting", "In which order the drawings stand", letters=10)
        for order in Sorting:
            self.order.addItem(order.value, order.value)
        self.label, self.writer = combo("Class", "Of which class", letters=8), combo("Writer", "Of whom", letters=9)
        self.classes_button = button("It's a …", "Say what the chosen ones are (or press the key of its name)")
        self.classes_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.classes_button.setMenu(QMenu(self.classes_button))
        self.delete = button("Delete", "Keep the chosen ones no longer (Delete)")
        self.put = button("On the canvas", "Put the chosen one on the canvas (Enter, or a double click)")
        self.undo = button("Undo", "Take the last change back (Ctrl+Z, in this view)")
        self.undo.setEnabled(False)
        self.status, self.asking = LiveText(theme.small(self)), LiveText(theme.tabular(theme.small(self)))
        self._chosen = LiveText(theme.tabular(theme.small(self)))
        self.draw, self.pupils = QPushButton("Draw and say what it is"), QPushButton("For a class of pupils")
        self.learn = QPushButton("Learn from it")
        self.learn.setToolTip(plain_text.tip(_LEARN))
        self._needs = LiveText(theme.small(self), lines=2)
        self.figures = Label()
        self.figures.setWordWrap(True)
        self.figures.hide()

    def _lay_out(self) -> None:
        empty = QWidget()
        self._empty = caption(_EMPTY)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        beneath = QVBoxLayout(empty)
        beneath.setContentsMargins(0, 2 * theme.GRID, 0, 0)
        beneath.setSpacing(2 * theme.GRID)
        beneath.addWidget(self._empty)
        beneath.addLayout(row(self.draw, self.pupils, None))
        beneath.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.wall_scroll)
        self._stack.addWidget(empty)
        head = row(self.order, self.label, self.writer, self._chosen)
        head.setStretch(3, 1)
        deeds = row(self.classes_button, self.delete, self.put, self.undo, self.status)
        deeds.setStretch(4, 1)
        foot = row(self._needs, self.learn)
        foot.setStretch(0, 1)
        self._parts = [QWidget() for _ in range(3)]
        for part, inside in zip(self._parts, (head, deeds, foot), strict=True):
            inside.setContentsMargins(0, 0, 0, 0)
            part.setLayout(inside)
        stacked(self, self._parts[0], self._stack)
        layout = self.layout()
        assert layout is not None
        for widget in (self._parts[1], self.asking, self._room, self._parts[2], self.figures):
            layout.addWidget(widget)


def needs_in_words(names: tuple[str, ...], counts: dict[str, int]) -> str:
    """Which classes need more drawings, in a sentence."""
    total = many(sum(counts.values()), "drawing")
    lacking = missing(names, counts)
    if not lacking:
        return f"{total}: at least {ENOUGH} of each class."
    if len(lacking) > _NAMED:
        which = f"{len(lacking)} of {len(names)} classes have"
    else:
        *first, last = lacking
        which = f"{', '.join(first)} and {last} have" if first else f"{last} has"
    return f"{total}. {which} fewer than {ENOUGH}: a few more of each, and there is something to learn from."


def fill_classes(menu: QMenu, names: tuple[str, ...], view: KeptView) -> None:
    """A menu of classes, and one that is asked for."""
    for name in names:
        menu.addAction(plain_text.unmarked(name)).triggered.connect(lambda *_, name=name: view.named.emit(name))
    menu.addSeparator()
    menu.addAction("Another class …").triggered.connect(lambda *_: view.other_named.emit())
