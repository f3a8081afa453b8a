"""The window: composes the parts, and passes what one says to the other."""

from PySide6.QtCore import QByteArray, QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QTabWidget, QVBoxLayout, QWidget

from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import Data
from capsdraw.ink.normalize import Digit
from capsdraw.ink.raster import Raster
from capsdraw.nets import cards
from capsdraw.nets.reading import Reading
from capsdraw.ui import settings, theme
from capsdraw.ui.answers import Answers
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.drawing_panel import DrawingPanel
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.files import Files
from capsdraw.ui.inside.tab import InsideTab
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.lightening import Lightening
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.message_bar import MessageBar
from capsdraw.ui.model_list import Models
from capsdraw.ui.quiet_line import QuietLine
from capsdraw.ui.reader import Reader
from capsdraw.ui.readout import Readout
from capsdraw.ui.toolbar import MainToolbar
from capsdraw.ui.train.tab import TrainTab
from capsdraw.ui.typing_keys import is_typed


class MainWindow(QMainWindow):
    """CapsDraw's one window.

    Attributes:
        panel: where the user draws; readout: what the net says; lab: the numbers of a capsule.
        inside: the net itself; compare: several models side by side.
        tabs: the views beside the canvas.
        models: those at hand; picker: the choice among them.
        message: what went wrong; left_out: files that cannot be read.
        reader: the inference worker; answers: what it says of the drawing; files: open, paste, drop, save.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("CapsDraw")
        self.setAcceptDrops(True)
        self._remembered, forgotten = settings.read()
        self.panel = DrawingPanel()
        self.readout = Readout()
        self.tabs = QTabWidget()
        self.message = MessageBar()
        self._model_status = QLabel()
        self._time_status = LiveText(theme.tabular(self.font()), "·  answer in 0000 ms", quiet=False)
        self.jobs = Jobs(self)
        self.models = Models(self.jobs, self)
        self.left_out = QuietLine([forgotten, *self.models.left_out])
        self.files = Files(self, self.panel.canvas, self.jobs)
        self._toolbar = MainToolbar(self.files, self)
        self.picker, self.test_digit = self._toolbar.picker, self._toolbar.test_digit
        self.reader = Reader(self._first_model(), self.models.cache, self)
        self.lightening = Lightening(self)
        self.answers = Answers(self.reader, self.panel.canvas, self)
        self.lab = CapsuleLab(self.reader, self.jobs)
        self.inside = InsideTab(self.reader, self.jobs)
        self.compare = CompareTab(self.models.cache)
        self.train = TrainTab(_open_data, self.jobs)
        self.evaluate = EvaluateTab(self.models.cache, self.jobs)
        self._started = False
        self._described: cards.Card | None = None
        self.models.using = self.reader.model
        self._offer_models()
        self._lay_out()
        self._connect()
        self._restore()
        self._describe()

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and is_typed(event, self.focusWidget()):
            event.accept()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.panel.canvas.setFocus()
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self._start)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.train.may_close():
            event.ignore()
            return
        settings.write(settings.of_window(self.reader.model, bytes(self.saveGeometry().data())))
        self.hide()
        # Each is told before any is waited for.
        for thread in (self.compare.comparer, self.train.fitter, self.evaluate.examiner, self.reader):
            thread.close(0)
        self.compare.comparer.close()
        self.train.close_fitter()
        self.evaluate.close_examiner()
        self.inside.images.stop()
        self.jobs.close()
        self.lightening.close()
        self.reader.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.take(event.mimeData())

    def _start(self) -> None:
        # Painted first: the import of TensorFlow would hold the first picture back.
        self.repaint()
        self.reader.start()
        self.files.open_first_example()

    def _first_model(self) -> str:
        wanted = self._remembered.model
        return wanted if wanted in self.models.of_digits else cards.DEFAULT_MODEL

    def _refresh_models(self, view: int) -> None:
        """Where models are chosen from anew."""
        if self.tabs.widget(view) in (self.compare, self.evaluate):
            self.models.refresh()

    def _models_changed(self) -> None:
        """One of them may be another now that goes by the same name, and be the one that reads."""
        self._offer_models()
        self.evaluate.replace_models(self.models.all)
        now = self.models.of_digits.get(self.reader.model)
        if now is not None and now != self._described:
            self.use_model(now.name)

    def _offer_models(self) -> None:
        readers = list(self.models.of_digits.values())
        self._toolbar.offer_models(readers, self.reader.model)
        self.compare.offer_models(readers)
        # Nets of photographs are at home there, too.
        self.train.offer_models(self.models.all)
        self.inside.offer_models(self.models.all)

    def _lay_out(self) -> None:
        self.addToolBar(self._toolbar)
        columns = QHBoxLayout()
        columns.setSpacing(4 * theme.GRID)
        columns.addWidget(self.panel)
        views: tuple[QWidget, ...] = (
            self.readout, self.lab, self.inside, self.compare, self.train, self.evaluate
        )  # fmt: skip
        for view, title in zip(views, ("Read", "Capsule", "Inside", "Compare", "Train", "Evaluate"), strict=True):
            self.tabs.addTab(view, title)
            view.setContentsMargins(0, theme.GRID, 0, 0)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        columns.addWidget(self.tabs, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.message)
        layout.addLayout(columns, 1)
        self.setCentralWidget(content)
        self.statusBar().addWidget(self.left_out, 1)
        self.statusBar().addPermanentWidget(self._model_status)
        self.statusBar().addPermanentWidget(self._time_status)
        self.statusBar().setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        self.setMinimumSize(960, 640)
        self.resize(1280, 800)

    def _connect(self) -> None:
        self.panel.canvas.changed.connect(lambda sketch: self.compare.know(sketch.label))
        self.panel.canvas.changed.connect(self.answers.read)
        self.picker.activated.connect(lambda index: self.use_model(self.picker.itemData(index)))
        self.tabs.currentChanged.connect(self._refresh_models)
        self.models.changed.connect(self._models_changed)
        self.models.surveyed.connect(lambda: self.left_out.say(self.models.left_out))
        for failed in (
            self.files.failed, self.lab.failed, self.compare.failed, self.train.failed, self.evaluate.failed
        ):  # fmt: skip
            failed.connect(self.message.say)
        for done in (
            self.files.opened, self.inside.opened, self.lab.saved, self.compare.saved, self.train.saved,
            self.evaluate.saved,
        ):  # fmt: skip
            done.connect(self._opened)
        self.lab.wanted.connect(self.use_model)
        self.inside.wanted.connect(self.use_model)
        self.train.adopted.connect(self._take_model)
        self.evaluate.wanted.connect(self._show_measured)
        self.evaluate.inside.connect(self._look_inside)
        self.reader.unloadable.connect(self._show_unloadable)
        self.reader.loading.connect(lambda title: self._model_status.setText(f"Loading {title} …"))
        self.reader.opening.connect(lambda title: self._model_status.setText(f"Loading the inside of {title} …"))
        self.reader.ready.connect(lambda _: self._lighten())
        self.lightening.made.connect(self.models.cache.lightened)
        self.lightening.failed.connect(lambda why: self.statusBar().showMessage(why, 6000))
        for there in (self.reader.ready, self.reader.opened):
            there.connect(lambda *_: self._describe())
        self._connect_answers()

    def _connect_answers(self) -> None:
        for wait in (self.readout.show_waiting, self.lab.show_waiting):
            self.answers.waits.connect(wait)
        for see in (self.panel.show_digit, self.train.see, self.compare.see):
            self.answers.seen.connect(see)
            self.answers.emptied.connect(lambda see=see: see(None))
        for show_nothing in (self.readout.show_nothing, self.lab.show_nothing, self.inside.show_nothing):
            self.answers.emptied.connect(show_nothing)
        self.answers.emptied.connect(lambda: self._time_status.setText(""))
        self.answers.answered.connect(self._show_reading)
        self.answers.failed.connect(self._show_failure)
        self.answers.mended.connect(self.message.hide)
        self.answers.mended.connect(self._describe)

    def _take_model(self, card: cards.Card) -> None:
        """A model that was trained here: among the others from now on, and in use where it reads digits."""
        self.models.put(card)
        if not card.reads_digits:
            self._opened(f"{card.title} is now available in Inside and Evaluate; it does not read drawings")
            return
        self.use_model(card.name)
        self._opened(f"{card.title} reads your drawing now")

    def _show_measured(self, image: Raster, what: str, label: str, model: str) -> None:
        """A test image on the canvas, read by the model that was measured on it."""
        if model in self.models.of_digits and model != self.reader.model:
            self.use_model(model)
        self.files.show_picture(image, what, label)

    def _look_inside(self, card: cards.Card, image: Digit, words: str) -> None:
        """An image that the canvas does not take, and a net that reads it."""
        self.inside.look_at(card, image, words)
        self.tabs.setCurrentWidget(self.inside)

    def use_model(self, name: str) -> None:
        """Let the model `name` answer from now on."""
        self.message.hide()
        self._toolbar.pick(name)
        self.models.using = name
        self.answers.use(name)
        self._describe()
        self.answers.read(self.panel.canvas.sketch)

    def _describe(self) -> None:
        card = self.models.of_digits.get(self.reader.model)
        if card is None:
            return  # the reader says what is wrong with it
        self.readout.describe(card)
        self.evaluate.prefer(card.name)
        if self._described != card:
            self._described = card
            readers = list(self.models.of_digits.values())
            self.lab.describe(card, readers)
            self.inside.describe(card, readers)
        self._model_status.setText(f"{card.title} · {card.parameters:,} parameters")

    def _lighten(self) -> None:
        """What reads is to read at once the next time."""
        card = self.models.of_digits.get(self.reader.model)
        self.lightening.want(card if card is not None and self.models.cache.lacks_light(card) else None)

    def _show_reading(self, request: int, reading: Reading, digit: Digit) -> None:
        self.readout.show_reading(reading, request)
        # The panel may show a newer digit already.
        self.lab.show_reading(reading, digit)
        self.inside.show_reading(reading, digit)
        self._time_status.setText(f"·  answer in {reading.seconds * 1000:.0f} ms")

    def _show_failure(self, text: str) -> None:
        self.message.say(text)
        self.panel.show_digit(None)
        for show_nothing in (self.readout.show_nothing, self.lab.show_nothing, self.inside.show_nothing):
            show_nothing()
        self.readout.headline.setText("No answer")
        self.lab.headline.setText("No answer")

    def _show_unloadable(self, model: str, text: str) -> None:
        if model == self.reader.model:
            self._model_status.setText("no model")
            self.answers.fail(text)

    def _opened(self, what: str) -> None:
        self.message.hide()
        self.statusBar().showMessage(what, 6000)

    def _restore(self) -> None:
        self.restoreGeometry(QByteArray(self._remembered.window))


def _open_data(name: str, watch: ReadMonitor, shape: tuple[int, ...] | None) -> Data:
    """On the thread that trains."""
    return open_data(name, shape, watch=watch)
