"""A sheet of pictures as an image, each row named, each column marked. Pillow only."""

import numpy as np
from PIL import Image, ImageDraw

from capsdraw.formatting import signed
from capsdraw.ink.lettering import typeface
from capsdraw.lab.perturbation import Sheet
from capsdraw.nets.reading import Floats

# Pixels: of a digit's pixel, between pictures, beside the rows' names, above for the columns', of words.
_SCALE, _GAP, _MARGIN, _TOP, _SIZE = 2, 3, 20, 30, 13
# Of pictures that are saved: paper, words, quiet ones, and what the net says.
PAPER, TEXT, QUIET, SAYS = "#ffffff", "#1c2430", "#667080", "#2563d9"


def image(sheet: Sheet, names: list[str] | None = None) -> Image.Image:
    """The sheet as an RGB image, light ink on black, the unchanged column framed.

    Args:
        sheet: the pictures, grey or in colour.
        names: of the rows; else they are numbered.
    """
    count, columns, rows_high, wide = sheet.pictures.shape[:4]
    cell_wide, cell_high = wide * _SCALE + _GAP, rows_high * _SCALE + _GAP
    names = names or [f"number {index + 1}" for index in range(count)]
    fonts = [typeface(name, _SIZE) for name in names]
    left_of = round(max(font.getlength(name) for name, font in zip(names, fonts, strict=True))) + _MARGIN
    paper = Image.new("RGB", (left_of + columns * cell_wide + _GAP, _TOP + count * cell_high + _GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    for column, amount in enumerate(sheet.amounts):
        middle = left_of + column * cell_wide + wide * _SCALE / 2
        colour = SAYS if amount == 0 else QUIET
        figure = signed(float(amount), plus=True) if amount else "0"
        draw.text((middle, _TOP / 2), figure, colour, typeface(figure, _SIZE), "mm")
    for row in range(count):
        top = _TOP + row * cell_high
        draw.text((left_of - _MARGIN / 2, top + rows_high * _SCALE / 2), names[row], TEXT, fonts[row], "rm")
        for column in range(columns):
            left = left_of + column * cell_wide
            paper.paste(enlarged(sheet.pictures[row, column], _SCALE), (left, top))
            if sheet.amounts[column] == 0:
                frame = (left - 1, top - 1, left + wide * _SCALE, top + rows_high * _SCALE)
                draw.rectangle(frame, outline=SAYS)
    return paper


def enlarged(picture: Floats, scale: int) -> Image.Image:
    """A picture in [0, 1], (rows, columns) grey or (rows, columns, 3), `scale` pixels for each of its own."""
    image = Image.fromarray(np.rint(picture.clip(0, 1) * 255).astype(np.uint8))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
