"""What an evaluation shows: its figures, its confusion matrix, its mistakes."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capsdraw.evaluate import error
from capsdraw.evaluate.error import Scored
from capsdraw.formatting import many, with_article
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import stacked
from capsdraw.ui.data_field import title
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.evaluate.gallery import Gallery, GalleryItem
from capsdraw.ui.evaluate.matrix import MatrixView
from capsdraw.ui.plain_text import Label, tip

_COLUMNS: Final = ("Class", "Images", "Misread", "Precision", "Recall", "F1")
_TIPS: Final = (
    "", "Of this class in the data", "Of these images, read as another class",
    "Share of the images read as this class that belong to it", "Share of this class' images that were read as it",
    "The harmonic mean of precision and recall",
)  # fmt: skip
_COUNT: Final = 1
# Pixels of a column of words: its share of a table in the least window, and what it may take of the others'.
_USUAL, _WIDEST = 12 * theme.GRID, 28 * theme.GRID
_WITH_CLASS: Final = "With a digit of this class in them"


class ResultView(QWidget):
    """Error with its interval, time, calibration, and each class.

    Attributes:
        headline, interval, figures: words; table: a class a line.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline, self.interval, self.figures = Label(), caption(), caption()
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

    def show_result(self, examined: Examined) -> None:
        """Show what was measured."""
        result = examined.result
        low, high = result.interval_percent
        self.headline.setText(
            f"{result.error_percent:.2f}% wrong: {result.errors:,} of {many(result.images, result.noun)}"
        )
        self.interval.setText(
            f"{examined.card.title} on {_on(examined)}. On more {result.noun}s of this kind its error would lie "
            f"between {low:.2f}% and {high:.2f}%, at 95% confidence (Wilson's interval)."
        )
        self.figures.setText(
            f"{1000 * result.seconds_per_image:.2f} ms {with_article(result.noun)}, in batches.   "
            f"Confidence and correctness lie {result.calibration.error:.3f} apart (expected calibration error).   "
            f"{error.remark(examined.card, examined.data)}".rstrip()
        )
        head = self.table.horizontalHeaderItem(_COUNT)
        assert head is not None
        head.setText(f"{result.noun.title()}s")
        head.setToolTip(tip(_WITH_CLASS if examined.card.reads_pairs else _TIPS[_COUNT]))
        rows = [_class_row(examined, label) for label in range(result.classes)]
        fill(self.table, rows)
        fit_height(self.table)
        fit_words(self.table)


class ConfusionView(QWidget):
    """The matrix, and the images of the cell that was clicked.

    Attributes:
        matrix, gallery: these; status: the cell under the pointer, in words; head: what the gallery holds.

    Signals:
        picked(int): the image of that index was clicked.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix, self.gallery = MatrixView(), Gallery("Images of the cell")
        self.status, self.head = caption(), caption()
        self._examined: Examined | None = None
        self.gallery.picked.connect(self.picked)
        self.matrix.pointed.connect(self._point)
        self.matrix.picked.connect(self.choose)
        self._lay_out()

    def show_result(self, examined: Examined) -> None:
        """Show what was measured, and the images of its commonest confusion; or, without any, of what was read most."""
        self._examined = examined
        counts = examined.result.confusion
        self.matrix.show_counts(counts, examined.names)
        wrong = counts.copy()
        wrong[range(len(counts)), range(len(counts))] = 0
        most = divmod(int((wrong if wrong.any() else counts).argmax()), len(counts))
        self.matrix.choose(most)
        self.choose(*most)
        self._point(None)

    def choose(self, true: int, read: int) -> None:
        """Show the images of a cell."""
        if self._examined is None:
            return
        examined, names = self._examined, self._examined.names
        result = examined.result
        inside, scores = result.cell(true, read), result.scores
        items = [
            GalleryItem(index, *result.told(index, names), bool(result.right[index]), f"{scores[index, read]:.2f}")
            for index in inside.tolist()
        ]
        self.gallery.show_pictures(examined.images, items, hint(examined), result.noun)
        words = f"{many(len(items), result.noun)} {_of(result, names, true)} {_read_as(names, true, read)}"
        self.head.setText(words)
        self.head.setToolTip(tip(words))  # there is room for two lines of them

    def _point(self, cell: tuple[int, int] | None) -> None:
        if self._examined is None or cell is None:
            self.status.setText("Point at a cell to read it in words; click it to see its images.")
        else:
            self.status.setText(cell_words(self._examined.result, self._examined.names, *cell))

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        # Room for two lines, so that nothing jumps while the pointer moves.
        for words in (self.status, self.head):
            words.setFixedHeight(2 * words.fontMetrics().lineSpacing() + 2)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
        for column, widgets in ((left, (self.status, self.matrix)), (right, (self.head, self.gallery))):
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

    def show_result(self, examined: Examined) -> None:
        """Show what was misread."""
        result, names, title_of = examined.result, examined.names, examined.card.title
        items = [
            GalleryItem(index, *result.told(index, names), False, f"{result.confidence[index]:.2f}")
            for index in result.misread.tolist()
        ]
        self.gallery.show_pictures(examined.images, items, hint(examined), result.noun)
        true = "both true classes" if examined.card.reads_pairs else "true class"
        self.head.setText(
            f"{len(items):,} of {many(result.images, result.noun)} misread by {title_of}: {true} → what was read, and "
            "how confident the net was."
            if items else f"{title_of} misread none of the {many(result.images, result.noun)}."
        )  # fmt: skip


def hint(examined: Examined) -> str:
    """What a click on an image of this data does."""
    digits = examined.card.reads_drawings
    return "Click to put it on the canvas" if digits else "Click to look at it inside the net"


def cell_words(result: Scored, names: Sequence[str], true: int, read: int) -> str:
    """A cell of the confusion matrix as a sentence."""
    count, total = int(result.confusion[true, read]), int(result.confusion[true].sum())
    percent = f" ({100 * count / total:.1f}%)" if total else ""
    return (
        f"Of {many(total, result.noun)} {_of(result, names, true)}, {count:,} {_read_as(names, true, read)}{percent}."
    )


def table(columns: Sequence[str], tips: Sequence[str], name: str, words: Sequence[int] = (0,)) -> QTableWidget:
    """A table that is only looked at, or chosen from by lines.

    Args:
        columns, tips: what they are called, and mean; name: of the table.
        words: the columns of words; the others are of figures.
    """
    widget = QTableWidget(0, len(columns))
    widget.setAccessibleName(name)
    for column, (text, meaning) in enumerate(zip(columns, tips, strict=True)):
        head = QTableWidgetItem(text)
        head.setToolTip(tip(meaning))
        head.setTextAlignment(_side(column in words))
        widget.setHorizontalHeaderItem(column, head)
    widget.verticalHeader().hide()
    widget.verticalHeader().setDefaultSectionSize(3 * theme.GRID + 2)
    widget.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    widget.horizontalHeader().setHighlightSections(False)
    widget.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    widget.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    widget.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    widget.setShowGrid(False)
    widget.setTabKeyNavigation(False)  # else Tab goes from cell to cell, and whoever has no mouse never leaves
    widget.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GRID // 2}px; }}")
    widget.setFont(theme.tabular(widget.font()))
    return widget


def fill(widget: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Put these lines into a table; words, which there may be no room for, have tool tips, too."""
    widget.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            head = widget.horizontalHeaderItem(column)
            assert head is not None
            item.setTextAlignment(Qt.AlignmentFlag(head.textAlignment()))
            if head.textAlignment() & Qt.AlignmentFlag.AlignLeft.value:
                item.setToolTip(tip(text))
            widget.setItem(row, column, item)


def fit_height(widget: QTableWidget) -> None:
    """As high as its lines, where there is room for them."""
    rows = widget.rowCount() * widget.verticalHeader().defaultSectionSize()
    widget.setMaximumHeight(widget.horizontalHeader().sizeHint().height() + rows + 2 * widget.frameWidth())


def fit_words(widget: QTableWidget, column: int = 0) -> None:
    """The column of words wider than its share, where these need it; the user may draw it wider still."""
    head, wide = widget.horizontalHeader(), min(widget.sizeHintForColumn(column), _WIDEST)
    mode = QHeaderView.ResizeMode.Interactive if wide > _USUAL else QHeaderView.ResizeMode.Stretch
    head.setSectionResizeMode(column, mode)
    if wide > _USUAL:
        head.resizeSection(column, wide)


def _of(result: Scored, names: Sequence[str], true: int) -> str:
    """That images are of a class; that pairs hold one."""
    return f"{'with' if result.labels.ndim > 1 else 'of'} {names[true]}"


def _on(examined: Examined) -> str:
    """What was read."""
    data = title(examined.result.data)
    return f"test images of {data}, two over one another" if examined.card.reads_pairs else data


def _read_as(names: Sequence[str], true: int, read: int) -> str:
    return "read right" if true == read else f"read as {names[read]}"


def _side(words: bool) -> Qt.AlignmentFlag:
    """Words to the left, figures to the right."""
    side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _class_row(examined: Examined, label: int) -> list[str]:
    figures = examined.result.by_class[label]
    wrong = figures.count - int(examined.result.confusion[label, label])
    parts = ["–" if value is None else f"{value:.4f}" for value in (figures.precision, figures.recall, figures.f1)]
    return [examined.names[label], f"{figures.count:,}", f"{wrong:,}", *parts]
