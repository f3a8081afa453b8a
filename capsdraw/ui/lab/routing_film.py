"""The film of routing: some classes side by side, each with the votes for it and the capsule that gathers them."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.agreement import Scene, between, reach
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Grid
from capsdraw.ui.cell_view import CellView
from capsdraw.ui.lab.plane_panel import (
    PaintedVote,
    Panel,
    paint_circle,
    paint_gathered,
    paint_ground,
    paint_titles,
    paint_votes,
)

# Panels are no smaller than this, pixels, unless there are few.
_WIDE, _HIGH, _FEW = 25 * theme.GRID, 20 * theme.GRID, 4


class RoutingFilm(CellView[Grid]):
    """A panel for each class; the first is the held one.

    Args:
        name: what a class is called.

    Signals:
        resized(): there is room for more panels now, or for fewer.

    Attributes:
        scenes: what is shown, () for nothing; at: the step, which may lie between two while the film runs.
    """

    resized = Signal()

    def __init__(self, name: Callable[[int], str] = str, parent: QWidget | None = None) -> None:
        super().__init__("Votes and the capsules that gather them", parent)
        self.scenes: tuple[Scene, ...] = ()
        self.at = 0.0
        self._scale = 1.0
        self._room = _FEW
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def room(self) -> int:
        """How many classes are seen well at a time: four, or more where the film is large."""
        return max((self.width() // _WIDE) * (self.height() // _HIGH), _FEW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.room != self._room:
            self._room = self.room
            self.resized.emit()

    @property
    def scale(self) -> float:
        """By how much votes are drawn smaller than they are; capsules are drawn as they are."""
        return self._scale

    def show_scenes(self, scenes: tuple[Scene, ...]) -> None:
        """Show these classes at the step that is shown."""
        self.scenes, self._scale = scenes, reach(scenes)
        self.shown_anew()
        self._describe()

    def show_step(self, at: float) -> None:
        """Show the step `at`; half a step is half way from one to the next."""
        self.at = at
        self.update()
        if at == int(at):
            self._describe()

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 200)

    def panel(self, index: int) -> Panel:
        """Where the picture of a class stands."""
        gap = theme.GRID / 2
        box = QRectF(*self.cells.box(index)).adjusted(gap, gap, -gap, -gap)
        return Panel.within(box, 1.4 * self.fontMetrics().height())

    def lay_out(self, width: int, height: int) -> Grid:
        count = len(self.scenes)
        if not count:
            return Grid.empty()

        def side(columns: int) -> float:
            return min((width - 50 * columns) / columns, height / -(-count // columns))

        columns = max(range(1, count + 1), key=side)
        return Grid.without_gaps(count, columns, width / columns, height / -(-count // columns))

    def words(self, index: int) -> str:
        scene = self.scenes[index]
        at = min(round(self.at), len(scene.lengths) - 1)
        most = float(scene.coupling[at].max(initial=0))
        return (
            f"{self._name(scene.label)}: length {scene.lengths[at]:.2f}; of the votes shown the thickest "
            f"counts with {100 * most:.0f}% of its capsule. The plane shows {100 * scene.share:.0f}% of the variance "
            "(about zero) of all votes for this class."
        )

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, bold = theme.of(self), QFont(self.font())
        bold.setBold(True)
        small = theme.tabular(theme.small(self))
        for index, scene in enumerate(self.scenes):
            panel = self.panel(index)
            length = float(between(scene.lengths, self.at))
            x, y = between(scene.capsules, self.at).tolist()
            paint_ground(painter, panel, colours, index == 0 and len(self.scenes) > 1)
            paint_titles(
                painter,
                panel,
                self._name(scene.label),
                f"{100 * scene.share:.0f}% of variance",
                (bold, small),
                colours,
            )
            paint_circle(painter, panel, length, colours)
            shares = between(scene.coupling, self.at).tolist()
            votes = [
                PaintedVote(across / self._scale, up / self._scale, share, colours.text)
                for (across, up), share in zip(scene.votes.tolist(), shares, strict=True)
            ]
            paint_votes(painter, panel, votes, colours)
            paint_gathered(painter, panel, (x, y), length, small, colours)

    def _describe(self) -> None:
        at = round(self.at)
        self.setAccessibleDescription(
            "; ".join(
                f"{self._name(scene.label)}: {scene.lengths[min(at, len(scene.lengths) - 1)]:.2f}"
                for scene in self.scenes
            )
            or "nothing drawn"
        )
