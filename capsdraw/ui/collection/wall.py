"""The kept drawings as small pictures: those in sight are painted, and fetched when they come into sight."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from time import localtime, strftime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.collection.item import Entry
from capsdraw.formatting import many
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Flow
from capsdraw.ui.cell_view import CellPicker, CellScroll
from capsdraw.ui.collection.listing import Listing
from capsdraw.ui.collection.picked import Picked
from capsdraw.ui.typing_keys import writes

_SIDE: Final = 2 * 28
_GAP: Final = theme.GRID
# Of a tile: there is room for "seven → four" in most, and a date.
_WIDE: Final = _SIDE + 3 * _GAP
# Pictures that are kept, some eight screens of them.
_KEPT: Final = 4000
# Words whose width is remembered: classes, writers and days come again and again.
_WORDS: Final = 2000
_ARROW: Final = " → "
_KEY: Final = QKeySequence.StandardKey


class DrawingScroll(CellScroll):
    """The drawings, as many in a row as there is room.

    Attributes:
        wall: what is scrolled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        wall = DrawingWall()
        super().__init__(wall, parent)
        self.wall = wall

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)


class DrawingWall(CellPicker[Flow]):
    """All tiles; several can be chosen.

    Attributes:
        listing: what is shown; picked: which of it is chosen.

    Signals:
        wanted(object): pictures of these drawings are to be fetched, ids, those in sight first.
        opened(int): that drawing is to be on the canvas.
        chosen(): others are chosen than before. asked(QPoint): a menu is wanted there, on the screen.
        named(str): a letter or figure was typed. removed(), undone(): the keys for that were pressed.
    """

    wanted = Signal(object)
    opened = Signal(int)
    chosen = Signal()
    asked = Signal(object)
    named = Signal(str)
    removed = Signal()
    undone = Signal()

    def __init__(self) -> None:
        super().__init__("Kept drawings")
        self.listing = Listing()
        self.picked = Picked()
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        # Keys that are held while an arrow is pressed.
        self._held = Qt.KeyboardModifier.NoModifier
        self._small = theme.tabular(theme.small(self))
        self._widths: dict[tuple[str, int], tuple[str, int]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._high = _SIDE + 2 * self.fontMetrics().height() + _GAP

    def show_listing(self, listing: Listing) -> None:
        """Show other drawings, or in another order; what is chosen of them stays so."""
        here = None if self.current is None or self.current >= len(self.listing.shown) else self._id(self.current)
        self.listing = listing
        if self.picked.ids:
            self.picked.keep_only({listing.entries[at].id for at in listing.shown})
        places = {listing.entries[at].id: place for place, at in enumerate(listing.shown)} if here is not None else {}
        self.current = places.get(here) if here is not None else None
        self.setAccessibleDescription(many(len(listing.shown), "drawing"))
        self.updateGeometry()
        self.shown_anew()
        self.chosen.emit()

    def show_said(self) -> None:
        """What a model says of some is known now."""
        self.update()

    def show_pictures(self, pictures: dict[int, NDArray[np.uint8]]) -> None:
        """Pictures (28, 28) uint8 that were wanted, by drawing."""
        for drawing, pixels in pictures.items():
            self._pictures[drawing] = QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).copy()
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.update()

    @property
    def chosen_ids(self) -> list[int]:
        """The drawings that are chosen, in the order in which they stand."""
        ids = self.picked.ids
        return [drawing for drawing in map(self._id, range(len(self.listing.shown))) if drawing in ids] if ids else []

    def choose_all(self) -> None:
        """All that are shown."""
        self.picked.take(map(self._id, range(len(self.listing.shown))))
        self._choice_changed()

    def choose(self, ids: Iterable[int]) -> None:
        """These alone."""
        self.picked.take(ids)
        self._choice_changed()

    def has_picture(self, drawing: int) -> bool:
        """Whether that one's picture was fetched."""
        return drawing in self._pictures

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.lay_out(width, 0).rows * self._high

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, self._high)

    def lay_out(self, width: int, height: int) -> Flow:  # noqa: ARG002
        columns = max(1, width // _WIDE)
        return Flow.without_gaps(len(self.listing.shown), columns, width / columns, self._high)

    def words(self, index: int) -> str:
        entry = self.listing.entry(index)
        made = strftime("%d %B %Y, %H:%M", localtime(entry.made)).lstrip("0")
        by = f", by {entry.writer}" if entry.writer else ""
        read = "" if entry.said is None else f"; {entry.said.model} reads {entry.said.label}, {entry.said.score:.2f}"
        return f"{entry.label}{read}. {made}{by}"

    def clicked(self, index: int) -> None:
        self.opened.emit(self._id(index))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.under(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(index, event.modifiers())
        elif index is not None and self._id(index) not in self.picked.ids:
            self._pick(index, Qt.KeyboardModifier.NoModifier)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.under(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() != QContextMenuEvent.Reason.Mouse and self.current is not None:
            self.asked.emit(self.mapToGlobal(QRectF(*self.cells.box(self.current)).center().toPoint()))
        else:
            self.asked.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        # Elsewhere these are other things' keys: the canvas', and what the user says of the drawing on it.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _means(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._held = event.modifiers()
        meant = _means(event)
        if event.key() == Qt.Key.Key_Space and self.current is not None:
            self._pick(self.current, Qt.KeyboardModifier.ControlModifier)
        elif meant is _KEY.Undo:
            self.undone.emit()
        elif meant is _KEY.SelectAll:
            self.choose_all()
        elif meant is _KEY.Delete:
            self.removed.emit()
        elif meant:
            self.named.emit(event.text())
        else:
            super().keyPressEvent(event)

    def stepped(self, index: int) -> None:
        super().stepped(index)
        # With Ctrl held, keys go without choosing.
        if self._held & Qt.KeyboardModifier.ShiftModifier or not self._held & Qt.KeyboardModifier.ControlModifier:
            self._pick(index, self._held)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._small)
        lacking = []
        for place in self.in_sight(event.rect()):
            entry = self.listing.entry(place)
            if not self._paint(painter, place, entry):
                lacking.append(entry.id)
        painter.end()
        if lacking:
            self.wanted.emit([*lacking, *self._near()])

    def _near(self) -> list[int]:
        """Drawings beyond what is in sight, a screen above and below, whose pictures are not there yet."""
        seen = self.visibleRegion().boundingRect()
        around = seen.adjusted(0, -seen.height(), 0, seen.height())
        ids = (self._id(place) for place in self.in_sight(around))
        return [drawing for drawing in ids if drawing not in self._pictures]

    def _id(self, place: int) -> int:
        return self.listing.entry(place).id

    def _pick(self, index: int | None, held: Qt.KeyboardModifier) -> None:
        """As every list has it: a click alone, Ctrl one more or less, Shift all up to it."""
        if index is None:
            self.picked.take(())
        elif held & Qt.KeyboardModifier.ShiftModifier and self.picked.anchor is not None:
            anchor = next((at for at in self._around(self.picked.anchor)), index)
            between = range(min(anchor, index), max(anchor, index) + 1)
            self.picked.reach(map(self._id, between))
        elif held & Qt.KeyboardModifier.ControlModifier:
            self.picked.turn(self._id(index))
        else:
            self.picked.take((self._id(index),))
        self.go(index)
        self._choice_changed()

    def _around(self, drawing: int) -> Sequence[int]:
        """The place of a drawing, or none."""
        at = self.listing.places.get(drawing)
        return [place for place, other in enumerate(self.listing.shown) if other == at][:1]

    def _choice_changed(self) -> None:
        self.update()
        self.chosen.emit()

    def _paint(self, painter: QPainter, place: int, entry: Entry) -> bool:
        """Paint a tile; whether its picture was there."""
        colours, tile = theme.of(self), QRectF(*self.cells.box(place))
        picture = QRect(round(tile.left()), round(tile.top()) + 2, _SIDE, _SIDE)
        chosen = entry.id in self.picked.ids
        image = self._pictures.get(entry.id)
        if image is None:
            painter.fillRect(picture, colours.track)
        else:
            self._pictures.move_to_end(entry.id)
            painter.drawImage(picture, image)
        painter.setPen(QPen(colours.says, 3) if chosen else QPen(colours.line, 1))
        if place == self.current and self.hasFocus() and not chosen:
            painter.setPen(QPen(colours.says, 1, Qt.PenStyle.DashLine))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        metrics = painter.fontMetrics()
        room, baseline = tile.width() - _GAP / 2, picture.bottom() + metrics.ascent() + 3
        x = float(picture.left())
        for text, colour in self._parts(entry, colours):
            words, wide = self._cut(metrics, text, int(room))
            painter.setPen(colour)
            painter.drawText(QPointF(x, baseline), words)
            x, room = x + wide, room - wide
        painter.setPen(colours.quiet)
        beneath, _ = self._cut(metrics, entry.writer or _day(entry.made), int(tile.width() - _GAP / 2))
        painter.drawText(QPointF(picture.left(), baseline + metrics.height()), beneath)
        return image is not None

    def _cut(self, metrics: QFontMetrics, text: str, room: int) -> tuple[str, int]:
        """As much of the text as there is room for, and how wide that is."""
        known = self._widths.get((text, room))
        if known is None:
            if len(self._widths) >= _WORDS:
                self._widths.clear()
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            known = self._widths[text, room] = words, metrics.horizontalAdvance(words)
        return known

    def _parts(self, entry: Entry, colours: theme.Theme) -> list[tuple[str, QColor]]:
        if entry.said is None or entry.label not in self.listing.choice.names:
            return [(entry.label, colours.text)]
        if not entry.is_wrong:
            return [(entry.label, colours.right)]
        return [(entry.label, colours.right), (_ARROW, colours.quiet), (entry.said.label, colours.wrong)]


def _day(seconds: float) -> str:
    """The day of that time, with the year where it is another than this one's."""
    then = localtime(seconds)
    return strftime("%d %b" if then.tm_year == localtime().tm_year else "%d %b %y", then).lstrip("0")


def _means(event: QKeyEvent) -> QKeySequence.StandardKey | str:
    """What a key means to the wall: something to be done, a letter or figure, or ""."""
    for key in (_KEY.Undo, _KEY.SelectAll, _KEY.Delete):
        if event.matches(key):
            return key
    if event.key() == Qt.Key.Key_Backspace and not event.modifiers():
        return _KEY.Delete
    return event.text() if writes(event) and event.text().isprintable() and event.text().strip() else ""
