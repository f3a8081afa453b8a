"""The window: composes the parts, and passes what one says to the other.

Its first picture needs none of them (`ui.shell`), and this module imports none: they are in `ui.window_parts`.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from capsdraw.errors import short
from capsdraw.ui import faults, theme
from capsdraw.ui.shell import Shell
from capsdraw.ui.tab_bar import COMPARE, EVALUATE, INSIDE, TRAIN
from capsdraw.ui.with_rooms import WithRooms

if TYPE_CHECKING:
    from capsdraw.ink.normalize import Digit
    from capsdraw.ink.raster import Raster
    from capsdraw.nets.cards import Card
    from capsdraw.ui.answers import Answer

_LATER: Final = Qt.ConnectionType.QueuedConnection
# Milliseconds after the first picture until tabs that nobody asked for are made.
_SOON: Final = 400


class MainWindow(WithRooms, Shell):
    """CapsDraw's one window.

    Attributes:
        panel: where the user draws, and what the net sees of it; tabs: the views beside it, made when they are wanted;
            sides: both, and the edge between them.
        teaching: what explains it; commands: menus and toolbar; picker: the one choice of a model.
        models: those at hand.
        message: what went wrong; dropped: what can be done with what was dropped; left_out: files that cannot be read;
            waiting: for what the user waits.
        reader: the inference worker; answers: what it says of the drawing; files: open, paste, drop, save.
    """

    _faulted = Signal(object)

    def __init__(self) -> None:
        super().__init__("capsdraw.ui.window_parts")
        self.setWindowTitle("CapsDraw")
        self.setAcceptDrops(True)
        self._started = self._closed = self._unasked = self._to_welcome = False
        self._described: Card | None = None

    def _make(self) -> Generator[None, None, None]:
        from capsdraw.ui import window_parts as parts

        self.keeper = parts.Keeper(self)
        yield
        self.panel = parts.DrawingPanel()
        yield
        self.message = parts.MessageBar()
        self._model_status = parts.Label()
        self._time_status = parts.LiveText(theme.tabular(self.font()), "·  answer in 0000 ms", quiet=False)
        self.jobs = parts.Jobs(self)
        self.dropped, self.mnist = parts.DropBar(self.jobs), parts.MnistBar(self.jobs)
        self.waiting = parts.WaitingLine(self.jobs.cancel)
        yield
        self.models = parts.Models(self.jobs, self)
        self.drawings = parts.KeptDrawings(self.models.cache, self)
        self.left_out = parts.QuietLine()
        self.files = parts.Files(self, self.panel.canvas, self.jobs)
        yield
        self.reader = parts.Reader(self._first_model(), self.models.cache, self)
        self.lightening = parts.Lightening(self)
        self.model_files = parts.ModelFiles(self, self.jobs, lambda: self.models.readers.get(self.reader.model))
        parts.Dropping(self.files, self.model_files, self.dropped, self.jobs, self._use_data)
        self.answers = parts.Answers(self.reader, self.panel.canvas, self)
        self.tabs = parts.Rooms(
            self.reader, self.jobs, self.models, self.answers, self.panel.canvas, parts.read_data, self.drawings
        )
        self.naming = parts.Naming(self)
        self.sides = parts.Sides(self.panel, self.tabs)
        self.teaching = parts.Teaching(self)
        yield
        self.menuBar().clear()
        self.commands = parts.Commands(self)
        self.picker, self.test_digit = self.commands.toolbar.picker, self.commands.test_digit
        self.models.using = self.reader.model
        yield
        content = self._lay_out()
        self.banners = parts.Banners(
            content, self.tabs, self.message, self.teaching.invitation, self.dropped, self.mnist
        )
        self._ring = parts.FocusRing(self)
        self._connect()
        self._offer_models()
        self._describe()
        self._remembering = parts.Remembering(self, self.keeper)
        self._say_left_out()
        # Not at once: it may have happened while something is painted.
        self._faulted.connect(lambda fault: self.message.say(fault.line, fault.report), _LATER)
        self._tell_fault = self._faulted.emit
        faults.listen(self._tell_fault)
        if self._to_welcome and self.keeper.first:
            self.teaching.invite()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            from capsdraw.ui.typing_keys import is_typed

            if is_typed(event, self.focusWidget()):
                event.accept()
                return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        left = self.focusWidget()
        # Qt comes here, too, where what has the focus is hidden: that was no key.
        if not self.whole or (left is not None and not left.isVisible()):
            return super().focusNextPrevChild(forward)
        with self._ring.following():
            return super().focusNextPrevChild(forward)

    def _enter(self) -> None:
        """It is shown, and its parts are there."""
        self.panel.canvas.setFocus()
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self._start)

    def end(self) -> None:
        """Close without a question, as the system asked for; a fit keeps what it learnt."""
        self._unasked = True
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        self.close()
        QApplication.quit()

    def rescue(self) -> None:
        """The display is gone, and the process ends when this returns: a fit keeps what it learnt."""
        if self.tabs.has(TRAIN):
            self.train.fitter.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closed:
            return
        self.furnish()
        if self.tabs.has(TRAIN) and not self._is_unasked() and not self.train.may_close() and not self._is_unasked():
            event.ignore()
            return
        self._closed = True
        self.keeper.close()
        self.jobs.finish_saves(self._say_saving)
        self.hide()
        self.mnist.stop()
        self.files.stop()
        self.naming.stop()
        self.tabs.close_all()
        self.model_files.close()
        self.jobs.close()
        self.drawings.close()
        self.lightening.close()
        self.reader.close()
        faults.unlisten(self._tell_fault)
        super().closeEvent(event)

    def _say_saving(self, words: str) -> None:
        """What the window waits for before it closes; it is painted now, or not any more."""
        self.statusBar().showMessage(f"{words} …")
        self.statusBar().repaint()

    def _is_unasked(self) -> bool:
        """Whether it closes without a question; may become so while the question is there."""
        return self._unasked

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.take(event.mimeData())

    def welcome(self) -> None:
        """Offer the tour to who opens the app first."""
        self._to_welcome = True
        if self.whole and self.keeper.first:
            self.teaching.invite()

    def toggle_full_screen(self) -> None:
        """All of the screen, or as before."""
        # Not `showNormal`, which would take a window down that had been maximised.
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def reset_layout(self) -> None:
        """Size and columns as on the first day."""
        self.showNormal()
        self.resize(1280, 800)
        self.sides.choose(0)

    def use_model(self, name: str) -> None:
        """Let the model `name` answer from now on, on every tab."""
        self.message.outdate()
        self.picker.pick(name)
        self.models.using = name
        self.answers.use(name)
        self._describe()
        self.answers.read(self.panel.canvas.sketch)

    def _start(self) -> None:
        from capsdraw.ui import window_parts as parts

        if self._closed:
            return
        # Painted first: whatever comes now would hold the first picture back.
        self.repaint()
        parts.step_back_in_numpy()
        self.reader.start()
        self.keeper.start()
        self.files.open_first_example()
        self.tabs.wake()
        QTimer.singleShot(_SOON, self.tabs.make_rest)

    def _first_model(self) -> str:
        from capsdraw.nets import cards

        wanted = self.keeper.state.model
        return wanted if wanted in self.models.readers else cards.DEFAULT_MODEL

    def _models_changed(self) -> None:
        """One of them may be another now that goes by the same name, and be the one that reads."""
        self._offer_models()
        now = self.models.readers.get(self.reader.model)
        if now is not None and now != self._described:
            self.use_model(now.name)

    def _offer_models(self) -> None:
        self.picker.offer(self.models.readers.values(), self.reader.model)
        self.tabs.offer_models()

    def _lay_out(self) -> QWidget:
        """Put the parts where the first picture's stand; what lies around the views and the canvas is returned."""
        self.removeToolBar(self.first_frame.toolbar)
        self.addToolBar(self.commands.toolbar)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.addWidget(self.sides, 1)
        self.setCentralWidget(content)
        # At once: left to Qt, a picture without them might be painted in between.
        self.commands.toolbar.show()
        content.show()
        self.statusBar().removeWidget(self.first_frame.foot)
        self.statusBar().addWidget(self.left_out, 1)
        self.statusBar().addPermanentWidget(self.waiting)
        self.statusBar().addPermanentWidget(self._model_status)
        self.statusBar().addPermanentWidget(self._time_status)
        return content

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(lambda _: self._ring.place())
        self.panel.canvas.changed.connect(self.answers.read)
        self.panel.canvas.changed.connect(self.files.fit_picture)
        self.panel.canvas.edited.connect(self.statusBar().clearMessage)
        self.picker.wanted.connect(self.use_model)
        self.models.changed.connect(self._models_changed)
        self.models.surveyed.connect(self._say_left_out)
        for failed in (self.files.failed, self.tabs.failed):
            failed.connect(self.message.say)
        self.model_files.opened.connect(self._take_model)
        for done in (self.files.opened, self.model_files.said, self.tabs.said):
            done.connect(self._opened)
        self.jobs.waiting.connect(self.waiting.say)
        self.tabs.wanted.connect(self.use_model)
        self.tabs.made.connect(self._place_progress)
        self.tabs.adopted.connect(self._take_model)
        self.tabs.to_evaluate.connect(lambda card: self._take_model(card, EVALUATE))
        self.tabs.to_compare.connect(lambda card: self._take_model(card, COMPARE))
        self.tabs.measured.connect(self._show_measured)
        self.tabs.looked.connect(self._look_inside)
        self.tabs.pictured.connect(self.files.show_pixels)
        self.reader.unloadable.connect(self._show_unloadable)
        self.reader.loading.connect(lambda title: self._model_status.setText(f"Loading {title} …"))
        self.reader.opening.connect(lambda title: self._model_status.setText(f"Loading the inside of {title} …"))
        self.reader.ready.connect(lambda _: self._lighten())
        self.lightening.made.connect(self.models.cache.lightened)
        self.lightening.failed.connect(lambda why: self.statusBar().showMessage(short(why, 200), 6000))
        for signal in (self.reader.ready, self.reader.opened):
            signal.connect(lambda *_: self._describe())
        self._connect_answers()
        self.files.mnist_missed.connect(self.mnist.offer)
        self.mnist.fetched.connect(self.files.take_mnist)
        self.keeper.failed.connect(lambda why: self.statusBar().showMessage(short(why, 200), 6000))

    def _connect_answers(self) -> None:
        answers, panel = self.answers, self.panel
        answers.waits.connect(panel.glance.show_waiting)
        answers.seen.connect(panel.show_digit)
        answers.emptied.connect(panel.show_nothing)
        answers.emptied.connect(lambda: self._time_status.setText(""))
        answers.answered.connect(self._show_answer)
        answers.failed.connect(self._show_failure)
        answers.mended.connect(self.message.outdate)
        answers.mended.connect(self._describe)

    def _use_data(self, use: str, source: str) -> None:
        """Turn to the tab that is to use that data."""
        index = TRAIN if use == "train" else EVALUATE
        (self.train if index == TRAIN else self.evaluate).take_data(source)
        self.tabs.setCurrentIndex(index)

    def _place_progress(self, index: int) -> None:
        """A fit's progress, and its Stop, are seen on every tab."""
        if index == TRAIN:
            for progress in (self.train.several.progress, self.train.progress):
                self.statusBar().insertPermanentWidget(1, progress)
                progress.hide()
                progress.opened.connect(lambda: self.tabs.setCurrentIndex(TRAIN))

    def _take_model(self, card: "Card", tab: int | None = None) -> None:
        """A model that was trained here: among the others from now on, and in use; that tab is turned to."""
        self.models.put(card)
        self.use_model(card.name)
        if tab is not None:
            self.tabs.setCurrentIndex(tab)
        self._opened(f"{card.title} reads {'your drawing' if card.reads_drawings else 'what you open or draw'} now")

    def _show_measured(self, image: "Raster", what: str, label: str, model: str) -> None:
        """A test image on the canvas, or a pair, which has no one label; read by the model that was measured on it."""
        if model in self.models.readers and model != self.reader.model:
            self.use_model(model)
        self.files.show_picture(image, what, label or None)

    def _look_inside(self, card: "Card", image: "Digit", words: str) -> None:
        """An image of a net that reads no drawings, and the net itself."""
        if card.name != self.reader.model:
            self.use_model(card.name)
        self.files.show_pixels(image, words)
        self.tabs.setCurrentIndex(INSIDE)

    def _describe(self) -> None:
        card = self.models.readers.get(self.reader.model)
        if card is None:
            return  # the reader says what is wrong with it
        from capsdraw.ink.intake import Road

        without_ink = card.intake.road == Road.PIXELS
        if without_ink != self.files.without_ink:
            self.files.without_ink = without_ink
            self.files.fit_picture()
        if self._described != card:
            self._described = self.files.card = card
            self.commands.describe(card)
            self.panel.describe(card)
            self.tabs.describe(card)
        self._model_status.setText(f"{card.title} · {card.parameters:,} parameters")

    def _lighten(self) -> None:
        """What reads is to read at once the next time."""
        card = self.models.readers.get(self.reader.model)
        self.lightening.want(card if card is not None and self.models.cache.lacks_light(card) else None)

    def _show_answer(self, answer: "Answer") -> None:
        self.panel.show_answer(answer)
        self.keeper.settled()
        self._time_status.setText(f"·  answer in {answer.reading.seconds * 1000:.0f} ms")

    def _show_failure(self, text: str) -> None:
        self.message.say(text)
        self.panel.show_digit(None)
        self.panel.glance.show_failure()
        self.tabs.show_failure()

    def _show_unloadable(self, model: str, text: str) -> None:
        if model == self.reader.model:
            self._model_status.setText("no model")
            self.answers.fail(text)

    def _opened(self, what: str) -> None:
        self.message.outdate()
        self.statusBar().showMessage(short(what, 200), 6000)

    def _say_left_out(self) -> None:
        self.left_out.say([*self.keeper.left_out, *self.models.left_out])
