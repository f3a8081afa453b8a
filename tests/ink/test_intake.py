"""One road from pictures to nets: what a net was trained on, and what it is shown, are made by the same hands."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.folders import read_folder
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.images import read_image
from capsdraw.ink.intake import AS_THEY_ARE, DIGITS, Ground, Intake, Road, of_file, of_pixels, of_sketch
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.sketch import Sketch

IMAGES, LABELS = synthetic.digits(10, 3)
FORMS = [(28, 28, 1), (40, 40, 1), (32, 32, 3)]


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def photograph(seed: int, rows: int = 50, columns: int = 70) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3)).astype(np.uint8)


@pytest.mark.parametrize("shape", FORMS)
def test_a_picture_is_to_the_net_what_it_was_in_training(tmp_path: Path, shape: tuple[int, ...]) -> None:
    """Case 06: 0 of 30 wrong in Evaluate, and 10 of 15 of the same pictures in `classify`."""
    for name in ("leaf", "stone"):
        (tmp_path / name).mkdir()
        for number in range(3):
            Image.fromarray(photograph(number)).save(tmp_path / name / f"{number}.png")
    data = read_folder(tmp_path, "own", shape)
    assert data.pictures is not None
    seen = of_file(tmp_path / "leaf" / "0.png", shape, data.pictures)
    trained = np.concatenate([data.train_images, data.test_images])
    assert any(np.array_equal(from_bytes(image), seen) for image in trained)
    again = of_sketch(Sketch(source=(tmp_path / "leaf" / "0.png").read_bytes()), shape, data.pictures)
    assert np.array_equal(again, seen)


def test_digits_on_the_canvas_are_digits() -> None:
    for image in IMAGES:
        assert np.array_equal(of_file(png(image), (28, 28, 1), DIGITS), read_image(png(image)))
        assert np.array_equal(of_sketch(Sketch(picture=from_bytes(image)), (28, 28, 1), DIGITS), from_bytes(image))


@pytest.mark.parametrize(("side", "fill"), [(16, 1.0), (40, 0.5), (28, 24 / 28), (8, 1.0)])
def test_ink_is_as_large_as_the_net_knows_it(side: int, fill: float) -> None:
    for image in IMAGES:
        seen = of_sketch(
            Sketch(picture=from_bytes(image)), (side, side, 1), Intake(road=Road.INK, ground=Ground.DARK, fill=fill)
        )
        rows, columns = np.nonzero(seen > 0.25)
        assert seen.shape == (side, side)
        assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - fill * side) <= 2
        assert abs((rows.min() + rows.max() + 1 - side) / 2) <= 1.5


def test_ink_lies_on_the_ground_that_the_net_knows() -> None:
    light = of_sketch(Sketch(picture=from_bytes(IMAGES[3])), (28, 28, 1), Intake(road=Road.INK, ground=Ground.LIGHT))
    assert np.array_equal(light, 1 - from_bytes(IMAGES[3]))


def test_grey_pictures_are_turned_round_only_where_the_net_learnt_from_arrays() -> None:
    dark_on_light = png(255 - IMAGES[4])
    as_it_is = Intake(ground=Ground.DARK)
    assert of_file(dark_on_light, (28, 28, 1), as_it_is)[0, 0] == 1
    assert of_file(dark_on_light, (28, 28, 1), Intake(ground=Ground.DARK, turned=True))[0, 0] == 0


@pytest.mark.parametrize("shape", FORMS)
@pytest.mark.parametrize("ground", Ground)
def test_a_drawing_is_put_on_the_ground_of_the_pictures(shape: tuple[int, ...], ground: Ground) -> None:
    drawing = synthetic.drawing(7, np.random.default_rng(1))
    seen = of_sketch(Sketch(drawing), shape, Intake(ground=ground))
    assert seen.shape == (shape if shape[2] == 3 else shape[:2])
    assert float(np.median(seen)) == (0 if ground == Ground.DARK else 1)


def test_a_stroke_over_a_picture_is_seen() -> None:
    source = png(photograph(1))
    sketch = of_pixels(source, source)
    drawn = sketch.with_stroke(synthetic.drawing(1, np.random.default_rng(1)).strokes[0])
    assert drawn.source is None
    assert not np.array_equal(of_sketch(drawn, (32, 32, 3), AS_THEY_ARE), of_sketch(sketch, (32, 32, 3), AS_THEY_ARE))


def test_a_strokes_file_is_read_by_every_net(tmp_path: Path) -> None:
    strokes.save(synthetic.drawing(5, np.random.default_rng(2)), tmp_path / "five.json")
    for shape in FORMS:
        assert of_file(tmp_path / "five.json", shape, AS_THEY_ARE).min() < 0.2
    assert of_file(tmp_path / "five.json", (28, 28, 1), DIGITS).max() > 0.9


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    for intake in (DIGITS, AS_THEY_ARE):
        with pytest.raises(CapsDrawError, match=r"'text\.png': not an image"):
            of_file(tmp_path / "text.png", (28, 28, 1), intake)
    with pytest.raises(CapsDrawError, match="2 channels"):
        of_file(tmp_path / "text.png", (28, 28, 2), AS_THEY_ARE)
    with pytest.raises(CapsDrawError, match="empty"):
        of_sketch(Sketch(), (28, 28, 1), AS_THEY_ARE)
