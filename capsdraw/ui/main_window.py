"""The window: composes the parts, and passes what one says to the other."""

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSizePolicy,
    QTabWidget,
    QTextEdit,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import Data
from capsdraw.datasets.watch import Watch
from capsdraw.ink.normalize import Digit
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.nets.reading import Reading
from capsdraw.ui import settings, theme
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.drawing_panel import DrawingPanel
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.files import Files
from capsdraw.ui.inside.tab import InsideTab
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.message_bar import MessageBar
from capsdraw.ui.quiet_line import QuietLine
from capsdraw.ui.reader import Reader
from capsdraw.ui.readout import Readout
from capsdraw.ui.train.tab import TrainTab

# What is typed in.
_EDITORS: Final = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


class MainWindow(QMainWindow):
    """CapsDraw's one window.

    Attributes:
        panel: where the user draws; readout: what the net says; lab: the numbers of a capsule.
        inside: the net itself; compare: several models side by side.
        tabs: the views beside the canvas.
        picker: the models; message: what went wrong; left_out: files that cannot be read.
        reader: the inference worker; files: open, paste, drop, save.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("CapsDraw")
        self.setAcceptDrops(True)
        self._remembered, forgotten = settings.read()
        found, left_out = cards.survey()
        # Nets of photographs have nothing to say of ink.
        self._cards = {card.name: card for card in found if card.reads_digits}
        self.panel = DrawingPanel()
        self.readout = Readout()
        self.tabs = QTabWidget()
        self.message = MessageBar()
        self.left_out = QuietLine([forgotten, *left_out])
        self.picker = QComboBox()
        self._model_status = QLabel()
        self._time_status = LiveText(theme.tabular(self.font()), "·  answer in 0000 ms", quiet=False)
        self.jobs = Jobs(self)
        self.files = Files(self, self.panel.canvas, self.jobs)
        self.reader = Reader(self._first_model(), self)
        self.lab = CapsuleLab(self.reader.explore, self.jobs)
        self.inside = InsideTab(self.reader.explore, self.jobs)
        self.compare = CompareTab()
        self.train = TrainTab(_open_data, self.jobs)
        self.evaluate = EvaluateTab(self.jobs)
        self._started = False
        # Answers to requests up to this one are not wanted any more.
        self._void = -1
        self._failed = False
        self._answered = False
        self._described = ""
        self._fill_picker()
        self._lay_out()
        self._connect()
        self._restore()
        self._describe()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_typed(event):
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
        self.reader.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.take(event.mimeData())

    def _is_typed(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to what has the focus, and is no tool's."""
        focus = self.focusWidget()
        if isinstance(focus, QComboBox | QAbstractItemView):
            return bool(event.text()) and event.text().isprintable()  # a letter chooses there
        # Deleting a word is Clear's key elsewhere, and Qt's editors do not claim it.
        return isinstance(focus, _EDITORS) and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)

    def _start(self) -> None:
        # Painted first: the import of TensorFlow would hold the first picture back.
        self.repaint()
        self.reader.start()
        self.files.open_first_example()

    def _first_model(self) -> str:
        wanted = self._remembered.model
        return wanted if wanted in self._cards else cards.DEFAULT_MODEL

    def _refresh_models(self, view: int) -> None:
        """Where models are chosen from anew, those that other programs made or replaced meanwhile are there, too."""
        if self.tabs.widget(view) in (self.compare, self.evaluate):
            self.jobs.run(cards.survey, self._take_models)

    def _take_models(self, known: tuple[list[cards.Card], list[str]]) -> None:
        found, left_out = known
        self.left_out.say(left_out)
        now = {card.name: card for card in found if card.reads_digits}
        if self.reader.model in self._cards:
            now.setdefault(self.reader.model, self._cards[self.reader.model])  # it goes on, though its file is gone
        if now != self._cards:
            self._cards = now
            self._fill_picker()
            self._describe()

    def _fill_picker(self) -> None:
        self.picker.clear()
        self._offer_all()
        self.compare.offer_models(list(self._cards.values()))
        for card in self._cards.values():
            error = "" if card.test_error_percent is None else f" · {card.test_error_percent:.2f}% error"
            self.picker.addItem(f"{card.title}{error}", card.name)
        self.picker.setCurrentIndex(self.picker.findData(self.reader.model))
        self.picker.setToolTip("The net that reads your digit, and its error on MNIST's 10,000 test digits")
        self.picker.setAccessibleName("Model")

    def _offer_all(self) -> None:
        """Where nets of photographs are at home, too."""
        found = cards.list_cards()
        self.train.offer_models(found)
        self.inside.offer_models(found)

    def _lay_out(self) -> None:
        self.addToolBar(self._toolbar())
        both = QHBoxLayout()
        both.setSpacing(4 * theme.GRID)
        both.addWidget(self.panel)
        views: tuple[QWidget, ...] = (
            self.readout, self.lab, self.inside, self.compare, self.train, self.evaluate
        )  # fmt: skip
        for view, title in zip(views, ("Read", "Capsule", "Inside", "Compare", "Train", "Evaluate"), strict=True):
            self.tabs.addTab(view, title)
            view.setContentsMargins(0, theme.GRID, 0, 0)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        both.addWidget(self.tabs, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.message)
        layout.addLayout(both, 1)
        self.setCentralWidget(content)
        self.statusBar().addWidget(self.left_out, 1)
        self.statusBar().addPermanentWidget(self._model_status)
        self.statusBar().addPermanentWidget(self._time_status)
        self.statusBar().setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        self.setMinimumSize(960, 640)
        self.resize(1280, 800)

    def _toolbar(self) -> QToolBar:
        bar = QToolBar("Main")
        bar.setObjectName("main")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for text, key, tip, slot in (
            ("Open …", QKeySequence.StandardKey.Open, "Open an image or a strokes file", self.files.ask_open),
            ("Paste", QKeySequence.StandardKey.Paste, "Paste an image", self.files.paste),
            ("Save …", QKeySequence.StandardKey.Save, "Save as strokes or as a picture", self.files.ask_save),
            ("Example", "Ctrl+E", "Show an example drawing", self.files.open_example),
            ("Test digit", "Ctrl+T", "Show a random digit of MNIST's test set", self.files.open_test_digit),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
            action.triggered.connect(slot)
            bar.addAction(action)
        self.test_digit = action  # at hand as soon as a fit has fetched MNIST; until then it says what is missing
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        bar.addWidget(QLabel("Model "))
        bar.addWidget(self.picker)
        return bar

    def _connect(self) -> None:
        self.panel.canvas.changed.connect(lambda sketch: self.compare.know(sketch.label))
        self.panel.canvas.changed.connect(self._read)
        self.picker.activated.connect(lambda index: self.use_model(self.picker.itemData(index)))
        self.tabs.currentChanged.connect(self._refresh_models)
        self.files.failed.connect(self.message.say)
        self.files.opened.connect(self._opened)
        self.reader.seen.connect(self._show_digit)
        self.reader.answered.connect(self._show_reading)
        self.reader.explored.connect(self.lab.explored)
        self.reader.unexplored.connect(self.lab.unexplored)
        self.reader.explored.connect(self.inside.explored)
        self.reader.unexplored.connect(self.inside.unexplored)
        self.inside.wanted.connect(self.use_model)
        self.inside.opened.connect(self._opened)
        self.lab.wanted.connect(self.use_model)
        self.lab.failed.connect(self.message.say)
        self.lab.saved.connect(self._opened)
        self.compare.failed.connect(self.message.say)
        self.compare.saved.connect(self._opened)
        self.train.failed.connect(self.message.say)
        self.train.saved.connect(self._opened)
        self.train.adopted.connect(self._take_model)
        self.evaluate.failed.connect(self.message.say)
        self.evaluate.saved.connect(self._opened)
        self.evaluate.wanted.connect(self._show_measured)
        self.evaluate.inside.connect(self._look_inside)
        self.reader.failed.connect(self._show_failure)
        self.reader.unloadable.connect(self._show_unloadable)
        self.reader.loading.connect(lambda title: self._model_status.setText(f"Loading {title} …"))
        self.reader.ready.connect(lambda _: self._describe())

    def _take_model(self, card: cards.Card) -> None:
        """A model that was trained here: among the others from now on, and in use where it reads digits."""
        if not card.reads_digits:
            self._offer_all()
            self._opened(f"{card.title} is at hand in Inside and Evaluate; it reads no drawings")
            return
        self._cards[card.name] = card
        self._fill_picker()
        self.use_model(card.name)
        self._opened(f"{card.title} reads your drawing now")

    def _show_measured(self, image: Raster, what: str, label: str, model: str) -> None:
        """A test image on the canvas, read by the model that was measured on it."""
        if model in self._cards and model != self.reader.model:
            self.use_model(model)
        self.files.show_picture(image, what, label)

    def _look_inside(self, card: cards.Card, image: Digit, words: str) -> None:
        """An image that the canvas does not take, and a net that reads it."""
        self.inside.look_at(card, image, words)
        self.tabs.setCurrentWidget(self.inside)

    def use_model(self, name: str) -> None:
        """Let the model `name` answer from now on."""
        self.message.hide()
        self.picker.setCurrentIndex(self.picker.findData(name))
        self.reader.use(name)
        self._void = self.reader.number
        self._describe()
        self._answered = False
        self._read(self.panel.canvas.sketch)

    def _describe(self) -> None:
        card = self._cards.get(self.reader.model)
        if card is None:
            return  # the reader says what is wrong with it
        self.readout.describe(card)
        self.evaluate.prefer(card.name)
        if self._described != card.name:
            self._described = card.name
            self.lab.describe(card, list(self._cards.values()))
            self.inside.describe(card, list(self._cards.values()))
        self._model_status.setText(f"{card.title} · {card.parameters:,} parameters")

    def _read(self, sketch: Sketch) -> None:
        if sketch:
            self.reader.request(sketch)
            if not self._answered:
                self.readout.show_waiting()
                self.lab.show_waiting()
            return
        self.reader.void()
        self._void = self.reader.number
        self.panel.show_digit(None)
        self.train.see(None)
        self.compare.see(None)
        self.readout.show_nothing()
        self.lab.show_nothing()
        self.inside.show_nothing()
        self._time_status.setText("")

    def _show_digit(self, number: int, digit: Digit) -> None:
        if number > self._void and self.panel.canvas.sketch:
            self.panel.show_digit(digit)
            self.train.see(digit)
            self.compare.see(digit)

    def _show_reading(self, number: int, reading: Reading, digit: Digit) -> None:
        if number <= self._void or not self.panel.canvas.sketch:
            return
        self._answered = True
        if self._failed:
            self._failed = False
            self.message.hide()
            self._describe()
        self.readout.show_reading(reading, number)
        # The panel may show a newer digit already.
        self.lab.show_reading(reading, digit)
        self.inside.show_reading(reading, digit)
        self._time_status.setText(f"·  answer in {reading.seconds * 1000:.0f} ms")

    def _show_failure(self, number: int, text: str) -> None:
        if number < self.reader.number:
            return  # a newer one is under way
        self._void = number
        self._failed = True
        self.message.say(text)
        self.panel.show_digit(None)
        self.readout.show_nothing()
        self.lab.show_nothing()
        self.inside.show_nothing()
        self.readout.headline.setText("No answer")
        self.lab.headline.setText("No answer")

    def _show_unloadable(self, model: str, text: str) -> None:
        if model == self.reader.model:
            self._model_status.setText("no model")
            self._show_failure(self.reader.number, text)

    def _opened(self, what: str) -> None:
        self.message.hide()
        self.statusBar().showMessage(what, 6000)

    def _restore(self) -> None:
        self.restoreGeometry(QByteArray(self._remembered.window))


def _open_data(name: str, watch: Watch, shape: tuple[int, ...] | None) -> Data:
    """On the thread that trains."""
    return open_data(name, shape, watch=watch)
