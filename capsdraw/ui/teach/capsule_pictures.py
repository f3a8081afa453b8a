"""Pictures that explain what a net says, and its capsules."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from capsdraw.formatting import with_article
from capsdraw.ui.teach.slate import LEFT, Slate, columns, square

_STEPS: Final = 5


def read(slate: Slate, area: QRectF) -> None:
    """The digit, and the scores of the classes."""
    left, right = columns(area, 1, 1.3, gap=34)
    digit = square(left)
    digit.moveRight(left.right())
    slate.digit(digit)
    slate.arrow(
        QPointF(left.right() + 6, area.center().y()), QPointF(right.left() - 6, area.center().y()), slate.colours.quiet
    )
    slate.bars(right)


def timeline(slate: Slate, area: QRectF) -> None:
    """The digit as it grows, and beneath it how the score of what was read grows along."""
    grown = (0.12, 0.3, 0.7, 0.8, 1.0)
    places = columns(area, *[1.0] * _STEPS, gap=6)
    bottom, high = area.bottom() - 8, 34.0
    points = []
    for place, score, share in zip(places, grown, np.linspace(0.34, 1, _STEPS), strict=True):
        picture = square(place)
        picture.moveTop(area.top())
        uncovered = slate.picture.copy()
        uncovered[round(share * len(uncovered)) :] = 0
        slate.digit(picture, uncovered)
        points.append(QPointF(place.center().x(), bottom - high * score))
        slate.dot(points[-1], slate.colours.says)
    slate.line([QPointF(area.left(), bottom), QPointF(area.right(), bottom)], slate.colours.line, 1)
    slate.line(points, slate.colours.says)
    knew = points[2].x()
    slate.line([QPointF(knew, bottom), QPointF(knew, bottom - high)], slate.colours.says, 1, dashed=True)


def sliders(slate: Slate, area: QRectF) -> None:
    """The numbers of the capsule that was read, and what the decoder draws from them."""
    left, right = columns(area, 1.4, 1, gap=34)
    numbers = slate.glimpse.numbers
    if numbers is None:
        slate.frame(left, slate.colours.line, 1)
        slate.words(left, "no capsule was read yet")
    else:
        foot = QRectF(left.left(), left.bottom() - 14, left.width(), 14)
        slate.numbers(left.adjusted(0, 0, 0, -foot.height() - 2), numbers)
        slate.words(foot, f"{len(numbers)} numbers")
    slate.arrow(
        QPointF(left.right() + 6, area.center().y()), QPointF(right.left() - 6, area.center().y()), slate.colours.quiet
    )
    picture = square(right)
    picture.moveLeft(right.left())
    slate.digit(picture, slate.glimpse.reconstruction)


def sheet(slate: Slate, area: QRectF) -> None:
    """One row: the digit, changed in one way, in steps."""
    for number, place in enumerate(columns(area, *[1.0] * _STEPS, gap=6)):
        away = number - _STEPS // 2
        picture = square(place)
        picture.moveCenter(QPointF(place.center().x(), area.center().y() - 8))
        slate.digit(picture, lean=0.22 * away)
        step = f"{0.1 * away:+.1f}".replace("-", "−") if away else "as read"
        slate.words(QRectF(place.left(), picture.bottom() + 4, place.width(), 14), step)
        if away:
            slate.frame(picture, slate.colours.changed)


def routing(slate: Slate, area: QRectF) -> None:
    """Parts of the digit vote for two wholes: one gets votes that agree, the other votes that do not."""
    left, right = columns(area, 1, 1.2, gap=10)
    digit = square(left)
    slate.digit(digit)
    name = slate.glimpse.name or "5"
    wholes = [QRectF(right.right() - 74, area.top() + top * area.height(), 74, 30) for top in (0.14, 0.66)]
    ends = [QPointF(whole.left() - 4, whole.center().y()) for whole in wholes]
    parts = [QPointF(digit.left() + x * digit.width(), digit.top() + y * digit.height()) for x, y in _parts(slate)]
    for part in parts:
        slate.frame(QRectF(part.x() - 9, part.y() - 9, 18, 18), slate.colours.changed)
    for number, part in enumerate(parts):
        start = part + QPointF(9, 0)
        slate.arrow(start, ends[0], slate.colours.says, 3.2)
        # What each of them makes of the other class points somewhere else.
        slate.arrow(start, start + QPointF(46 - 8 * number, (14, 34, 3)[number]), slate.colours.quiet, 1)
    slate.box(wholes[0], slate.colours.says, with_article(name), slate.colours.paper)
    slate.box(wholes[1], slate.colours.track, "another")
    for whole, words in zip(wholes, ("votes agree", "votes scatter"), strict=True):
        slate.words(QRectF(whole.left() - 5, whole.bottom() + 2, whole.width() + 10, 14), words)


def morph(slate: Slate, area: QRectF) -> None:
    """From one drawing to another, in equal steps on a straight line."""
    lean = 0.55
    places = columns(area, *[1.0] * _STEPS, gap=6)
    y = area.bottom() - 20
    slate.line([QPointF(places[0].center().x(), y), QPointF(places[-1].center().x(), y)], slate.colours.line, 2)
    for number, place in enumerate(places):
        share = number / (_STEPS - 1)
        picture = square(place)
        picture.moveCenter(QPointF(place.center().x(), area.center().y() - 16))
        slate.digit(picture, lean=lean * (2 * share - 1))
        end = number in (0, _STEPS - 1)
        slate.dot(QPointF(place.center().x(), y), slate.colours.says if end else slate.colours.quiet, 5 if end else 3.5)
        words = ("first", "¼", "½", "¾", "second")[number]
        slate.words(QRectF(place.left(), y + 6, place.width(), 14), words)


def pairs(slate: Slate, area: QRectF) -> None:
    """The digit above what the decoder draws from one capsule."""
    side = (area.height() - 8) / 2
    for number, (picture, words) in enumerate(
        ((slate.picture, "what the net sees"), (slate.glimpse.reconstruction, "its reconstruction"))
    ):
        place = QRectF(area.center().x() - side - 6, area.top() + number * (side + 8), side, side)
        beside = QRectF(place.right() + 12, place.top(), 150, side)
        if picture is None:
            slate.frame(place, slate.colours.line, 1)
            slate.words(place, "?")
        else:
            slate.digit(place, picture)
        slate.words(beside, words, how=LEFT)


def _parts(slate: Slate) -> list[tuple[float, float]]:
    """Three places with ink, from the top down, as shares of the picture."""
    picture = slate.picture
    rows = np.flatnonzero(picture.max(1) > 0.5)
    if not len(rows):
        return [(0.5, 0.25), (0.5, 0.5), (0.5, 0.75)]
    chosen = [int(rows[round(share * (len(rows) - 1))]) for share in (0.1, 0.5, 0.9)]
    return [((int(picture[row].argmax()) + 0.5) / picture.shape[1], (row + 0.5) / picture.shape[0]) for row in chosen]
