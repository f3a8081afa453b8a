"""Are numbers read right? `python -m training.experiments.numbers [MODEL…]`, a quarter of an hour for the three nets.

Numbers of 2 to 6 digits are composed from pen strokes of writers 26 to 30, on which neither nets nor the rule of
figures (`number_rule`) were set: apart, and touching. Each is read as strokes, as a clean picture, and as a photograph
rendered by `tests.rendered_photographs`. Beside that, single digits and drawings that are none are read, to see
how many are told as a number. What was measured of other nets before is kept.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from capsdraw.cli.inputs import open_answering
from capsdraw.datasets import composed, non_digits, pen_strokes
from capsdraw.datasets.known import data_set
from capsdraw.datasets.pen_strokes import PenStrokes
from capsdraw.errors import CapsDrawError
from capsdraw.ink import road, rows
from capsdraw.ink.found import Found
from capsdraw.ink.images import read_found
from capsdraw.ink.normalize import digit_from_drawing, digit_from_raster
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.sketch import Sketch, dark_on_white
from capsdraw.ink.slices import Edges, Row
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards
from capsdraw.nets.answering import Answering
from capsdraw.nets.side_by_side import NumberReader
from capsdraw.nets.verdict import verdict_of
from training.experiments import store

NETS = ("efficient-capsnet", "capsnet", "keras-cnn")
# Of each kind, apart and touching: numbers as strokes, of these as pictures and as photographs; MNIST's digits
# enlarged; and drawings that are none.
NUMBERS, PICTURES, PHOTOGRAPHS, ENLARGED, OTHERS = 300, 150, 100, 1000, 600
_WRITERS = range(pen_strokes.HELD_OUT, 31)
_SEED = 26
# Pixels of a picture's height that a digit takes.
_HEIGHTS = (40, 110)


@dataclass(frozen=True, eq=False)
class Case:
    """What is read.

    Attributes:
        name: of its kind, as it is counted.
        text: the number; "" where it is none.
        image: all of it as one digit, (28, 28) float32; row: what can be cut of it.
    """

    name: str
    text: str
    image: Raster
    row: Row | None


def main() -> int:
    """Measure the nets named, or NETS."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.numbers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="MODEL", default=NETS)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of all that is read, the first part (default: all); for slow nets"
    )
    options = parser.parse_args()
    try:
        nets = [open_answering(cards.find(name)) for name in options.names]
        pen = pen_strokes.strokes()
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    counts = measured(nets, cases(pen, _WRITERS, _SEED, options.share))
    before = store.read("numbers") or {"models": {}}
    models = before["models"] | {
        net.name: {"sha256": net.card.sha256, "counts": counts[net.name]} for net in nets
    }  # fmt: skip
    order = [name for name in NETS if name in models] + [name for name in models if name not in NETS]
    store.write("numbers", {"models": {name: models[name] for name in order}})
    return 0


def measured(nets: Sequence[Answering], every: Iterator[Case]) -> dict[str, dict[str, dict[str, int]]]:
    """By net and kind: how many cases there were, how many of them were told as a number, and as the right one."""
    counts: dict[str, dict[str, dict[str, int]]] = {net.name: {} for net in nets}
    for case in every:
        for net in nets:
            verdict = verdict_of(net.read(case.image), case.image, net.card)
            number = NumberReader().read(net, case.row, verdict)
            kind = counts[net.name].setdefault(case.name, {"count": 0, "numbers": 0, "right": 0})
            kind["count"] += 1
            kind["numbers"] += number is not None
            kind["right"] += number is not None and number.text == case.text
    for name, kinds in counts.items():
        for kind_name, kind in kinds.items():
            print(f"{name:<20} {kind_name:<28} {kind}", flush=True)
    return counts


def cases(pen: PenStrokes, writers: range, seed: int, share: float = 1.0) -> Iterator[Case]:
    """All that is read, always the same for a seed; or of each kind the first part, a share of all."""
    for place, touching in enumerate((0.0, 1.0)):
        how = "touching" if touching else "apart"
        for index, number in enumerate(composed.numbers(pen, writers, round(share * NUMBERS), seed + place, touching)):
            random = np.random.default_rng((seed, place, index))
            yield of_drawing(f"strokes, {how}", number.text, number.drawing)
            if index < share * PICTURES:
                yield of_picture(f"picture, {how}", number.text, number.drawing, random)
            if index < share * PHOTOGRAPHS:
                yield of_photograph(f"photograph, {how}", number.text, number.drawing, index, random)
    yield from _single(pen, writers, seed, share)
    for index in range(round(share * OTHERS)):
        kind, make = _NONE[index % len(_NONE)]
        random = np.random.default_rng((seed, 9, index))
        yield of_drawing(kind, "", make(random, non_digits.MEASURING))


_NONE: tuple[tuple[str, Callable[[np.random.Generator, str], Drawing]], ...] = (
    ("letter", non_digits.letter), ("scribble", non_digits.scribble), ("letter", non_digits.letter),
    ("mark", non_digits.mark),
)  # fmt: skip


def _single(pen: PenStrokes, writers: range, seed: int, share: float) -> Iterator[Case]:
    """Single digits: each drawing of the writers, as strokes; and MNIST's, as pictures that somebody enlarged."""
    every = np.random.default_rng(seed).permutation(np.flatnonzero(np.isin(pen.writers, list(writers))))
    for index in every[: round(share * len(every))]:
        yield of_drawing("single digit, strokes", "", pen.drawing(int(index)))
    mnist = data_set("mnist")
    for index in np.random.default_rng(seed).permutation(len(mnist.test_labels))[: round(share * ENLARGED)]:
        large = Image.fromarray(255 - mnist.test_images[index]).resize((280, 280), Image.Resampling.BICUBIC)
        yield _of_found("single digit, picture", "", road.found_in(large.convert("RGB")))


def of_drawing(name: str, text: str, drawing: Drawing) -> Case:
    """Strokes as they lie on the canvas."""
    return Case(name, text, digit_from_drawing(drawing), rows.of_sketch(Sketch(drawing)))


def of_picture(name: str, text: str, drawing: Drawing, random: np.random.Generator) -> Case:
    """The same as a picture on clean paper."""
    return _of_found(name, text, road.found_in(dark_on_white(on_paper(drawing, random)[0]).convert("RGB")))


def on_paper(drawing: Drawing, random: np.random.Generator) -> tuple[Raster, Callable[[Edges], Edges]]:
    """The ink of a drawing in a picture of some size, and where in it what lay between the edges of points lies."""
    scale = random.uniform(*_HEIGHTS) / composed.HEIGHT
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    width = max(2.0, scale * (drawing.strokes[0].width or 0.0))
    margin = width + random.uniform(5, 60)
    lines = tuple(Stroke((stroke.points - low) * scale + margin, width) for stroke in drawing.strokes)
    across, down = ((high - low) * scale + 2 * margin).tolist()

    def placed(edges: Edges) -> Edges:
        left, top = ((np.array(edges[:2]) - low) * scale + margin - width / 2).tolist()
        right, bottom = ((np.array(edges[2:]) - low) * scale + margin + width / 2).tolist()
        return left, top, right, bottom

    return render(Drawing(lines), (round(down), round(across)), width), placed


def of_photograph(name: str, text: str, drawing: Drawing, index: int, random: np.random.Generator) -> Case:
    """The same on some paper in some light."""
    from tests.rendered_photographs import LIGHTS, PAPERS, jpeg_of

    paper, light = list(PAPERS)[index % len(PAPERS)], list(LIGHTS)[index // len(PAPERS) % len(LIGHTS)]
    try:
        return _of_found(name, text, read_found(jpeg_of(drawing, paper, light, random), name))
    except CapsDrawError:  # nothing stands out from the paper
        return Case(name, text, np.zeros((28, 28), np.float32), None)


def _of_found(name: str, text: str, found: Found) -> Case:
    return Case(name, text, digit_from_raster(found.chosen), rows.of_found(found, found.ink.shape[1]))


if __name__ == "__main__":
    sys.exit(main())
