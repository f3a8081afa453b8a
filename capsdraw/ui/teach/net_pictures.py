"""Pictures that explain what happens inside a net; all that they compute, they compute from the user's digit."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from capsdraw.lab.filters import grey
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.overlay import paint_heat
from capsdraw.ui.teach.slate import Slate, columns, square

# Made by hand: bright above dark, dark above bright, bright left of dark, dark left of bright.
_ABOVE: Final[Floats] = np.array([[0.25, 0.5, 0.25], [0, 0, 0], [-0.25, -0.5, -0.25]], np.float32)
EDGES: Final[tuple[Floats, ...]] = (_ABOVE, -_ABOVE, _ABOVE.T.copy(), -_ABOVE.T)
# What each of their maps is worth in the picture of heat.
_WORTH: Final = (0.9, -0.3, 0.6, 0.2)


def convolved(picture: Floats, kernel: Floats) -> Floats:
    """What a 3 × 3 kernel answers at each place of a picture (rows, columns), after a ReLU: two less each way."""
    rows, columns_ = (side - 2 for side in picture.shape)
    total = np.zeros((rows, columns_), np.float32)
    for down in range(3):
        for across in range(3):
            total += kernel[down, across] * picture[down : down + rows, across : across + columns_]
    return np.maximum(total, 0)


def heat_of(picture: Floats) -> Floats:
    """The hand-made maps, each times what it is worth, added up; the hottest is 1."""
    total = sum(
        (np.float32(worth) * convolved(picture, kernel) for worth, kernel in zip(_WORTH, EDGES, strict=True)),
        np.zeros((picture.shape[0] - 2, picture.shape[1] - 2), np.float32),
    )
    hot: Floats = np.maximum(total, 0)
    return hot / np.float32(max(float(hot.max()), 1e-6))


def net(slate: Slate, area: QRectF) -> None:
    """The digit, layers, and the scores."""
    left, middle, right = columns(area, 1, 1, 1, gap=20)
    slate.digit(square(left))
    for number, (share, words) in enumerate(((1.0, "edges"), (0.75, "strokes"), (0.5, "the whole"))):
        place = QRectF(0, 0, middle.width() * share, middle.height() / 4.4)
        place.moveCenter(QPointF(middle.center().x(), middle.top() + (number + 0.5) * middle.height() / 3))
        slate.box(place, slate.colours.track, words)
    y = area.center().y()
    for start, end in ((left, middle), (middle, right)):
        slate.arrow(QPointF(start.right() + 3, y), QPointF(end.left() - 3, y), slate.colours.quiet)
    slate.bars(right)


def filters(slate: Slate, area: QRectF) -> None:
    """The digit, a kernel, and what it answers."""
    left, middle, right = columns(area, 1.3, 0.6, 1.3, gap=26)
    slate.digit(square(left))
    kernel, y = square(middle), area.center().y()
    slate.painter.drawImage(kernel, image_of(grey(EDGES[0])))
    slate.frame(kernel, slate.colours.line, 1)
    for index, value in enumerate(EDGES[0].reshape(-1).tolist()):
        cell = kernel.width() / 3
        place = QRectF(kernel.left() + index % 3 * cell, kernel.top() + index // 3 * cell, cell, cell)
        slate.words(
            place,
            {-0.5: "−½", -0.25: "−¼", 0.25: "¼", 0.5: "½"}.get(value, "0"),
            theme.LIGHT.text if value >= 0 else theme.DARK.text,
        )
    slate.words(QRectF(left.right(), y - 10, 26, 20), "×", slate.colours.text)
    slate.words(QRectF(middle.right(), y - 10, 26, 20), "→", slate.colours.text)
    slate.digit(square(right), _bright(convolved(slate.picture, EDGES[0])))


def maps(slate: Slate, area: QRectF) -> None:
    """The digit, four kernels and their maps."""
    left, right = columns(area, 1, 1.5, gap=26)
    slate.digit(square(left))
    side = (right.height() - 8) / 2
    for number, kernel in enumerate(EDGES):
        column, row = number % 2, number // 2
        place = QRectF(right.left() + column * (side + 40), right.top() + row * (side + 8), side, side)
        slate.digit(place, _bright(convolved(slate.picture, kernel)))
        small = QRectF(place.right() + 4, place.top(), 22, 22)
        slate.painter.drawImage(small, image_of(grey(kernel)))
        slate.frame(small, slate.colours.line, 1)


def heat(slate: Slate, area: QRectF) -> None:
    """Maps times what they are worth are heat over the digit."""
    parts = columns(area, *[1.0] * 4, 2.2, gap=24)
    for number, (place, kernel, worth) in enumerate(zip(parts, EDGES, _WORTH, strict=False)):
        picture = square(place)
        slate.digit(picture, _bright(convolved(slate.picture, kernel)))
        weight = f"× {worth:g}".replace("-", "−")
        slate.words(QRectF(place.left() - 8, picture.bottom() + 4, place.width() + 16, 16), weight, slate.colours.text)
        sign = "=" if number == len(_WORTH) - 1 else "+"
        slate.words(QRectF(place.right(), area.center().y() - 10, 24, 20), sign, slate.colours.text)
    over = square(parts[-1])
    slate.digit(over, np.float32(0.55) * slate.picture)
    within = over.adjusted(over.width() / 28, over.height() / 28, -over.width() / 28, -over.height() / 28)
    paint_heat(slate.painter, within, heat_of(slate.picture), 0.85)


def compare(slate: Slate, area: QRectF) -> None:
    """The digit, turned further and further."""
    turns = (-60, -30, 0, 30, 60)
    for turn, place in zip(turns, columns(area, *[1.0] * len(turns), gap=6), strict=True):
        picture = square(place)
        picture.moveCenter(QPointF(place.center().x(), area.center().y() - 8))
        slate.digit(picture, turn=turn)
        slate.words(QRectF(place.left(), picture.bottom() + 4, place.width(), 14), f"{turn}°".replace("-", "−"))


def _bright(answers: Floats) -> Floats:
    """A map as a picture: the largest is white."""
    return answers / np.float32(max(float(answers.max()), 1e-6))
