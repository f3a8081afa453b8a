"""What never came from a photograph stays what it was, to the pixel: test digits, and digits of strokes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_data, local_file
from capsdraw.ink import strokes
from capsdraw.ink.normalize import digit_from_drawing, digit_from_raster, is_digit
from capsdraw.ink.road import found_in
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.paths import resource

# The digits of `drawings`, one below the other, as they were made before photographs were read; by
# `python -m tests.ink.test_unchanged`, to be made anew only where they are meant to change.
KEPT = Path(__file__).with_name("digits_of_strokes.png")


def drawings() -> list[Drawing]:
    """The app's example files, and synthetic strokes with a plain pen, with pressure, with pens of several widths."""
    files = sorted((resource("assets") / "examples").glob("*.json"))
    made = [strokes.load(path) for path in files]
    for seed in range(30):
        random = np.random.default_rng((41, seed))
        drawing = synthetic.drawing(seed % 10, random)
        if seed % 3 == 1:
            drawing = Drawing(
                tuple(Stroke(one.points, 12.0, random.uniform(0.2, 1, len(one.points))) for one in drawing.strokes)
            )
        elif seed % 3 == 2:
            drawing = Drawing(
                tuple(Stroke(0.3 * one.points + 70, 5.0 + 7 * place) for place, one in enumerate(drawing.strokes))
            )
        made.append(drawing)
    return made


def column() -> np.ndarray:
    return np.concatenate([np.rint(255 * digit_from_drawing(drawing)) for drawing in drawings()]).astype(np.uint8)


def test_strokes_give_the_digits_that_they_gave() -> None:
    kept = np.asarray(Image.open(KEPT)).astype(int)
    # A step of grey is another processor's rounding.
    assert np.abs(kept - column()).max() <= 1


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
@pytest.mark.slow
def test_every_digit_of_mnist_as_a_picture_is_read_as_it_is() -> None:
    """All 70,000, light on dark and dark on light, down the whole road that a picture takes.

    Four training digits are not centred as the others are, and are centred, as they were before.
    """
    data = local_data("mnist")
    assert data is not None
    other = 0
    for image in np.concatenate([data.test_images, data.train_images]):
        expected = image.astype(np.float32) / 255
        expected /= expected.max()
        if not is_digit(expected):
            other += 1
            expected = digit_from_raster(expected)
        found = found_in(Image.fromarray(image))
        assert found.doubts == ()
        assert np.array_equal(digit_from_raster(found.chosen), expected)
        turned = digit_from_raster(found_in(Image.fromarray(255 - image)).chosen)
        assert np.abs(turned - expected).max() < 1e-6
    assert other == 4


if __name__ == "__main__":
    Image.fromarray(column()).save(KEPT, optimize=True)
