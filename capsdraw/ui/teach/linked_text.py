"""Sentences in which some words lead to the glossary: plain text of the app's own, painted; nothing of it is HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.teach.linked import plain_words, spans
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_CONFIRM: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_BETWEEN: Final = theme.GRID * 0.75  # paragraphs


@dataclass(frozen=True)
class _Piece:
    """A word where it stands; `link` is the number of the link that it is part of, or None."""

    text: str
    place: QRectF
    link: int | None


class LinkedText(Guarded, QWidget):
    """Paragraphs that wrap; their links are clicked, or reached by Tab and opened by Return.

    Attributes:
        links: the words of the glossary that they lead to, in order; at: the link that the keyboard is at.

    Signals:
        followed(str): a link was; the word that it leads to.
    """

    followed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.links: tuple[str, ...] = ()
        self.at = 0
        self._texts: tuple[str, ...] = ()
        self._over: int | None = None
        self._laid: tuple[int, list[_Piece], float] | None = None
        self._name = name
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAccessibleName(name)

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show these paragraphs, with links as `teach.linked` writes them."""
        self._texts = tuple(" ".join(text.split()) for text in texts)
        self.links = tuple(span.word for text in self._texts for span in spans(text) if span.word)
        self.at, self._over, self._laid = 0, None, None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.links else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(" ".join(plain_words(text) for text in self._texts))
        self.updateGeometry()
        self.update()

    def place(self, link: int) -> QRectF:
        """Where the first word of a link stands."""
        return next(piece.place for piece in self._pieces() if piece.link == link)

    def sizeHint(self) -> QSize:
        width = 40 * theme.GRID
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * theme.GRID, 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._lay_out(width)[1]) + 1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._under(event.position())
        if over != self._over:
            self._over = over
            self.setCursor(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        link = self._under(event.position())
        if link is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.at = link
        self.followed.emit(self.links[link])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.links and event.key() in _CONFIRM:
            self.followed.emit(self.links[self.at])
        elif self.links and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self._go(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab goes from link to link, and then on.
        return self._go(1 if forward else -1) or super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self.at = 0
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self.at = max(len(self.links) - 1, 0)
        self._tell()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setFont(self.font())
        for piece in self._pieces():
            painter.setPen(colours.text if piece.link is None else colours.says)
            painter.drawText(piece.place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, piece.text)
            if piece.link is not None:
                pen = QPen(colours.says, 2 if piece.link == self._over else 1)
                painter.setPen(pen)
                foot = piece.place.bottom() - 1.5
                painter.drawLine(QPointF(piece.place.left(), foot), QPointF(piece.place.right(), foot))
            if piece.link == self.at and self.hasFocus():
                painter.setPen(QPen(colours.text, 1.5))
                painter.drawRoundedRect(piece.place.adjusted(-2, 0, 2, 0.5), 3, 3)

    def _pieces(self) -> list[_Piece]:
        if self._laid is None or self._laid[0] != self.width():
            self._laid = (self.width(), *self._lay_out(self.width()))
        return self._laid[1]

    def _lay_out(self, width: int) -> tuple[list[_Piece], float]:
        """The words where they stand in that width, and the height of all."""
        metrics = QFontMetricsF(self.font())
        space, high = metrics.horizontalAdvance(" "), metrics.lineSpacing() + 2
        pieces: list[_Piece] = []
        y, first = 0.0, 0
        for number, text in enumerate(self._texts):
            x, y = 0.0, y + (_BETWEEN if number else 0.0)
            for group in _groups(text, first):
                wide = sum(metrics.horizontalAdvance(part) for part, _ in group)
                if x and x + wide > width:
                    x, y = 0.0, y + high
                for part, link in group:
                    pieces.append(_Piece(part, QRectF(x, y, metrics.horizontalAdvance(part), high), link))
                    x = pieces[-1].place.right()
                x += space
            first += sum(bool(span.word) for span in spans(text))
            y += high
        return pieces, y

    def _under(self, point: QPointF) -> int | None:
        return next((piece.link for piece in self._pieces() if piece.place.contains(point)), None)

    def _go(self, step: int) -> bool:
        """Lead to the next link, or the one before; False where there is none."""
        if not 0 <= self.at + step < len(self.links):
            return False
        self.at += step
        self._tell()
        return True

    def _tell(self) -> None:
        if self.links:
            self.setAccessibleName(f"{self._name}: {self.links[self.at]}, link {self.at + 1} of {len(self.links)}")
        self.update()


def _groups(text: str, first: int) -> list[list[tuple[str, int | None]]]:
    """What stands without a space between, "(", "vote", ").": each part with its link's number, from `first` on."""
    groups: list[list[tuple[str, int | None]]] = [[]]
    link = first - 1
    for span in spans(text):
        link += bool(span.word)
        for number, word in enumerate(span.text.split(" ")):
            if number and groups[-1]:
                groups.append([])
            if word:
                groups[-1].append((word, link if span.word else None))
    return [group for group in groups if group]
