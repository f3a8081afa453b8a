"""The drawing canvas: mouse, tablet pen and touch to strokes, and nothing more."""

import math
from collections.abc import Callable
from typing import Final
from weakref import WeakSet

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from capsdraw.history import History
from capsdraw.ink.sketch import PEN_WIDTH, SIDE, Sketch
from capsdraw.ui import theme
from capsdraw.ui.box_drag import BoxDrag
from capsdraw.ui.crop_box import Grip, by_keys, grip_at, paint_box
from capsdraw.ui.first_finger import FirstFinger
from capsdraw.ui.growing import GrowingStroke, Source
from capsdraw.ui.paint import paint_ring
from capsdraw.ui.painted_sketch import PaintedSketch, around, inks_of
from capsdraw.ui.paper_column import paint_paper, paint_words
from capsdraw.ui.square import Square

MIN_PEN: Final = 4.0
MAX_PEN: Final = 72.0
STEP: Final = 4.0
# Canvas units; a pixel of the digit has 14.
_LEAST_MOVE: Final = 0.5


class Canvas(Square):
    """A square of paper to draw on, in its own 392 × 392 units at any size on screen.

    Attributes:
        pen_width: of the pen and the eraser, canvas units; erasing: whether the pen erases.
        ink: of the pen, 0, or 1 for the second of two digits; two_inks: whether Space changes it.

    Signals:
        changed(Sketch): what lies on the canvas now, also while the pen moves.
        edited(): a step was made, undone or redone.
        pen_changed(float): the pen's new width; ink_changed(int): its new ink.
    """

    changed = Signal(object)
    edited = Signal()
    pen_changed = Signal(float)
    ink_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pen_width = PEN_WIDTH
        self.erasing = self.two_inks = False
        self.ink = self._wiped = 0  # the latter: with which all was wiped
        self._history = History(Sketch())
        # Those that give way to the first stroke, also when undo brings them back.
        self._examples: WeakSet[Sketch] = WeakSet()
        self._invitation = "Draw a digit"
        # The stroke under way, the sketch it started from, and what makes it.
        self._growing: GrowingStroke | None = None
        self._before, self._rubber = Sketch(), False
        self._source: Source | None = None
        self._box = BoxDrag()
        self._finger = FirstFinger(
            lambda at: self._press(Source.FINGER, at, 1.0), lambda at: self._move(Source.FINGER, at, 1.0),
            lambda: self._end_of(Source.FINGER), lambda: self._cancel(Source.FINGER),
        )  # fmt: skip
        self._paper = PaintedSketch()
        self._hover: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawing canvas")

    def invite(self, words: str) -> None:
        """What stands on the canvas as long as it is empty."""
        self._invitation = words
        self.update()

    @property
    def sketch(self) -> Sketch:
        """What lies on the canvas now, the stroke under way included."""
        if self._box.sketch is not None:
            return self._box.sketch
        return self._history.now if self._growing is None else self._with_current(self._growing)

    @property
    def drawing(self) -> bool:
        """Whether a stroke, or a drag of the box, is under way."""
        return self._source is not None

    @property
    def kept(self) -> Sketch:
        """What of it is worth to be kept for the next start: the first example is not, it comes by itself."""
        first = self._history.now in self._examples and not self._history.can_undo
        return Sketch() if first and self._growing is None else self.sketch

    @property
    def painted(self) -> bool:
        """Whether all of it was painted; a long drawing takes several frames."""
        return self._paper.complete

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._history.can_redo

    def show_sketch(self, sketch: Sketch, example: bool = False) -> None:
        """Put `sketch` on the canvas, as a step that can be undone; an example gives way to the first stroke."""
        self._end()
        if example:
            self._examples.add(sketch)
        if not self._history.now and not self._history.can_undo:
            # The blank canvas that the app starts with is no step that anyone made.
            self._history = History(sketch)
            self._announce()
        else:
            self._step(sketch)

    def show_otherwise(self, sketch: Sketch) -> None:
        """Put the same picture on the canvas in another form: that is no step of the user's."""
        self._history.now = sketch
        self._announce()

    def clear(self) -> None:
        """Wipe the canvas, as a step that can be undone."""
        self._abandon()
        if self._history.now:
            self._step(Sketch())

    def undo(self) -> None:
        """Take the last step back; a stroke under way counts as one."""
        if self._source is not None:
            self._abandon()
        else:
            self._go(self._history.undo)
        self._announce()

    def redo(self) -> None:
        """Make the last step taken back again."""
        self._abandon()
        self._go(self._history.redo)
        self._announce()

    def set_pen_width(self, width: float) -> None:
        """Set the width of pen and eraser, canvas units, within 4 to 72."""
        width = min(max(width, MIN_PEN), MAX_PEN)
        if width != self.pen_width:
            self.pen_width = width
            self.pen_changed.emit(width)
            self.update()

    def offer_inks(self, two: bool) -> None:
        """Whether there is a second ink, for a second digit over the first."""
        self.two_inks = two
        if not two:
            self.set_ink(0)
        self.update()

    def set_ink(self, ink: int) -> None:
        """Draw with that ink from the next stroke on."""
        if ink != self.ink:
            self.ink = ink
            self.ink_changed.emit(ink)

    # Qt's events ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(Source.MOUSE, event.position(), 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(Source.MOUSE, event.position(), 1.0)
            return
        self._end_of(Source.MOUSE)  # its release was lost
        held = grip_at(self._history.now.box, self._units(event.position()))
        self.setCursor(Qt.CursorShape.CrossCursor if held is None else Qt.CursorShape.SizeAllCursor)
        if self.erasing:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._source is Source.MOUSE:
            self._end()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        match event.type():
            case QEvent.Type.TabletPress if event.button() == Qt.MouseButton.LeftButton:
                self._press(Source.PEN, event.position(), event.pressure(), rubber)
            case QEvent.Type.TabletMove if event.buttons():
                self._move(Source.PEN, event.position(), event.pressure())
            case QEvent.Type.TabletMove | QEvent.Type.TabletRelease if not event.buttons() & Qt.MouseButton.LeftButton:
                self._end_of(Source.PEN)  # of a move: its release was lost
        event.accept()

    def event(self, event: QEvent) -> bool:
        # A laptop's touch pad sends touches too; it moves the mouse, and that draws.
        if isinstance(event, QTouchEvent) and event.device().type() == QInputDevice.DeviceType.TouchScreen:
            self._finger.follow(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.two_inks and not event.isAutoRepeat():
            self.set_ink(1 - self.ink)
            return
        moves = None if self._history.now.box is None else by_keys(Qt.Key(event.key()), event.modifiers())
        if event.key() == Qt.Key.Key_Escape and self._source is not None:
            self._abandon()
            self._announce()
        elif moves is not None and self._source in (None, Source.KEYS):
            self._nudge(*moves)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # However long a key was held: one step.
        if self._source is Source.KEYS and not event.isAutoRepeat():
            self._end()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end_of(Source.KEYS)  # the release goes elsewhere
        super().focusOutEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = theme.of(self)
        painter = QPainter(self)
        area = self._area()
        paint_paper(painter, area, colours)
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        sketch = self.sketch
        if not sketch:
            paint_words(painter, self, area, self._invitation)
        growing, ratio = self._growing is not None and not self._rubber, self.devicePixelRatioF()
        inks = inks_of(sketch, colours, self.two_inks)
        self._paper.show(sketch, max(1, round(area.width() * ratio)), ratio, inks, growing)
        painter.drawImage(area.topLeft(), self._paper.image)
        if growing:
            painter.scale(self._scale(), self._scale())
            self._paper.paint_rest(painter)
            painter.resetTransform()
        if not self._paper.complete:
            self.update()  # a frame more
        if sketch.box is not None:
            paint_box(painter, sketch.box, self._scale(), colours.says)
        if self.erasing and self._hover is not None:
            paint_ring(painter, self._hover, self.pen_width / 2 * self._scale(), colours.quiet)

    def _press(self, source: Source, at: QPointF, pressure: float, rubber: bool = False) -> bool:
        """Begin a stroke, or a drag of the box; whether that was done.

        A stroke under way has lost its release, and ends here; but amid what a surer source draws, a press is a palm,
        or what the system makes of the pen.
        """
        if self._source is not None and source.value < self._source.value:
            return False
        touched, pen = self._growing, source is Source.PEN
        if pen and self._source is Source.FINGER and touched is not None and touched.extent < PEN_WIDTH:
            self._abandon()  # the hand came down before its pen
        self._end()
        self._source = source
        grip = grip_at(self._history.now.box, self._units(at))
        if grip is None:
            self._begin(at, pressure, rubber)
        else:
            self._box.hold(self._history.now, (grip, self._units(at)))
        return True

    def _nudge(self, grip: Grip, by: tuple[float, float]) -> None:
        """Move the box by a key: a drag that ends with its release."""
        if self._source is None:
            self._source = Source.KEYS
            self._box.hold(self._history.now)
        self._tell_of_box(self._box.move(grip, by))

    def _tell_of_box(self, moved: bool) -> None:
        if moved:
            self.update()
            self.changed.emit(self.sketch)

    def _begin(self, at: QPointF, pressure: float, rubber: bool = False) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._rubber = rubber or self.erasing
        self._before = Sketch() if self._history.now in self._examples and not self._rubber else self._history.now
        self._growing = GrowingStroke()
        self._growing.add(self._units(at), pressure)
        self._rub(self._growing)
        self._announce()

    def _move(self, source: Source, at: QPointF, pressure: float) -> None:
        if source is not self._source:
            return
        self._tell_of_box(self._box.drag(self._units(at)))
        growing = self._growing
        if growing is None:
            return
        point = self._units(at)
        # A pen at rest sends a thousand points a second that nobody could see.
        if math.dist(point, growing.last(1)[0]) >= _LEAST_MOVE:
            growing.add(point, pressure)
            self._rub(growing)
            self._announce()

    def _rub(self, growing: GrowingStroke) -> None:
        """Erase along the last move, and only there: earlier ones are done."""
        if not self._rubber:
            return
        path, radius, before = growing.last(2), self.pen_width / 2, self._before
        self._before = before.erased(path, radius)
        if self._before is not before and (before.picture is None or before.picture.shape == (SIDE, SIDE)):
            # A stroke ends where its middle was touched; its ink goes on for half its width.
            widest = max((stroke.width or PEN_WIDTH for stroke in before.drawing.strokes), default=0.0)
            self._paper.rub(self._before, around(path, radius + widest + 2))

    def _end(self) -> None:
        self._source = None
        boxed = self._box.let_go()
        if boxed is not None and boxed is not self._history.now:
            self._step(boxed)
        if self._growing is not None:
            sketch = self._with_current(self._growing)
            self._growing = None
            if sketch is not self._history.now:  # the eraser may have touched nothing
                self._history.push(sketch)
            self._announce()

    def _end_of(self, source: Source) -> None:
        """What draws is done, unless another one has taken over."""
        if self._source is source:
            self._end()

    def _cancel(self, source: Source) -> None:
        """What draws was taken away: so is its stroke."""
        if self._source is source:
            self._abandon()
            self._announce()

    def _with_current(self, growing: GrowingStroke) -> Sketch:
        return self._before if self._rubber else self._before.with_stroke(growing.stroke(self.pen_width, self.ink))

    def _abandon(self) -> None:
        self._growing = self._source = None
        self._box.let_go()

    def _go(self, step: Callable[[], object]) -> None:
        """Take a step back or again; who takes back that all was wiped goes on with the ink of before."""
        before = self._history.now
        step()
        strokes = self._history.now.drawing.strokes
        if self.two_inks and not before and strokes:
            self.set_ink(self._wiped or strokes[-1].ink)

    def _step(self, sketch: Sketch) -> None:
        self._history.push(sketch)
        self._announce()

    def _announce(self) -> None:
        sketch = self.sketch
        if self._growing is None:
            self._wiped = 0 if sketch else self._wiped or self.ink
            self.set_ink(self.ink if sketch else 0)  # what is drawn on bare paper is the first of two again
            self.edited.emit()
        self.update()
        self.changed.emit(sketch)

    def _area(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def _scale(self) -> float:
        return self._area().width() / SIDE

    def _units(self, at: QPointF) -> tuple[float, float]:
        # A pen that leaves the paper draws on its edge.
        inside = (at - self._area().topLeft()) / self._scale()
        return min(max(inside.x(), 0.0), SIDE), min(max(inside.y(), 0.0), SIDE)
