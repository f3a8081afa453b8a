"""What the user says a drawing is: that goes into the collection, and what is there already is told."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from capsdraw.formatting import with_article
from capsdraw.ink.sketch import Sketch
from capsdraw.ui.answers import Answer
from capsdraw.ui.keeping import Keeping, item_of, keep, others_of, said_of, take_back
from capsdraw.ui.tab_bar import COLLECTION

if TYPE_CHECKING:
    from capsdraw.ui.main_window import MainWindow

# Milliseconds that a drawing has rested before it is looked for among those that are kept.
_REST: Final = 300


class Naming(QObject):
    """Stands between the row, the canvas and the collection."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._row, self._canvas = window.panel.its_a, window.panel.canvas
        self._drawings, self._models, self._answers = window.drawings, window.models, window.answers
        self._sketch = self._canvas.sketch
        # What was said here of the drawing in sight, and can be taken back.
        self._said: Keeping | None = None
        self._closed = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._look)
        self._canvas.changed.connect(self._follow)
        self._row.said.connect(self._keep)
        self._row.undone.connect(self._take_back)
        self._answers.answered.connect(self._see)
        self._answers.emptied.connect(lambda: self._row.see(""))
        self._drawings.changed.connect(self._wait)
        self._drawings.failed.connect(window.message.say)
        window.tabs.made.connect(lambda index: self._hear(window, index))

    def stop(self) -> None:
        """The window closes: nothing is looked for any more."""
        self._closed = True
        self._rest.stop()

    def _wait(self) -> None:
        if not self._closed:
            self._rest.start()

    def _hear(self, window: "MainWindow", index: int) -> None:
        """While the tab says what is to be drawn, the row says nothing."""
        if index == COLLECTION:
            window.tabs.collection.prompting.connect(self._row.pause)

    def _follow(self, sketch: Sketch) -> None:
        """Another drawing."""
        self._sketch, self._said = sketch, None
        if sketch:
            self._row.show_drawing()
            self._wait()
        else:
            self._row.show_empty()

    def _see(self, answer: Answer) -> None:
        card = self._models.readers.get(answer.reading.model)
        self._row.see("" if card is None else card.label(answer.reading.label))

    def _look(self) -> None:
        """Whether the drawing in sight is kept."""
        sketch = self._sketch
        if sketch and not self._canvas.drawing:
            self._drawings.ask(lambda kept: kept.find(sketch), partial(self._show_found, sketch), "in sight")

    def _show_found(self, sketch: Sketch, kept: tuple[int, str] | None) -> None:
        if sketch is not self._sketch:
            return
        if kept is None:
            self._said = None
            self._row.show_drawing()
        else:
            if self._said is not None and (self._said.id, self._said.label) != kept:
                self._said = None
            self._row.show_kept(kept[1], undo=self._said is not None)

    def _keep(self, label: str) -> None:
        sketch = self._sketch
        if not sketch or self._canvas.drawing:
            return
        item = item_of(sketch, label, said_of(self._answers, self._models.readers))
        self._drawings.change(lambda kept: keep(kept, item), partial(self._kept, sketch))

    def _kept(self, sketch: Sketch, kept: Keeping) -> None:
        if sketch is self._sketch:
            if kept.before != kept.label:  # else it was said once more, and what can be taken back is what it was
                self._said = kept
            self._row.show_kept(kept.label, undo=self._said is not None)
        others = others_of(self._answers, self._models.readers)
        self._drawings.rereading.ask_others(others, kept.id)

    def _take_back(self) -> None:
        said, sketch = self._said, self._sketch
        if said is not None:
            self._said = None
            self._drawings.change(
                lambda kept: take_back(kept, said), lambda _: self._show_back(sketch, said),
                lambda: self._put_back(sketch, said),
            )  # fmt: skip

    def _put_back(self, sketch: Sketch, said: Keeping) -> None:
        """It could not be taken back: it may be later."""
        if sketch is self._sketch and self._said is None:
            self._said = said

    def _show_back(self, sketch: Sketch, said: Keeping) -> None:
        if sketch is not self._sketch:
            return
        if said.before is None:
            self._row.show_drawing()
        else:
            self._row.show_kept(said.before, undo=False, words=f"Kept as {with_article(said.before)} again")
