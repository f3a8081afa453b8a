"""A model that learns from the user's drawings: what came of it is told, and what got worse is kept only if asked."""

import re
from collections.abc import Collection
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from capsdraw.fit.events import FAILED
from capsdraw.fit.series import Series
from capsdraw.nets.cards import Card
from capsdraw.ui.data_field import title as title_of_data
from capsdraw.ui.train.fitter import Fitter

if TYPE_CHECKING:
    from capsdraw.fit.lesson import Change, Lesson

_HAND: Final = ", your hand"
_AGAIN: Final = re.compile(rf"{_HAND}( \d+)?$")
_UNDER_WAY: Final = "A net is being trained already: stop it in Train, or wait until it has ended"


class HandFit(QObject):
    """Stands between the fitter, which trains and measures, and whoever wanted a model to learn.

    Args:
        fitter: of the Train tab; parent: of a question.

    Signals:
        told(str): how far it is, or what came of it, in words; "" for nothing any more.
        set_out(object): it begins; the `Series` of its curves.
        using(object, str, str): the run's folder, the title of its model, which is to be kept and to read.
        failed(str): why it cannot be; one line.
    """

    told = Signal(str)
    set_out = Signal(object)
    using = Signal(object, str, str)
    failed = Signal(str)

    def __init__(self, fitter: Fitter, parent: QWidget) -> None:
        super().__init__(parent)
        self._fitter, self._window = fitter, parent
        # Of the model that learns now; why its fit failed, if it did.
        self._title, self._failure = "", ""
        fitter.measuring.connect(self._measure)
        fitter.learnt.connect(self._take)
        fitter.ended.connect(self._end)

    def begin(self, card: Card, taken: Collection[str] = ()) -> None:
        """Have that model learn from what is kept; a model of its own comes of it, of a title that is not `taken`."""
        if self._fitter.busy:
            self.failed.emit(_UNDER_WAY)
            return
        title = f"{_AGAIN.sub('', card.title)}{_HAND}"
        # Two of one title could not be told apart in any list.
        self._title = next(
            each for each in chain([title], (f"{title} {number}" for number in count(2))) if each not in taken
        )
        self._fitter.learn(card, self._title)
        self.set_out.emit(Series(self._title))
        self.told.emit(f"{card.title} learns from your drawings. Go on drawing: Train shows how far it is.")

    def _measure(self, done: int, total: int) -> None:
        self.told.emit(f"Measuring before and after: {done:,} of {total:,}")

    def _take(self, card: Card, folder: Path, lesson: "Lesson | None") -> None:
        if lesson is None:
            why = self._failure or "Stopped before it was measured"
            self.told.emit(f"{why}: not kept, the run is in Train.")
            return
        worse = lesson.worse
        words = in_words(lesson)
        if worse and not self._keeps(card, worse):
            self.told.emit(f"{words} Not kept; the run is in Train.")
            return
        self.told.emit(f"{words} Kept as '{self._title}'.")
        self.using.emit(folder, self._title, "draw")

    def _end(self, folder: Path | None, how: str, why: str) -> None:
        self._failure = f"It failed ({why})" if how == FAILED else ""
        if self._title and folder is None:
            self.told.emit("")  # it did not come to a run: why not is said elsewhere

    def _keeps(self, card: Card, worse: str) -> bool:
        choice = QMessageBox.question(
            self._window, "It reads something worse than before",
            f"What came of it reads {worse} worse than {card.title} did. Keep it all the same, as a model of its own?",
        )  # fmt: skip
        return choice == QMessageBox.StandardButton.Yes


def in_words(lesson: "Lesson") -> str:
    """Before and after, in two sentences."""
    parts = [
        _both("Your drawings that it never saw", lesson.collection), _both(title_of_data(lesson.source), lesson.others)
    ]  # fmt: skip
    return " ".join(filter(None, parts)) or "No drawing was held out to measure with: keep some more."


def _both(what: str, change: "Change") -> str:
    if change.before is None or change.after is None:
        return ""
    digits = 1 if change.images < 1000 else 2
    return f"{what}: {change.before:.{digits}f} → {change.after:.{digits}f}% of {change.images:,} wrong."
