"""Pictures that explain how nets learn, and how it is measured what they have learnt."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from capsdraw.evaluate.metrics import wilson
from capsdraw.nets.reading import Floats
from capsdraw.ui.teach.slate import LEFT, Slate, columns, square


def plan(slate: Slate, area: QRectF) -> None:
    """Read, compare with the label, move the weights; round again."""
    first, second, third = columns(area, 1, 1, 1, gap=30)
    picture, y = square(first), area.center().y()
    slate.digit(picture)
    net = QRectF(second.left(), y - 22, second.width(), 44)
    slate.box(net, slate.colours.track, "net")
    answer = slate.glimpse.name or "?"
    slate.box(
        QRectF(third.left(), y - 44, third.width(), 28), slate.colours.says, f"reads: {answer}", slate.colours.paper
    )
    slate.box(QRectF(third.left(), y + 16, third.width(), 28), slate.colours.right, "label: …", slate.colours.paper)
    slate.words(QRectF(third.left(), y - 14, third.width(), 28), "how wrong?", slate.colours.text)
    slate.arrow(QPointF(picture.right() + 4, y), QPointF(net.left() - 4, y), slate.colours.quiet)
    slate.arrow(QPointF(net.right() + 4, y - 10), QPointF(third.left() - 4, y - 30), slate.colours.quiet)
    low = area.bottom() - 17
    back = [QPointF(third.center().x(), y + 46), QPointF(third.center().x(), low), QPointF(net.center().x(), low)]
    slate.line(back, slate.colours.changed)
    slate.arrow(back[-1], QPointF(net.center().x(), net.bottom() + 3), slate.colours.changed)
    slate.words(QRectF(net.left(), low + 2, third.right() - net.left(), 14), "every weight moves a little")


def curves(slate: Slate, area: QRectF) -> None:
    """Two losses that part: a sketch, and said to be one."""
    left, right = area.left() + 28, area.right() - 96
    floor, top = area.bottom() - 18, area.top() + 4
    slate.line([QPointF(left, top), QPointF(left, floor), QPointF(right, floor)], slate.colours.line, 1)
    along = np.linspace(0, 1, 40)
    learnt, others = 0.08 + 0.86 * np.exp(-4 * along), 0.2 + 0.74 * np.exp(-5 * along) + 0.28 * along**2
    for values, colour, dotted in ((learnt, slate.colours.says, False), (others, slate.colours.changed, True)):
        points = [
            QPointF(left + x * (right - left), floor - value * (floor - top))
            for x, value in zip(along, values, strict=True)
        ]
        if dotted:
            for point in points[::4]:
                slate.dot(point, colour)
        else:
            slate.line(points, colour)
        name = "held out" if dotted else "training"
        slate.words(QRectF(right + 8, points[-1].y() - 8, 90, 16), name, colour, LEFT)
    slate.words(QRectF(left, floor + 4, right - left, 14), "epochs →")
    slate.words(QRectF(area.left() - 6, top, 30, 16), "loss")


def theatre(slate: Slate, area: QRectF) -> None:
    """The digit as it might be drawn after a few epochs: softened, and then less and less."""
    steps = (("epoch 1", 7), ("epoch 2", 4), ("epoch 5", 2), ("epoch 20", 0))
    for (words, soft), place in zip(steps, columns(area, *[1.0] * len(steps), gap=10), strict=True):
        picture = square(place)
        picture.moveCenter(QPointF(place.center().x(), area.center().y() - 8))
        slate.digit(picture, softened(slate.picture, soft))
        slate.words(QRectF(place.left(), picture.bottom() + 4, place.width(), 14), words)


def runs(slate: Slate, area: QRectF) -> None:
    """What a run holds."""
    parts = (("plan", "recipe, data, seed"), ("curves", "a line an epoch"), ("net", "best and last"))
    for (title, words), place in zip(parts, columns(area, 1, 1, 1), strict=True):
        card = QRectF(place.left(), area.center().y() - 36, place.width(), 72)
        slate.box(card, slate.colours.track)
        slate.words(card.adjusted(0, 10, 0, -36), title, slate.colours.text)
        slate.words(card.adjusted(0, 34, 0, -12), words)


def several(slate: Slate, area: QRectF) -> None:
    """Errors over a field, three at each value, and how far they lie apart; made up, and said to be a sketch."""
    left, right = area.left() + 60, area.right() - 40
    floor, top = area.bottom() - 20, area.top() + 6
    slate.line([QPointF(left, top), QPointF(left, floor), QPointF(right, floor)], slate.colours.line, 1)
    means, spread = (0.82, 0.5, 0.3, 0.42), (-0.09, 0.01, 0.1)
    places = np.linspace(left + 30, right - 30, len(means))

    def height(error: float) -> float:
        return floor - error * (floor - top)

    slate.line([QPointF(x, height(mean)) for x, mean in zip(places, means, strict=True)], slate.colours.says)
    for x, mean in zip(places, means, strict=True):
        ends = [QPointF(x, height(mean + off)) for off in (spread[0], spread[-1])]
        slate.line(ends, slate.colours.says, 1)
        for off in spread:
            slate.dot(QPointF(x, height(mean + off)), slate.colours.says)
    slate.words(QRectF(left, floor + 4, right - left, 14), "a field's values →")
    slate.words(QRectF(area.left(), top, 54, 16), "error", slate.colours.text)


def result(slate: Slate, area: QRectF) -> None:
    """A hundred images, three wrong, and what the rate may be in truth."""
    wrong, many = 3, 100
    left, right = columns(area, 1, 1.3, gap=28)
    grid = square(left)
    cell = grid.width() / 10
    for index in range(many):
        place = QRectF(grid.left() + index % 10 * cell, grid.top() + index // 10 * cell, cell - 2, cell - 2)
        slate.painter.fillRect(place, slate.colours.wrong if index in (17, 42, 86) else slate.colours.track)
    low, high = wilson(wrong, many)
    y, scale = area.center().y(), (right.width() - 20) / 0.1
    slate.line([QPointF(right.left(), y), QPointF(right.right(), y)], slate.colours.line, 1)
    ends = [QPointF(right.left() + rate * scale, y) for rate in (low, high)]
    slate.line(ends, slate.colours.says, 5)
    slate.dot(QPointF(right.left() + wrong / many * scale, y), slate.colours.text, 5)
    for rate in (0, 0.05, 0.1):
        slate.words(QRectF(right.left() + rate * scale - 20, y + 12, 40, 14), f"{rate:.0%}")
    words = f"{wrong} of {many}: {low:.1%} to {high:.1%}"
    slate.words(QRectF(right.left(), y - 32, right.width(), 16), words, slate.colours.text)


def confusion(slate: Slate, area: QRectF) -> None:
    """A matrix whose diagonal is right; a few cells beside it are not."""
    grid = square(area)
    cell, mistakes = grid.width() / 10, {(4, 9): 0.9, (9, 4): 0.4, (7, 2): 0.5, (3, 5): 0.6, (8, 3): 0.3}
    for row in range(10):
        for column in range(10):
            place = QRectF(grid.left() + column * cell, grid.top() + row * cell, cell - 1, cell - 1)
            slate.painter.fillRect(place, slate.colours.right if row == column else slate.colours.track)
            if (row, column) in mistakes:
                slate.painter.setOpacity(mistakes[row, column])
                slate.painter.fillRect(place, slate.colours.wrong)
                slate.painter.setOpacity(1)
    slate.words(QRectF(grid.left() - 92, grid.center().y() - 8, 84, 16), "true class ↓")
    slate.words(QRectF(grid.right() + 8, grid.top(), 84, 16), "← read", how=LEFT)
    slate.words(
        QRectF(grid.right() + 8, grid.top() + 4.5 * cell - 8, 100, 16), "4s read as 9s", slate.colours.wrong, LEFT
    )


def mistakes(slate: Slate, area: QRectF) -> None:
    """The digit as it would stand there."""
    left, right = columns(area, 1, 1, gap=16)
    picture = square(left)
    picture.moveRight(left.right())
    slate.digit(picture)
    glimpse = slate.glimpse
    lines = [("read as", slate.colours.quiet)]
    if glimpse.scores is None or glimpse.label is None:
        lines += [("? · with what score?", slate.colours.says)]
    else:
        lines += [(f"{glimpse.name} · {float(glimpse.scores[glimpse.label]):.2f}", slate.colours.says)]
    lines += [("and if its label says", slate.colours.quiet), ("something else?", slate.colours.wrong)]
    for number, (words, colour) in enumerate(lines):
        line = QRectF(right.left(), area.center().y() - 40 + 20 * number, right.width(), 20)
        slate.words(line, words, colour, LEFT)


def calibration(slate: Slate, area: QRectF) -> None:
    """The diagonal, and where the score of what was drawn stands on it."""
    frame = square(area).adjusted(8, 0, 0, -16)
    slate.frame(frame, slate.colours.line, 1)
    slate.line([frame.bottomLeft(), frame.topRight()], slate.colours.right)
    slate.words(QRectF(frame.left(), frame.bottom() + 3, frame.width(), 14), "score →")
    slate.words(QRectF(frame.left() - 96, frame.center().y() - 8, 90, 16), "share right ↑")
    slate.words(QRectF(frame.left(), frame.bottom() - 22, frame.width(), 16), "        too sure")
    slate.words(QRectF(frame.left(), frame.top() + 6, frame.width() * 0.7, 16), "too modest")
    glimpse = slate.glimpse
    if glimpse.scores is not None and glimpse.label is not None:
        score = float(glimpse.scores[glimpse.label])
        x = frame.left() + min(score, 1.0) * frame.width()
        slate.line([QPointF(x, frame.top()), QPointF(x, frame.bottom())], slate.colours.says, 2, dashed=True)
        slate.words(QRectF(frame.right() + 8, frame.top(), 110, 16), f"yours: {score:.2f}", slate.colours.says, LEFT)


def sets(slate: Slate, area: QRectF) -> None:
    """Two models' errors on the same sets, by points: a sketch."""
    sizes = np.random.default_rng(6)
    first, names = columns(area, 3, 1)
    slate.line([first.bottomLeft(), first.bottomRight()], slate.colours.line, 1)
    hard = sizes.normal(0.45, 0.14, 12)
    levels = [np.clip(hard + sizes.normal(shift, 0.07, 12), 0.05, 0.95) for shift in (-0.06, 0.06)]
    apart = int(np.abs(levels[1] - levels[0]).argmax())
    for index in range(12):
        x = first.left() + (index + 0.5) * first.width() / 12
        ends = [QPointF(x, first.bottom() - level[index] * first.height()) for level in levels]
        slate.line(ends, slate.colours.wrong if index == apart else slate.colours.line, 2 if index == apart else 1)
        for end, colour in zip(ends, (slate.colours.says, slate.colours.changed), strict=True):
            slate.dot(end, colour, 4)
    for number, (words, colour) in enumerate(
        (("one model", slate.colours.says), ("another", slate.colours.changed), ("most apart", slate.colours.wrong))
    ):
        slate.words(QRectF(names.left(), area.top() + 14 + 22 * number, names.width(), 18), words, colour, LEFT)


def softened(picture: Floats, times: int) -> Floats:
    """The picture, each pixel mixed with its neighbours so many times."""
    for _ in range(times):
        padded = np.pad(picture, 1)
        beside = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
        picture = (np.float32(0.5) * picture + np.float32(0.125) * beside).astype(np.float32)
    return picture
