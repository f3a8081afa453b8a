"""The sheet of the paper's Figure 4: each number of a capsule in steps; a click sets its slider."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from capsdraw.lab.perturb import Sheet
from capsdraw.ui import theme
from capsdraw.ui.digit_view import grey_image

_NAMES: Final = 14 * theme.GRID
_AMOUNTS: Final = 2 * theme.GRID
_GAP: Final = 2
# Narrower columns do not have room for an amount each.
_LEGIBLE: Final = 36
_STEPS: Final = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class SheetView(QWidget):
    """All numbers' rows at once, as large as there is room.

    Attributes:
        sheet: what is shown, or None.
        at: number and step of the picture that the keyboard is at, or None.

    Signals:
        picked(int, float): number and amount of the picture that was clicked, or chosen by Return.
    """

    picked = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.at: tuple[int, int] | None = None
        self._names: list[str] = []
        self._offsets: list[float] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sheet of changed numbers")

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show a sheet, or nothing."""
        if sheet is None or self.sheet is None or sheet.pictures.shape != self.sheet.pictures.shape:
            self.at = None
        self.sheet = sheet
        self.update()

    def show_rows(self, names: list[str], offsets: list[float]) -> None:
        """What the rows are called, and where their sliders stand."""
        self._names, self._offsets = names, offsets
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_NAMES + 11 * 30, _AMOUNTS + 16 * 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAMES + 11 * 20, _AMOUNTS + 16 * 20)

    def cell(self, number: int, step: int) -> QRectF:
        """Where the picture of `number` at `step` stands."""
        assert self.sheet is not None
        rows, columns = self.sheet.pictures.shape[:2]
        side = min((self.width() - _NAMES) / columns, (self.height() - _AMOUNTS) / rows)
        return QRectF(_NAMES + step * side, _AMOUNTS + number * side, side - _GAP, side - _GAP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None:
            self._pick(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self.sheet is not None and step is not None:
            rows, columns = self.sheet.pictures.shape[:2]
            # At first where nothing is changed.
            number, at = (0, columns // 2) if self.at is None else (self.at[0] + step[0], self.at[1] + step[1])
            self._go(min(max(number, 0), rows - 1), min(max(at, 0), columns - 1))
        elif self.at is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(*self.at)
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and self.sheet is not None:
            found = self._under(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), f"{self._words(*found)}: click to set it")
            return True
        return super().event(event)  # type: ignore[arg-type]

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.sheet is None:
            return
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.tabular(theme.small(self)))
        rows, columns = self.sheet.pictures.shape[:2]
        for step in range(columns):
            amount = self.sheet.amounts[step]
            if self.cell(0, step).width() < _LEGIBLE and step not in (0, columns // 2, columns - 1):
                continue
            painter.setPen(colours.says if amount == 0 else colours.quiet)
            cell = self.cell(0, step)
            place = QRectF(cell.center().x() - 30, 0, 60, _AMOUNTS - 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{amount:+.2f}" if amount else "0")
        for number in range(rows):
            self._paint_row(painter, number)
        if self.at is not None and self.hasFocus():
            painter.setPen(QPen(colours.text, 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.cell(*self.at).adjusted(2, 2, -2, -2))

    def _paint_row(self, painter: QPainter, number: int) -> None:
        assert self.sheet is not None
        colours = theme.of(self)
        first = self.cell(number, 0)
        words = QRectF(0, first.top(), _NAMES - theme.GRID, first.height())
        name = self._names[number] if number < len(self._names) else ""
        painter.setPen(colours.quiet)
        text = painter.fontMetrics().elidedText(
            f"{number + 1}  {name}", Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        offset = self._offsets[number] if number < len(self._offsets) else 0.0
        for step, picture in enumerate(self.sheet.pictures[number]):
            cell = self.cell(number, step)
            painter.drawImage(cell, grey_image(picture))
            amount = float(self.sheet.amounts[step])
            if amount == 0:
                painter.setPen(QPen(colours.says, 1))
                painter.drawRect(cell)
            if offset and abs(amount - offset) < 1e-6:
                painter.setPen(QPen(colours.changed, 2))
                painter.drawRect(cell)

    def _go(self, number: int, step: int) -> None:
        self.at = number, step
        self.setAccessibleDescription(self._words(number, step))
        self.update()

    def _pick(self, number: int, step: int) -> None:
        assert self.sheet is not None
        self._go(number, step)
        self.picked.emit(number, float(self.sheet.amounts[step]))

    def _words(self, number: int, step: int) -> str:
        assert self.sheet is not None
        return f"Number {number + 1} moved by {self.sheet.amounts[step]:+.2f}"

    def _under(self, place: QPointF) -> tuple[int, int] | None:
        if self.sheet is None:
            return None
        rows, columns = self.sheet.pictures.shape[:2]
        first = self.cell(0, 0)
        step = int((place.x() - first.left()) // (first.width() + _GAP))
        number = int((place.y() - first.top()) // (first.height() + _GAP))
        return (number, step) if 0 <= step < columns and 0 <= number < rows else None
