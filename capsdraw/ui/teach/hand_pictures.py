"""Pictures that explain how drawings are kept, and asked for."""

from PySide6.QtCore import QPointF, QRectF

from capsdraw.ui.teach.slate import Slate, columns, square


def drawings(slate: Slate, area: QRectF) -> None:
    """The digit, what the user says it is, and what the model reads."""
    left, right = columns(area, 1, 1.4, gap=40)
    picture = square(left)
    picture.moveRight(left.right())
    slate.digit(picture)
    y, glimpse = area.center().y(), slate.glimpse
    says = QRectF(right.left(), y - 42, min(right.width(), 150), 28)
    reads = says.translated(0, 56)
    slate.box(says, slate.colours.right, "you: it's a …", slate.colours.paper)
    words = f"model: {glimpse.name}" if glimpse.name else "model: ?"
    slate.box(reads, slate.colours.says, words, slate.colours.paper)
    for place in (says, reads):
        slate.arrow(QPointF(picture.right() + 4, y), QPointF(place.left() - 4, place.center().y()), slate.colours.quiet)


def pupils(slate: Slate, area: QRectF) -> None:
    """A word that is shown, a drawing of it that is kept, and the next word."""
    first, second, third = columns(area, 1, 1, 1, gap=30)
    y = area.center().y()
    for place, words in ((first, glimpse_name(slate)), (third, "next")):
        card = QRectF(place.left(), y - 34, place.width(), 68)
        slate.box(card, slate.colours.track, f"write: {words}" if place is first else words)
    picture = square(second)
    slate.digit(picture)
    for begin, end in ((first.right(), picture.left()), (picture.right(), third.left())):
        slate.arrow(QPointF(begin + 4, y), QPointF(end - 4, y), slate.colours.quiet)


def glimpse_name(slate: Slate) -> str:
    """What the user's digit was read as; of the example, what it is."""
    return slate.glimpse.name or "5"
