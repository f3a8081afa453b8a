"""Image files to ink, or to the colours that a net of photographs sees.

Any mode, any polarity, transparency and orientation handled.
"""

import importlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line, refusal
from capsdraw.ink.found import Found
from capsdraw.ink.heic import HEIC, WITHOUT_HEIC, is_heic, register_heic
from capsdraw.ink.planes import LONGEST, is_deep, on_white, plain, scaled
from capsdraw.ink.raster import Raster, from_bytes
from capsdraw.ink.road import found_in

# (rows, columns, 3) float32 in [0, 1], red first.
Colours = NDArray[np.float32]
Result = TypeVar("Result")

# What is read: pictures of pixels, decoded here. Pillow knows more kinds, by what a file holds and not by its name;
# for some it starts another program (Ghostscript for PostScript), and a file that is sent as a picture is a program.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "DIB", "PPM", "AVIF")
# A photograph of a modern telephone has 50 million pixels.
MAX_PIXELS = 64_000_000
# Pixels a side: a panorama has fewer. Pillow takes memory for each row, whatever its width.
MAX_SIDE = 40_000
# Pixels of a picture that is worked on: there are several copies of it, of four bytes a pixel and more.
_AT_WORK = 16_000_000
# The EXIF tag that says how the camera was held.
_ORIENTATION = 0x0112
# Of a picture with several frames, so many may be blank before the first that is read, and of so many pixels together:
# an empty frame of any size takes a few bytes.
_BLANK_FRAMES, _BLANK_PIXELS = 50, 200_000_000
# Bytes of an opened picture's own file that a sketch keeps; of a larger one it keeps a smaller picture, of so many
# pixels a side: more than any net reads, or ink is looked for in. A transparent one is a PNG, which packs less.
MOST_SOURCE = 8 * 2**20
_KEPT, _KEPT_TRANSPARENT = 2048, 1024
# By so much do red, green and blue of a grey differ where WebP packed it, or LAB was converted.
_ROUNDED = 2
_ANIMATED = ("GIF", "PNG", "WEBP", "TIFF")


def read_image(source: Path | bytes, name: str | None = None) -> Raster:
    """The ink of an image file, or of its bytes (a paste).

    Args:
        source: any of `FORMATS`, whatever its name says.
        name: how an error calls it; the file's own name where not given.

    Returns:
        (rows, columns) float32 in [0, 1], ink is 1, at most 1024 a side: the part of the picture in which a digit
        was found.

    Raises:
        CapsDrawError: not an image, broken, too large, or blank; the message names it.
    """
    return read_found(source, name).chosen


def read_found(source: Path | bytes, name: str | None = None) -> Found:
    """The ink of an image file and where in it the digit lies; arguments and errors as for `read_image`."""
    return _read(source, name, "RGB", found_in)


def upright_size(source: Path | bytes) -> tuple[int, int]:
    """Columns and rows of an image file as it is seen; raises whatever its header makes Pillow raise."""
    with opened(source) as image:
        turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        return (image.height, image.width) if turned else image.size


def read_colours(source: Path | bytes, rows: int, columns: int, name: str | None = None) -> Colours:
    """An image file as a small colour picture: its middle, cut to the picture's form and made smaller.

    Args:
        source, name: as for `read_image`.
        rows, columns: of the result.

    Returns:
        (rows, columns, 3) float32 in [0, 1], red first; transparent parts are white.

    Raises:
        CapsDrawError: not an image, broken or too large; the message names it.
    """

    def small(image: Image.Image) -> Colours:
        fitted = ImageOps.fit(on_white(image).convert("RGB"), (columns, rows), Image.Resampling.LANCZOS)
        return from_bytes(np.asarray(fitted))

    return _read(source, name, "RGB", small)


def read_pixels(
    source: Path | bytes, size: tuple[int, int] | None = None, name: str | None = None, white: float = 0
) -> NDArray[np.uint8]:
    """An image file as it is: nothing cropped to ink, no polarity turned.

    Args:
        source, name: as for `read_image`.
        size: (rows, columns) that it is scaled to, its middle cut to their form; None leaves its own.
        white: of deep greys (`planes.is_deep`); 0 for what could be white in this picture alone.

    Returns:
        (rows, columns) uint8, white is 255, or (rows, columns, 3) where any pixel has a colour: more than packing
        leaves of it; transparent parts are white.

    Raises:
        CapsDrawError: not an image, broken or too large; the message names it.
    """

    def pixels(image: Image.Image) -> NDArray[np.uint8]:
        image = on_white(_shallow(image, white)).convert("RGB")
        if size is not None:
            image = ImageOps.fit(image, (size[1], size[0]), Image.Resampling.LANCZOS)
        values = np.asarray(image)
        return values if np.ptp(values, axis=2).max() > _ROUNDED else np.asarray(image.convert("L"))

    return _read(source, name, "RGB", pixels)


def lightest(source: Path | bytes, name: str | None = None) -> float | None:
    """The lightest of a picture's deep greys; None where it has none. Errors as for `read_image`."""
    # What Pillow's readers meet, reading the picture says.
    with suppress(Exception), opened(source) as image:
        if not is_deep(image):
            return None
    return _read(source, name, "RGB", lambda image: float(np.asarray(image, np.float32).max()))


def _shallow(image: Image.Image, white: float = 0) -> Image.Image:
    """The picture, of deep greys in 256."""
    if not is_deep(image):
        return image
    return Image.fromarray(np.rint(scaled(np.asarray(image, np.float32), white) * 255).astype(np.uint8))


def kept_source(source: Path | bytes, name: str | None = None) -> bytes:
    """What is kept of an image file beside its ink: all of it, or a smaller picture of the same, upright.

    Args:
        source, name: as for `read_image`.

    Returns:
        At most `MOST_SOURCE` bytes.

    Raises:
        CapsDrawError: not an image, broken or too large; the message names it.
    """
    content = source if isinstance(source, bytes) else _beginning(source)
    return content if len(content) <= MOST_SOURCE else _read(source, name, "RGB", _made_smaller)


def _beginning(path: Path) -> bytes:
    """A byte more than is kept: what follows a picture in its file may be of any length."""
    with records.open_file(path) as file:
        return file.read(MOST_SOURCE + 1)


def _made_smaller(image: Image.Image) -> bytes:
    image = _shallow(image)
    transparent = image.has_transparency_data
    image, side = (image.convert("RGBA"), _KEPT_TRANSPARENT) if transparent else (image.convert("RGB"), _KEPT)
    image.thumbnail((side, side), Image.Resampling.BOX)
    file = io.BytesIO()
    if transparent:
        image.save(file, "PNG")
    else:
        image.save(file, "JPEG", quality=90)
    return file.getvalue()


@contextmanager
def opened(source: Path | bytes) -> Iterator[Image.Image]:
    """A picture whose header was read: every picture that is opened is opened here.

    Raises:
        CapsDrawError: there is no such file, it is none of `FORMATS`, or too large; and whatever Pillow's readers meet.
    """
    with ExitStack() as stack:
        # Pillow warns of sizes, refused or fine by the limits below, and of oddities that it reads all the same.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        file = io.BytesIO(source) if isinstance(source, bytes) else stack.enter_context(records.open_file(source))
        try:
            image = stack.enter_context(Image.open(file, formats=_formats()))
        except Image.DecompressionBombError as error:  # which knows the picture's size, and says no other way of it
            size = re.search(r"\d{9,}", str(error))
            millions = f"{int(size[0]) // 1_000_000:,} million" if size else "too many"
            raise CapsDrawError(
                f"it has {millions} pixels: at most {MAX_PIXELS // 1_000_000} million are read: make it smaller first"
            ) from None
        except UnidentifiedImageError:
            if is_heic(file):
                raise CapsDrawError(WITHOUT_HEIC) from None
            raise CapsDrawError(
                f"not an image of a kind that is read ({', '.join(FORMATS)}): save it as PNG in the program it is from"
            ) from None
        _require_size(image)
        yield image


@cache
def _formats() -> tuple[str, ...]:
    """Those of `FORMATS` that this Pillow reads. Only what reads them is imported."""
    for name in FORMATS:
        with suppress(ImportError):
            importlib.import_module(f"PIL.{_READERS.get(name, name.title())}ImagePlugin")
    register_heic()
    return tuple(name for name in (*FORMATS, HEIC) if name in Image.OPEN)


# Pillow's modules that are not called as what they read.
_READERS = {"WEBP": "WebP", "DIB": "Bmp"}


def _read(source: Path | bytes, name: str | None, mode: str, convert: Callable[[Image.Image], Result]) -> Result:
    """Open, turn upright, convert; whatever goes wrong becomes one line that names the picture."""
    called = name or (records.called(source) if isinstance(source, Path) else "the picture")
    try:
        with opened(source) as image:
            _seek_drawn_frame(image)
            image.draft(mode, (LONGEST, LONGEST))
            # In its place: of a large picture there is no second one.
            ImageOps.exif_transpose(image, in_place=True)
            return convert(_at_work(plain(image)))
    except CapsDrawError as error:
        reason = str(error)
        if isinstance(source, Path):
            reason = reason.removeprefix(records.one_line(f"cannot read '{records.called(source)}': "))
    except MemoryError:
        reason = "too little memory is free: close other programs"
    except Exception as error:  # Pillow's many readers raise whatever they met
        known = isinstance(error, OSError) and error.strerror
        reason = refusal(error) if known else f"{first_line(error)}: it may be damaged, open another copy of it"  # type: ignore[arg-type]
    raise CapsDrawError(records.one_line(f"cannot read '{called}': {reason}"))


def _at_work(image: Image.Image) -> Image.Image:
    """The picture, or one of fewer pixels where it has more than can be worked on."""
    factor = ceil(sqrt(image.width * image.height / _AT_WORK))
    if factor == 1:
        return image
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode == "1" or image.mode.startswith("I;"):
        image = image.convert("L" if image.mode == "1" else "I")
    return image.reduce(factor)


def _seek_drawn_frame(image: Image.Image) -> None:
    """Turn to the first frame in which anything is to be seen: animations often begin with a blank one."""
    # A telephone's JPEG has a second picture for depth or motion: that is no animation.
    if image.format not in _ANIMATED or not getattr(image, "is_animated", False):
        return
    looked = 0
    # How many there are is not asked: of a TIFF with a hundred thousand, Pillow counts for minutes.
    for frame in range(_BLANK_FRAMES):
        try:
            image.seek(frame)
        except EOFError:
            break
        # A later frame may be larger than what the header says.
        _require_size(image)
        looked += image.width * image.height
        if frame and looked > _BLANK_PIXELS:
            break
        if any(low != high for low, high in image.convert("RGBA").getextrema()):  # type: ignore[misc]
            return
    image.seek(0)


def _require_size(image: Image.Image) -> None:
    """A picture has no more pixels than are read; else CapsDrawError."""
    # The decoder of WebP keeps four pictures of that size.
    most = MAX_PIXELS if image.format != "WEBP" else MAX_PIXELS // 2
    if image.width * image.height > most or max(image.size) > MAX_SIDE:
        raise CapsDrawError(
            f"{image.width} × {image.height} pixels: at most {most // 1_000_000} million are read, "
            f"and {MAX_SIDE:,} a side: make it smaller first"
        )
