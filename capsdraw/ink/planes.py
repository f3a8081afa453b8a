"""Pictures of any kind, as Pillow has them, to numbers: grey or colours, upright, on opaque paper."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFilter

from capsdraw.errors import CapsDrawError
from capsdraw.ink.raster import from_bytes

# White of 10, 12, 14 and 16 bits: scanners and microscopes leave fewer than 16 in a file of 16.
DEEP = (1023.0, 4095.0, 16383.0, 65535.0)
# Pixels go so far beyond their range when they are rounded.
ROUNDING = 1e-4
# Work on no more than this many pixels a side; a digit has 28.
LONGEST = 1024
# A digit is looked for on a copy of so many: a hundredth of them is a stroke still.
PHOTOGRAPH = 768
# A picture of black and white alone is dithered where so many of its pixels differ from all four around them.
_LONELY = 0.01
# What dithering is smoothed by: pixels, or a share of the picture's longest side where that is more.
_SMOOTHED, _SMOOTHED_SHARE = 1.5, 0.006


def plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that Pillow converts: LAB, as scanners and Photoshop write it, becomes RGB."""
    if image.mode != "LAB":
        return image
    to_rgb = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
    return ImageCms.applyTransform(image, to_rgb) or image


def on_white(image: Image.Image) -> Image.Image:
    """The picture with white where it is transparent."""
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)


def colours_of(image: Image.Image) -> NDArray[np.float32]:
    """(rows, columns, 1 or 3) float32 in [0, 1], at most `PHOTOGRAPH` a side; one channel where there is no colour."""
    if is_deep(image) or image.mode in ("1", "L") or image.has_transparency_data:
        return _small(grey_of(image), PHOTOGRAPH)[..., None]
    factor = max(image.size) / PHOTOGRAPH
    columns, rows = (max(1, round(side / max(factor, 1))) for side in image.size)
    # Twice as large first, by whole pixels: area averaging of all of it would take longer than all that follows.
    rgb = image.reduce(int(factor // 2)) if factor >= 4 and image.mode == "RGB" else image.convert("RGB")
    colours = from_bytes(np.asarray(rgb.resize((columns, rows), Image.Resampling.BOX)))
    return colours if np.ptp(colours, axis=2).max() > 0.02 else np.ascontiguousarray(colours[..., :1])


def undithered(image: Image.Image) -> Image.Image:
    """Greys where a picture has none but shows them by scattered dots; any other picture as it is."""
    if image.mode != "1" and (image.mode != "L" or set(image.getextrema()) != {0, 255} or _greys(image)):
        return image
    dots = np.asarray(image.convert("L")) > 127
    middle = dots[1:-1, 1:-1]
    lonely = np.ones_like(middle)
    for other in (dots[:-2, 1:-1], dots[2:, 1:-1], dots[1:-1, :-2], dots[1:-1, 2:]):
        lonely &= middle != other
    if not lonely.size or lonely.mean() < _LONELY:
        return image
    return image.convert("L").filter(ImageFilter.GaussianBlur(max(_SMOOTHED, _SMOOTHED_SHARE * max(image.size))))


def _greys(image: Image.Image) -> bool:
    """Whether there is more than black and white."""
    return sum(count > 0 for count in image.histogram()) > 2


def grey_of(image: Image.Image) -> NDArray[np.float32]:
    """(rows, columns) float32 in [0, 1] at most `LONGEST` a side; transparent parts become paper."""
    if is_deep(image):
        return _small(scaled(np.asarray(image, np.float32)))
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


def is_deep(image: Image.Image) -> bool:
    """Whether a picture has greys of 16 or 32 bits, or floats: then nothing says how light white is."""
    return image.mode.startswith(("I", "F"))


def scaled(values: NDArray[np.float32], white: float = 0) -> NDArray[np.float32]:
    """Deep grey to [0, 1]; `white` is 1, or, where it is 0, what could be white of these values alone."""
    if not np.isfinite(values).all():
        raise CapsDrawError("the picture has pixels that are not numbers")
    return np.clip(values / (white or white_for(float(values.max()))), 0, 1).astype(np.float32)


def white_for(top: float) -> float:
    """The white of deep greys whose lightest is `top`."""
    return next((limit for limit in (1.0, 255.0, *DEEP) if top <= limit + ROUNDING), top)


def _small(grey: NDArray[np.float32], most: int = LONGEST) -> NDArray[np.float32]:
    longest = max(grey.shape)
    if longest <= most:
        return grey
    size = tuple(max(1, round(side * most / longest)) for side in (grey.shape[1], grey.shape[0]))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
