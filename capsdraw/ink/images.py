"""Image files to ink, or to the colours that a net of photographs sees.

Any mode, any polarity, transparency and orientation handled.
"""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from capsdraw.errors import CapsDrawError
from capsdraw.ink.raster import Raster, from_bytes

# (rows, columns, 3) float32 in [0, 1], red first.
Colours = NDArray[np.float32]

# A photograph of a modern telephone has 50 million pixels.
MAX_PIXELS = 64_000_000
# Work on no more than this many pixels a side; a digit has 28.
_LONGEST = 1024
# Grey steps (0 to 1) between ink and paper below which a picture counts as blank.
_CONTRAST = 0.1
# Shadows and JPEG noise up to this part of the darkest ink are paper.
_NOISE = 0.15


def read_image(source: Path | bytes, name: str | None = None) -> Raster:
    """The ink of an image file, or of its bytes (a paste).

    Args:
        source: any format that Pillow reads.
        name: how an error calls it; the file's own name where not given.

    Returns:
        (rows, columns) float32 in [0, 1], ink is 1, at most 1024 a side.

    Raises:
        CapsDrawError: not an image, broken, too large, or blank; the message names it.
    """
    return _read(source, name, "L", lambda image: ink_of(_grey(image)))


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
        fitted = ImageOps.fit(_on_white(image).convert("RGB"), (columns, rows), Image.Resampling.LANCZOS)
        return from_bytes(np.asarray(fitted))

    return _read(source, name, "RGB", small)


def read_pixels(
    source: Path | bytes, size: tuple[int, int] | None = None, name: str | None = None
) -> NDArray[np.uint8]:
    """An image file as it is: nothing cropped to ink, no polarity turned.

    Args:
        source, name: as for `read_image`.
        size: (rows, columns) that it is scaled to, its middle cut to their form; None leaves its own.

    Returns:
        (rows, columns) uint8, white is 255, or (rows, columns, 3) where any pixel has a colour;
        transparent parts are white.

    Raises:
        CapsDrawError: not an image, broken or too large; the message names it.
    """

    def pixels(image: Image.Image) -> NDArray[np.uint8]:
        if image.mode.startswith(("I", "F")):
            image = Image.fromarray(np.rint(_scaled(np.asarray(image, np.float32)) * 255).astype(np.uint8))
        image = _on_white(image).convert("RGB")
        if size is not None:
            image = ImageOps.fit(image, (size[1], size[0]), Image.Resampling.LANCZOS)
        values = np.asarray(image)
        return values if np.ptp(values, axis=2).any() else values[..., 0]

    return _read(source, name, "RGB", pixels)


def ink_of(grey: NDArray[np.float32]) -> Raster:
    """Ink of a grey picture, dark on light or light on dark, told apart by its border.

    Args:
        grey: (rows, columns) float32 in [0, 1], white is 1.

    Raises:
        CapsDrawError: the picture is blank.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    away = grey - float(np.median(border))
    # The ink is on the side of the paper's grey on which more is going on.
    if float((np.minimum(away, 0) ** 2).sum()) > float((np.maximum(away, 0) ** 2).sum()):
        away = -away
    away = np.maximum(away, 0)
    darkest = float(away.max())
    if darkest < _CONTRAST:
        raise CapsDrawError("the picture is blank: no ink stands out from the paper")
    # Ink at half of its greatest contrast or more is all ink, whatever a single dark pixel says.
    full = float(np.quantile(away[away >= darkest / 2], 0.5))
    if _is_clean(away):
        return (away / darkest).astype(np.float32)
    return np.clip((away / full - _NOISE) / (1 - _NOISE), 0, 1).astype(np.float32)


def _is_clean(away: NDArray[np.float32]) -> bool:
    """Whether the paper has one single grey, as in a drawn picture: then nothing in it is noise."""
    return bool((away == 0).mean() > 0.3)


def _read(
    source: Path | bytes, name: str | None, mode: str, convert: Callable[[Image.Image], NDArray[Any]]
) -> NDArray[Any]:
    """Open, turn upright, convert; whatever goes wrong becomes one line that names the picture."""
    called = name or (source.name if isinstance(source, Path) else "the picture")
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes, refused or fine by the limit below, and of oddities that it reads all the same.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise CapsDrawError(
                        f"{image.width} × {image.height} pixels: at most {MAX_PIXELS // 1_000_000} million are read"
                    )
                image.draft(mode, (_LONGEST, _LONGEST))
                return convert(ImageOps.exif_transpose(image))
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot read '{called}': {error}") from None
    except MemoryError:
        raise CapsDrawError(f"cannot read '{called}': too little memory is free: close other programs") from None
    except UnidentifiedImageError:
        raise CapsDrawError(f"cannot read '{called}': not an image that Pillow knows") from None
    except Exception as error:  # Pillow's many readers raise whatever they met
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CapsDrawError(f"cannot read '{called}': {reason or type(error).__name__}") from None


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)


def _grey(image: Image.Image) -> NDArray[np.float32]:
    """(rows, columns) float32 in [0, 1] at most `_LONGEST` a side; transparent parts become paper."""
    if image.mode.startswith(("I", "F")):
        return _small(_scaled(np.asarray(image, np.float32)))
    if not image.has_transparency_data:
        return _small(from_bytes(np.asarray(image.convert("L"))))
    rgba = image.convert("RGBA")
    light, alpha = (
        from_bytes(np.asarray(channel)) for channel in (rgba.convert("RGB").convert("L"), rgba.getchannel(3))
    )
    seen_at = alpha > 0.5
    if not seen_at.any():
        raise CapsDrawError("the picture is blank: all of it is transparent")
    box = tuple(
        slice(visible[0], visible[-1] + 1) for visible in (np.flatnonzero(seen_at.any(1 - axis)) for axis in (0, 1))
    )
    if alpha[box].mean() > 0.98:
        # An opaque card within a transparent margin: the card is the picture.
        return _small(light[box])
    seen = float((light * alpha).sum() / max(float(alpha.sum()), 1e-9))
    # Paper that the visible ink stands out from.
    paper = 1.0 if seen < 0.5 else 0.0
    return _small(light * alpha + paper * (1 - alpha))


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Deep grey (16 or 32 bits, or floats) to [0, 1]."""
    if not np.isfinite(values).all():
        raise CapsDrawError("the picture has pixels that are not numbers")
    top = float(values.max())
    # Scanners and microscopes leave 10 or 12 bits in a 16-bit file.
    full = next((limit for limit in (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0) if top <= limit), top)
    return np.clip(values / full, 0, 1).astype(np.float32)


def _small(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    longest = max(grey.shape)
    if longest <= _LONGEST:
        return grey
    size = tuple(max(1, round(side * _LONGEST / longest)) for side in (grey.shape[1], grey.shape[0]))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
