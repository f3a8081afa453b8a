"""The "Collection" view: the user's own drawings, and a way for a class of pupils to write them."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QInputDialog, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from capsdraw.collection.item import Item, Said, checked_label
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import with_article
from capsdraw.ink.sketch_file import in_canvas_units
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.answers import Answers
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.collection.edits import Edits
from capsdraw.ui.collection.kept_view import KeptView, fill_classes
from capsdraw.ui.collection.listing import Choice, Listing, arranged, classes, listed
from capsdraw.ui.collection.pupils import PupilsView
from capsdraw.ui.collection.traffic import Traffic
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.drawings import KeptDrawings
from capsdraw.ui.guard import Guarded
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.model_list import Models

_FACES: Final = (
    ("Drawings", "What was kept, and what the model says of it now"),
    ("Pupils", "One after the other writes what is asked for"),
)
_ABOUT: Final = (
    "Your own drawings, and what the chosen model reads in them now: green is right, red is wrong.",
    "For a class of pupils, or for ten of each in two minutes: it shows what to write, one after the other.",
)
# Milliseconds in which changes come together before the drawings are listed anew.
_SOON: Final = 30


class CollectionTab(Guarded, QWidget):
    """What is kept, and what can be done with it.

    Attributes:
        kept, pupils: the two faces; faces: the buttons that choose among them.
        edits: changes and their undo; traffic: import and export.

    Signals:
        failed(str): something could not be done; one line. said(str): something was done, in words.
        prompting(bool): from now on this tab says what is drawn, or no longer.
        learn_wanted(): the chosen model is to learn from what is kept.
    """

    failed = Signal(str)
    said = Signal(str)
    prompting = Signal(bool)
    learn_wanted = Signal()

    def __init__(
        self,
        drawings: KeptDrawings,
        jobs: Jobs,
        models: Models,
        canvas: Canvas,
        answers: Answers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawings, self._canvas = drawings, canvas
        self._card: Card | None = None
        self._stale = True
        # How many drawings the model had read when they were last put in order.
        self._ordered_at = 0
        self.kept, self.pupils = KeptView(), PupilsView(drawings, canvas, answers, models)
        self.edits, self.traffic = Edits(drawings, self), Traffic(drawings, jobs, self)
        self.setAcceptDrops(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._list)
        self._lay_out()
        self._connect()
        self.turn(0)

    @property
    def listing(self) -> Listing:
        """What is shown."""
        return self.kept.wall.listing

    def describe(self, card: Card) -> None:
        """The model whose answers count from now on, and whose classes."""
        self._card = card
        self.kept.describe(card)
        self.pupils.describe(card)
        self.traffic.describe(card.names)
        self._drawings.rereading.stop()
        self._outdate()

    def turn(self, face: int) -> None:
        """Show the drawings (0) or what is to be written (1)."""
        self.faces[face].setChecked(True)
        self._about.setText(_ABOUT[face])
        self._stack.setCurrentIndex(face)
        if face == 0 and self._stale:
            self._outdate()

    def show_figures(self, words: str) -> None:
        """What came of learning, before and after; "" for nothing."""
        self.kept.figures.setText(words)
        self.kept.figures.setVisible(bool(words))

    def stop(self) -> None:
        """The window closes: nothing is imported any more."""
        self.traffic.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._drawings.watch(True)
        self._outdate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drawings.watch(False)
        self._drawings.rereading.stop()
        self.kept.asking.setText("")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        # Not within the drop: a dialog would keep the other program waiting.
        QTimer.singleShot(0, self, lambda: self.traffic.bring(paths))

    def _outdate(self) -> None:
        """Something else is kept, or to be shown: listed anew as soon as it is seen."""
        self._stale = True
        if self.isVisible() and self._stack.currentWidget() is self.kept and not self._soon.isActive():
            self._soon.start()

    def _list(self) -> None:
        self._stale = False
        choice = self._choice()
        self._drawings.ask(lambda kept: listed(kept, choice), self._show, "list")

    def _arrange(self) -> None:
        """The same drawings, chosen or ordered otherwise."""
        listing, choice = self.listing, self._choice()
        if self._stale or listing.choice.sha256 != choice.sha256:
            self._outdate()
        else:
            self._drawings.ask(lambda _: arranged(listing, choice), self._show, "list")

    def _choice(self) -> Choice:
        order, label, writer = self.kept.chosen
        card = self._card
        return Choice("" if card is None else card.sha256, () if card is None else card.names, order, label, writer)

    def _show(self, listing: Listing | None) -> None:
        listing = listing or Listing(self._choice())
        if listing.choice != self._choice():
            return  # chosen otherwise meanwhile: that is on its way
        self.kept.show_listing(listing)
        self._ordered_at = listing.tally.read
        if self._choice() != listing.choice:
            self._arrange()  # the class or the writer that was chosen is there no longer
        self._ask()

    def _ask(self) -> None:
        """Have the model read what it has not read yet."""
        if self._card is None or not self.isVisible():
            return
        unread = self.listing.unread()
        if not self._drawings.rereading.ask(self._card, unread):
            self._say_read()

    def _note(self, sha256: str, said: dict[int, Said], done: int, total: int) -> None:
        """The model has read some."""
        listing = self.listing
        if self._card is None or sha256 != listing.choice.sha256:
            return
        listing.hear(said)
        self.kept.wall.show_said()
        if done < total:
            self.kept.asking.setText(f"{self._card.title} reads them: {done:,} of {total:,}")
        read = listing.tally.read
        # Put in order once all are read, and on the way whenever twice as many are, while nobody looks further down.
        calm = self.kept.wall_scroll.verticalScrollBar().value() == 0 and not self.kept.wall.picked.ids
        if done >= total:
            self._say_read()
        if calm and read > self._ordered_at and (done >= total or read >= 2 * max(self._ordered_at, 32)):
            self._ordered_at = read
            self._arrange()

    def _say_read(self) -> None:
        wrong, read = self.listing.tally.misread, self.listing.tally.read
        title = "" if self._card is None else self._card.title
        if not read:
            words = ""
        elif wrong:
            words = f"{title} reads {wrong:,} of {read:,} as something else than they are: {wrong / read:.0%}"
        else:
            words = f"{title} reads all {read:,} as what they are" if read > 1 else f"{title} reads it as what it is"
        self.kept.asking.setText(words)

    def _fetch(self, ids: list[int]) -> None:
        self._drawings.ask(lambda kept: kept.thumbnails(ids), self._show_pictures, "pictures")

    def _show_pictures(self, pictures: object) -> None:
        if isinstance(pictures, dict):
            self.kept.wall.show_pictures(pictures)

    def _put(self, drawing: int) -> None:
        self._drawings.ask(lambda kept: next(kept.items([drawing]), None), self._show_on_canvas, "canvas")

    def _show_on_canvas(self, item: Item | None) -> None:
        if item is None:
            self.failed.emit("this drawing is kept no longer")
            return
        self._canvas.show_sketch(in_canvas_units(item.sketch))
        self.said.emit(f"{with_article(item.label)} of your collection".capitalize())

    def _name(self, label: str) -> None:
        self.edits.relabel(self.kept.wall.chosen_ids, label)

    def _type(self, letter: str) -> None:
        """A key with the focus on the drawings: the class that is called so."""
        names = classes(self.listing.choice.names, self.listing.counts)
        wanted = next((name for name in names if name == letter), None)
        wanted = wanted or next((name for name in names if name.casefold() == letter.casefold()), None)
        if wanted is not None:
            self._name(wanted)

    def _name_otherwise(self) -> None:
        label, go = QInputDialog.getText(self, "Another class", "What are the chosen ones?")
        if go:
            try:
                self._name(checked_label(label))
            except CapsDrawError as error:
                self.failed.emit(str(error))

    def _open_menu(self, place: QPoint) -> None:
        if not self.kept.wall.picked.ids:
            return
        menu = QMenu(self)
        named = menu.addMenu("It's a")
        fill_classes(named, classes(self.listing.choice.names, self.listing.counts), self.kept)
        menu.addAction("On the canvas").triggered.connect(self.kept.put.click)
        menu.addAction("Delete").triggered.connect(self.kept.delete.click)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _say_done(self, words: str) -> None:
        self.kept.status.setText(words)
        self.said.emit(words)

    def _draw(self) -> None:
        self._canvas.setFocus()
        self.said.emit("Draw, then press the button of what it is, beneath the answer")

    def _lay_out(self) -> None:
        self.faces = one_of(*(button(name, tip) for name, tip in _FACES))
        self._about = caption()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.kept)
        self._stack.addWidget(self.pupils)
        self.bring, self.export = button("Import", "Pictures, strokes files, whole folders"), button("Export", "Files")
        for menu_button, menu in ((self.bring, self.traffic.imports), (self.export, self.traffic.exports)):
            menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            menu_button.setMenu(menu)
        self.stop_import = button("Stop importing", "What was imported by then stays")
        self.stop_import.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(row(*self.faces, None, self.stop_import, self.bring, self.export))
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        kept, wall, traffic = self.kept, self.kept.wall, self.traffic
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        kept.filtered.connect(self._arrange)
        kept.named.connect(self._name)
        kept.other_named.connect(self._name_otherwise)
        kept.delete.clicked.connect(lambda: self.edits.remove(wall.chosen_ids))
        kept.put.clicked.connect(lambda: self._put(wall.chosen_ids[0]))
        kept.undo.clicked.connect(self.edits.undo)
        kept.draw.clicked.connect(self._draw)
        kept.pupils.clicked.connect(lambda: self.turn(1))
        kept.learn.clicked.connect(self.learn_wanted)
        wall.wanted.connect(self._fetch)
        wall.opened.connect(self._put)
        wall.named.connect(self._type)
        wall.removed.connect(lambda: self.edits.remove(wall.chosen_ids))
        wall.undone.connect(self.edits.undo)
        wall.asked.connect(self._open_menu)
        self.edits.done.connect(self._say_done)
        self.edits.changed.connect(lambda: kept.offer_undo(bool(self.edits.last)))
        traffic.brought.connect(self.edits.added)
        traffic.progressed.connect(self._show_import)
        traffic.said.connect(self._say_done)
        traffic.failed.connect(self.failed)
        self.stop_import.clicked.connect(traffic.stop)
        self.pupils.prompting.connect(self.prompting)
        self._drawings.changed.connect(self._outdate)
        self._drawings.rereading.noted.connect(self._note)

    def _show_import(self, words: str) -> None:
        self.stop_import.setVisible(bool(words))
        self.bring.setEnabled(not words)
        self.kept.status.setText(words)
