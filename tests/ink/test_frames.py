"""Pictures of several frames or pages: what each of them claims to be, and how many are looked at."""

import io
import struct
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.ink import images
from capsdraw.ink.images import read_image, read_pixels


def gif(*sizes: int) -> bytes:
    """A GIF of blank frames, whose header tells the first one's size alone."""
    pieces = []
    for size in sizes:
        held = io.BytesIO()
        Image.new("P", (size, size), 1).save(held, "GIF")
        pieces.append(held.getvalue()[:-1])
    return pieces[0] + b"".join(piece[piece.index(b",") :] for piece in pieces[1:]) + b";"


def tiff(*sizes: int) -> bytes:
    """A TIFF of black pages."""
    entry = struct.Struct("<HHII")
    tags = {256: 0, 257: 0, 258: 8, 259: 1, 262: 1, 273: 0, 278: 0, 279: 0}
    length = 2 + entry.size * len(tags) + 4
    pixels, pages = 8 + length * len(sizes), []
    for number, size in enumerate(sizes, 1):
        said = tags | {256: size, 257: size, 273: pixels, 278: size, 279: size * size}
        following = 8 + length * number if number < len(sizes) else 0
        pages.append(
            struct.pack("<H", len(tags))
            + b"".join(entry.pack(tag, 4, 1, value) for tag, value in said.items())
            + struct.pack("<I", following)
        )
    return b"II*\0" + struct.pack("<I", 8) + b"".join(pages) + bytes(64)


@pytest.mark.parametrize("make", [gif, tiff])
def test_a_later_frame_is_no_larger_than_a_picture_may_be(make: Callable[..., bytes]) -> None:
    """100 kB of GIF took 20 seconds and 1.8 GB."""
    started = time.process_time()
    with pytest.raises(CapsDrawError, match=r"cannot read 'x': 9000 × 9000 pixels: at most 64 million are read"):
        read_image(make(8, 9000), "x")
    assert time.process_time() - started < 1


def test_the_pages_of_a_file_are_not_counted() -> None:
    """Of a hundred thousand, in 10 MB, it took minutes."""
    started = time.process_time()
    assert read_pixels(tiff(*[8] * 30_000)).shape == (8, 8)
    assert time.process_time() - started < 1


def test_of_large_blank_frames_few_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty of 64 million pixels took a minute."""
    monkeypatch.setattr(images, "_BLANK_PIXELS", 3 * 64**2)
    looked = []
    require = images._require_size
    monkeypatch.setattr(images, "_require_size", lambda image: looked.append(image.tell()) or require(image))
    assert read_pixels(gif(*[64] * 20)).shape == (64, 64)
    assert max(looked) == 3


@pytest.mark.parametrize("quality", [5, 80])
def test_a_grey_picture_that_webp_packed_is_grey(quality: int) -> None:
    """Its red, green and blue differ by one: a folder of such pictures was one of colours."""
    grey = np.random.default_rng(1).integers(0, 256, (40, 40)).astype(np.uint8)
    held = io.BytesIO()
    Image.fromarray(grey).convert("RGB").save(held, "WEBP", quality=quality)
    assert read_pixels(held.getvalue()).shape == (40, 40)


def test_a_pale_colour_is_one() -> None:
    held = io.BytesIO()
    Image.new("RGB", (40, 40), (250, 250, 247)).save(held, "PNG")
    assert read_pixels(held.getvalue()).shape == (40, 40, 3)
