"""Two parts, two wholes, four votes to drag: routing by agreement in small, as a picture."""

from math import atan2, degrees, hypot
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.agreement import between
from capsdraw.lab.steps import RoutingIteration
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.plane_panel import (
    PaintedVote,
    Panel,
    paint_circle,
    paint_gathered,
    paint_ground,
    paint_titles,
    paint_votes,
)
from capsdraw.ui.plain_text import tip

PARTS: Final = ("triangle", "rectangle")
WHOLES: Final = ("House", "Boat")
# No vote is longer; in the pictures it reaches the circle.
REACH: Final = 3.0
# Of each whole its two parts, in lengths of its picture, y up.
_SHAPES: Final = (
    (((-0.68, 0.12), (0.68, 0.12), (0.0, 0.75)), ((-0.5, -0.62), (0.5, -0.62), (0.5, 0.12), (-0.5, 0.12))),
    (((-0.12, -0.14), (0.5, -0.14), (-0.12, 0.8)), ((-0.72, -0.56), (0.72, -0.56), (0.72, -0.2), (-0.72, -0.2))),
)
_GLYPHS: Final = (((-1.0, -0.8), (1.0, -0.8), (0.0, 0.9)), ((-1.0, -0.65), (1.0, -0.65), (1.0, 0.65), (-1.0, 0.65)))
_HANDLE: Final = 26  # pixels
_KEYS: Final = {
    Qt.Key.Key_Left: (-0.1, 0.0), Qt.Key.Key_Right: (0.1, 0.0), Qt.Key.Key_Up: (0.0, 0.1), Qt.Key.Key_Down: (0.0, -0.1)
}  # fmt: skip


class VoteHandle(Guarded, QWidget):
    """The end of a vote: dragged, or moved by the arrow keys.

    Attributes:
        whole, part: whose vote for what.

    Signals:
        dragged(QPointF): to that point of the picture; nudged(float, float): by so much, x to the right and y up.
    """

    dragged = Signal(QPointF)
    nudged = Signal(float, float)

    def __init__(self, whole: int, part: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.whole, self.part = whole, part
        self._held: QPointF | None = None
        self._changed = False
        self.resize(_HANDLE, _HANDLE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(f"Vote of the {PARTS[part]} for {WHOLES[whole]}")
        self.setToolTip(tip(f"What the {PARTS[part]} votes for {WHOLES[whole]}: drag it, or use the arrow keys"))

    def show_vote(self, end: QPointF, vote: tuple[float, float], changed: bool) -> None:
        """Stand at the end of a vote; `changed`: the user moved it."""
        self._changed = changed
        self.move((end - QPointF(_HANDLE, _HANDLE) / 2).toPoint())
        self.setAccessibleDescription(in_words(vote))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position() - QPointF(_HANDLE, _HANDLE) / 2
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.raise_()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self.dragged.emit(QPointF(self.pos()) + event.position() - self._held)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        self._held = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _KEYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*way)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(_HANDLE, _HANDLE) / 2
        if self.hasFocus():
            painter.setPen(QPen(colours.says, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _HANDLE / 2 - 1.5, _HANDLE / 2 - 1.5)
        painter.setPen(QPen(colours.paper, 1.5))
        painter.setBrush(colours.changed if self._changed else colours.text)
        painter.drawPolygon(_polygon(_GLYPHS[self.part], middle, 0.27 * _HANDLE))


class AgreementPicture(Guarded, QWidget):
    """The parts in the middle, a whole at each side, and the votes for it.

    Attributes:
        handles: of the votes, by whole and part.

    Signals:
        moved(int, int, float, float): the user moved the vote for a whole of a part to there.
    """

    moved = Signal(int, int, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._votes = np.zeros((2, 2, 2), np.float32)
        self._changed = np.zeros((2, 2), bool)
        self._steps: list[RoutingIteration] = []
        self._at = 0.0
        self.setAccessibleName("Agreement in small: two parts and two wholes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.handles = {(whole, part): VoteHandle(whole, part, self) for whole in (0, 1) for part in (0, 1)}
        for (whole, part), handle in self.handles.items():
            handle.dragged.connect(lambda to, whole=whole, part=part: self._drag(whole, part, to))
            handle.nudged.connect(lambda x, y, whole=whole, part=part: self._nudge(whole, part, x, y))

    def show_votes(self, votes: Floats, changed: np.ndarray, steps: list[RoutingIteration]) -> None:
        """Votes (whole, part, 2), which of them the user moved (whole, part), and the steps they lead to."""
        self._votes, self._changed, self._steps = votes, changed, steps
        self._place()

    def show_step(self, at: float) -> None:
        """Show the step `at`, or what lies between two."""
        self._at = at
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(440, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def panel(self, whole: int) -> Panel:
        """Where the picture of a whole stands."""
        wide = (self.width() - self._between()) / 2
        left = 0.0 if whole == 0 else self.width() - wide
        return Panel.within(QRectF(left, 0, wide, self.height()), 1.4 * self.fontMetrics().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        if not self._steps:
            return
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        coupling = between(np.stack([step.coupling for step in self._steps]), self._at)  # (part, whole)
        self._paint_parts(painter, coupling, colours)
        arrows = between(np.stack([step.capsules for step in self._steps]), self._at)
        lengths = between(np.stack([step.lengths for step in self._steps]), self._at)
        bold = QFont(self.font())
        bold.setBold(True)
        small = theme.tabular(theme.small(self))
        for whole, name in enumerate(WHOLES):
            panel, votes = self.panel(whole), self._votes[whole] / REACH
            paint_ground(painter, panel, colours, False)
            paint_titles(painter, panel, name, f"votes at 1 : {REACH:g}", (bold, small), colours)
            paint_circle(painter, panel, float(lengths[whole]), colours)
            for part in (0, 1):
                self._paint_whole(painter, panel, whole, part, float(coupling[part, whole]), colours)
            shown = [
                PaintedVote(x, y, float(coupling[part, whole]), self._colour(whole, part, colours))
                for part, (x, y) in enumerate(votes.tolist())
            ]
            paint_votes(painter, panel, shown, colours)
            paint_gathered(painter, panel, tuple(arrows[whole].tolist()), float(lengths[whole]), small, colours)

    def _paint_whole(
        self, painter: QPainter, panel: Panel, whole: int, part: int, coupling: float, colours: theme.Theme
    ) -> None:
        """The whole as a part's vote has it turned, that part filled: where votes agree, a full figure is seen."""
        x, y = self._votes[whole, part].tolist()
        if hypot(x, y) < 0.05:
            return
        colour = QColor(self._colour(whole, part, colours))
        painter.save()
        painter.translate(panel.circle.centre)
        painter.rotate(degrees(atan2(x, y)))
        size = 0.72 * panel.circle.radius
        for index, shape in enumerate(_SHAPES[whole]):
            colour.setAlphaF(0.12 + 0.28 * coupling if index == part else 0.0)
            painter.setBrush(colour)
            colour.setAlphaF(0.15 + 0.45 * coupling)
            painter.setPen(QPen(colour, 1))
            painter.drawPolygon(_polygon(shape, QPointF(0, 0), size))
        painter.restore()

    def _paint_parts(self, painter: QPainter, coupling: Floats, colours: theme.Theme) -> None:
        """The parts, and how each divides itself: lines as thick as their coupling, with its figure."""
        middle, small = self.width() / 2, theme.tabular(theme.small(self))
        size = min(0.16 * self._between(), 0.12 * self.height())
        edges = self.panel(0).box.right(), self.panel(1).box.left()
        for part, name in enumerate(PARTS):
            y = self.height() * (0.3 if part == 0 else 0.72)
            for whole, edge in enumerate(edges):
                share = float(coupling[part, whole])
                start = middle + (size + 4) * (-1 if whole == 0 else 1)
                wide = max(0.09 * self.panel(0).circle.radius * share, 1.0)
                painter.setPen(QPen(colours.quiet, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                painter.drawLine(QPointF(start, y), QPointF(edge, y))
                painter.setFont(small)
                painter.setPen(colours.text)
                place = QRectF(min(start, edge), y - 34 - wide / 2, abs(edge - start), 32)
                painter.drawText(
                    place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, f"{100 * share:.0f}%"
                )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.text)
            painter.drawPolygon(_polygon(_GLYPHS[part], QPointF(middle, y), size))
            painter.setPen(colours.quiet)
            under = QRectF(middle - self._between() / 2, y + size + 2, self._between(), 2.5 * theme.GRID)
            painter.drawText(under, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)

    def _colour(self, whole: int, part: int, colours: theme.Theme) -> QColor:
        return colours.changed if self._changed[whole, part] else colours.text

    def _between(self) -> float:
        """The width of the middle, where the parts stand."""
        return max(0.2 * self.width(), 15.0 * theme.GRID)

    def _place(self) -> None:
        for (whole, part), handle in self.handles.items():
            x, y = self._votes[whole, part].tolist()
            end = self.panel(whole).circle.at(x / REACH, y / REACH)
            handle.show_vote(end, (x, y), bool(self._changed[whole, part]))
        self.update()

    def _drag(self, whole: int, part: int, to: QPointF) -> None:
        circle = self.panel(whole).circle
        way = (to - circle.centre) * REACH / circle.radius
        self._put(whole, part, way.x(), -way.y())

    def _nudge(self, whole: int, part: int, x: float, y: float) -> None:
        before = self._votes[whole, part].tolist()
        self._put(whole, part, before[0] + x, before[1] + y)

    def _put(self, whole: int, part: int, x: float, y: float) -> None:
        beyond = max(hypot(x, y) / REACH, 1.0)
        self.moved.emit(whole, part, x / beyond, y / beyond)


def in_words(vote: tuple[float, float]) -> str:
    """A vote: "length 2.0, turned 30° to the right"."""
    turned = round(degrees(atan2(*vote))) if hypot(*vote) > 0.05 else 0
    side = f"turned {abs(turned)}° to the {'right' if turned > 0 else 'left'}" if turned else "upright"
    return f"length {hypot(*vote):.1f}, {side}"


def _polygon(points: tuple[tuple[float, float], ...], middle: QPointF, size: float) -> QPolygonF:
    return QPolygonF([middle + QPointF(x, -y) * size for x, y in points])
