"""Drawings that are no digit, made as the synthetic pen digits are: to find out what a net makes of them.

Letters, scribbles, marks, and two or three digits side by side. Two parts share no letter's form, no mark's, and no
seed: by `SETTING` limits are set, on `MEASURING` they are measured. Letters that are a digit by shape
(`letter_templates.ALIKE`: O, I, S, …) are in neither; `alike` makes them, to be told apart.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import letter_templates, synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import PEN, digit_from_drawing
from capsdraw.ink.sketch import fitted
from capsdraw.ink.strokes import Drawing, Stroke

SETTING: Final = "setting"
MEASURING: Final = "measuring"
LETTER: Final = "letter"
SEVERAL: Final = "several digits"
SCRIBBLE: Final = "scribble"
MARK: Final = "mark"

# Of ten drawings in a row, so many are of each kind.
_TURNS = (LETTER, SEVERAL, LETTER, SCRIBBLE, LETTER, MARK, SEVERAL, LETTER, SCRIBBLE, LETTER)
KINDS: tuple[str, ...] = (LETTER, SEVERAL, SCRIBBLE, MARK)
# Rows of random numbers of their own: no drawing of one part comes from a row of the other.
_ROWS = {SETTING: 0x5E77_0000, MEASURING: 0x3EA5_0000}
_FORMS = {SETTING: letter_templates.SETTING, MEASURING: letter_templates.MEASURING}

# Seeds of the drawings that are offered to be tried.
_EXAMPLE = {"letter": 8, "forty-two": 8, "scribble": 7}


def images(count: int, part: str, seed: int = 0) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """`count` drawings of a part as a net sees them, the same for a seed.

    Args:
        count: how many; part: SETTING or MEASURING; seed: from 0 to 65,535.

    Returns:
        (count, 28, 28) uint8, ink is 255, and the kind of each, one of KINDS.

    Raises:
        CapsDrawError: no such part or seed.
    """
    kinds = tuple(_TURNS[number % len(_TURNS)] for number in range(count))
    return _drawn([_MAKERS[kind] for kind in kinds], part, seed), kinds


def alike(count: int, part: str, seed: int = 0) -> NDArray[np.uint8]:
    """Letters that are a digit by shape, in the form of `images`: doubt is not expected, nor a fault."""

    def one(random: np.random.Generator, part: str) -> Drawing:
        return letter(random, part, letter_templates.ALIKE)

    return _drawn([one] * count, part, seed)


def letter(random: np.random.Generator, part: str = SETTING, among: str = "") -> Drawing:
    """A letter, 100 units high; one of `among`, or of all but those that are a digit by shape."""
    forms = _FORMS[part]
    chosen = among or "".join(name for name in forms if name not in letter_templates.ALIKE)
    return synthetic.varied(parsed(forms[chosen[int(random.integers(len(chosen)))]]), random)


def mark(random: np.random.Generator, part: str = SETTING) -> Drawing:
    """A dot, or a sign that is neither letter nor digit."""
    signs = letter_templates.MARKS[part]
    number = int(random.integers(len(signs) + 1))
    if number == len(signs):
        return Drawing((Stroke(np.array([[50.0, 50.0]])),))
    return synthetic.varied(parsed(list(signs.values())[number]), random)


def several(random: np.random.Generator, part: str = SETTING, digits: Sequence[int] = ()) -> Drawing:
    """Two or three digits side by side, each 100 units high; those of `digits`, or any."""
    del part  # the digits' forms are the same in both parts: what is to be seen is that they are several
    chosen = digits or random.integers(0, 10, 3 if random.random() < 0.3 else 2).tolist()
    strokes: list[Stroke] = []
    right = 0.0
    for number in chosen:
        drawn = synthetic.drawing(int(number), random).strokes
        points = np.concatenate([stroke.points for stroke in drawn])
        down = random.normal(0, 5)
        move = np.array([right - points[:, 0].min(), down])
        strokes += [Stroke(stroke.points + move) for stroke in drawn]
        right += float(np.ptp(points[:, 0])) + random.uniform(10, 40)
    return Drawing(tuple(strokes))


def scribble(random: np.random.Generator, part: str = SETTING) -> Drawing:
    """A pen moved to and fro: of each part in ways of its own, and in one that both have."""
    own = (_zigzag, _loops) if part == SETTING else (_spiral, _hatching)
    ways = (_tangle, *own)
    return ways[int(random.integers(len(ways)))](random)


def parsed(template: str) -> list[list[tuple[float, float]]]:
    """A template's strokes, on a unit square; a corner is a point that stands twice."""
    strokes = []
    for stroke in template.split("|"):
        points: list[tuple[float, float]] = []
        for word in stroke.split():
            x, y = word.rstrip("!").split(".")
            points += [(int(x) / 100, int(y) / 100)] * (2 if word.endswith("!") else 1)
        strokes.append(points)
    return strokes


def _tangle(random: np.random.Generator) -> Drawing:
    """From anywhere to anywhere."""
    points = random.uniform(0, 1, (int(random.integers(9, 18)), 2))
    return synthetic.varied([[(float(x), float(y)) for x, y in points]], random)


def _zigzag(random: np.random.Generator) -> Drawing:
    turns = int(random.integers(6, 12))
    down = np.linspace(0, 1, turns)
    points = [(float(index % 2) + float(random.normal(0, 0.06)), float(y)) for index, y in enumerate(down)]
    return synthetic.varied([_turned(points, random)], random)


def _loops(random: np.random.Generator) -> Drawing:
    """Loops along a line."""
    angle = np.linspace(0, 2 * np.pi * random.uniform(3, 5.5), 48)
    size = random.uniform(0.2, 0.35)
    points = np.stack([angle / angle[-1] + size * np.cos(angle), 0.5 + size * np.sin(angle)], axis=1)
    return synthetic.varied([_turned([(float(x), float(y)) for x, y in points], random)], random)


def _spiral(random: np.random.Generator) -> Drawing:
    angle = np.linspace(0, 2 * np.pi * random.uniform(2.5, 4.5), 56)
    points = 0.5 + 0.5 * (angle / angle[-1])[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return synthetic.varied([_turned([(float(x), float(y)) for x, y in points], random)], random)


def _hatching(random: np.random.Generator) -> Drawing:
    """Lines across each other."""
    lines = []
    for place in np.linspace(0, 1, int(random.integers(3, 6))):
        along = float(place + random.normal(0, 0.04))
        lines += [[(along, 0.0), (along, 1.0)], [(0.0, along), (1.0, along)]]
    kept = random.permutation(len(lines))[: int(random.integers(5, len(lines) + 1))]
    return synthetic.varied([lines[int(index)] for index in kept], random)


def _turned(points: list[tuple[float, float]], random: np.random.Generator) -> list[tuple[float, float]]:
    """As it is, or lying on its side, begun at either end."""
    if random.random() < 0.5:
        points = [(y, x) for x, y in points]
    return points[::-1] if random.random() < 0.5 else points


_MAKERS: dict[str, Callable[[np.random.Generator, str], Drawing]] = {
    LETTER: letter, SEVERAL: several, SCRIBBLE: scribble, MARK: mark,
}  # fmt: skip


def _drawn(makers: Sequence[Callable[[np.random.Generator, str], Drawing]], part: str, seed: int) -> NDArray[np.uint8]:
    if part not in _ROWS or not 0 <= seed < 1 << 16:
        raise CapsDrawError(f"no drawings of part '{part}' and seed {seed}: a part is '{SETTING}' or '{MEASURING}'")
    made = np.empty((len(makers), 28, 28), np.uint8)
    for number, make in enumerate(makers):
        random = np.random.default_rng((_ROWS[part] + seed, number))
        pen = PEN * random.uniform(0.7, 1.6)
        made[number] = np.rint(digit_from_drawing(make(random, part), pen) * 255)
    return made


def examples() -> dict[str, Drawing]:
    """What is offered to be tried, by the name of its file in `assets/examples`, on the canvas as if it were drawn."""
    rows = {name: np.random.default_rng(seed) for name, seed in _EXAMPLE.items()}
    made = {
        "letter": letter(rows["letter"], SETTING, "A"),
        "forty-two": several(rows["forty-two"], SETTING, (4, 2)),
        "scribble": _tangle(rows["scribble"]),
    }
    return {name: _tenths(fitted(drawing)) for name, drawing in made.items()}


def _tenths(drawing: Drawing) -> Drawing:
    """Its points to a tenth of a unit, which is all that a small file needs."""
    return Drawing(tuple(Stroke(stroke.points.round(1), stroke.width) for stroke in drawing.strokes))
