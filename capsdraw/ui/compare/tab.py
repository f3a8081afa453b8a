"""The "Compare" view: one drawing, several models, and a dial that turns it until they break."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from capsdraw.datasets.moves import GEOMETRIC, KINDS
from capsdraw.ink.normalize import Digit
from capsdraw.lab.dial import Curve, Sweep, positions
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import DEFAULT_MODEL, Card
from capsdraw.nets.reading import Reading
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.compare import words
from capsdraw.ui.compare.column import Column
from capsdraw.ui.compare.comparer import CompareQuestion, Comparer, class_of
from capsdraw.ui.compare.dial_slider import DialSlider
from capsdraw.ui.compare.model_menu import MOST, CurveNumbers, ModelMenu, compared
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.digit_view import SquareDigit
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.picture_file import save_picture
from capsdraw.ui.plain_text import Label
from capsdraw.ui.save_dialog import ask_where

if TYPE_CHECKING:
    from capsdraw.ui.compare.plots import DialPlot

# Compared at first.
_FIRST: Final = (DEFAULT_MODEL, "keras-cnn")
_ABOUT: Final = "Each model reads the same drawing. Turn the dial: the curves show where each one breaks."


class CompareTab(Guarded, QWidget):
    """Several models side by side.

    Attributes:
        comparer: asks them, on a thread of its own.
        columns: one for each model; models: the menu that chooses them.
        dials: buttons for what is turned; slider: how far; reset: back to the drawing.
        wanted: the class whose score is followed.
        view: the turned digit; plot: the curves, None before they were first shown.
        sweep, curves: what the plot shows; status: the same in words; headline: what the models read.

    Signals:
        failed(str): something could not be done; saved(str): a picture was saved.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, cache: SessionCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparer = Comparer(cache, self)
        self.columns: list[Column] = []
        self.plot: DialPlot | None = None
        self.sweep: Sweep | None = None
        self.curves: dict[str, Curve | None] = {}
        self._cards: list[Card] = []
        self._chosen: list[str] = []
        self._ticked = False  # whether the user has ever chosen
        self._reads: Card | None = None  # on all tabs: always among them, if it reads digits
        self._digit: Digit | None = None
        self._kind, self._followed = KINDS[0], ""
        # What the data says that the drawing is, and the class that the user chose to follow.
        self._true: str | None = None
        self._own: str | None = None
        self._refused: dict[str, str] = {}  # why models cannot be asked, by name: the thread says it once
        # Answers to older questions are about something else.
        self._fresh_reads = self._fresh_curves = 0
        self._make()
        self._lay_out()
        self._connect()
        self.turn(0)
        self.see(None)

    def offer_models(self, models: Sequence[Card]) -> None:
        """These can be compared."""
        before, self._cards = self._cards, list(models)
        names = [card.name for card in self._cards]
        # What was said of a model that was replaced, is said of it no more.
        same = {card.name for card in self._cards if card in before}
        self._refused = {name: why for name, why in self._refused.items() if name in same}
        self._chosen = [name for name in self._chosen if name in names] or [name for name in _FIRST if name in names]
        self.models.offer(self._cards, self._chosen)
        self._build_columns()
        self._ask_all()

    def choose(self, name: str, on: bool) -> None:
        """Compare the model of that name too, or no more."""
        if not self._ticked:
            self._ticked, self._chosen = True, [column.card.name for column in self.columns]
        if on and name not in self._chosen:
            self._chosen.append(name)
            if self._refused.pop(name, None):
                self.comparer.try_again(name)
        elif not on and name in self._chosen:
            self._chosen.remove(name)
        self._build_columns()
        if self._digit is not None:
            self.headline.setText("Reading …")
            self._say_read()
        self._ask_all()

    @property
    def chosen(self) -> list[str]:
        """Names of the models that the user chose to compare."""
        return list(self._chosen)

    def choose_all(self, names: Sequence[str]) -> None:
        """Compare these, and no others."""
        known = [card.name for card in self._cards if card.name in names][:MOST]
        if known:
            self._chosen = known
            self.offer_models(self._cards)

    def include(self, card: Card) -> None:
        """The model that reads on all tabs from now on: if it reads digits, it is among those that are compared."""
        if card != self._reads:
            self._reads = card
            self.offer_models(self._cards)

    def see(self, digit: Digit | None) -> None:
        """The drawing that is compared from now on; None where nothing is drawn."""
        begun, self._digit = self._digit is None, digit
        if digit is not None:
            if begun:
                self.headline.setText("Reading …")
                self._say_read()
            self._ask_all()
            return
        self._forget()
        self.view.show_digit(None)
        headline, empty = words.invite(self._reads)
        self.headline.setText(headline)
        self.view.set_empty(empty)
        for column in self.columns:
            column.show_reading(None)

    def know(self, true: str | None) -> None:
        """Another drawing comes, and its class is followed; where nobody knows it (None), what the user chose is."""
        if true is None and self._true is None:
            return
        self._true = true
        self._follow(self._own if true is None else true)
        self._forget()

    def turn(self, dial: int) -> None:
        """Turn by that one of `moves.KINDS` from now on."""
        self.dials[dial].setChecked(True)
        self._kind = KINDS[dial]
        amounts, start = positions(self._kind)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(amounts) - 1)
            self.slider.setValue(start)
        if self.plot is not None:
            self.plot.range(self._kind)
        self._say_amount()
        self._forget()
        self._ask_all()

    def save(self, path: Path) -> None:
        """Write the view as it is seen, as PNG."""
        save_picture(self._picture, path, self.failed.emit, self.saved.emit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None:
            from capsdraw.ui.compare.plots import DialPlot

            self.plot = DialPlot()
            self.plot.moved.connect(self._dragged)
            self.plot.laid.connect(self._aligned.align)
            self.plot.range(self._kind)
            self._room.addWidget(self.plot)
        # Nothing was asked while nobody looked.
        self._ask_all()

    @property
    def amount(self) -> float:
        """Where the dial stands, in its kind's unit."""
        return float(positions(self._kind)[0][self.slider.value()])

    def _question(self) -> CompareQuestion | None:
        cards = tuple(column.card for column in self.columns)
        if self._digit is None or not cards:
            return None
        return CompareQuestion(cards, self._digit, self._kind, self.slider.value(), self.wanted.currentData())

    def _ask_all(self) -> None:
        question = self._question()
        if question is not None and self.isVisible():
            self.comparer.ask(question)
            self.comparer.follow(question)

    def _turned(self) -> None:
        """The dial was moved: only the bars are about another digit."""
        self._say_amount()
        question = self._question()
        if question is not None and self.isVisible():
            self.comparer.ask(question)

    def _dragged(self, amount: float) -> None:
        self.slider.setValue(int(abs(positions(self._kind)[0] - amount).argmin()))
        self._say_amount()  # the line goes to the nearest position, if that is another

    def _say_amount(self) -> None:
        self.reset.setEnabled(self.slider.value() != positions(self._kind)[1])
        self._amount.setText(words.amount(self._kind, self.amount))
        if self.plot is not None:
            self.plot.turn(self.amount)

    def _forget(self) -> None:
        """Whatever curves are still told are about something else."""
        self.sweep, self.curves, self._followed = None, {}, ""
        self._fresh_reads = self._fresh_curves = self.comparer.newest + 1
        self.status.setText(" ")
        if self.plot is not None:
            self.plot.clear()

    def _build_columns(self) -> None:
        """A column for each chosen model, in the order in which they are listed."""
        for column in self.columns:
            self._beside.removeWidget(column)
            column.hide()
            column.deleteLater()
        current = "" if self._reads is None else self._reads.name
        chosen = compared(self._cards, self._chosen, current, self._ticked)[:MOST]
        self._numbers = self._curves.of([card.name for card in chosen])
        self.columns = [Column(card, self._numbers[card.name], len(chosen) > 3) for card in chosen]
        for column in self.columns:
            self._beside.addWidget(column, 1)
            if column.card.name in self._refused:
                column.refuse(self._refused[column.card.name])
        self.models.show_chosen([card.name for card in chosen], current)
        self._fill_wanted()
        self._forget()
        self._say_read()

    def _fill_wanted(self) -> None:
        """Every class that one of the models knows."""
        before = self.wanted.currentData()
        with QSignalBlocker(self.wanted):
            self.wanted.clear()
            self.wanted.addItem("the majority's answer", None)
            for name in dict.fromkeys(name for column in self.columns for name in column.card.names):
                self.wanted.addItem(name, name)
        self._follow(before)

    def _follow(self, name: str | None) -> None:
        """Choose the class whose score is followed; what most read, where no model knows that one."""
        with QSignalBlocker(self.wanted):
            self.wanted.setCurrentIndex(max(0, self.wanted.findData(name)))

    def _show_turned(self, question: int, along: Sweep, position: int) -> None:
        if question < self._fresh_reads or self._digit is None:
            return
        self.view.show_digit(along.digits[position])

    def _show_reading(self, question: int, model: str, reading: Reading) -> None:
        column = self._column(model)
        if question < self._fresh_reads or self._digit is None or column is None:
            return
        column.show_reading(reading, question)
        self._say_read()

    def _say_read(self) -> None:
        """What the models read, as soon as each that can be asked has answered."""
        read = [(column.card.title, column.name) for column in self.columns if column.name is not None]
        known = [column.card.names for column in self.columns if column.name is not None]
        if self._digit is None or any(column.name is None and not column.refused for column in self.columns):
            return
        if not self.columns:
            self.headline.setText("Choose a model to read your drawing")
        else:
            self.headline.setText(words.agreement(read, known) if read else "None of these models can be loaded")

    def _show_followed(self, question: int, name: str) -> None:
        if question >= self._fresh_curves and self._digit is not None:
            self._followed = name

    def _show_curve(self, question: int, model: str, along: Sweep, curve: Curve | None) -> None:
        if question < self._fresh_curves or self._digit is None or self._column(model) is None:
            return
        self.sweep = along
        self.curves[model] = curve
        drawn = [(self._numbers[name], known) for name, known in self.curves.items() if known is not None]
        if self.plot is not None:
            self.plot.draw(along, drawn, self._followed)
            self.plot.turn(self.amount)
        self.status.setText(self._sentences(along))

    def _sentences(self, along: Sweep) -> str:
        sentences = []
        if self._true is not None:
            other = "" if self._true == self._followed else f"; the curves follow {self._followed}"
            sentences.append(f"The true class is {self._true}{other}")
        for column in self.columns:
            card, curve = column.card, self.curves.get(column.card.name)
            if curve is not None:
                sentences.append(words.holds(card.title, curve, along, card.names))
            elif class_of(card, self._followed) is None:
                sentences.append(f"{card.title} has no class {self._followed}")
        return ". ".join(sentences)

    def _show_refused(self, model: str, text: str) -> None:
        self._refused[model] = text
        column = self._column(model)
        if column is not None:
            column.refuse(text)
            self._say_read()
        self.failed.emit(text)

    def _show_loading(self, title: str) -> None:
        if self._digit is not None:
            self.headline.setText(f"Loading {title} …")

    def _column(self, model: str) -> Column | None:
        return next((column for column in self.columns if column.card.name == model), None)

    def _ask_save(self) -> None:
        path = ask_where(self, "Save the comparison", "compare", ("Picture (*.png)",))
        if path is not None:
            self.save(path)

    def _make(self) -> None:
        self.headline = Label()
        self.headline.setFont(theme.large(self))
        self.headline.setWordWrap(True)
        self.models, self._curves = ModelMenu(), CurveNumbers()
        self.dials = one_of(*(button(*words.DIALS[kind.name]) for kind in KINDS))
        self._aligned = DialSlider()
        self.slider = self._aligned.slider
        self.reset = button("Reset", "Back to the drawing as it is")
        self.wanted = QComboBox()
        self.wanted.setAccessibleName("Class that the curves follow")
        self.wanted.setToolTip("The curves show the models' scores for this class: choose what you drew")
        self.export = button("Save picture …", "Save this view as a PNG file")
        self.view = SquareDigit("The turned digit", 4)
        self._amount = LiveText(theme.tabular(self.font()), quiet=False)
        self.status = Label(" ")
        self.status.setWordWrap(True)

    def _lay_out(self) -> None:
        self._beside, self._room = QHBoxLayout(), QVBoxLayout()
        self._beside.setSpacing(2 * theme.GRID)
        self._picture = QWidget()
        inner = QVBoxLayout(self._picture)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.GRID)
        head = row(self.headline, self.models, self.export)
        head.setStretch(0, 1)
        inner.addLayout(head)
        inner.addWidget(caption(_ABOUT))
        inner.addLayout(self._beside, 4)
        turning = len(GEOMETRIC) + 1  # thickness stands with the moves; the others have a line of their own
        inner.addLayout(row(*self.dials[:turning], None, Label("Score of"), self.wanted))
        inner.addLayout(row(*self.dials[turning:], None))
        turned, dial, beneath = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for widget in (self.view, self._amount, self.reset):
            turned.addWidget(widget)
        turned.addStretch(1)
        dial.setSpacing(theme.GRID // 2)
        dial.addWidget(self._aligned)
        dial.addLayout(self._room, 1)
        beneath.setSpacing(2 * theme.GRID)
        beneath.addLayout(turned, 1)
        beneath.addLayout(dial, 6)
        inner.addLayout(beneath, 5)
        inner.addWidget(self.status)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._picture)

    def _connect(self) -> None:
        self.models.chosen.connect(self.choose)
        for dial, dial_button in enumerate(self.dials):
            dial_button.clicked.connect(lambda _, dial=dial: self.turn(dial))
        self.slider.valueChanged.connect(self._turned)
        self.reset.clicked.connect(lambda: self.slider.setValue(positions(self._kind)[1]))
        self.wanted.currentIndexChanged.connect(self._want)
        self.export.clicked.connect(self._ask_save)
        self.comparer.turned.connect(self._show_turned)
        self.comparer.read.connect(self._show_reading)
        self.comparer.followed.connect(self._show_followed)
        self.comparer.swept.connect(self._show_curve)
        self.comparer.loading.connect(self._show_loading)
        self.comparer.refused.connect(self._show_refused)
        self.comparer.failed.connect(self.failed)

    def _want(self) -> None:
        self._own = self.wanted.currentData()
        self._forget()
        self._ask_all()
