"""The sheet of the paper's Figure 4: each number of a capsule in steps; a click sets its slider."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.perturbation import Sheet
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Table
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.digit_view import grey_image

_NAMES: Final = 14 * theme.GRID
_AMOUNTS: Final = 2 * theme.GRID
_GAP: Final = 2
# Narrower columns do not have room for an amount each.
_LEGIBLE: Final = 36


class SheetView(CellPicker[Table]):
    """All numbers' rows at once, as large as there is room.

    Attributes:
        sheet: what is shown, or None.

    Signals:
        picked(int, float): number and amount of the picture that was clicked, or chosen by Return.
    """

    picked = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sheet of changed numbers", parent)
        self.sheet: Sheet | None = None
        self._names: list[str] = []
        self._offsets: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show a sheet, or nothing."""
        if sheet is None or self.sheet is None or sheet.pictures.shape != self.sheet.pictures.shape:
            self.go(None)
        self.sheet = sheet
        self.shown_anew()

    def show_rows(self, names: list[str], offsets: list[float]) -> None:
        """What the rows are called, and where their sliders stand."""
        self._names, self._offsets = names, offsets
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_NAMES + 11 * 30, _AMOUNTS + 16 * 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAMES + 11 * 20, _AMOUNTS + 16 * 20)

    def cell(self, dimension: int, step: int) -> QRectF:
        """Where the picture of `dimension` at `step` stands."""
        return self._picture(dimension * self.cells.columns + step)

    def lay_out(self, width: int, height: int) -> Table:
        if self.sheet is None:
            return Table.empty()
        rows, columns = self.sheet.pictures.shape[:2]
        side = max(min((width - _NAMES) / columns, (height - _AMOUNTS) / rows), _GAP + 1)
        return Table.without_gaps(rows * columns, columns, side, side, _NAMES, _AMOUNTS)

    def words(self, index: int) -> str:
        number, amount = self._change(index)
        return f"Number {number + 1} moved by {amount:+.2f}"

    def tip(self, place: QPointF) -> str:
        words = super().tip(place)
        return f"{words}: click to set it" if words else ""

    def start(self) -> int:
        # Where nothing is changed.
        return self.cells.columns // 2

    def clicked(self, index: int) -> None:
        self.go(index)
        self.picked.emit(*self._change(index))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.tabular(theme.small(self)))
        self._paint_amounts(painter, self.sheet)
        for number in range(self.cells.rows):
            self._paint_name(painter, number)
        for index in self.in_sight(event.rect()):
            self._paint_cell(painter, self.sheet, index)
        if self.current is not None and self.hasFocus():
            painter.setPen(QPen(theme.of(self).text, 1, Qt.PenStyle.DotLine))
            painter.drawRect(self._picture(self.current).adjusted(2, 2, -2, -2))

    def _paint_amounts(self, painter: QPainter, sheet: Sheet) -> None:
        colours, columns = theme.of(self), self.cells.columns
        for step, amount in enumerate(sheet.amounts):
            if self.cell(0, step).width() < _LEGIBLE and step not in (0, columns // 2, columns - 1):
                continue
            painter.setPen(colours.says if amount == 0 else colours.quiet)
            cell = self.cell(0, step)
            place = QRectF(cell.center().x() - 30, 0, 60, _AMOUNTS - 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{amount:+.2f}" if amount else "0")

    def _paint_name(self, painter: QPainter, number: int) -> None:
        first = self.cell(number, 0)
        words = QRectF(0, first.top(), _NAMES - theme.GRID, first.height())
        name = self._names[number] if number < len(self._names) else ""
        painter.setPen(theme.of(self).quiet)
        text = painter.fontMetrics().elidedText(
            f"{number + 1}  {name}", Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cell(self, painter: QPainter, sheet: Sheet, index: int) -> None:
        number, step = divmod(index, self.cells.columns)
        cell, amount = self._picture(index), float(sheet.amounts[step])
        painter.drawImage(cell, grey_image(sheet.pictures[number, step]))
        if amount == 0:
            painter.setPen(QPen(theme.of(self).says, 1))
            painter.drawRect(cell)
        offset = self._offsets[number] if number < len(self._offsets) else 0.0
        if offset and abs(amount - offset) < 1e-6:
            painter.setPen(QPen(theme.of(self).changed, 2))
            painter.drawRect(cell)

    def _picture(self, index: int) -> QRectF:
        """Where a cell's picture stands: the gap beside it answers the pointer, too."""
        return QRectF(*self.cells.box(index)).adjusted(0, 0, -_GAP, -_GAP)

    def _change(self, index: int) -> tuple[int, float]:
        """The number that a cell changes, and by how much."""
        assert self.sheet is not None
        number, step = divmod(index, self.cells.columns)
        return number, float(self.sheet.amounts[step])
