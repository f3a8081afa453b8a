"""What an evaluation shows: its figures, its confusion matrix, its mistakes."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capsdraw.evaluate import error
from capsdraw.evaluate.error import Evaluation
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import stacked
from capsdraw.ui.data_field import title
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.evaluate.gallery import Gallery, Shown
from capsdraw.ui.evaluate.matrix import Matrix

_COLUMNS: Final = ("Class", "Images", "Misread", "Precision", "Recall", "F1")
_TIPS: Final = (
    "", "Of this class in the data", "Of these images, read as another class",
    "Of the images read as this class, the part that are", "Of this class' images, the part read as it",
    "Twice the rightly read over the read and the true ones together",
)  # fmt: skip


class ResultView(QWidget):
    """Error with its interval, time, calibration, and each class.

    Attributes:
        headline, interval, figures: words; table: a class a line.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline, self.interval, self.figures = QLabel(), caption(), caption()
        self.headline.setFont(theme.tabular(theme.large(self)))
        self.headline.setWordWrap(True)
        self.table = table(_COLUMNS, _TIPS, "Classes")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for words in (self.headline, self.interval, self.figures):
            layout.addWidget(words)
        layout.addWidget(self.table, 1000)
        # What the table does not need stays empty, without a frame around it.
        layout.addStretch(1)

    def show_result(self, found: Examined) -> None:
        """Show what was measured."""
        result = found.result
        low, high = result.interval_percent
        self.headline.setText(
            f"{result.error_percent:.2f}% wrong: {result.errors:,} of {result.images:,} "
            f"{'image' if result.images == 1 else 'images'}"
        )
        self.interval.setText(
            f"{found.card.title} on {title(result.data)}. Over ever more such images its error lies between {low:.2f}% "
            f"and {high:.2f}%, at 95% confidence (Wilson's interval)."
        )
        self.figures.setText(
            f"{1000 * result.seconds_per_image:.2f} ms an image, many at once.   "
            f"Confidence and correctness lie {result.calibration.error:.3f} apart (expected calibration error).   "
            f"{error.remark(found.card, found.data)}".rstrip()
        )
        rows = [_class_row(found, number) for number in range(result.classes)]
        fill(self.table, rows)
        fit_height(self.table)


class ConfusionView(QWidget):
    """The matrix, and the images of the cell that was clicked.

    Attributes:
        matrix, gallery: these; said: the cell under the pointer, in words; head: what the gallery holds.

    Signals:
        picked(int): the image of that index was clicked.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix, self.gallery = Matrix(), Gallery("Images of the cell")
        self.said, self.head = caption(), caption()
        self._found: Examined | None = None
        self.gallery.picked.connect(self.picked)
        self.matrix.pointed.connect(self._point)
        self.matrix.picked.connect(self.choose)
        self._lay_out()

    def show_result(self, found: Examined) -> None:
        """Show what was measured, and the images of its commonest confusion."""
        self._found = found
        counts = found.result.confusion
        self.matrix.show_counts(counts, found.names)
        wrong = counts.copy()
        wrong[range(len(counts)), range(len(counts))] = 0
        most = divmod(int(wrong.argmax()), len(counts)) if wrong.any() else (0, 0)
        self.matrix.choose(most)
        self.choose(*most)
        self._point(None)

    def choose(self, true: int, read: int) -> None:
        """Show the images of a cell."""
        if self._found is None:
            return
        found, names = self._found, self._found.names
        inside = found.result.cell(true, read)
        scores = found.result.scores
        shown = [
            Shown(one, names[true], names[read], true == read, f"{scores[one, read]:.2f}") for one in inside.tolist()
        ]
        self.gallery.show_pictures(found.data.test_images, shown, hint(found))
        images = "image" if len(shown) == 1 else "images"
        self.head.setText(f"{len(shown):,} {images} of {names[true]} {_read_as(names, true, read)}")

    def _point(self, cell: tuple[int, int] | None) -> None:
        if self._found is None or cell is None:
            self.said.setText("Point at a cell, and it is told in words; click it, and its images are shown.")
        else:
            self.said.setText(cell_words(self._found.result, self._found.names, *cell))

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        # Room for two lines, so that nothing jumps while the pointer moves.
        for words in (self.said, self.head):
            words.setFixedHeight(2 * words.fontMetrics().lineSpacing() + 2)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
        for column, widgets in ((left, (self.said, self.matrix)), (right, (self.head, self.gallery))):
            column.setSpacing(theme.GRID)
            for widget in widgets:
                column.addWidget(widget, int(widget in (self.matrix, self.gallery)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(left, 3)
        layout.addLayout(right, 2)


class MistakesView(QWidget):
    """All misread images, the most confident mistake first.

    Attributes:
        head: how many; gallery: these.

    Signals:
        picked(int): the image of that index was clicked.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head, self.gallery = caption(), Gallery("Mistakes")
        self.gallery.picked.connect(self.picked)
        stacked(self, self.head, self.gallery)

    def show_result(self, found: Examined) -> None:
        """Show what was misread."""
        names, mistakes = found.names, found.result.mistakes
        shown = [Shown(one.index, names[one.true], names[one.read], False, f"{one.score:.2f}") for one in mistakes]
        self.gallery.show_pictures(found.data.test_images, shown, hint(found))
        count = f"{len(shown):,} of {found.result.images:,} images" if shown else "None"
        self.head.setText(
            f"{count} misread by {found.card.title}: what each is → what was read, and how sure the net was of it."
            if shown else f"{found.card.title} misread none of the {found.result.images:,} images."
        )  # fmt: skip


def hint(found: Examined) -> str:
    """What a click on an image of this data does."""
    digits = found.data.test_images.shape[1:] == (28, 28)
    return "Click to put it on the canvas" if digits else "Click to look inside the net with it"


def cell_words(result: Evaluation, names: Sequence[str], true: int, read: int) -> str:
    """A cell of the confusion matrix as a sentence."""
    count, total = int(result.confusion[true, read]), int(result.confusion[true].sum())
    part = f" ({100 * count / total:.1f}%)" if total else ""
    return f"Of {total:,} images of {names[true]}, {count:,} {_read_as(names, true, read)}{part}."


def table(columns: Sequence[str], tips: Sequence[str], name: str, words: Sequence[int] = (0,)) -> QTableWidget:
    """A table that is only looked at, or chosen from by lines.

    Args:
        columns, tips: what they are called, and mean; name: of the table.
        words: the columns of words; the others are of figures.
    """
    made = QTableWidget(0, len(columns))
    made.setAccessibleName(name)
    for number, (text, tip) in enumerate(zip(columns, tips, strict=True)):
        head = QTableWidgetItem(text)
        head.setToolTip(tip)
        head.setTextAlignment(_side(number in words))
        made.setHorizontalHeaderItem(number, head)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(3 * theme.GRID + 2)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    made.horizontalHeader().setHighlightSections(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setShowGrid(False)
    made.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GRID // 2}px; }}")
    made.setFont(theme.tabular(made.font()))
    return made


def fill(made: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Put these lines into a table."""
    made.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            head = made.horizontalHeaderItem(column)
            assert head is not None
            item.setTextAlignment(Qt.AlignmentFlag(head.textAlignment()))
            made.setItem(row, column, item)


def fit_height(made: QTableWidget) -> None:
    """As high as its lines, where there is room for them."""
    rows = made.rowCount() * made.verticalHeader().defaultSectionSize()
    made.setMaximumHeight(made.horizontalHeader().sizeHint().height() + rows + 2 * made.frameWidth())


def _read_as(names: Sequence[str], true: int, read: int) -> str:
    return "read right" if true == read else f"read as {names[read]}"


def _side(words: bool) -> Qt.AlignmentFlag:
    """Words to the left, figures to the right."""
    side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _class_row(found: Examined, number: int) -> list[str]:
    one = found.result.by_class[number]
    wrong = one.count - int(found.result.confusion[number, number])
    parts = ["–" if part is None else f"{part:.4f}" for part in (one.precision, one.recall, one.f1)]
    return [found.names[number], f"{one.count:,}", f"{wrong:,}", *parts]
