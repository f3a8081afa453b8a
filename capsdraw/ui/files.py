"""Open, paste, drop and save: between the canvas and the world outside."""

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from capsdraw.datasets.sources import Data, local_data
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.images import read_image
from capsdraw.ink.raster import Raster, from_bytes
from capsdraw.ink.sketch import Sketch, dark_on_white, fitted, require_ink
from capsdraw.paths import replacing, resource
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.save_dialog import ask_where

_IMAGES = "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp"
_OPEN = f"Images and strokes ({_IMAGES} *.json);;All files (*)"
# In the order in which they are shown.
_EXAMPLES = ("three", "seven", "four", "eight", "two")
# Of an address in a message, letters.
_LONGEST = 60
_SAVE = ("Strokes, to edit later (*.json)", "Picture (*.png)")


class Files(QObject):
    """Brings pictures and strokes onto a canvas, and saves what lies on it.

    Signals:
        opened(str): what lies on the canvas now, in words.
        failed(str): one line that says what could not be done; the canvas is as it was.
    """

    opened = Signal(str)
    failed = Signal(str)

    def __init__(self, window: QWidget, canvas: Canvas, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._jobs = jobs
        self._mnist: Data | None = None
        self._example = 0
        jobs.failed.connect(self.failed)

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open an image or a strokes file", "", _OPEN)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open an image, or a strokes file (by its ending, .json)."""
        self._show(lambda: sketch_from(path), path.name)

    def paste(self) -> None:
        """Take what the clipboard holds."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData | None) -> None:
        """Take a dropped or pasted file or picture."""
        data = data or QMimeData()
        local = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if local:
            self.open(Path(local[0]))
        elif data.hasImage():
            image = QImage(data.imageData())
            self._show(lambda: Sketch(picture=read_image(_png(image), "the pasted picture")), "pasted picture")
        elif data.hasUrls() and data.urls():
            address = data.urls()[0].toDisplayString()
            shortened = address if len(address) <= _LONGEST else f"{address[:_LONGEST]}…"
            self.failed.emit(
                f"'{shortened}' is an address, not a file: save its picture first, or copy the picture itself"
            )
        else:
            self.failed.emit("nothing to paste: copy an image, or an image file, first")

    def open_example(self) -> None:
        """Show the next of the example drawings."""
        folder = resource("assets") / "examples"
        examples = [path for name in _EXAMPLES if (path := folder / f"{name}.json").exists()]
        if examples:
            path = examples[self._example % len(examples)]
            self._example += 1
            self._show(lambda: sketch_from(path), "an example: draw over it", example=True)

    def open_first_example(self) -> None:
        """Show an example unless the user was quicker."""
        path = resource("assets") / "examples" / f"{_EXAMPLES[0]}.json"
        self._example = 1

        def put(sketch: Sketch) -> None:
            if not self._canvas.sketch:
                self._put(sketch, "an example: draw over it", True)

        self._jobs.run(lambda: sketch_from(path), put)

    def open_test_digit(self) -> None:
        """Show a random digit of MNIST's test set."""

        def pick() -> tuple[Sketch, str]:
            self._mnist = self._mnist or local_data("mnist")
            if self._mnist is None:
                raise CapsDrawError(
                    "MNIST is not on this machine: start a fit in Train to download it, or set CAPSDRAW_DATA to "
                    "a folder with mnist.npz"
                )
            index = random.randrange(len(self._mnist.test_labels))
            label = str(self._mnist.test_labels[index])
            sketch = Sketch(picture=from_bytes(self._mnist.test_images[index]), label=label)
            return sketch, f"MNIST test digit {index:,}, labelled {label}"

        self._jobs.run(pick, lambda picked: self._put(picked[0], picked[1], False))

    def show_picture(self, picture: Raster, what: str, label: str | None = None) -> None:
        """Show a picture, (rows, columns) float32 in [0, 1], ink is 1; `what` it is, in words; its class, if known."""
        self._put(Sketch(picture=picture, label=label), what, False)

    def ask_save(self) -> None:
        """Ask where to save, and save."""
        try:
            require_ink(self._canvas.sketch)
        except CapsDrawError as error:
            self.failed.emit(str(error))
            return
        picture = self._canvas.sketch.picture is not None
        path = ask_where(self._window, "Save the drawing", "digit", _SAVE, first=int(picture))
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save as strokes (.json) or as a picture, black on white (any other ending that Pillow knows)."""
        sketch = self._canvas.sketch
        self._jobs.run(lambda: save(sketch, path), lambda _: self.opened.emit(f"saved {path.name}"))

    def _show(self, read: Callable[[], Sketch], what: str, example: bool = False) -> None:
        self._jobs.run(read, lambda sketch: self._put(sketch, what, example))

    def _put(self, sketch: Sketch, what: str, example: bool) -> None:
        self._canvas.show_sketch(sketch, example)
        self.opened.emit(what)


def sketch_from(path: Path) -> Sketch:
    """The sketch in an image or strokes file; raises CapsDrawError naming the file."""
    if path.suffix.lower() == ".json":
        return Sketch(fitted(strokes.load(path)))
    return Sketch(picture=read_image(path))


def save(sketch: Sketch, path: Path) -> None:
    """Write a sketch; raises CapsDrawError where it cannot be, and leaves an old file as it was."""
    require_ink(sketch)
    try:
        if path.suffix.lower() != ".json":
            with replacing(path) as temporary:
                dark_on_white(sketch.render()).save(temporary)
        elif sketch.picture is not None:
            raise CapsDrawError("a picture has no strokes to save: save it as .png")
        else:
            strokes.save(sketch.drawing, path)
    except (OSError, ValueError) as error:
        raise CapsDrawError(f"cannot save '{path.name}': {getattr(error, 'strerror', None) or error}") from None


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(held.data())
