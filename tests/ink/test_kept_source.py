"""What a sketch keeps of an opened picture's file: all of it, or a smaller picture of the same."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from capsdraw.collection.bring import Bringing
from capsdraw.ink import images, sketch_file
from capsdraw.ink.images import kept_source, read_found, read_pixels
from capsdraw.ink.intake import AS_THEY_ARE, of_sketch
from capsdraw.ui.sketch_of_file import sketch_from


def picture(side: int = 1800) -> Image.Image:
    """A red field with a dark stroke and what a camera adds: it packs badly."""
    noise = np.random.default_rng(1).integers(0, 60, (side, side, 3))
    field = np.full((side, side, 3), (180, 40, 40)) + noise
    field[side // 4 : -side // 4, side // 2 - side // 20 : side // 2 + side // 20] //= 6
    return Image.fromarray(field.astype(np.uint8))


def saved(path: Path, image: Image.Image) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def test_a_small_file_is_kept_to_the_bit(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.png", picture(60))
    assert kept_source(path) == kept_source(path.read_bytes()) == path.read_bytes()


@pytest.mark.parametrize("without_ink", [True, False])
def test_a_large_picture_is_one_again_when_its_drawing_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_ink: bool
) -> None:
    """A net of photographs saw its ink alone from then on."""
    monkeypatch.setattr(images, "MOST_SOURCE", 1 << 20)
    path = saved(tmp_path / "x.png", picture(1200))
    assert path.stat().st_size > images.MOST_SOURCE
    sketch = sketch_from(path, without_ink)
    again = sketch_file.decoded(sketch_file.encoded(sketch), "x")
    assert again.source is not None
    assert again.source == sketch.source
    seen = of_sketch(again, (32, 32, 3), AS_THEY_ARE)
    assert np.abs(seen - read_pixels(path, (32, 32)) / 255).max() < 0.05


def test_a_large_picture_is_kept_in_a_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_SOURCE", 1 << 20)
    saved(tmp_path / "1" / "x.png", picture(1200))
    (item,) = Bringing().items([tmp_path])
    assert item.sketch.source is not None
    assert read_pixels(item.sketch.source).ndim == 3


def test_what_follows_a_picture_in_its_file_takes_no_memory(tmp_path: Path) -> None:
    """It was kept in each sketch, whatever it was."""
    path = saved(tmp_path / "x.png", picture(60))
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    sketch = sketch_from(path, without_ink=True)
    assert len(sketch.source or b"") < 100_000
    assert np.abs(read_pixels(sketch.source or b"", (8, 8)).astype(int) - read_pixels(path, (8, 8))).max() < 9


def test_a_smaller_picture_is_upright_and_as_transparent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_SOURCE", 1000)
    turned = picture(400).crop((0, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "x.jpg", exif=exif)
    kept = Image.open(io.BytesIO(kept_source(tmp_path / "x.jpg")))
    assert kept.size == (200, 400)
    white = Image.new("RGBA", (400, 400), "white")
    white.putalpha(ImageOps.invert(picture(400).convert("L")))
    path = saved(tmp_path / "x.png", white)
    found, again = (read_found(source).chosen for source in (path, kept_source(path)))
    assert np.abs(found.shape[0] - again.shape[0]) <= 2


def test_deep_grey_is_kept_as_it_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_SOURCE", 1000)
    grey = np.asarray(picture(300).convert("L"), np.uint16) * 257
    path = saved(tmp_path / "x.png", Image.fromarray(grey))
    assert np.abs(read_pixels(kept_source(path)).astype(int) - read_pixels(path)).mean() < 5
