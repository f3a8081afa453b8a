"""Photographs of digits, rendered: ten digits on ten papers by five lights, each drawn anew from a seed.

`python tests/rendered_photographs.py --seed 1` renders 500, has the four best nets read them, and says how many are
right, how many are told as doubtful, and how many are wrong without a word of doubt. The constants of `capsdraw.ink`
were chosen on seeds from 100 on; figures are reported for seeds below.

Pens are `capsdraw.datasets.synthetic`'s, drawn by the app's own raster; papers, lights and cameras are made here of
noise and geometry, so nothing in them is anybody's picture.
"""

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from capsdraw.cli.classify import SURE
from capsdraw.cli.inputs import open_answering
from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.ink.images import read_found
from capsdraw.ink.normalize import digit_from_drawing, digit_from_raster
from capsdraw.ink.raster import render
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards

Plane = NDArray[np.float32]
Random = np.random.Generator

NETS = ("efficient-capsnet", "capsnet", "keras-cnn", "deep-convnet")
ROWS, COLUMNS = 720, 960
# What is wider than so many heights is a number of several digits; it takes at most this share of the picture's width.
_NUMBER, _WIDEST = 1.6, 0.6


@dataclass(frozen=True)
class Photograph:
    """One rendered picture.

    Attributes:
        label: the digit on it; paper, light: of `PAPERS` and `LIGHTS`.
        drawing: the strokes that were drawn, in any units.
        jpeg: the file's bytes.
    """

    label: int
    paper: str
    light: str
    drawing: Drawing
    jpeg: bytes

    @property
    def called(self) -> str:
        """A name for its file."""
        return f"{self.paper}-{self.light}-{self.label}"


def photographs(seed: int, first: int = 500) -> Iterator[Photograph]:
    """The 500 of a seed in an order that mixes them, or the first of them; always the same."""
    kinds = [(label, paper, light) for paper in range(10) for light in range(5) for label in range(10)]
    for index in np.random.default_rng(0).permutation(500)[:first]:
        label, paper, light = kinds[index]
        random = np.random.default_rng((seed, paper, light, label))
        yield photograph(label, list(PAPERS)[paper], list(LIGHTS)[light], random)


def photograph(label: int, paper: str, light: str, random: Random) -> Photograph:
    """One picture of `label`."""
    drawing = synthetic.drawing(label, random)
    return Photograph(label, paper, light, drawing, jpeg_of(drawing, paper, light, random))


def jpeg_of(drawing: Drawing, paper: str, light: str, random: Random) -> bytes:
    """The file of a picture of that drawing."""
    sheet, pen, ink = PAPERS[paper](drawing, random)
    scene = (sheet * (1 - ink[..., None]) + pen * ink[..., None]) * LIGHTS[light](random)[..., None]
    noise = random.normal(0, 0.025 if light == "vignette" else 0.008, scene.shape)
    pixels = np.rint(np.clip(scene + noise, 0, 1) * 255).astype(np.uint8)
    image = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(random.uniform(0.4, 1.2)))
    held = io.BytesIO()
    image.save(held, "JPEG", quality=40 if light == "vignette" else int(random.integers(70, 92)))
    return held.getvalue()


# Papers: the sheet's colours, (rows, columns, 3); the pen's colour, (3,); where its ink is, from 0 to 1.

Sheet = tuple[Plane, Plane, Plane]


def _plain(drawing: Drawing, random: Random) -> Sheet:
    return _sheet((0.9, 0.9, 0.88), random), _pen(random), _ink(drawing, random)


def _yellow(drawing: Drawing, random: Random) -> Sheet:
    return _sheet((0.92, 0.84, 0.45), random), _pen(random), _ink(drawing, random)


def _ruled(drawing: Drawing, random: Random) -> Sheet:
    sheet = _sheet((0.92, 0.92, 0.9), random)
    _, across = _turned(random, 5)
    step = random.uniform(35, 75)
    sheet = _lines(sheet, across, step, random.uniform(1, 2.6), (0.72, 0.8, 0.9))
    if random.random() < 0.5:
        along, _ = _turned(random, 1)
        sheet = _lines(sheet, along - random.uniform(60, 200), 1e5, 2.5, (0.92, 0.6, 0.6))
    return sheet, _pen(random), _ink(drawing, random)


def _squared(drawing: Drawing, random: Random) -> Sheet:
    sheet = _sheet((0.91, 0.92, 0.9), random)
    step, width = random.uniform(25, 50), random.uniform(1, 2.2)
    for direction in _turned(random, 5):
        sheet = _lines(sheet, direction, step, width, (0.75, 0.82, 0.88))
    return sheet, _pen(random), _ink(drawing, random)


def _recycled(drawing: Drawing, random: Random) -> Sheet:
    """Brownish, with fibres and specks darker than the paper."""
    sheet = _sheet((0.75, 0.7, 0.62), random, grain=0.02)
    fibres = np.zeros((ROWS, COLUMNS), np.float32)
    for _ in range(60):
        start = random.uniform(0, (COLUMNS, ROWS))
        end = start + random.normal(0, 7, 2)
        points = np.stack([start, (start + end) / 2 + random.normal(0, 2, 2), end])
        fibres = np.maximum(fibres, _drawn([points], random.uniform(1, 2.2)) * random.uniform(0.1, 0.5))
    return sheet * (1 - fibres[..., None]), _pen(random), _ink(drawing, random)


def _blackboard(drawing: Drawing, random: Random) -> Sheet:
    board = _sheet((0.16, 0.24, 0.2), random, grain=0.012)
    board += 0.04 * _clouds(random, 60)[..., None]  # wiped chalk
    return board, np.full(3, 0.92, np.float32), _grainy(_ink(drawing, random, thick=1.3), random, 0.45)


def _pencil(drawing: Drawing, random: Random) -> Sheet:
    """Faint, and with gaps where the paper's grain is."""
    ink = _grainy(_ink(drawing, random, thick=0.7), random, 0.5)
    return _sheet((0.88, 0.87, 0.85), random, grain=0.012), np.full(3, random.uniform(0.55, 0.68), np.float32), ink


def _red_on_green(drawing: Drawing, random: Random) -> Sheet:
    """Of nearly equal lightness."""
    sheet = _sheet((0.25, 0.62, 0.3), random)
    return sheet, np.array([0.85, 0.3, 0.25], np.float32), _ink(drawing, random)


def _desk(drawing: Drawing, random: Random) -> Sheet:
    """A white sheet, a little turned, on dark wood."""
    along, across = _turned(random, 6)
    wood = np.sin(across / 9 + 3 * _clouds(random, 80)) * 0.03 + 0.04 * _clouds(random, 30)
    desk = np.array([0.38, 0.26, 0.17], np.float32) * (1 + 2 * wood[..., None])
    half = random.uniform(0.34, 0.42) * COLUMNS, random.uniform(0.36, 0.44) * ROWS
    edge = np.minimum(half[0] - np.abs(along), half[1] - np.abs(across))
    on_sheet = np.clip(edge + 0.5, 0, 1)[..., None]
    return (
        (desk * (1 - on_sheet) + _sheet((0.9, 0.9, 0.9), random) * on_sheet).astype(np.float32),
        _pen(random),
        _ink(drawing, random, spread=0.4),
    )


def _textured(drawing: Drawing, random: Random) -> Sheet:
    """Crumpled: folds lighter and darker than the paper around them."""
    relief = 0.05 * _clouds(random, 40) + 0.04 * _clouds(random, 12) + 0.02 * _clouds(random, 4)
    return _sheet((0.86, 0.84, 0.8), random, grain=0.02) * (1 + relief[..., None]), _pen(random), _ink(drawing, random)


PAPERS: dict[str, Callable[[Drawing, Random], Sheet]] = {
    "plain": _plain, "yellow": _yellow, "ruled": _ruled, "squared": _squared, "recycled": _recycled,
    "blackboard": _blackboard, "pencil": _pencil, "red on green": _red_on_green, "desk": _desk, "textured": _textured,
}  # fmt: skip


# Lights: how much of it falls where, (rows, columns).


def _even(random: Random) -> Plane:
    return np.full((ROWS, COLUMNS), random.uniform(0.85, 1.05), np.float32)


def _gradient(random: Random) -> Plane:
    angle = random.uniform(0, 2 * np.pi)
    x, y = _grid()
    ramp = (np.cos(angle) * x + np.sin(angle) * y) / np.hypot(ROWS, COLUMNS) + 0.5
    return (1 - random.uniform(0.35, 0.6) * ramp).astype(np.float32)


def _shadow_edge(random: Random) -> Plane:
    """Half of the sheet in the shadow of something, with a soft or a sharp edge."""
    angle, sharp = random.uniform(0, 2 * np.pi), random.uniform(1, 14)
    x, y = _grid()
    away = np.cos(angle) * x + np.sin(angle) * y + random.uniform(-150, 150)
    return (1 - random.uniform(0.3, 0.55) / (1 + np.exp(-away / sharp))).astype(np.float32)


def _phone(random: Random) -> Plane:
    """The shadow of the phone and the hand that hold it, from below."""
    x, y = _grid()
    turn = random.uniform(-0.3, 0.3)
    across = x + turn * y - random.uniform(-150, 150)
    inside = np.minimum(random.uniform(150, 230) - np.abs(across), y + random.uniform(-80, 200))
    return (1 - random.uniform(0.25, 0.45) / (1 + np.exp(-inside / random.uniform(6, 25)))).astype(np.float32)


def _vignette(random: Random) -> Plane:
    """Dim, darker at the corners; noise and a strong JPEG go with it."""
    x, y = _grid()
    return (random.uniform(0.6, 0.8) * (1 - 0.45 * (x**2 + y**2) / (ROWS**2 + COLUMNS**2) * 4)).astype(np.float32)


LIGHTS: dict[str, Callable[[Random], Plane]] = {
    "even": _even, "gradient": _gradient, "shadow edge": _shadow_edge, "phone": _phone, "vignette": _vignette
}  # fmt: skip


# What both are made of.


def _grid() -> tuple[Plane, Plane]:
    """x and y from the picture's middle, pixels."""
    y, x = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    return x - COLUMNS / 2, y - ROWS / 2


def _turned(random: Random, degrees: float) -> tuple[Plane, Plane]:
    """The same along and across a sheet that lies a little askew."""
    angle = np.radians(random.uniform(-degrees, degrees))
    x, y = _grid()
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def _lines(sheet: Plane, across: Plane, step: float, width: float, colour: tuple[float, float, float]) -> Plane:
    away = np.abs((across + 5e4) % step - step / 2)
    line = np.clip(width / 2 - away + 0.5, 0, 1)[..., None]
    return (sheet * (1 - line) + sheet * np.array(colour, np.float32) * line).astype(np.float32)


def _sheet(colour: tuple[float, float, float], random: Random, grain: float = 0.008) -> Plane:
    texture = 1 + grain * random.normal(0, 1, (ROWS, COLUMNS)) + grain * _clouds(random, 3)
    return (np.array(colour, np.float32) * texture[..., None]).astype(np.float32)


def _clouds(random: Random, size: int) -> Plane:
    """Smooth noise whose grains are some `size` pixels large, mean 0, deviation about 1."""
    coarse = random.normal(0, 1.4, (ROWS // size + 2, COLUMNS // size + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((COLUMNS, ROWS), Image.Resampling.BICUBIC), np.float32)


def _pen(random: Random) -> Plane:
    """Black, blue or red."""
    pens = ((0.15, 0.15, 0.17), (0.2, 0.28, 0.6), (0.75, 0.2, 0.22))
    return np.array(pens[random.choice(3, p=(0.5, 0.35, 0.15))], np.float32)


def _ink(drawing: Drawing, random: Random, thick: float = 1.0, spread: float = 1.0) -> Plane:
    """The drawing somewhere on the picture, a sixth to a half of it high; a number is no wider than the picture."""
    height = random.uniform(0.17, 0.5) * ROWS
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    extent = high - low
    if extent[0] > _NUMBER * extent[1]:
        height = min(height, _WIDEST * COLUMNS * float(extent[1] / extent[0]))
        scale = height / float(extent[1])
        taken = extent * scale
    else:
        scale = height / float(extent.max())
        taken = np.full(2, height)
    room = np.maximum(np.array([COLUMNS, ROWS]) / 2 - taken / 2 - 40, 0)
    middle = np.array([COLUMNS, ROWS]) / 2 + spread * random.uniform(-1, 1, 2) * room
    lines = [(stroke.points - (low + high) / 2) * scale + middle for stroke in drawing.strokes]
    return _drawn(lines, thick * height * random.uniform(0.035, 0.09))


def _drawn(lines: list[NDArray[np.float64]], width: float) -> Plane:
    return render(Drawing(tuple(Stroke(line, width) for line in lines)), (ROWS, COLUMNS), width)


def _grainy(ink: Plane, random: Random, depth: float) -> Plane:
    return (ink * np.clip(1 - depth + depth * _clouds(random, 3), 0, 1)).astype(np.float32)


# What is made of them. --------------------------------------------------------------------------


def main() -> int:
    """Render, read and count; `--out` keeps the pictures instead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--first", type=int, default=500, metavar="N", help="read so many, drawn at random (default: all)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="save them there as JPEG, and read none")
    options = parser.parse_args()
    rendered = photographs(options.seed, options.first)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        for picture in rendered:
            (options.out / f"{picture.called}.jpg").write_bytes(picture.jpeg)
        return 0
    _report([(picture, *_read(picture)) for picture in rendered])
    return 0


def _read(picture: Photograph) -> tuple[Plane, tuple[str, ...]]:
    """The digit in a picture, and what is doubtful about it; nothing at all is doubtful, too."""
    try:
        found = read_found(picture.jpeg, picture.called)
        return digit_from_raster(found.chosen), found.doubts
    except CapsDrawError as error:
        return np.zeros((28, 28), np.float32), (str(error),)


def _report(read: list[tuple[Photograph, Plane, tuple[str, ...]]]) -> None:
    print(f"{len(read)} photographs, {sum(bool(doubts) for _, _, doubts in read)} told as doubtful")
    for name in NETS:
        net = open_answering(cards.find(name))
        wrong: Counter[str] = Counter()
        confident = drawn = 0
        for picture, digit, doubts in read:
            reading = net.read(digit)
            drawn += net.read(digit_from_drawing(picture.drawing)).label != picture.label
            if reading.label != picture.label:
                wrong[picture.paper] += 1
                confident += not doubts and reading.scores[reading.label] >= SURE
        print(
            f"{name}: {1 - wrong.total() / len(read):.1%} right, {confident / len(read):.1%} wrong without a doubt; "
            f"of the same strokes {drawn} wrong; wrong by paper: {dict(wrong)}"
        )


if __name__ == "__main__":
    sys.exit(main())
