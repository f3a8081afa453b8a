"""Digits and letters of the app's own pen, and two over one another: of test images, of that pen, or of examples."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from capsdraw.datasets import letters, overlaid, synthetic
from capsdraw.datasets.data import Data, Split
from capsdraw.datasets.sources import CAPITALS
from capsdraw.formatting import with_article
from capsdraw.ink import strokes
from capsdraw.ink.sketch import Sketch, on_canvas
from capsdraw.ink.strokes import Drawing, Stroke

# Canvas units that each digit is moved out of the middle, to the left and to the right.
_ASIDE: Final = 28.0


def of_two(data: Data, shift: int, what: str) -> tuple[Sketch, str]:
    """A random pair of test images, each shifted by up to so many pixels, and what it is, in words.

    Args:
        data: whose; shift: pixels, up to; what: they are called: "MNIST test digits".

    Raises:
        CapsDrawError: the images are of one class.
    """
    count = len(data.test_labels)
    split = Split(data.test_images, data.test_labels)
    generator = np.random.default_rng()
    first = random.randrange(count)
    (second,) = overlaid.partners(split.labels[[first]], split.labels, generator).tolist()
    both = overlaid.Overlaid(split, np.array([[first, second]]), overlaid.offsets(1, shift, generator), shift)
    labels = [with_article(data.label(int(label))) for label in both.labels[0]]
    words = f"{what} {first:,} and {second:,}: {labels[0]} and {labels[1]}"
    return Sketch(picture=both.images()[0, :, :, 0]), words


def of_own_pen() -> tuple[Sketch, str]:
    """Two digits as the app's own pen draws them, each in its ink, and what it is, in words."""
    one, other = random.sample(range(10), 2)
    drawings = [on_canvas(synthetic.drawing(label, np.random.default_rng())) for label in (one, other)]
    both = f"{with_article(str(one))} and {with_article(str(other))}"
    return Sketch(two_inks(*drawings)), f"CapsDraw's own pen drew {both}: MNIST is not on this machine"


def of_files(first: Path, second: Path) -> Sketch:
    """Two strokes files over one another, each in its ink; raises CapsDrawError naming the file."""
    return Sketch(two_inks(*(on_canvas(strokes.load(path)) for path in (first, second))))


def two_inks(first: Drawing, second: Drawing) -> Drawing:
    """Two drawings in canvas units over one another, somewhat apart, each in its ink."""
    return Drawing((*_moved(first, -_ASIDE, 0), *_moved(second, _ASIDE, 1)))


def _moved(drawing: Drawing, across: float, ink: int) -> tuple[Stroke, ...]:
    return tuple(replace(stroke, points=stroke.points + np.array([across, 0.0]), ink=ink) for stroke in drawing.strokes)


def own_digit() -> tuple[Sketch, str]:
    """A digit as the app's own pen draws it, warped at random, and what it is, in words."""
    label = random.randrange(10)
    drawing = on_canvas(synthetic.drawing(label, np.random.default_rng()))
    return Sketch(drawing, label=str(label)), f"CapsDraw's own pen drew this {label}: MNIST is not on this machine"


def own_letter() -> tuple[Sketch, str]:
    """A letter as the app's own pen draws it, likewise."""
    name = random.choice(CAPITALS)
    drawing = on_canvas(letters.drawing(name, np.random.default_rng()))
    return Sketch(drawing, label=name), f"CapsDraw's own pen drew this {name}"
