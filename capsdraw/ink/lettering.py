"""Words on pictures that are saved: a typeface that has their letters. Pillow only."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

Typeface = ImageFont.FreeTypeFont | ImageFont.ImageFont

# Files of typefaces that systems bring along, the plainest first; the last ones have Chinese, Japanese and Korean.
_FILES: Final = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "segoeui.ttf", "Arial.ttf",
    "Arial Unicode.ttf", "NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf", "wqy-microhei.ttc", "msyh.ttc",
    "PingFang.ttc",
)  # fmt: skip
# No character: what is drawn for it is drawn for whatever a typeface does not have.
_NONE: Final = "\U0010ffff"


def typeface(text: str, size: int) -> Typeface:
    """Pillow's own typeface, which has little beyond ASCII, or one of this machine's that has more of the text.

    Args:
        text: that is to be written.
        size: in pixels.
    """
    best: Typeface = ImageFont.load_default(size)
    least = _lacking(best, text)
    if not least:
        return best
    for other in _others():
        font = other.font_variant(size=size)
        lacking = _lacking(font, text)
        if lacking < least:
            best, least = font, lacking
        if not least:
            break
    return best


def _lacking(font: Typeface, text: str) -> int:
    """How many of the text's characters are not in a typeface."""
    box = _shape(font, _NONE)
    return sum(_shape(font, character) == box for character in set(text) if not character.isspace())


def _shape(font: Typeface, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


@cache
def _opened(file: str) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(file)
    except OSError:  # it is not here
        return None


def _others() -> Iterator[ImageFont.FreeTypeFont]:
    """The typefaces at hand: first one that comes with matplotlib, where that is installed."""
    spec = find_spec("matplotlib")
    beside = (
        ()
        if spec is None or spec.origin is None
        else (str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / _FILES[0]),)
    )
    for file in (*beside, *_FILES):
        font = _opened(file)
        if font is not None:
            yield font
