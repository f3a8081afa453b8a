"""Photographs: whatever the paper and the light, the same digit comes out, and where it was found is said."""

import io

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_data, local_file
from capsdraw.ink.clean import ink_of
from capsdraw.ink.found import CUT_OFF, SEVERAL, UNCLEAR, Found
from capsdraw.ink.images import read_found, upright_size
from capsdraw.ink.normalize import digit_from_drawing, digit_from_raster
from capsdraw.ink.raster import from_bytes, render
from capsdraw.ink.strokes import Drawing, Stroke
from tests.rendered_photographs import LIGHTS, PAPERS
from tests.rendered_photographs import photograph as rendered

SIDE = 480
Plane = np.ndarray


def drawn(label: int = 3, left: float = 170, top: float = 130, height: float = 200) -> Drawing:
    drawing = synthetic.drawing(label, np.random.default_rng(label))
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    scale = height / float(np.ptp(points, axis=0).max())
    return Drawing(
        tuple(
            Stroke((stroke.points - points.min(0)) * scale + (left, top), 0.06 * height) for stroke in drawing.strokes
        )
    )


def inked(*drawings: Drawing) -> Plane:
    return np.maximum.reduce([render(drawing, (SIDE, SIDE), 12.0) for drawing in drawings])


def photograph(paper: Plane, ink: Plane, pen: float | Plane = 0.2, quality: int = 85) -> bytes:
    """Ink on a paper, (SIDE, SIDE) or with colours, with the noise of a camera, as JPEG."""
    paper = np.broadcast_to(paper if paper.ndim == 3 else paper[..., None], (SIDE, SIDE, 3))
    scene = (
        paper * (1 - ink[..., None])
        + np.broadcast_to(np.asarray(pen) * paper.max(2, keepdims=True), paper.shape) * (ink[..., None])
    )
    scene = scene + np.random.default_rng(1).normal(0, 0.012, paper.shape)
    held = io.BytesIO()
    Image.fromarray(np.rint(scene.clip(0, 1) * 255).astype(np.uint8)).save(held, "JPEG", quality=quality)
    return held.getvalue()


def shared_ink(found: Found, drawing: Drawing) -> float:
    digit, wanted = digit_from_raster(found.chosen), digit_from_drawing(drawing)
    return float(np.minimum(digit, wanted).sum() / np.maximum(digit, wanted).sum())


def plain(grey: float = 0.86) -> Plane:
    return np.full((SIDE, SIDE), grey)


def ruled(step: int = 40, squares: bool = False) -> Plane:
    paper = plain()
    paper[step // 2 :: step] -= 0.18
    paper[step // 2 + 1 :: step] -= 0.18
    if squares:
        paper[:, step // 2 :: step] -= 0.15
    return paper


def margin() -> Plane:
    paper = ruled()
    paper[:, 70:73] *= 0.7
    return paper


def gradient() -> Plane:
    return plain() * np.linspace(1, 0.45, SIDE)


def shadow() -> Plane:
    y, x = np.mgrid[:SIDE, :SIDE]
    return plain() * (1 - 0.45 * (0.8 * x + 0.6 * y > 0.7 * SIDE))


def corner() -> Plane:
    paper = plain()
    paper[300:, 260:] *= 0.6
    return paper


def desk() -> Plane:
    paper = plain(0.3)
    paper[50:430, 80:400] = 0.86
    return paper


def specks() -> Plane:
    paper = plain()
    for x, y in np.random.default_rng(3).integers(10, SIDE - 10, (12, 2)):
        paper[y : y + 4, x : x + 4] = 0.3
    return paper


def frame() -> Plane:
    paper = plain()
    paper[60:420, 60:420] = 0.25
    paper[64:416, 64:416] = 0.86
    return paper


SHEETS = {
    "plain": plain(), "ruled": ruled(), "squared": ruled(squares=True), "margin": margin(), "gradient": gradient(),
    "shadow": shadow(), "corner": corner(), "desk": desk(), "specks": specks(), "frame": frame(),
}  # fmt: skip


@pytest.mark.parametrize("paper", SHEETS)
@pytest.mark.parametrize("label", [3, 4])
def test_the_digit_is_the_drawing_s_whatever_the_paper(paper: str, label: int) -> None:
    found = read_found(photograph(SHEETS[paper], inked(drawn(label))), "it")
    assert shared_ink(found, drawn(label)) > 0.55
    # The edge of a sheet on a desk is taken for a shadow's, which may be doubted.
    assert found.doubts == () or paper == "desk"
    left, top, width, height = (SIDE * value for value in found.box)
    assert left == pytest.approx(170, abs=20)
    assert top == pytest.approx(130, abs=20)
    assert max(width, height) == pytest.approx(212, abs=40)


def test_a_small_digit_in_a_large_photograph_is_found() -> None:
    """Case 03: a digit a tenth of the picture high, somewhere on a sheet in uneven light."""
    drawing = drawn(4, left=1500, top=1100, height=190)
    ink = render(drawing, (1800, 2400), 12.0)
    random = np.random.default_rng(2)
    light = 0.86 * np.linspace(1, 0.75, 2400) + random.normal(0, 0.02, (1800, 2400))
    held = io.BytesIO()
    Image.fromarray(np.rint(255 * light.clip(0, 1) * (1 - 0.75 * ink)).astype(np.uint8)).save(held, "JPEG", quality=75)
    found = read_found(held.getvalue(), "it")
    assert shared_ink(found, drawing) > 0.55
    assert found.doubts == ()
    left, top, width, height = found.box
    assert (2400 * left, 1800 * top) == pytest.approx((1500, 1100), abs=30)
    assert max(2400 * width, 1800 * height) < 260


@pytest.mark.parametrize(
    ("paper", "light", "label"),
    [
        # Corners of a white sheet, which the estimate of paper rounds off, have more contrast than any pen on it.
        ("desk", "gradient", 0),
        ("desk", "shadow edge", 5),
        # Most of the sheet lies in even light: a smooth surface seemed to be its paper, and the phone's shadow ink.
        ("red on green", "phone", 6),
        # Chalk leaves gaps: the upper bow of a 3, wider than high, was read by itself.
        ("blackboard", "shadow edge", 3),
    ],
)
def test_what_was_taken_for_the_digit_is_left_out(paper: str, light: str, label: int) -> None:
    place = (101, list(PAPERS).index(paper), list(LIGHTS).index(light), label)
    picture = rendered(label, paper, light, np.random.default_rng(place))
    found = read_found(picture.jpeg, "it")
    assert shared_ink(found, picture.drawing) > 0.5
    assert found.doubts == ()


def test_chalk_faint_pencil_and_a_colour_as_light_as_the_paper_are_ink() -> None:
    seven = drawn(7)
    ink = inked(seven)
    assert shared_ink(read_found(photograph(plain(0.2), ink, 4.0), "chalk"), seven) > 0.55
    assert shared_ink(read_found(photograph(plain(), ink * 0.8, 0.72), "pencil"), seven) > 0.55
    green = np.full((SIDE, SIDE, 3), (0.0, 130 / 255, 0.0))
    red = np.array([1.0, 0.0, 0.0]) / (130 / 255)
    assert shared_ink(read_found(photograph(green, ink, red), "red on green"), seven) > 0.55


def test_red_on_green_of_equal_lightness_is_no_blank_picture() -> None:
    ink = inked(drawn(7))[..., None]
    colours = np.rint(np.array([0, 130, 0]) * (1 - ink) + np.array([255, 0, 0]) * ink).astype(np.uint8)
    held = io.BytesIO()
    Image.fromarray(colours).save(held, "PNG")
    assert shared_ink(read_found(held.getvalue(), "it"), drawn(7)) > 0.55


def test_two_digits_are_told_and_one_of_them_is_read() -> None:
    two, five = drawn(2, left=60, height=160), drawn(5, left=290, height=160)
    found = read_found(photograph(plain(), inked(two, five)), "it")
    assert SEVERAL in found.doubts
    assert len(found.others) == 1
    assert max(shared_ink(found, two), shared_ink(found, five)) > 0.55


@pytest.mark.parametrize("upright_last", [True, False], ids=["upright", "both wide"])
def test_digits_that_touch_are_several_beside_another(upright_last: bool) -> None:
    """They are one wide piece, which was taken for the bar of a digit."""
    zeros = [drawn(0, left, 200, 90) for left in (30, 86, 142, *(() if upright_last else (280, 336)))]
    found = read_found(photograph(plain(), inked(*zeros, *([drawn(8, 300, 200, 90)] if upright_last else []))), "it")
    assert SEVERAL in found.doubts
    assert len(found.others) == 1


def test_two_digits_of_a_drawing_program_are_told_too() -> None:
    ink = inked(drawn(2, left=60, height=160), drawn(5, left=290, height=160))
    held = io.BytesIO()
    Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8)).save(held, "PNG")
    assert read_found(held.getvalue(), "it").doubts == (SEVERAL,)


def test_a_digit_that_the_edge_cuts_is_doubtful() -> None:
    found = read_found(photograph(plain(), inked(drawn(3, left=-60))), "it")
    assert CUT_OFF in found.doubts


def test_strokes_of_a_drawing_that_do_not_hang_together_are_all_kept() -> None:
    """A digit of far dots and dashes is no reason to leave most of it out."""
    lines = [[(60, 60), (200, 60)], [(420, 60), (420, 200)], [(60, 420), (200, 420)]]
    ink = inked(Drawing(tuple(Stroke(np.array(line, np.float64), 12.0) for line in lines)))
    held = io.BytesIO()
    Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8)).save(held, "PNG")
    found = read_found(held.getvalue(), "it")
    assert found.chosen.sum() == pytest.approx(ink.sum(), rel=0.01)
    assert found.doubts in ((), (UNCLEAR,))


def test_a_drawing_alone_on_its_paper_keeps_its_ink() -> None:
    ink = inked(drawn(5))
    held = io.BytesIO()
    Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8)).save(held, "PNG")
    found = read_found(held.getvalue(), "it")
    assert np.abs(found.ink - ink).max() < 0.01
    assert np.array_equal(digit_from_raster(found.chosen), digit_from_raster(found.ink))


def test_the_size_of_a_picture_is_that_which_is_seen() -> None:
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (30, 20)).save(held, "JPEG", exif=exif)
    assert upright_size(held.getvalue()) == (20, 30)


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
@pytest.mark.slow
def test_every_digit_of_mnist_is_the_ink_that_it_was() -> None:
    data = local_data("mnist")
    assert data is not None
    for image in np.concatenate([data.train_images, data.test_images]):
        grey = from_bytes(image)
        assert np.array_equal(ink_of(grey), grey / grey.max())


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
def test_a_test_digit_of_mnist_as_a_file_is_read_as_it_is() -> None:
    data = local_data("mnist")
    assert data is not None
    for image in data.test_images[:300]:
        for polarity in (image, 255 - image):
            held = io.BytesIO()
            Image.fromarray(polarity).save(held, "BMP")
            found = read_found(held.getvalue(), "it")
            assert found.doubts == ()
            assert np.abs(digit_from_raster(found.chosen) - image / image.max()).max() < 1e-6
