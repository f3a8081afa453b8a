"""Pictures of digits from anywhere: whatever their form, the same ink comes out."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFilter

from capsdraw.errors import CapsDrawError
from capsdraw.ink import images
from capsdraw.ink.images import read_colours, read_found, read_image, read_pixels
from capsdraw.ink.normalize import digit_from_raster
from capsdraw.ink.raster import render
from capsdraw.ink.strokes import Drawing, stroke

SEVEN = Drawing((stroke([(60, 50), (180, 50), (100, 220)], 16), stroke([(90, 130), (160, 130)], 16)))
INK = render(SEVEN, (260, 240), 16)
DIGIT = digit_from_raster(INK)


def png(image: Image.Image, **options: object) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG", **options)
    return held.getvalue()


def bytes_of(values: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def rgba(colour: int) -> Image.Image:
    grey = np.full_like(INK, colour, np.uint8)
    return Image.fromarray(np.stack([grey, grey, grey, bytes_of(INK)], -1))


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.rint((1 - INK) * 65535).astype(np.uint16))


FORMS = {
    "dark on light": Image.fromarray(bytes_of(1 - INK)),
    "light on dark": Image.fromarray(bytes_of(INK)),
    "grey on grey": Image.fromarray(bytes_of(0.7 - 0.4 * INK)),
    "colour": Image.fromarray(bytes_of(1 - INK)).convert("RGB"),
    "palette": Image.fromarray(bytes_of(1 - INK)).convert("P"),
    "one bit": Image.fromarray(bytes_of(1 - INK)).convert("1", dither=Image.Dither.NONE),
    "black ink, transparent": rgba(0),
    "white ink, transparent": rgba(255),
    "sixteen bits": sixteen_bits(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_picture_gives_the_same_digit(form: str) -> None:
    assert np.abs(digit_from_raster(read_image(png(FORMS[form]))) - DIGIT).mean() < 0.02


def test_a_photograph_gives_nearly_the_same_digit() -> None:
    """Paper is not white, light falls from one side, the camera adds noise."""
    random = np.random.default_rng(0)
    light = np.linspace(0.75, 0.8, INK.shape[1])[None, :]
    photograph = light - 0.55 * INK + random.normal(0, 0.01, INK.shape)
    digit = digit_from_raster(read_image(png(Image.fromarray(bytes_of(photograph)))))
    assert np.minimum(digit, DIGIT).sum() / np.maximum(digit, DIGIT).sum() > 0.75


def test_the_camera_s_orientation_is_followed() -> None:
    turned = Image.fromarray(bytes_of(1 - INK)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 270 to see it upright
    assert np.abs(digit_from_raster(read_image(png(turned, exif=exif))) - DIGIT).mean() < 0.01


def test_a_large_picture_is_read_at_a_small_cost() -> None:
    large = Image.fromarray(bytes_of(1 - INK)).resize((2400, 2600))
    ink = read_found(png(large)).ink
    assert max(ink.shape) == 1024
    assert np.abs(digit_from_raster(ink) - DIGIT).mean() < 0.02


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_blank_picture_is_refused(grey: int) -> None:
    with pytest.raises(CapsDrawError, match="blank"):
        read_image(png(Image.new("L", (100, 100), grey)))


def test_a_transparent_picture_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(CapsDrawError, match="blank"):
        read_image(png(Image.new("RGBA", (50, 50), (0, 0, 0, 0))))


def test_a_picture_of_twenty_thousand_pixels_a_side_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(path)
    # More than Pillow itself reads: it was said to be damaged.
    says = r"^cannot read 'huge\.png': it has 400 million pixels: at most 64 million are read: make it smaller first$"
    with pytest.raises(CapsDrawError, match=says):
        read_image(path)


def test_a_picture_of_one_column_with_millions_of_rows_is_refused_unread(tmp_path: Path) -> None:
    """A file of 121 kB took 2.4 GB and half a minute."""
    path = tmp_path / "thin.png"
    Image.new("1", (1, 50_000)).save(path)
    with pytest.raises(CapsDrawError, match=r"cannot read 'thin\.png': 1 × 50000 pixels.*40,000 a side"):
        read_image(path)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16", "F", "CMYK"])
def test_a_picture_of_many_pixels_is_made_smaller_before_it_is_worked_on(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Image.fromarray(bytes_of(1 - INK))
    if mode == "I;16":
        picture = sixteen_bits()
    elif mode == "F":
        picture = Image.fromarray((1 - INK).astype(np.float32))
    elif mode == "RGBA":
        picture = rgba(0)
    else:
        picture = picture.convert(mode)
    held = io.BytesIO()
    picture.save(held, "TIFF")
    monkeypatch.setattr(images, "_AT_WORK", 20_000)
    ink = read_image(held.getvalue())
    assert ink.size <= 20_000
    assert np.abs(digit_from_raster(ink) - DIGIT).mean() < 0.03


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n%%EndComments\n{} loop\n%%EOF\n"
# By what Pillow, for some of them with another program, would take for a picture.
PROGRAMS = {
    "PostScript": POSTSCRIPT,
    "EPS with a header for DOS": b"\xc5\xd0\xd3\xc6" + (30).to_bytes(4, "little") * 6 + b"\0\0" + POSTSCRIPT,
    "PDF": b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n",
    "WMF": b"\xd7\xcd\xc6\x9a\0\0" + bytes(74),
    "EMF": b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(90),
    "FPX": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "ICNS": b"icns" + (90).to_bytes(4, "big") + bytes(90),
    "PSD": b"8BPS\0\1" + bytes(90),
}


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("ending", ["png", "eps", "jpg"])
def test_what_is_no_picture_of_pixels_starts_nothing_whatever_its_name(kind: str, ending: str, tmp_path: Path) -> None:
    """An EPS file called `.png` started Ghostscript."""
    path = tmp_path / f"seven.{ending}"
    path.write_bytes(PROGRAMS[kind])
    started: list[str] = []
    listening.append(started.append)
    try:
        for read in (read_image, read_pixels):
            with pytest.raises(CapsDrawError, match=r"not an image of a kind that is read \(PNG, JPEG,"):
                read(path)
    finally:
        listening.clear()
    assert not started


# A hook cannot be taken away: it listens where a test asks it to.
listening: list[Callable[[str], None]] = []
sys.addaudithook(
    lambda event, _: (
        listening[0](event)
        if listening and event.startswith(("subprocess", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket"))
        else None
    )
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_is_no_picture_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(CapsDrawError, match=r"cannot read 'pipe\.png': it is a pipe, not a file"):
        read_image(tmp_path / "pipe.png")


def test_a_truncated_picture_is_refused() -> None:
    whole = png(FORMS["dark on light"])
    for length in (8, 60, len(whole) // 2, len(whole) - 100):
        with pytest.raises(CapsDrawError, match="cannot read 'half'"):
            read_image(whole[:length], "half")


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.png"
    path.write_text("Dear Sir or Madam")
    with pytest.raises(CapsDrawError, match=r"cannot read 'letter\.png': not an image"):
        read_image(path)
    with pytest.raises(CapsDrawError, match="No such file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(CapsDrawError, match="cannot read"):
        read_image(tmp_path)


@pytest.mark.parametrize(("card", "margin"), [(1.0, 0), (1.0, 255), (0.0, 0)])
def test_an_opaque_card_with_a_transparent_margin_is_read_as_the_card(card: float, margin: int) -> None:
    grey = bytes_of(1 - INK if card else INK)
    pixels = np.full((grey.shape[0] + 60, grey.shape[1] + 60, 4), margin, np.uint8)
    pixels[..., 3] = 0
    pixels[30:-30, 30:-30, :3] = grey[..., None]
    pixels[30:-30, 30:-30, 3] = 255
    assert np.abs(digit_from_raster(read_image(png(Image.fromarray(pixels)))) - DIGIT).mean() < 0.012


@pytest.mark.parametrize("top", [255, 1023, 4080, 65535])
def test_deep_grey_of_fewer_bits_is_not_blank(top: int) -> None:
    picture = Image.fromarray(np.rint((1 - INK) * top).astype(np.uint16))
    assert np.abs(digit_from_raster(read_image(png(picture))) - DIGIT).mean() < 0.012


@pytest.mark.parametrize("height", [100, 300, 400, 600, 900])
def test_a_line_of_one_pixel_on_a_large_picture_does_not_fade(height: int) -> None:
    scale = height / 170
    points = [one.points * scale for one in SEVEN.strokes]
    thin = render(Drawing(tuple(stroke(one, 1.2) for one in points)), (int(260 * scale), int(240 * scale)), 1.2)
    digit = digit_from_raster(read_image(png(Image.fromarray(bytes_of(1 - thin)))))
    assert digit.max() > 0.9
    assert 0.6 * DIGIT.sum() < digit.sum() < 1.3 * DIGIT.sum()


def test_a_colour_picture_keeps_its_middle_and_its_colours() -> None:
    """A wide one loses its sides: red and blue; a band at its top stays at the top."""
    wide = np.full((60, 180, 3), 255, np.uint8)
    wide[:, :60], wide[:, 120:], wide[:20, 60:120] = (255, 0, 0), (0, 0, 255), (0, 128, 0)
    small = read_colours(png(Image.fromarray(wide)), 30, 30)
    assert small.shape == (30, 30, 3)
    assert small.dtype == np.float32
    assert small[:8].mean((0, 1)) == pytest.approx([0, 128 / 255, 0], abs=0.02)
    assert small[12:].mean((0, 1)) == pytest.approx([1, 1, 1], abs=0.02)


def test_a_colour_picture_is_turned_upright_and_its_transparent_parts_are_white() -> None:
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[:20] = (255, 0, 0, 255)  # red above, nothing below
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    small = read_colours(png(Image.fromarray(picture), exif=exif), 32, 32)
    assert small[:14].mean((0, 1)) == pytest.approx([1, 1, 1], abs=0.02)
    assert small[18:].mean((0, 1)) == pytest.approx([1, 0, 0], abs=0.02)


def test_what_is_no_picture_is_no_colour_picture_either() -> None:
    with pytest.raises(CapsDrawError, match="cannot read 'it': not an image of a kind that is read"):
        read_colours(b"none", 32, 32, "it")


def test_a_picture_as_it_is_keeps_its_pixels_and_its_polarity() -> None:
    grey = np.arange(120, dtype=np.uint8).reshape(10, 12)
    assert np.array_equal(read_pixels(png(Image.fromarray(grey))), grey)
    assert np.array_equal(read_pixels(png(Image.fromarray(255 - grey))), 255 - grey)
    assert np.array_equal(read_pixels(png(Image.fromarray(grey).convert("RGB"))), grey)
    assert np.array_equal(read_pixels(png(Image.fromarray(grey.astype(np.uint16) * 257 + 8))), grey)
    colour = np.stack([grey, grey, 255 - grey], -1)
    assert np.array_equal(read_pixels(png(Image.fromarray(colour))), colour)
    assert read_pixels(png(Image.fromarray(colour)), (8, 8)).shape == (8, 8, 3)
    assert read_pixels(png(Image.new("LA", (9, 9), (0, 0)))).min() == 255  # nothing on white paper


def test_rounding_makes_no_other_range() -> None:
    grey = np.linspace(0, 1, 144, dtype=np.float32).reshape(12, 12)
    beyond = grey.copy()
    beyond[-1, -1] += 1e-6
    exact, rounded = (read_pixels(tiff(Image.fromarray(values))) for values in (grey, beyond))
    assert np.array_equal(rounded, exact)


def tiff(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "TIFF")
    return held.getvalue()


def jpeg(image: Image.Image, quality: int = 75) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality)
    return held.getvalue()


@pytest.mark.parametrize("side", [28, 40, 200])
def test_what_jpeg_leaves_on_white_paper_is_no_ink(side: int) -> None:
    """Ripples around strokes came out as grey dust in 28 × 28."""
    clean = Image.fromarray(bytes_of(1 - INK)).resize((side, side), Image.Resampling.BOX)
    ink = read_image(jpeg(clean))
    far = np.asarray(clean.filter(ImageFilter.MinFilter(7))) > 250
    assert np.asarray(Image.open(io.BytesIO(jpeg(clean))))[far].min() < 255  # there are some
    found = images.read_found(jpeg(clean))
    assert found.ink[far].max() == 0
    assert np.abs(digit_from_raster(ink) - digit_from_raster(read_image(png(clean)))).mean() < 0.02


def test_a_dithered_picture_is_read_as_the_greys_that_it_shows() -> None:
    grey = Image.fromarray(bytes_of(0.85 - 0.7 * INK)).resize((480, 520))
    for dithered in (grey.convert("1"), grey.convert("1").convert("L")):
        digit = digit_from_raster(read_image(png(dithered)))
        assert np.minimum(digit, DIGIT).sum() / np.maximum(digit, DIGIT).sum() > 0.6


def test_an_animation_that_begins_blank_is_read_where_it_is_not() -> None:
    drawn = Image.fromarray(bytes_of(1 - INK))
    held = io.BytesIO()
    blank = Image.new("L", drawn.size, 255)
    blank.save(held, "GIF", save_all=True, append_images=[blank, drawn, drawn])
    assert np.abs(digit_from_raster(read_image(held.getvalue())) - DIGIT).mean() < 0.02


def test_a_picture_in_lab_colours_is_read() -> None:
    lab = ImageCms.profileToProfile(
        Image.fromarray(bytes_of(1 - INK)).convert("RGB"),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    held = io.BytesIO()
    lab.save(held, "TIFF")
    assert np.abs(digit_from_raster(read_image(held.getvalue())) - DIGIT).mean() < 0.02
    assert read_pixels(held.getvalue()).max() > 250


def test_a_heic_photograph_is_named_where_nothing_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_formats", lambda: images.FORMATS)
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(4000))
    with pytest.raises(CapsDrawError, match=r"cannot read 'IMG_0001\.HEIC': a HEIC photograph.*pillow-heif.*JPEG"):
        read_image(path)


def test_a_heic_photograph_is_read_where_pillow_heif_is_installed() -> None:
    heif = pytest.importorskip("pillow_heif")
    held = io.BytesIO()
    heif.from_pillow(Image.fromarray(bytes_of(1 - INK)).convert("RGB")).save(held, quality=90)
    assert np.abs(digit_from_raster(read_image(held.getvalue())) - DIGIT).mean() < 0.03


@pytest.mark.parametrize("size", [(1, 1000), (1000, 1), (1, 3000), (3, 4000), (20, 4000)])
def test_a_thin_strip_is_no_damaged_picture(size: tuple[int, int]) -> None:
    grey = np.full(size, 255, np.uint8)
    grey[:, size[1] // 3 : 2 * size[1] // 3] = 0
    grey[size[0] // 3 : 2 * size[0] // 3 + 1, : max(size[1] // 2, 1)] = 0
    assert read_found(png(Image.fromarray(grey))).ink.max() > 0.5
