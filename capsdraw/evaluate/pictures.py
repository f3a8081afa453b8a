"""What was measured, as images: matrix, diagram, digits over their reconstructions. Pillow only."""

from collections.abc import Collection, Sequence

import numpy as np
from PIL import Image, ImageDraw

from capsdraw.evaluate.metrics import Calibration, Ints, wilson
from capsdraw.ink.lettering import Typeface, typeface
from capsdraw.nets.reading import Floats

_PAPER, _TEXT, _QUIET, _LINE = "#ffffff", "#1c2430", "#667080", "#e3e6ea"
# Green is true, red is wrong, here as in the window.
_TRUE, _WRONG = (31, 138, 76), (201, 52, 46)
# What the net says is blue, here as in the window.
_SAYS = "#2563d9"
# Pixels: round the picture, of a line of text; a matrix' cells at least.
_MARGIN, _TEXT_LINE, _CELL_WIDE, _CELL_HIGH = 16, 22, 46, 34
# Pixels of a class' name: of a longer one the middle is left out, else columns would be as wide as it is long.
_LONGEST = 120
# Pixels for each of a digit's own, between pictures, and pictures in a row.
_SCALE, _GAP, _IN_A_ROW = 2, 3, 10
# A side of a diagram.
_PLOT = 360


def confusion_matrix(counts: Ints, names: Sequence[str], title: str) -> Image.Image:
    """A confusion matrix as an RGB image: rows are true classes, columns what was read.

    A cell is the stronger in colour the larger its part of its row; with the square root of that part, so
    that one misread image in a thousand is still seen. Beyond the last column stands each row's error.

    Args:
        counts: (C, C), true class down; names: of the C classes.
        title: the line above.
    """
    font, bold = typeface("".join(names), 13), typeface(title, 15)
    names = [_elided(name, font) for name in names]
    widest = round(max(font.getlength(text) for text in (*names, "true", "wrong")))
    wide = max(_CELL_WIDE, widest + 10, round(font.getlength(f"{counts.max():,}")) + 10)
    left, top = 2 * _MARGIN + widest, _MARGIN + 3 * _TEXT_LINE + 8
    size = len(counts)
    right, bottom = left + size * wide, top + size * _CELL_HIGH
    paper_wide = max(right + wide + _MARGIN, 2 * _MARGIN + round(bold.getlength(title)))
    paper = Image.new("RGB", (paper_wide, bottom + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(paper)
    draw.text((_MARGIN, _MARGIN), title, _TEXT, bold)
    head = top - 8 - _TEXT_LINE / 2
    draw.text(((left + right) / 2, head - _TEXT_LINE), "read as", _QUIET, font, "mm")
    draw.text((left - _MARGIN / 2, head), "true", _QUIET, font, "rm")
    draw.text((right + wide / 2, head), "wrong", _QUIET, font, "mm")
    totals = counts.sum(1)
    for row in range(size):
        y = top + row * _CELL_HIGH
        draw.text((left + (row + 0.5) * wide, head), names[row], _TEXT, font, "mm")
        draw.text((left - _MARGIN / 2, y + _CELL_HIGH / 2), names[row], _TEXT, font, "rm")
        for column in range(size):
            box = (left + column * wide, y, left + (column + 1) * wide, y + _CELL_HIGH)
            _cell(draw, box, int(counts[row, column]), int(totals[row]), row == column, font)
        wrong = f"{100 - 100 * counts[row, row] / totals[row]:.1f}%" if totals[row] else "–"
        draw.text((right + wide / 2, y + _CELL_HIGH / 2), wrong, _TEXT, font, "mm")
    return paper


def over(real: Floats, reconstructed: Floats, wrong: Collection[int] = (), title: str = "") -> Image.Image:
    """Images above their reconstructions as an RGB image, ten in a row, the two blocks one above the other.

    Args:
        real, reconstructed: (N, rows, columns[, channels]) in [0, 1], 1 or 3 channels, N at least 1.
        wrong: which of them were misread; framed in both blocks.
        title: the line above.
    """
    captions = ("real", "reconstructed from the longest capsule")
    return _stacked(
        [(text, _block(images, wrong)) for text, images in zip(captions, (real, reconstructed), strict=True)], title
    )


def apart(sides: Sequence[tuple[str, Floats]], title: str) -> Image.Image:
    """Groups of images as an RGB image, ten in a row, each group beneath its caption.

    Args:
        sides: a caption, and as many images as `over` takes, or none.
        title: the line above.
    """
    return _stacked([(text, _block(images) if len(images) else None) for text, images in sides], title)


def reliability(calibration: Calibration, title: str) -> Image.Image:
    """Confidence against correctness as an RGB image: a dot for each bin that has answers, on the dashed line where
    a model is right as often as it is confident; its line is the 95% interval, its number the count of answers.

    Args:
        calibration: the bins; title: the line above.
    """
    font, bold = typeface("", 13), typeface(title, 15)
    left, top = 5 * _MARGIN, _MARGIN + 2 * _TEXT_LINE
    bottom = top + _PLOT
    wide = max(left + _PLOT + 3 * _MARGIN, 2 * _MARGIN + round(bold.getlength(title)))
    paper = Image.new("RGB", (wide, bottom + 3 * _TEXT_LINE), _PAPER)
    draw = ImageDraw.Draw(paper)
    draw.text((_MARGIN, _MARGIN), title, _TEXT, bold)

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x * _PLOT, bottom - y * _PLOT

    for step in range(6):
        at = step / 5
        draw.line((*place(at, 0), *place(at, 1)), _LINE)
        draw.line((*place(0, at), *place(1, at)), _LINE)
        draw.text((place(at, 0)[0], bottom + 10), f"{at:.1f}", _QUIET, font, "mm")
        draw.text((left - 8, place(0, at)[1]), f"{at:.1f}", _QUIET, font, "rm")
    draw.text((left + _PLOT / 2, bottom + 10 + _TEXT_LINE), "confidence", _TEXT, font, "mm")
    draw.text((_MARGIN, top - _TEXT_LINE / 2), "share that is right", _TEXT, font, "lm")
    for dash in range(0, 50, 2):
        draw.line((*place(dash / 50, dash / 50), *place((dash + 1) / 50, (dash + 1) / 50)), _QUIET)
    bins = [answers_bin for answers_bin in calibration.bins if answers_bin.count]
    draw.line([place(answers_bin.confidence, answers_bin.right) for answers_bin in bins], _SAYS, 2)
    for answers_bin in bins:
        x, y = place(answers_bin.confidence, answers_bin.right)
        low, high = wilson(round(answers_bin.right * answers_bin.count), answers_bin.count)
        draw.line((*place(answers_bin.confidence, low), *place(answers_bin.confidence, high)), _SAYS)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), _SAYS)
        draw.text((x + 8, y + 8), f"{answers_bin.count:,}", _QUIET, font, "lm")
    return paper


def _elided(name: str, font: Typeface) -> str:
    """The name, or as much of its beginning and end as there is room for: names of many classes differ in either."""
    short, kept = name, len(name)
    while font.getlength(short) > _LONGEST and kept > 1:
        kept -= 1
        short = f"{name[: kept - kept // 2].rstrip()}…{name[len(name) - kept // 2 :].lstrip()}"
    return short


def _cell(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], count: int, total: int, true: bool,
    font: Typeface,
) -> None:  # fmt: skip
    strength = (count / total) ** 0.5 if total else 0.0
    colour = tuple(round(255 + (full - 255) * strength) for full in (_TRUE if true else _WRONG))
    draw.rectangle(box, colour, _LINE)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    if count:
        draw.text(middle, f"{count:,}", _PAPER if strength > 0.6 else _TEXT, font, "mm")
    else:
        draw.text(middle, "·", _QUIET, font, "mm")


def _stacked(blocks: Sequence[tuple[str, Image.Image | None]], title: str) -> Image.Image:
    """Pictures one above the other, each beneath its caption."""
    font = typeface("".join((title, *(text for text, _ in blocks))), 13)
    head = 2 * _TEXT_LINE if title else _TEXT_LINE
    widths = [block.width for _, block in blocks if block] + [font.getlength(text) for text, _ in blocks]
    high = sum(block.height for _, block in blocks if block) + (len(blocks) - 1) * _TEXT_LINE
    size = 2 * _MARGIN + round(max(font.getlength(title), *widths)), 2 * _MARGIN + head + high
    paper = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(paper)
    draw.text((_MARGIN, _MARGIN), title, _TEXT, font)
    top = _MARGIN + head
    for text, block in blocks:
        draw.text((_MARGIN, top - _TEXT_LINE / 2), text, _QUIET, font, "lm")
        if block:
            paper.paste(block, (_MARGIN, top))
            top += block.height
        top += _TEXT_LINE
    return paper


def _block(pictures: Floats, wrong: Collection[int] = ()) -> Image.Image:
    count, high, wide = pictures.shape[:3]
    colours = np.broadcast_to(pictures.reshape(count, high, wide, -1), (count, high, wide, 3))
    pixels = np.rint(colours.clip(0, 1) * 255).astype(np.uint8)
    step_wide, step_high = wide * _SCALE + _GAP, high * _SCALE + _GAP
    rows = -(-count // _IN_A_ROW)
    paper = Image.new("RGB", (min(count, _IN_A_ROW) * step_wide + _GAP, rows * step_high + _GAP), _PAPER)
    draw = ImageDraw.Draw(paper)
    for index in range(count):
        row, column = divmod(index, _IN_A_ROW)
        left, top = _GAP + column * step_wide, _GAP + row * step_high
        right, bottom = left + wide * _SCALE, top + high * _SCALE
        if index in wrong:
            draw.rectangle((left - 2, top - 2, right + 1, bottom + 1), _WRONG)
        tile = Image.fromarray(pixels[index]).resize((wide * _SCALE, high * _SCALE), Image.Resampling.NEAREST)
        paper.paste(tile, (left, top))
    return paper
