"""What a net says of figures, which may be digits of a number, and what a rule makes of that."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capsdraw.ink.normalize import Digit
from capsdraw.ink.signs import Signs, signs_of
from capsdraw.nets.answering import Answering
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import doubt_beyond, second_share
from capsdraw.nets.verdict_rule import VerdictRule


@dataclass(frozen=True, eq=False)
class SeenFigure:
    """A figure's image, its signs, what the net says of it, and by how much that is to be doubted."""

    image: Digit
    signs: Signs
    reading: Reading
    excess: float


def look(net: Answering, images: Sequence[Digit], signs: Sequence[Signs] | None = None) -> list[SeenFigure]:
    """What that net says of each image, in one batch; with its signs, where they are known already."""
    if not images:
        return []
    each = zip(images, signs or map(signs_of, images), net.read_each(np.stack(images)), strict=True)
    return [SeenFigure(image, of_it, reading, doubt_beyond(reading, image, net.card, of_it))
            for image, of_it, reading in each]  # fmt: skip


def measures_alone(seen: SeenFigure, high: float, wide: float) -> dict[str, float]:
    """What odds are made of that is a figure's own, by name; its height and width in heights of the row."""
    reading, signs, slim = seen.reading, seen.signs, max(high, 0.05)
    return {
        "excess": min(max(seen.excess, -8.0), 12.0),
        "score": float(reading.scores[reading.label]), "second": second_share(reading),
        "figures": float(signs.figures > 1), "valleys": float(min(signs.valleys, 2)), "parts": float(len(signs.parts)),
        "dot": float(signs.dot), "high": float(np.log(slim)), "wide": wide, "slim": wide / slim,
        "one": float(reading.label == 1), "wide_one": wide * (reading.label == 1),
    }  # fmt: skip


def cost(measures: dict[str, float], rule: VerdictRule) -> float:
    """Minus the logarithm of the probability of a digit, by that rule."""
    excess = rule.excess(measures)
    assert excess is not None
    return float(np.logaddexp(0.0, excess))
