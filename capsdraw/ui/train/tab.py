"""The "Train" view: a plan, its fit, and what comes of it."""

import importlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMessageBox, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.datasets.sources import KNOWN
from capsdraw.fit.events import BatchEnded, EpochEnded, Event, Paused, Resumed, Snapshot, Started
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.runs import validation
from capsdraw.fit.series import Series
from capsdraw.ink.normalize import Digit
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.data_field import at_hand, title
from capsdraw.ui.guard import Guarded
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.train import train_words
from capsdraw.ui.train.afterwards import Afterwards
from capsdraw.ui.train.curves import Curves
from capsdraw.ui.train.fitter import Fitter, Open
from capsdraw.ui.train.forecast import Forecast
from capsdraw.ui.train.form import Form
from capsdraw.ui.train.learning import HandFit
from capsdraw.ui.train.runs_view import RunsView
from capsdraw.ui.train.several import Several
from capsdraw.ui.train.shelf import Shelf
from capsdraw.ui.train.status import FitStatus
from capsdraw.ui.train.theatre import Theatre

# Numbers of faces.
_RUNS, _SEVERAL = 3, 4
# Steps of the progress bar while data is read: how much there is may be more than it can count.
_FINE: Final = 1000


class TrainTab(Guarded, QWidget):
    """Plan, curves, theatre and runs of fits, and many fits at once.

    Attributes:
        form, curves, theatre, runs, several: the five faces; faces: the buttons that choose among them.
        start: begins the plan of the form's fields; pause, stop: what can be done with a fit.
        bar: how far it is; status: in words; afterwards: what can be done with its model when it has ended.
        progress: how far it is and Stop once more, for the window's status bar.
        fitter: the thread; shelf: the runs that are kept; learning: from the user's drawings.

    Signals:
        failed(str): something could not be done; one line.
        saved(str): something was done, in words.
        adopted(object): the card of a model that is at hand from now on, and is to read the drawing.
        to_evaluate(object), to_compare(object): the same, and is to be measured, or seen beside others.
    """

    failed = Signal(str)
    saved = Signal(str)
    adopted = Signal(object)
    to_evaluate = Signal(object)
    to_compare = Signal(object)

    def __init__(self, open_data: Open, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.fitter = Fitter(open_data, self)
        self.form, self.curves, self.theatre, self.runs = Form(), Curves(), Theatre(), RunsView()
        self.shelf = Shelf(self.runs, self.curves, self.fitter, jobs, self)
        self.progress, self.afterwards = FitStatus(self.fitter), Afterwards()
        self.learning = HandFit(self.fitter, self)
        self.several = Several(jobs, lambda: not (self.fitter.busy or self._forecast.asking))
        self._forecast = Forecast(self.form, self.fitter, self.several, self)
        self._ended_folder: Path | None = None  # of the run whose model the buttons are about
        self._purpose = "draw"  # what the model that is put among those at hand is for
        self._staged: Path | None = None  # the run that is seen in the theatre
        self._goes_on = False  # whether the fit under way is of a run that was begun before
        self._unchecked = False  # whether the fit whose curves are shown holds no images out
        self._getting = ""  # what is done before a fit begins
        self._asks = False  # whether the question is open that comes before closing
        self._make()
        self._lay_out()
        self._connect()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Wanted soon, and slow to import.
        self._jobs.run(lambda: importlib.import_module("pyqtgraph"), lambda _: None, lane="imports")
        self.shelf.list_runs()
        self._forecast.recheck(broken=True)

    def event(self, event: QEvent) -> bool:
        # The window is come back to: commands and other windows train, too. (Sent on to views in sight only.)
        if event.type() == QEvent.Type.WindowActivate:
            self.shelf.list_runs()
            self._forecast.recheck()
        return super().event(event)

    def see(self, digit: Digit | None) -> None:
        """What the user has drawn, for the theatre."""
        self.fitter.digit = digit

    def offer_models(self, models: list[Card]) -> None:
        """The models at hand, to start a fit from."""
        self.form.offer_models(models)

    def turn(self, face: int) -> None:
        """Show the plan (0), the curves (1), the theatre (2), the runs (3) or several fits (4)."""
        self.faces[face].setChecked(True)
        self._stack.setCurrentIndex(face)
        self._say_about()
        self._show_afterwards()
        self._refresh()
        if self._stack.currentWidget() is self.runs:
            self.shelf.list_runs()

    def may_close(self) -> bool:
        """Ask, where fits are under way, whether they shall be stopped; True where the window may close."""
        if not (self.fitter.busy or self.several.busy):
            return True
        if self._asks:
            return False  # who asks again while the question is there is not answered by that
        self._asks = True
        words = train_words.CLOSE_SEVERAL if self.several.busy else train_words.CLOSE
        try:
            choice = QMessageBox.question(self, *words)
        finally:
            self._asks = False
        return choice == QMessageBox.StandardButton.Yes

    def close_fitter(self) -> None:
        """Stop what is under way and wait for it."""
        self._forecast.stop()
        self.shelf.close()
        self.several.close_sweeper()
        self.fitter.close()

    def take_data(self, source: str) -> None:
        """Plan a fit on that file or folder."""
        self.turn(0)
        self.form.fields["data"].put(source)
        self.form.fields["data"].changed.emit()

    def _begin(self) -> None:
        recipe = self.form.recipe()
        if recipe is not None and not self._forecast.refuses(recipe):
            self._go(recipe, None, Series(recipe.title))

    def _go(self, recipe: Recipe, folder: Path | None, series: Series) -> None:
        self._set_out(folder, series, unchecked=recipe.held_out == 0)
        # A card's steps are for data of any size; who has changed its plan means those that stand there.
        asked = frozenset() if self.form.chosen is not None else frozenset({"epochs", "batch"})
        self.fitter.train(recipe, folder, "" if folder else self.form.note.text().strip(), asked)
        fetched = recipe.data in KNOWN and not at_hand(recipe.data)
        self._say_getting(f"Downloading {title(recipe.data)}" if fetched else "Loading the data")

    def _set_out(self, folder: Path | None, series: Series, unchecked: bool = False) -> None:
        self._goes_on, self._unchecked = folder is not None, unchecked
        # What was seen of a run in this session stays where that run goes on.
        if folder is None or folder != self._staged:
            self.theatre.clear(learnt=self._unchecked)
            self._staged = None
        self._ended_folder = None
        self._show_afterwards()
        self.progress.begin("training: loading the data")
        self.shelf.put_out(folder, series)

    def _say_getting(self, words: str) -> None:
        self._getting = words
        self.status.setText(f"{words} …")
        self.bar.setRange(0, 0)
        self._forecast.update()
        self.several.give_way()
        self.turn(1)
        self._refresh()

    def _learn(self, series: Series) -> None:
        """A model is to learn from the user's drawings."""
        self._set_out(None, series)
        self._say_getting("Loading the data")

    def _measure(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.status.setText(f"Measuring before and after: {done:,} of {total:,}")

    def _pause(self) -> None:
        if self.fitter.paused:
            self.fitter.resume()
        else:
            self.fitter.pause()
        self._refresh()

    def _stop(self) -> None:
        self.status.setText("Stopping after this batch …")
        self.progress.end("training: stopping after this batch")
        self.fitter.stop()
        self._refresh()

    def _loading(self, done: int, total: int) -> None:
        """The data is being read or fetched."""
        progress = f"{100 * done / total:.0f}%" if total else f"{done:,}"
        if not self.fitter.busy:
            if self.form.status.text().strip():
                self.form.status.setText(f"Loading the data: {progress}")
            return
        self.status.setText(f"{self._getting}: {progress}")
        self.bar.setRange(0, _FINE if total else 0)
        self.bar.setValue(round(_FINE * done / total) if total else 0)

    def _began(self, folder: Path) -> None:
        """The data is there."""
        self._staged = folder
        if not self._goes_on:
            self.form.note.clear()  # it was for this run
        self.status.setText("Building the net and making its first batches …")
        self.bar.setRange(0, 0)

    def _told(self, event: Event) -> None:
        self.curves.add(event)
        if isinstance(event, Snapshot):
            self.theatre.add(event)
        elif isinstance(event, BatchEnded):
            self.bar.setRange(0, event.batches * event.epochs)
            self.bar.setValue(event.batches * (event.epoch - 1) + event.batch)
            self.status.setText(train_words.progress(event))
        elif isinstance(event, EpochEnded | Started):
            self.shelf.list_one(self.fitter.folder)
        elif isinstance(event, Paused | Resumed):
            paused = isinstance(event, Paused)
            self.status.setText(
                f"Paused in epoch {event.epoch}, after batch {event.batch:,}" if paused else "Resuming …"
            )
            self.shelf.list_one(self.fitter.folder)

    def _ended(self, folder: Path | None, how: str, message: str) -> None:
        self.bar.setRange(0, 1)
        self.bar.setValue(1 if how == "finished" else 0)
        if how == "failed":
            self.status.setText("Failed")
            self.failed.emit(message)
        elif folder is not None and (folder / "model.keras").exists():
            words = f"{how.capitalize()}{self._accuracy()}"
            self.status.setText(words)
            self.saved.emit(f"Training: {words[0].lower()}{words[1:]}")
        else:
            self.status.setText(f"{how.capitalize()} before anything was learnt")
        self._ended_folder = folder if folder is not None and (folder / "model.keras").exists() else None
        self._show_afterwards()
        self.curves.draw()
        if folder is None:
            self.curves.show_series(None)  # it did not come to a curve
        self.shelf.list_runs()
        self._refresh()
        self.several.catch_up()
        self._forecast.update()

    def _accuracy(self) -> str:
        """Of the best epoch of the fit whose curves are shown, in words."""
        rows = [] if self.curves.series is None else self.curves.series.rows
        best = max((share for row in rows if (share := validation(row)) is not None), default=None)
        return "" if best is None else f" · {100 * best:.2f}% of held-out images right"

    def _refresh(self) -> None:
        busy = self.fitter.busy
        self.form.allow(not busy and not self.shelf.pending)
        self.afterwards.setEnabled(not self.fitter.adopting)
        self.pause.setEnabled(busy)
        self.pause.setText("Resume" if self.fitter.paused else "Pause")
        self.stop.setEnabled(busy)
        self.bar.setVisible(busy)
        # Many fits have buttons and words of their own.
        one = busy or self._stack.currentWidget() is not self.several
        for widget in (self.pause, self.stop, self.status):
            widget.setVisible(one)
        self.shelf.show_runs()

    def _say_about(self) -> None:
        face = self._stack.currentIndex()
        unchecked = self._unchecked and self.curves.series is not None
        words = self.several.about if face == _SEVERAL else train_words.ABOUT[face]
        self._about.setText(train_words.UNCHECKED if unchecked and face == 1 else words)

    def _asking(self) -> None:
        """A run is being read because the user wants to go on with it, or is read."""
        if self.shelf.pending or not self.fitter.busy:
            self.status.setText(self.shelf.pending)
        self._refresh()

    def _show_afterwards(self) -> None:
        """What can be done with the last fit's model; among runs and several fits each has its own buttons."""
        runs_seen = self._stack.currentWidget() in (self.runs, self.several)
        self.afterwards.setVisible(self._ended_folder is not None and not runs_seen)

    def _after(self, what: str) -> None:
        """What the user wants of the model of the fit that has ended."""
        if self._ended_folder is not None and not self.fitter.adopting:
            self.shelf.use(self._ended_folder, what)

    def _use(self, folder: Path, title: str, what: str) -> None:
        self._purpose = what
        self.fitter.adopt(folder, title)
        self.status.setText(f"Adding the model of '{title}' to your models …")
        self._refresh()

    def _adopted(self, card: Card | None) -> None:
        """A model is at hand, or could not be put there, which `_failed` says."""
        self._refresh()
        if card is not None:
            if not self.fitter.busy:
                self.status.setText(f"{card.title} is available")
            wanted = {"evaluate": self.to_evaluate, "compare": self.to_compare}.get(self._purpose, self.adopted)
            wanted.emit(card)

    def _open_run(self, folder: Path) -> None:
        """Among the runs."""
        self.runs.choose(folder)
        self.turn(_RUNS)

    def _failed(self, text: str) -> None:
        """A question before or after a fit could not be answered."""
        self.form.status.setText(" ")
        if not self.fitter.busy:
            self.status.setText("")
        self.failed.emit(text)

    def _make(self) -> None:
        self.faces = one_of(*(button(name, tip) for name, tip in train_words.FACES))
        self.faces[0].setChecked(True)
        self.start, self.pause, self.stop = self.form.start, QPushButton("Pause"), QPushButton("Stop")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.GRID // 2)
        self.status = LiveText(theme.tabular(self.font()), quiet=False)
        self._about = caption(train_words.ABOUT[0])
        self._stack = QStackedWidget()

    def _lay_out(self) -> None:
        for face in (self.form, self.curves, self.theatre, self.runs, self.several):
            self._stack.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(row(*self.faces, None, self.pause, self.stop))
        state = row(self.status, self.afterwards)
        state.setStretch(0, 1)
        self.status.setFixedHeight(self.afterwards.sizeHint().height())  # what comes beside it moves nothing
        layout.addLayout(state)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        self.form.started.connect(self._begin)
        self.afterwards.chosen.connect(self._after)
        self.progress.stopped.connect(self._stop)
        self.pause.clicked.connect(self._pause)
        self.stop.clicked.connect(self._stop)
        self.fitter.loading.connect(self._loading)
        self.fitter.began.connect(self._began)
        self.fitter.prepared.connect(self.theatre.prepare)
        self.fitter.reported.connect(self._told)
        self.fitter.ended.connect(self._ended)
        self.fitter.adopted.connect(self._adopted)
        self.fitter.failed.connect(self._failed)
        self.fitter.noted.connect(self.saved)
        self.fitter.measuring.connect(self._measure)
        self.learning.set_out.connect(self._learn)
        self.learning.using.connect(self._use)
        self.learning.failed.connect(self.failed)
        self.curves.failed.connect(self.failed)
        self.curves.saved.connect(self.saved)
        self.shelf.failed.connect(self.failed)
        self.shelf.done.connect(self.saved)
        self.shelf.asking.connect(self._asking)
        self.shelf.going_on.connect(self._go)
        self.shelf.using.connect(self._use)
        self.several.failed.connect(self.failed)
        self.several.said.connect(self.saved)
        self.several.turned.connect(self._say_about)
        self.several.opened.connect(self._open_run)
        self.several.progress.opened.connect(lambda: self.turn(_SEVERAL))
        self.several.moved.connect(self._forecast.update)
        self._forecast.answered.connect(self.several.catch_up)
        self.several.sweeper.ended.connect(lambda *_: self.shelf.list_runs())
