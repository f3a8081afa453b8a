"""One number's arithmetic: a patch, a kernel, their products, and the sum that is the map's value."""

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from capsdraw.formatting import signed
from capsdraw.lab.arithmetic import ValueSum
from capsdraw.lab.filters import grey
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Blocks, Flow, Grid
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.controls import button, combo, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText

_BETWEEN: Final = 3 * theme.GRID
_CAPTION: Final = 3 * theme.GRID
_LARGEST_CELL: Final = 15 * theme.GRID
# From so many pixels on, there is room for a cell's figure.
_READABLE: Final = 34
# The sum's maps that are offered to be looked at: the choice of hundreds helps nobody.
_OFFERED: Final = 32


class SumGrids(CellPicker[Blocks]):
    """Patch × kernel = products, cell by cell; the cell under pointer or keys is framed in all three.

    Attributes:
        shown: the sum, or None; channel: which of the maps that it reads is shown.

    Signals:
        looked(): another cell is looked at.
    """

    looked = Signal()
    pointer_shape: ClassVar = Qt.CursorShape.ArrowCursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("A patch, the kernel over it, and their products", parent)
        self.shown: ValueSum | None = None
        self.channel = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def at(self) -> int:
        """The cell that is looked at."""
        return self.over if self.over is not None else self.current or 0

    def show_sum(self, shown: ValueSum | None, channel: int = 0) -> None:
        """Show one, and of the maps that it reads that one's part; the cell stays while that is of the same kernel."""
        stays = channel == self.channel and _same_kernel(self.shown, shown)
        self.shown, self.channel = shown, channel
        if shown is not None and not stays:
            self.current = int(np.abs(shown.products[channel]).argmax())
        self.shown_anew()

    def needed(self, width: int) -> int:
        """The height that the cells take at most in that width."""
        if self.shown is None:
            return self.minimumSizeHint().height()
        rows, columns = self.shown.patch.shape[1:]
        return round(_CAPTION + rows * min((width - 2 * _BETWEEN - 2) / (3 * columns), _LARGEST_CELL)) + 3

    def lay_out(self, width: int, height: int) -> Blocks:
        if self.shown is None:
            return Blocks((Flow.empty(),))
        rows, columns = self.shown.patch.shape[1:]
        cell = min((width - 2 * _BETWEEN - 2) / (3 * columns), (height - _CAPTION - 2) / rows, float(_LARGEST_CELL))
        cell = max(cell, 1.0)
        lefts = (1 + number * (columns * cell + _BETWEEN) for number in range(3))
        return Blocks(tuple(Flow.without_gaps(rows * columns, columns, cell, cell, left, _CAPTION) for left in lefts))

    def words(self, index: int) -> str:
        if self.shown is None:
            return ""
        patch, kernel, product = (array[self.channel].reshape(-1)[index] for array in _three(self.shown))
        return f"{signed(float(patch))} × {_weight(float(kernel))} = {_weight(float(product))}"

    def entered(self, before: int | None) -> None:
        self.renew(before, self.over)
        self.looked.emit()

    def clicked(self, index: int) -> None:
        self.stepped(index)

    def stepped(self, index: int) -> None:
        self.go(index)
        self.looked.emit()

    def sizeHint(self) -> QSize:
        return QSize(60 * theme.GRID, 24 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(24 * theme.GRID, 14 * theme.GRID)

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.shown is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        painter.setFont(theme.tabular(theme.small(self)))
        captions = (_read(self.shown, self.channel), f"Kernel {self.shown.index + 1}", "Products")
        for number, (grid, array) in enumerate(zip(self.cells.grids, _three(self.shown), strict=True)):
            values = array[self.channel]
            self._paint_grid(painter, grid, values)
            wide = grid.columns * grid.across
            painter.setPen(colours.quiet)
            name = painter.fontMetrics().elidedText(captions[number], Qt.TextElideMode.ElideRight, int(wide + _BETWEEN))
            above = QRectF(grid.left, 0, wide + _BETWEEN, _CAPTION - 4)
            painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, name)
            if number:
                sign = QRectF(grid.left - _BETWEEN, grid.top, _BETWEEN, grid.rows * grid.down)
                painter.setPen(colours.text)
                painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "×" if number == 1 else "=")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.says, 2))
        for box in self.cells.boxes(min(self.at, self.cells.count - 1)):
            painter.drawRect(QRectF(*box))

    def _paint_grid(self, painter: QPainter, grid: Grid, values: NDArray[np.float64] | Floats) -> None:
        greys = shades(np.asarray(values, np.float32)).reshape(-1)
        for index, shade in enumerate(greys):
            box = QRectF(*grid.box(index))
            painter.fillRect(box, QColor.fromRgbF(float(shade), float(shade), float(shade)))
            if grid.across >= _READABLE:
                painter.setPen(theme.LIGHT.text if shade > 0.5 else theme.DARK.text)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, signed(float(values.reshape(-1)[index])))
        painter.setPen(QPen(theme.of(self).line, 1))
        painter.drawRect(QRectF(grid.left, grid.top, grid.columns * grid.across, grid.rows * grid.down))


class SumView(Guarded, QWidget):
    """The three grids, and what they come to, in figures.

    Attributes:
        grids: patch, kernel and products; back: to the maps; channel: which of the maps that are read.
        cell: what the cell comes to that is looked at; line: what all of them come to.
        shown: the sum, or None.

    Signals:
        closed(): the user wants the maps again.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: ValueSum | None = None
        self.grids, self.back = SumGrids(), button("Back to the maps", "Close the arithmetic (Escape)")
        self.channel = combo("Map that is read", "The maps that this value is computed from, the weightiest first", 15)
        figures = theme.tabular(self.font())
        self.cell, self.line = LiveText(figures, lines=1), LiveText(figures, quiet=False, lines=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(self.back, self.channel, None))
        layout.addWidget(self.grids, 100)
        layout.addWidget(self.cell)
        layout.addWidget(self.line)
        layout.addStretch(1)
        self.back.clicked.connect(self.closed)
        self.channel.activated.connect(lambda _: self._show())
        self.grids.looked.connect(self._tell)

    def show_sum(self, shown: ValueSum | None) -> None:
        """Show another one, or none; of the same map, what it reads of the chosen one."""
        kept = self.channel.currentData() if _same_kernel(self.shown, shown) else None
        self.shown = shown
        self._offer(kept)
        self._show()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """What the cells come to stands right beneath them."""
        self.grids.setMaximumHeight(self.grids.needed(self.width()))

    def _offer(self, kept: int | None) -> None:
        """The maps that are read, the weightiest first; `kept` stays chosen, however little it weighs by now."""
        shown = self.shown
        with QSignalBlocker(self.channel):
            self.channel.clear()
            if shown is not None:
                channels = np.argsort(-np.abs(shown.shares), kind="stable")[:_OFFERED].tolist()
                if kept is not None and kept not in channels:
                    channels.append(kept)
                for channel in channels:
                    share = _weight(float(shown.shares[channel]))
                    self.channel.addItem(f"{shown.called(channel)}: {share}", channel)
                self.channel.setCurrentIndex(0 if kept is None else channels.index(kept))
        self.channel.setVisible(shown is not None and len(shown.inputs) > 1)

    def _show(self) -> None:
        self.grids.show_sum(self.shown, self.channel.currentData() or 0)
        self.line.setText("" if self.shown is None else in_words(self.shown, self.grids.channel))
        self._tell()

    def _tell(self) -> None:
        self.cell.setText("" if self.shown is None else f"This cell: {self.grids.words(self.grids.at)}")


def in_words(shown: ValueSum, channel: int) -> str:
    """What is added up, and what it comes to."""
    many = shown.patch[0].size
    own, shares = float(shown.shares[channel]), float(shown.shares.sum())
    if len(shown.inputs) == 1:
        parts = f"The {many} products add up to {_weight(shares)}."
    else:
        one = "colour" if shown.in_colour else "map"
        parts = (
            f"The {many} products of this {one} add up to {_weight(own)}, those of all {len(shown.inputs)} {one}s that "
            f"it reads to {_weight(shares)}."
        )
    parts += f" With the bias {_weight(shown.bias)} that makes {_weight(shown.total)}."
    after = {
        "linear": "It is left as it is:", "relu": f"ReLU {'lets it pass:' if shown.total > 0 else 'makes it 0:'}"
    }.get(shown.activation, f"After {shown.activation}:")  # fmt: skip
    place = f"row {shown.row + 1}, column {shown.column + 1}"
    return f"{parts} {after} {signed(shown.value, 3)}, the map's own value in {place}."


def shades(values: Floats) -> Floats:
    """Values in grey, of the same shape, in [0, 1]: without negative ones 0 is black, else mid grey."""
    if values.min() < 0:
        return grey(values)
    return values / np.float32(max(float(values.max()), 1e-9))


def _same_kernel(one: ValueSum | None, other: ValueSum | None) -> bool:
    """Whether both are values of one map, and read the same ones."""
    return (
        one is not None and other is not None and (one.layer, one.index, one.inputs, one.kernel.shape)
        == (other.layer, other.index, other.inputs, other.kernel.shape)
    )  # fmt: skip


def _three(shown: ValueSum) -> tuple[NDArray[np.float64] | Floats, ...]:
    return shown.patch, shown.kernel, shown.products


def _read(shown: ValueSum, channel: int) -> str:
    """What the patch is cut out of."""
    if not shown.of_image:
        return f"Patch of {shown.called(channel)} before it"
    return f"Patch of the image{f', {shown.called(channel)}' if shown.in_colour else ''}"


def _weight(value: float) -> str:
    """With its sign, so that it can be added up by eye."""
    return signed(value, 3, plus=True)
