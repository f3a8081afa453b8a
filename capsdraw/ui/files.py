"""Open, paste, drop and save: between the canvas and the world outside."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from capsdraw.datasets.dropped import is_data
from capsdraw.datasets.sources import LETTERS, Data, local_data, local_file
from capsdraw.errors import CapsDrawError, short
from capsdraw.ink.endings import ENDINGS, FILTER
from capsdraw.ink.intake import of_pixels
from capsdraw.ink.normalize import SIDE as MNIST_SIDE
from capsdraw.ink.raster import Raster, from_bytes
from capsdraw.ink.sketch import Sketch, require_ink
from capsdraw.nets.cards import Card
from capsdraw.paths import resource
from capsdraw.ui import own_pictures
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.data_field import title
from capsdraw.ui.digit_view import grey_image, image_of_bytes
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.model_files import ENDINGS as MODEL_ENDINGS
from capsdraw.ui.own_tests import LONG, OwnTests
from capsdraw.ui.picture_file import png
from capsdraw.ui.save_dialog import ask_where
from capsdraw.ui.settings import with_recent
from capsdraw.ui.sketch_of_file import in_colour, of_picture, save, sketch_from

_PICTURES = [ending.removeprefix(".") for ending in ENDINGS]
_MODELS = " ".join(f"*{ending}" for ending in MODEL_ENDINGS)
_OPEN = f"Images, strokes, models, shared files ({FILTER} *.json {_MODELS} *.capsdraw);;All files (*)"
_SHARED = ".capsdraw"
# In the order in which they are shown.
_EXAMPLES = ("three", "seven", "four", "eight", "two")
# Of jobs that bring something onto the canvas.
_LANE = "canvas"
# Of an address in a message, letters.
_LONGEST = 60
# What the canvas shows is called so when it is read anew.
_SAME = "the picture"
_SAVE = ("Strokes, to edit later (*.json)", "Picture (*.png)")


class Files(QObject):
    """Brings pictures and strokes onto a canvas, and saves what lies on it.

    Attributes:
        card: of the net that reads what is shown, or None.
        without_ink: whether pictures are opened as they are, for a net that reads all of their pixels.
        recent: files that were opened, the last one first.

    Signals:
        opened(str): what lies on the canvas now, in words.
        data_taken(object): a folder or file of data was dropped or pasted, no picture.
        model_taken(object): a file was opened, dropped or pasted that may hold a model.
        several_taken(object): several files were; the first is opened.
        shared_taken(object): a `.capsdraw` file was.
        mnist_missed(): a test digit was wanted, and MNIST, which is not there, may be offered for download.
        failed(str): one line that says what could not be done; the canvas is as it was.
    """

    opened = Signal(str)
    data_taken = Signal(object)
    model_taken = Signal(object)
    several_taken = Signal(object)
    shared_taken = Signal(object)
    mnist_missed = Signal()
    failed = Signal(str)
    # From the thread that read it.
    _was_opened = Signal(object)

    def __init__(self, window: QWidget, canvas: Canvas, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._jobs = jobs
        self.card: Card | None = None
        self.without_ink = False
        self._tests = OwnTests()  # for the thread of jobs only
        # What was opened, the last one first.
        self.recent: list[Path] = []
        self._mnist: Data | None = None
        self._example = 0
        # Of pictures shown as they are, the same with their ink as it was read before; what stood for MNIST's digit.
        self._of_ink: WeakKeyDictionary[Sketch, Sketch] = WeakKeyDictionary()
        self._in_place: Sketch | None = None
        jobs.failed.connect(self.failed)
        self._was_opened.connect(self._remember)

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open an image, a strokes file or a model", "", _OPEN)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open an image; by their endings a strokes file (.json), a model (.keras, .h5), a shared file (.capsdraw)."""
        if path.suffix.lower() in MODEL_ENDINGS:
            self.model_taken.emit(path)
            return
        if path.suffix.lower() == _SHARED:
            self._remember(path.absolute())
            self.shared_taken.emit(path)
            return
        without_ink = self.without_ink

        def read() -> Sketch:
            sketch = sketch_from(path, without_ink)
            self._was_opened.emit(path.absolute())
            return sketch

        self._show(read, short(path.name))

    def forget_recent(self) -> None:
        """Remember nothing that was opened."""
        self.recent = []

    def copy(self) -> None:
        """Put the drawing on the clipboard, as a picture black on white; an opened one in its colours, where it has."""
        if not self._has_ink():
            return
        sketch = self._canvas.sketch
        # A scribble of thousands of points takes a second to draw.
        self._jobs.run(lambda: _image(sketch), self._put_on_clipboard, lane="copy", words="Copying", newest=True)

    def _put_on_clipboard(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.opened.emit("copied: paste it into any program that takes pictures")

    def ask_export(self) -> None:
        """Ask where to save a picture, and save it."""
        if not self._has_ink():
            return
        path = ask_where(self._window, "Export the drawing as a picture", "drawing", _SAVE[1:], others=_PICTURES)
        if path is not None:
            self.save(path)

    def try_out(self, name: str) -> None:
        """Show a drawing that is no digit, or not one digit: one of `assets/examples`."""
        path = resource("assets") / "examples" / f"{name}.json"
        self._show(lambda: sketch_from(path), "an example: is the net in doubt?", example=True)

    def put_recent(self, paths: list[Path]) -> None:
        """These were opened at an earlier time, the last one first."""
        self.recent = paths

    def _remember(self, path: Path) -> None:
        self.recent = [Path(name) for name in with_recent([str(other) for other in self.recent], path)]

    def paste(self) -> None:
        """Take what the clipboard holds."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData | None) -> None:
        """Take a dropped or pasted file or picture."""
        data = data or QMimeData()
        local = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if local:
            self._take_files([Path(name) for name in local])
        elif data.hasImage():
            image = QImage(data.imageData())
            without_ink = self.without_ink
            self._show(lambda: _pasted(png(image), without_ink), "pasted picture")
        elif data.hasUrls() and data.urls():
            address = data.urls()[0].toDisplayString()
            shortened = address if len(address) <= _LONGEST else f"{address[:_LONGEST]}…"
            self.failed.emit(
                f"'{shortened}' is an address, not a file: save its picture first, or copy the picture itself"
            )
        else:
            self.failed.emit("there is no picture to paste: copy an image, or an image file, first")

    def _take_files(self, paths: list[Path]) -> None:
        """One picture is opened, and of several the first, and all are offered; so is data; models are opened."""
        models = [path for path in paths if path.suffix.lower() in MODEL_ENDINGS and not path.is_dir()]
        if models:
            for path in models:
                self.open(path)
            return
        data = next((path for path in paths if is_data(path)), None)
        if data is not None:
            self.data_taken.emit(data)
            return
        self.open(paths[0])
        if len(paths) > 1:
            self.several_taken.emit(paths)

    def open_example(self) -> None:
        """Show the next of the example drawings."""
        folder = resource("assets") / "examples"
        examples = [path for name in _EXAMPLES if (path := folder / f"{name}.json").exists()]
        if examples:
            path, other = (examples[(self._example + step) % len(examples)] for step in (0, 1))
            self._example += 1
            pair = self.card is not None and self.card.reads_pairs
            self._show(
                lambda: own_pictures.of_files(path, other) if pair else sketch_from(path),
                "an example: draw over it", example=True,
            )  # fmt: skip

    def open_first_example(self) -> None:
        """Show an example unless the user was quicker."""
        path = resource("assets") / "examples" / f"{_EXAMPLES[0]}.json"
        self._example = 1

        def put(sketch: Sketch) -> None:
            if not self._canvas.sketch:
                self._put(sketch, "an example: draw over it", True)

        self._jobs.run(lambda: sketch_from(path), put, lane=_LANE)

    def open_test_image(self) -> None:
        """Show a random test image of the data that the net was trained on; for a net of digits, one of MNIST's."""
        card = self.card
        shift = 0 if card is None or not card.reads_pairs else (card.input[0] - MNIST_SIDE) // 2
        if card is None or (card.noun == "digit" and (shift > 0 or not card.reads_pairs)):
            self.open_test_digit(shift)
        elif card.reads_pairs:
            self._jobs.run(
                lambda: self._tests.pair(card), lambda picked: self._put_two(card, *picked),
                lane=_LANE, words=f"Reading {title(card.data_set)}", newest=True, limit=LONG,
            )  # fmt: skip
        elif card.data_set == LETTERS:
            self._put(*own_pictures.own_letter(), False)
        else:
            self._jobs.run(
                lambda: self._tests.labelled(card), lambda picked: self._put_test(card, *picked),
                lane=_LANE, words=f"Reading {title(card.data_set)}", newest=True, limit=LONG,
            )  # fmt: skip

    def stop(self) -> None:
        """Read no further: the window closes."""
        self._tests.cancel.set()

    def _put_test(self, card: Card, image: Raster, what: str, label: int) -> None:
        if card is self.card:  # another one may have been chosen meanwhile
            if card.reads_digits:
                self.show_picture(image, what, card.label(label))
            else:
                self.show_pixels(image, what)

    def _put_two(self, card: Card, both: Sketch, what: str) -> None:
        if card is self.card:
            self._put(both, what, False)

    def open_test_digit(self, shift: int = 0) -> None:
        """Show a random digit of MNIST's test set; where that is not on this machine, one of the app's own pen.

        With a `shift`, two over one another, each shifted by up to so many pixels.
        """
        if self._mnist is None and local_file("mnist") is None:
            self._put(*(own_pictures.of_own_pen() if shift else own_pictures.own_digit()), False)
            self._in_place = self._canvas.sketch
            self.mnist_missed.emit()
            return

        def pick() -> tuple[Sketch, str]:
            self._mnist = self._mnist or local_data("mnist")
            if self._mnist is None:  # it was taken away just now
                return own_pictures.of_own_pen() if shift else own_pictures.own_digit()
            if shift:
                return own_pictures.of_two(self._mnist, shift, "MNIST test digits")
            index = random.randrange(len(self._mnist.test_labels))
            label = str(self._mnist.test_labels[index])
            sketch = Sketch(picture=from_bytes(self._mnist.test_images[index]), label=label)
            return sketch, f"MNIST test digit {index:,}, labelled {label}"

        self._jobs.run(
            pick, lambda picked: self._put(picked[0], picked[1], False),
            lane=_LANE, words="Reading a test digit", newest=True,
        )  # fmt: skip

    def take_mnist(self) -> None:
        """MNIST is here: one of its digits takes the place of the one that stood for it, and of no other drawing."""
        if self._canvas.sketch is self._in_place and not self._canvas.drawing:
            self.open_test_image()
        else:
            self.opened.emit("MNIST is here: Test digit shows one of its digits")

    def show_picture(self, picture: Raster, what: str, label: str | None = None) -> None:
        """Show a picture, (rows, columns) float32 in [0, 1], ink is 1; `what` it is, in words; its class, if known."""
        self._put(Sketch(picture=picture, label=label), what, False)

    def show_pixels(self, image: Raster, what: str) -> None:
        """Show an image of a net that reads pixels.

        Args:
            image: (rows, columns) or, in colour, (rows, columns, 3) float32 in [0, 1], white is 1.
            what: it is, in words.
        """

        def read() -> Sketch:
            file = io.BytesIO()
            Image.fromarray(np.rint(image * 255).astype(np.uint8)).save(file, "PNG")
            return of_pixels(file.getvalue(), file.getvalue(), what)

        self._show(read, what)

    def fit_picture(self, shown: Sketch | None = None) -> None:
        """Give an opened picture the form that the net reads, its ink or its pixels, wherever it came from.

        However it came there, by undo, from the last session or from a shared file, it is the same picture: what was
        undone stays, and so does the box in which the user had its ink read.

        Args:
            shown: what lies on the canvas, where that is known: with a stroke under way it is made anew when asked for.
        """
        sketch, without_ink = self._canvas.sketch if shown is None else shown, self.without_ink
        source = sketch.source
        if source is None or (sketch.colours is not None) == without_ink or self._canvas.drawing:
            return
        if sketch in self._of_ink:
            self._canvas.show_otherwise(self._of_ink[sketch])
            return

        def read() -> Sketch:
            return replace(of_picture(source, _SAME, without_ink), label=sketch.label)

        def put(again: Sketch) -> None:
            if self._canvas.sketch is sketch:  # nothing was drawn meanwhile
                if without_ink:
                    self._of_ink[again] = sketch
                self._canvas.show_otherwise(again)

        self._jobs.run(read, put, lane=_LANE, words=f"Reading {_SAME}", newest=True)

    def ask_save(self) -> None:
        """Ask where to save, and save."""
        if not self._has_ink():
            return
        picture = self._canvas.sketch.picture is not None
        path = ask_where(self._window, "Save the drawing", "drawing", _SAVE, first=int(picture), others=_PICTURES)
        if path is not None:
            self.save(path)

    def _has_ink(self) -> bool:
        """Whether something is drawn; that nothing is, is told."""
        try:
            require_ink(self._canvas.sketch)
        except CapsDrawError as error:
            self.failed.emit(str(error))
            return False
        return True

    def save(self, path: Path) -> None:
        """Save as strokes (.json) or as a picture, as `copy` makes it (any other ending that Pillow knows)."""
        sketch = self._canvas.sketch
        name = short(path.name)
        self._jobs.run(
            lambda: save(sketch, path), lambda _: self.opened.emit(f"saved {name}"), lane="save", words=f"Saving {name}"
        )

    def _show(self, read: Callable[[], Sketch], what: str, example: bool = False) -> None:
        # What was opened last is what stays.
        self._jobs.run(
            read, lambda sketch: self._put(sketch, what, example), lane=_LANE, words=f"Reading {what}", newest=True
        )

    def _put(self, sketch: Sketch, what: str, example: bool) -> None:
        self._canvas.show_sketch(sketch, example)
        self.opened.emit(what)


def _image(sketch: Sketch) -> QImage:
    colours = in_colour(sketch)
    return grey_image(1 - sketch.render()) if colours is None else image_of_bytes(colours)


def _pasted(png: bytes, without_ink: bool) -> Sketch:
    return of_picture(png, "the pasted picture", without_ink)
