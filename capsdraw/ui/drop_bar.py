"""What can be done with what was dropped: with data, train and evaluate; with several pictures, choose among them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from capsdraw.datasets import dropped
from capsdraw.errors import short
from capsdraw.ink.raster import Raster
from capsdraw.ui import theme
from capsdraw.ui.digit_view import grey_image
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.plain_text import Label, tip, unmarked

# Pixels of a picture in the strip; and how many are shown.
_SIDE = 6 * theme.GRID
_MOST = 200


class DropBar(QFrame):
    """Hidden until something is dropped that is more than one picture.

    Attributes:
        words: what was dropped; train, evaluate, close_button: what can be done; pictures: a button for each.

    Signals:
        opened(object): that picture is to be on the canvas.
        to_train(str), to_evaluate(str): a plan for that data, or a measurement on it, is wanted.
    """

    opened = Signal(object)
    to_train = Signal(str)
    to_evaluate = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._data: Path | None = None
        self._paths: list[Path] = []
        self.words = Label()
        self.words.setWordWrap(True)
        self.train, self.evaluate = QPushButton("Train on it"), QPushButton("Evaluate on it")
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Close this choice")
        self.pictures: list[QToolButton] = []
        self._strip = QHBoxLayout()
        self._strip.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._room = QScrollArea()
        self._lay_out()
        self.train.clicked.connect(lambda: self._go(self.to_train))
        self.evaluate.clicked.connect(lambda: self._go(self.to_evaluate))
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def offer_data(self, path: Path) -> None:
        """Offer what can be done with a folder or file of data."""
        self._data, self._paths = path, []
        self._clear()
        self.words.setText(f"{short(path.name)}: data to train a net on, or to measure a model on")
        self.train.show()
        self.evaluate.setText("Evaluate on it")
        self.evaluate.show()
        self._room.hide()
        self.show()

    def offer_pictures(self, paths: Sequence[Path]) -> None:
        """Offer several pictures; where their names say their classes, also as a small set to measure a model on."""
        self._data, self._paths = None, list(paths)
        self._clear()
        shown = f", the first {_MOST} are shown" if len(paths) > _MOST else ""
        self.words.setText(f"{len(paths)} pictures{shown}: choose one to put it on the canvas")
        self.train.hide()
        self.evaluate.setText("Evaluate on all")
        self.evaluate.setVisible(dropped.are_labelled(self._paths))
        for path in self._paths[:_MOST]:
            self._add(path)
        self._room.show()
        self.show()

    def show_picture(self, path: Path, picture: Raster) -> None:
        """Show what a file of the strip holds, dark ink on white."""
        for chosen, picture_button in zip(self._paths, self.pictures, strict=False):
            if chosen == path:
                picture_button.setIcon(QIcon(QPixmap.fromImage(grey_image(1 - picture))))

    def _add(self, path: Path) -> None:
        picture_button = QToolButton()
        picture_button.setText(unmarked(short(path.stem)))
        picture_button.setIconSize(QSize(_SIDE, _SIDE))
        picture_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        picture_button.setToolTip(tip(path.name))
        picture_button.setAccessibleName(short(path.name))
        picture_button.clicked.connect(lambda _, path=path: self.opened.emit(path))
        self.pictures.append(picture_button)
        self._strip.addWidget(picture_button)

    def _go(self, signal: object) -> None:
        self.hide()
        if self._data is not None:
            signal.emit(str(self._data))  # type: ignore[attr-defined]
        else:
            paths = list(self._paths)
            self._jobs.run(
                lambda: dropped.as_set(paths), lambda folder: signal.emit(str(folder)),  # type: ignore[attr-defined]
                lane="dropped", words="Putting these pictures together",
            )  # fmt: skip

    def _clear(self) -> None:
        for picture_button in self.pictures:
            self._strip.removeWidget(picture_button)
            picture_button.deleteLater()
        self.pictures = []

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        for widget in (self.train, self.evaluate, self.close_button):
            head.addWidget(widget)
        inside = QWidget()
        inside.setLayout(self._strip)
        self._room.setWidget(inside)
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setFixedHeight(_SIDE + 7 * theme.GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        layout.addLayout(head)
        layout.addWidget(self._room)
