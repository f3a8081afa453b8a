"""What the masks of digits (`capsdraw.nets.digit_masks`) are learnt from: windows of rows whose digits' ink is known.

Rows are numbers by writers of the pen strokes, apart and touching, and numbers put together from MNIST's training
images; some are softened, grained, paled, or have specks, as photographs have. In some is no digit: letters, scribbles
and marks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from capsdraw.datasets import composed, non_digits, pen_strokes
from capsdraw.datasets.known import data_set
from capsdraw.datasets.pen_strokes import PenStrokes
from capsdraw.ink.raster import Raster, from_bytes, render
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets.digit_masks import HEIGHT, WINDOW
from training.experiments.number_rule import plain_one

# Whose strokes the net learns from, and whose numbers say how well it does; 26 to 30 are nobody's here.
LEARNT, CHECKED = range(1, 24), range(24, 26)
# MNIST's training images from there on are held out, as by all recipes.
_MNIST = 55_000
# Of rows: of strokes, of MNIST's images, and the rest of what is no digit; and of those with digits, touching.
_STROKES, _IMAGES, _TOUCHING = 0.6, 0.32, 0.65
# Of rows of strokes, those of which every second digit is a plain 1.
_ONES = 0.12
# Of what is no digit, words.
_WORDS = 0.4
# How often a row has so many digits, from one on.
_COUNTS = np.array([0.09, 0.3, 0.22, 0.17, 0.12, 0.1])
# Columns of paper at both ends; the widest row.
_MARGIN, _WIDEST = WINDOW[1] // 2 + 4, 400
# A window shows a digit in its middle where that is so near, in columns, and none where all are further away. Which ink
# is the nearest one's is learnt a little further, so that neighbouring windows say the same.
_CENTRED, _BESIDE, _FURTHEST, _MASKED = 2.4, 3.4, 11.0, 6.0
_DARK = 0.3

Random = np.random.Generator
Planes = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows and what is to be said of them.

    Attributes:
        seen: (N, rows, columns) uint8, ink is 255.
        masks: likewise: of each pixel's ink the share that is the digit's nearest to the middle.
        centred, masked: (N,) uint8, 1 where a digit is in the middle, and where one is near enough to have a mask.
    """

    seen: Bytes
    masks: Bytes
    centred: Bytes
    masked: Bytes


# One window: what is seen, its mask, whether a digit is in the middle, and whether it has a mask.
_One = tuple[Raster, Raster, int, int]


def windows(count: int, seed: int, writers: range = LEARNT) -> Windows:
    """The windows of `count` rows, some five of each; always the same for a seed.

    Raises:
        CapsDrawError: pen strokes or MNIST are not at hand.
    """
    pen, images = pen_strokes.strokes(), _mnist()
    every: list[_One] = []
    for place in range(count):
        random = np.random.default_rng((seed, place))
        kind = random.random()
        if kind < _STROKES:
            digits = _of_strokes(pen, writers, random)
        elif kind < _STROKES + _IMAGES:
            digits = _of_images(images, random)
        else:
            every += _of_none(random)
            continue
        every += _cut(digits, random)
    seen, masks = (
        np.rint(255 * np.stack([each[which] for each in every]).clip(0, 1)).astype(np.uint8) for which in (0, 1)
    )
    centred, masked = (np.array([each[which] for each in every], np.uint8) for which in (2, 3))
    return Windows(seen, masks, centred, masked)


def _mnist() -> Bytes:
    return data_set("mnist").train_images[:_MNIST]


def _of_strokes(pen: PenStrokes, writers: range, random: Random) -> Planes:
    """The ink of each digit of a number: (digits, rows, columns)."""
    own = np.flatnonzero(np.isin(pen.writers, [int(random.choice(list(writers)))]))
    chosen = random.choice(own, 1 + int(random.choice(len(_COUNTS), p=_COUNTS)))
    # These writers give a 1 a flag or lean it; others draw a line, upright or nearly.
    plain = random.random(len(chosen)) < np.where(pen.labels[chosen] == 1, 0.5, float(random.random() < _ONES) / 2)
    drawings = [
        plain_one(random) if is_plain else pen.drawing(int(index))
        for index, is_plain in zip(chosen, plain, strict=True)
    ]
    text = "".join(
        "1" if is_plain else str(int(pen.labels[index])) for index, is_plain in zip(chosen, plain, strict=True)
    )
    number = composed.composed(drawings, text, random, bool(random.random() < _TOUCHING))
    leans, width = random.normal(0, 0.12), (number.drawing.strokes[0].width or 0.0) * random.uniform(0.7, 1.4)
    lines = iter(number.drawing.strokes)
    digits = [[_leaning(next(lines), leans, width) for _ in drawing.strokes] for drawing in drawings]
    return _drawn(digits, width, random)


def _leaning(stroke: Stroke, leans: float, width: float) -> Stroke:
    across, down = stroke.points.T
    return Stroke(np.stack([across - leans * down, down], -1), width)


def _drawn(digits: Sequence[Sequence[Stroke]], width: float, random: Random) -> Planes:
    """The ink of each group of strokes, scaled to about a window's height together."""
    points = np.concatenate([stroke.points for own in digits for stroke in own])
    low, high = points.min(0) - width / 2, points.max(0) + width / 2
    scale = HEIGHT / ((high - low)[1] * random.uniform(0.9, 1.15))
    scale = min(scale, _WIDEST / (high - low)[0])
    columns = int(np.ceil((high - low)[0] * scale)) + 2 * _MARGIN
    middle = (low + high)[1] / 2 * scale
    origin = np.array([_MARGIN - low[0] * scale, WINDOW[0] / 2 - middle + random.uniform(-1.5, 1.5)])
    pen = max(width * scale, 1.0)
    return np.stack([
        render(Drawing(tuple(Stroke(stroke.points * scale + origin, pen) for stroke in own)), (WINDOW[0], columns), pen)
        for own in digits
    ])  # fmt: skip


def _of_images(images: Bytes, random: Random) -> Planes:
    """The ink of each digit of a number of MNIST's, side by side: (digits, rows, columns)."""
    count = 1 + int(random.choice(len(_COUNTS), p=_COUNTS))
    size = random.uniform(0.85, 1.1)
    together = np.zeros((WINDOW[0], _WIDEST), np.float32)
    digits: list[Raster] = []
    touching = random.random() < _TOUCHING
    left = _MARGIN
    for index in random.integers(0, len(images), count):
        digit = _resized(images[index], size, random)
        rows, columns = digit.shape
        top = int(np.clip(round((WINDOW[0] - rows) / 2 + random.normal(0, 0.8)), 0, WINDOW[0] - rows))
        if digits:
            close = touching and random.random() < 0.75
            away = random.uniform(-2.5, 0.5) if close else random.uniform(1.5, 7)
            left = max(round(_right_of(together[top : top + rows], digit) + away), _MARGIN)
        own = np.zeros_like(together)
        own[top : top + rows, left : left + columns] = digit
        together = np.maximum(together, own)
        digits.append(own)
    end = int(np.flatnonzero(together.any(0))[-1]) + 1 + _MARGIN
    return np.stack(digits)[:, :, :end]


def _resized(image: Bytes, size: float, random: Random) -> Raster:
    """The ink of one image, cropped, about as high as a digit of a row."""
    ink = from_bytes(image)
    down, across = np.flatnonzero((ink > _DARK).any(1)), np.flatnonzero((ink > _DARK).any(0))
    ink = np.pad(ink, 1)[down[0] : down[-1] + 3, across[0] : across[-1] + 3]
    scale = 18 * size * (1 + random.normal(0, 0.06)) / max(ink.shape[0], 0.6 * ink.shape[1])
    finer: Raster = ndimage.zoom(ink, (scale, scale * random.uniform(0.85, 1.1)), order=1)
    return finer.clip(0, 1)[: WINDOW[0]]


def _right_of(before: Raster, digit: Raster) -> float:
    """The column from which on a digit stands just beside what is there, row by row or nearly."""
    taken = ndimage.binary_dilation(before > 0.5, np.ones((3, 1)))
    ends = np.where(taken.any(1), taken.shape[1] - taken[:, ::-1].argmax(1), -np.inf)
    begins = np.where((digit > 0.5).any(1), (digit > 0.5).argmax(1), np.inf)
    beside = float((ends - begins).max())
    # Nothing of them is in one row: then their boxes touch.
    return beside if np.isfinite(beside) else float(np.flatnonzero((before > 0.5).any(0)).max(initial=0))


def _of_none(random: Random) -> Iterator[_One]:
    """Three windows of what is no digit, or none."""
    makers = (non_digits.letter, non_digits.scribble, non_digits.letter, non_digits.mark)
    if random.random() < _WORDS:
        drawing = word(random, int(random.integers(2, 6)))
    else:
        drawing = makers[int(random.integers(len(makers)))](random, non_digits.SETTING)
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    width = max(float(np.ptp(points[:, 1])), float(np.ptp(points)) / 6, 1.0) * random.uniform(0.05, 0.13)
    total, _ = _spoilt(_drawn([drawing.strokes], width, random), random)
    for middle in random.uniform(_MARGIN, total.shape[1] - _MARGIN, 3):
        yield _window(total, middle), np.zeros(WINDOW, np.float32), 0, 0


def word(random: Random, letters: int) -> Drawing:
    """So many letters that are no digits by shape, side by side, touching as numbers do."""
    drawings = [non_digits.letter(random, non_digits.SETTING) for _ in range(letters)]
    return composed.composed(drawings, "x" * letters, random, bool(random.random() < _TOUCHING)).drawing


def _cut(digits: Planes, random: Random) -> Iterator[_One]:
    """A window at each digit, and at most of them another where no digit is in the middle."""
    total, own = _spoilt(digits, random)
    inked = [(number, np.flatnonzero((digit > _DARK).any(0))) for number, digit in enumerate(digits)]
    middles = {number: (columns[0] + columns[-1] + 1) / 2 for number, columns in inked if len(columns)}
    for number, middle in middles.items():
        place = middle + random.uniform(-_CENTRED, _CENTRED)
        if _nearest(middles, place)[0] != number:
            place = middle
        yield _window(total, place), _window(own[number], place), 1, 1
        place = middle + random.choice((-1, 1)) * random.uniform(_BESIDE, _FURTHEST)
        nearest, away = _nearest(middles, place)
        if away > _BESIDE:
            yield _window(total, place), _window(own[nearest], place), 0, int(away <= _MASKED)


def _nearest(middles: dict[int, float], place: float) -> tuple[int, float]:
    """The digit whose middle is nearest to a place, and how far away that is."""
    return min(((number, abs(middle - place)) for number, middle in middles.items()), key=lambda each: each[1])


def _window(plane: Raster, middle: float) -> Raster:
    left = round(middle - WINDOW[1] / 2) + WINDOW[1]
    return np.pad(plane, ((0, 0), (WINDOW[1], WINDOW[1])))[:, left : left + WINDOW[1]]


def _spoilt(digits: Planes, random: Random) -> tuple[Raster, Planes]:
    """What is seen of digits in some light, and of each pixel's ink the share that each has."""
    total: Raster = digits.max(0)
    own = np.where(total > 0.05, digits / np.maximum(total, 0.05), 0).astype(np.float32)
    if random.random() < 0.35:
        total = ndimage.gaussian_filter(total, random.uniform(0.3, 0.8))
    if random.random() < 0.2:  # chalk and pencil
        grain = ndimage.gaussian_filter(random.random(total.shape), random.uniform(0.3, 0.9))
        grain = (grain - grain.min()) / (np.ptp(grain) + 1e-6)
        total = total * ((grain - random.uniform(0.2, 0.45)) * 6).clip(0, 1)
    if random.random() < 0.3:
        total = total ** random.uniform(0.6, 1.6)
    if random.random() < 0.2:
        total = total * random.uniform(0.6, 1)
    if random.random() < 0.15:
        for _ in range(int(random.integers(1, 4))):
            row, column = (int(random.integers(0, side - 2)) for side in total.shape)
            speck = total[row : row + 2, column : column + 2]
            np.maximum(speck, random.uniform(0.3, 1), out=speck)
    return total.clip(0, 1).astype(np.float32), own
