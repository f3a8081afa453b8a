"""The sheet of the paper's Figure 4: each number of a capsule in steps; a click sets its slider."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import signed
from capsdraw.lab.perturbation import Sheet
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Table
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.digit_view import image_of, paint_empty

# The column of names is as wide as the longest of them, and no narrower than this.
_NAMES: Final = 14 * theme.GRID
_WORDS: Final = "Draw: here stands what each number of the capsule does, step by step"
_WAITING: Final = "Drawing the sheet …"
_AMOUNTS: Final = 2 * theme.GRID
_GAP: Final = 2
# Beside the sheet one picture is shown large, where there is room for that.
_BESIDE: Final = 3 * theme.GRID
_LARGE: Final = 12 * theme.GRID
# Narrower columns do not have room for an amount each.
_LEGIBLE: Final = 36


class SheetView(CellPicker[Table]):
    """All numbers' rows at once, as large as there is room.

    Attributes:
        sheet: what is shown, or None; awaited: whether one is on its way.

    Signals:
        picked(int, float): number and amount of the picture that was clicked, or chosen by Return.
    """

    picked = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sheet of changed numbers", parent)
        self.sheet: Sheet | None = None
        self.awaited = False
        self._names: list[str] = []
        self._across = _NAMES
        self._offsets: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show a sheet, or an outline of where it will be."""
        if sheet is None or self.sheet is None or sheet.pictures.shape != self.sheet.pictures.shape:
            self.go(None)
        self.sheet, self.awaited = sheet, False
        self.shown_anew()

    def show_rows(self, names: list[str], offsets: list[float]) -> None:
        """What the rows are called, and where their sliders stand."""
        if names != self._names:
            metrics = QFontMetrics(theme.tabular(theme.small(self)))
            widest = max((metrics.horizontalAdvance(_row(*row)) for row in enumerate(names)), default=0)
            self._across = max(_NAMES, widest + 2 * theme.GRID)
        self._names, self._offsets = names, offsets
        self.shown_anew()

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
        side = max(min((width - self._across) / columns, (height - _AMOUNTS) / rows), _GAP + 1)
        return Table.without_gaps(rows * columns, columns, side, side, self._across, _AMOUNTS)

    def words(self, index: int) -> str:
        dimension, amount = self._change(index)
        return f"Number {dimension + 1} moved by {signed(amount, plus=True)}"

    def go(self, index: int | None) -> None:
        super().go(index)
        self.update(self.large().toAlignedRect())

    def entered(self, before: int | None) -> None:  # noqa: ARG002
        self.update(self.large().toAlignedRect())

    def large(self) -> QRectF:
        """Where the picture that is looked at stands large, with its words beneath; empty where there is no room."""
        left = self._across + self.cells.columns * self.cells.across + _BESIDE
        line = self.fontMetrics().height() + theme.GRID
        side = min(self.width() - left, self.height() - _AMOUNTS - line)
        if self.sheet is None or side < _LARGE:
            return QRectF()
        return QRectF(left, _AMOUNTS, side, side + line)

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
        painter = QPainter(self)
        if self.sheet is None:
            paint_empty(painter, self, QRectF(self.rect()), _WAITING if self.awaited else _WORDS)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.tabular(theme.small(self)))
        self._paint_amounts(painter, self.sheet)
        for dimension in range(self.cells.rows):
            self._paint_name(painter, dimension)
        for index in self.in_sight(event.rect()):
            self._paint_cell(painter, self.sheet, index)
        self._paint_large(painter, self.sheet)
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
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, signed(float(amount), plus=True) if amount else "0")

    def _paint_name(self, painter: QPainter, dimension: int) -> None:
        first = self.cell(dimension, 0)
        words = QRectF(0, first.top(), self._across - theme.GRID, first.height())
        name = self._names[dimension] if dimension < len(self._names) else ""
        painter.setPen(theme.of(self).quiet)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, _row(dimension, name))

    def _paint_cell(self, painter: QPainter, sheet: Sheet, index: int) -> None:
        dimension, step = divmod(index, self.cells.columns)
        cell, amount = self._picture(index), float(sheet.amounts[step])
        painter.drawImage(cell, image_of(sheet.pictures[dimension, step]))
        if amount == 0:
            painter.setPen(QPen(theme.of(self).says, 1))
            painter.drawRect(cell)
        offset = self._offsets[dimension] if dimension < len(self._offsets) else 0.0
        if offset and abs(amount - offset) < 1e-6:
            painter.setPen(QPen(theme.of(self).changed, 2))
            painter.drawRect(cell)

    def _paint_large(self, painter: QPainter, sheet: Sheet) -> None:
        """The picture under the pointer, else the one that was chosen last."""
        place = self.large()
        if place.isEmpty():
            return
        index = next((each for each in (self.over, self.current) if each is not None), self.start())
        dimension, step = divmod(index, self.cells.columns)
        frame = QRectF(place.left(), place.top(), place.width(), place.width())
        painter.drawImage(frame, image_of(sheet.pictures[dimension, step]))
        name = self._names[dimension] if dimension < len(self._names) else ""
        painter.setPen(theme.of(self).quiet)
        amount = float(sheet.amounts[step])
        called = f"Number {dimension + 1}{f' ({name})' if name else ''}"
        words = f"{called}, {f'moved by {signed(amount, plus=True)}' if amount else 'as it is'}"
        beneath = QRectF(place.left(), frame.bottom(), place.width(), place.height() - place.width())
        painter.drawText(beneath, Qt.AlignmentFlag.AlignVCenter, words)

    def _picture(self, index: int) -> QRectF:
        """Where a cell's picture stands: the gap beside it answers the pointer, too."""
        return QRectF(*self.cells.box(index)).adjusted(0, 0, -_GAP, -_GAP)

    def _change(self, index: int) -> tuple[int, float]:
        """The number that a cell changes, and by how much."""
        assert self.sheet is not None
        dimension, step = divmod(index, self.cells.columns)
        return dimension, float(self.sheet.amounts[step])


def _row(dimension: int, name: str) -> str:
    """What a row is called."""
    return f"{dimension + 1}  {name}"
