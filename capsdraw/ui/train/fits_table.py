"""The fits of a sweep as a table: a line each, the fields that differ as columns, sorted as the user likes."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from capsdraw.sweep.sweep_results import FitResult
from capsdraw.ui import theme
from capsdraw.ui.plain_text import tip
from capsdraw.ui.train.several_choice import heading, value_words

_NUMBER, _SORTED_BY = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_COLUMNS: Final = ("Held-out error", "Epochs", "State")
# After all figures, whichever way the words go.
_LAST: Final = float("inf")


class _FitLine(QTreeWidgetItem):
    """Knows its figures from their words."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = 0 if tree is None else tree.sortColumn()
        own, others = (line.data(column, _SORTED_BY) for line in (self, other))
        return (isinstance(own, str), own) < (isinstance(others, str), others)


class FitsTable(QTreeWidget):
    """A line a fit.

    Signals:
        picked(int): the user chose the fit of that number in the sweep's list.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: list[str] = []
        self._lines: list[_FitLine] = []
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setFont(theme.tabular(self.font()))
        self.setStyleSheet(f"QTreeWidget::item {{ padding: {theme.GRID // 4}px {theme.GRID // 2}px; }}")
        self.setAccessibleName("Fits")
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(12 * theme.GRID)
        self.currentItemChanged.connect(self._tell)

    def show_fits(self, fields: Sequence[str], results: Sequence[FitResult], colours: Sequence[QColor]) -> None:
        """Show these fits, in the sweep's order; nothing is chosen. `colours`: of each, as in the pictures."""
        self._fields = list(fields)
        with QSignalBlocker(self):
            self.setSortingEnabled(False)
            self.clear()
            self.setHeaderLabels([*map(heading, fields), *_COLUMNS])
            for column in range(1, self.columnCount() - 1):
                words = any(
                    isinstance(result.values.get(name), str) for name in fields[column:][:1] for result in results
                )
                self.headerItem().setTextAlignment(column, _side(not words))
            self._lines = [_FitLine() for _ in results]
            for number, (line, result) in enumerate(zip(self._lines, results, strict=True)):
                line.setData(0, _NUMBER, number)
                line.setIcon(0, _dot(colours[number]))
                self._fill(line, result)
            self.addTopLevelItems(self._lines)
            self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)

    def show_result(self, number: int, result: FitResult) -> None:
        """A fit stands elsewhere now."""
        if number < len(self._lines):
            with QSignalBlocker(self):
                self._fill(self._lines[number], result)

    def choose(self, number: int) -> None:
        """Mark a fit's line."""
        if number < len(self._lines):
            with QSignalBlocker(self):
                self.setCurrentItem(self._lines[number])
            self.scrollToItem(self._lines[number])

    def _tell(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(int(item.data(0, _NUMBER)))

    def _fill(self, line: _FitLine, result: FitResult) -> None:
        error = result.held_out_error_percent
        cells: list[tuple[str, object]] = [
            (value_words(name, value), value) if (value := result.values.get(name)) is not None else ("", "")
            for name in self._fields
        ]
        cells += [
            ("" if error is None else f"{error:.2f}%", _LAST if error is None else error),
            (f"{result.epochs_done} of {result.epochs}", result.epochs_done),
            (str(result.status), str(result.status)),
        ]
        for column, (text, key) in enumerate(cells):
            if line.text(column) != text:
                line.setText(column, text)
            if line.data(column, _SORTED_BY) != key:
                line.setData(column, _SORTED_BY, key)
            line.setTextAlignment(column, _side(column > 0 and not isinstance(key, str)))
        line.setToolTip(len(cells) - 1, tip(result.message))


def _side(figures: bool) -> Qt.AlignmentFlag:
    """Figures to the right, words to the left."""
    side = Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _dot(colour: QColor) -> QIcon:
    picture = QPixmap(theme.GRID + 4, theme.GRID + 4)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(2, 2, theme.GRID, theme.GRID)
    painter.end()
    return QIcon(picture)
