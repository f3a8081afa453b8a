"""A picture of the net: its layers from the image downwards, and what each makes of the drawing."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import many
from capsdraw.lab.anatomy import Anatomy, LayerInfo
from capsdraw.lab.trace import Trace
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Lines
from capsdraw.ui.cell_view import CellFollower, CellScroll
from capsdraw.ui.inside.net_paint import LayerRow, highest, paint_frame, paint_line, paint_ways

_HIGH: Final = 7 * theme.GRID
# Where all of the net has room, lines are higher, but none than this.
_HIGHEST: Final = 20 * theme.GRID
_LOW: Final = 3 * theme.GRID
_HEAD: Final = 4 * theme.GRID
# Of a frame: within, and between it and what stands outside.
_INNER: Final = theme.GRID
_BY_KEYS: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
# What a drawing passes through and is changed little, or in form only.
_QUIET: Final = ("normalisation", "dropout", "padding", "whitening")


class NetView(CellScroll):
    """The picture, scrolled.

    Attributes:
        picture: what is scrolled.

    Signals:
        picked(str): the layer of that name was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        picture = NetPicture()
        super().__init__(picture, parent)
        self.picture = picture
        self.picture.picked.connect(self.picked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.picture.fit(event.size())
        super().resizeEvent(event)

    def show_anatomy(self, anatomy: Anatomy | None, names: tuple[str, ...] = ()) -> None:
        """Draw a net, whose classes have these names; None for none."""
        self.picture.show_anatomy(anatomy, names)

    def show_trace(self, trace: Trace | None) -> None:
        """Highlight a drawing's way, or none."""
        self.picture.show_trace(trace)


class NetPicture(CellFollower[Lines]):
    """A line a layer; frames round encoder and decoder.

    Attributes:
        anatomy: what is drawn, or None; trace: of the drawing, or None.

    Signals:
        picked(str): a layer was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Layers of the net", parent)
        self.anatomy: Anatomy | None = None
        self.trace: Trace | None = None
        self._names: tuple[str, ...] = ()
        self._tops: list[tuple[float, float]] = []
        self._frames: list[tuple[str, float, float, int]] = []
        self._room = QSize()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_anatomy(self, anatomy: Anatomy | None, names: tuple[str, ...]) -> None:
        """As `NetView` has it."""
        self.anatomy, self.trace, self._names = anatomy, None, names
        self.over = self.current = None
        self._place()

    def fit(self, room: QSize) -> None:
        """So much is in sight: where the net needs less height, its lines share what is left."""
        if room != self._room:
            self._room = room
            self._place()

    def show_trace(self, trace: Trace | None) -> None:
        """As `NetView` has it."""
        if trace is None or (self.anatomy is not None and len(trace.layers) == len(self.anatomy.layers)):
            self.trace = trace
            self.update()

    def row(self, index: int) -> QRectF:
        """Where the line of a part stands."""
        return QRectF(*self.cells.box(index))

    def sizeHint(self) -> QSize:
        bottom = self._tops[-1][0] + self._tops[-1][1] if self._tops else 0
        return QSize(50 * theme.GRID, round(bottom) + 2 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * theme.GRID, self.sizeHint().height())

    def lay_out(self, width: int, height: int) -> Lines:  # noqa: ARG002
        # The image has nothing to open.
        return Lines(tuple(self._tops), _INNER, width - 3 * _INNER, first=1)

    def words(self, index: int) -> str:
        assert self.anatomy is not None
        return in_words(self.anatomy.layers[index])

    def start(self) -> int:
        return 1

    def clicked(self, index: int) -> None:
        if self.anatomy is not None:
            self.picked.emit(self.anatomy.layers[index].name)

    def must_be_seen(self, index: int) -> QRectF:
        """A low line with as much round it as a high one has."""
        row = super().must_be_seen(index)
        more = (_HIGH - row.height()) / 2
        return row.adjusted(0, -more, 0, more)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current is None and self.cells.count > 1 and event.reason() in _BY_KEYS:
            self.go(self.start())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.anatomy is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for group, top, bottom, count in self._frames:
            frame = QRectF(0.5, top, self.width() - theme.GRID, bottom - top)
            paint_frame(painter, frame, f"{group.capitalize()} · {count:,} parameters", self)
        paint_ways(painter, colours, self.anatomy, [self.row(index) for index in range(len(self._tops))], self.trace)
        for index in self.in_sight(event.rect()):
            layer, stop = self.anatomy.layers[index], None if self.trace is None else self.trace.layers[index]
            paint_line(painter, LayerRow(layer, self.row(index), stop, index == self.current, self._names), self)

    def _place(self) -> None:
        self._tops, self._frames = [], []
        if self.anatomy is not None:
            self._lay_lines(self.anatomy, _HIGH)
            highs = sum(not low(layer) for layer in self.anatomy.layers)
            spare = self._room.height() - self.sizeHint().height()
            if spare > 0 and highs:
                self._tops, self._frames = [], []
                most = max(min(highest(self._room.width() - 3 * _INNER), _HIGHEST), _HIGH)
                self._lay_lines(self.anatomy, min(_HIGH + spare / highs, most))
        self.updateGeometry()
        self.shown_anew()

    def _lay_lines(self, anatomy: Anatomy, of_pictures: float) -> None:
        """One beneath the other; those with pictures are so high."""
        top, group, begun, parameters = 0.0, "", 0.0, 0
        for layer in (*anatomy.layers, None):
            now = "" if layer is None else layer.group
            if now != group:
                if group:
                    self._frames.append((group, begun, top, parameters))
                    top += theme.GRID
                if now:
                    begun, parameters, top = top + theme.GRID, 0, top + theme.GRID + _HEAD
                group = now
            if layer is not None:
                high = _LOW if low(layer) else of_pictures
                self._tops.append((top, high))
                top, parameters = top + high, parameters + layer.parameters


def low(layer: LayerInfo) -> bool:
    """Whether its line is a low one: it changes the form only, or next to nothing."""
    return (
        layer.kind in _QUIET or (layer.kind == "reshape" and len(layer.shape) != 3) or layer.says.startswith("which ")
    )


def in_words(layer: LayerInfo) -> str:
    """A layer, and what a click on it shows."""
    parameters = many(layer.parameters, "parameter") if layer.parameters else "no parameters"
    fixed = f", {many(layer.fixed, 'parameter')} not trained" if layer.fixed else ""
    sees = ""
    if layer.maps and layer.field is not None and max(layer.field.side) > 1:
        sees = f". Each place sees {layer.field.side[0]:.0f} × {layer.field.side[1]:.0f} pixels"
    opens = "its filters" if layer.filters else "what it makes of the image"
    where = f" of the {layer.group}" if layer.group else ""
    return f"{layer.title}{where}: {layer.says}; {parameters}{fixed}{sees}. Click to see {opens}"
