"""What leaves a timeline: its curves as a table, and itself as a film. NumPy and Pillow only.

Writers replace an old file whole or leave it as it was, and raise CapsDrawError, one line that names the file.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from capsdraw.formatting import with_article
from capsdraw.ink.lettering import typeface
from capsdraw.ink.sketch import Sketch
from capsdraw.lab import contact_sheet
from capsdraw.lab.contact_sheet import PAPER, QUIET, SAYS, TEXT
from capsdraw.lab.timeline import Moment, Timeline
from capsdraw.nets.reading import Floats
from capsdraw.paths import saving

# Pixels: of a picture's side, between and around what is shown, of the curves' height, of a line of words.
_SIDE, _GAP, _CURVES, _LINE = 224, 12, 150, 22
# Of curves: the second class, and all others.
_RIVAL, _OTHERS = "#9a5fd0", "#d3d8df"
# Milliseconds for a moment, and for the whole drawing at the end.
_FRAME, _END = 80, 2000


def to_csv(timeline: Timeline, names: Sequence[str]) -> str:
    """A row for each moment, under a head: share of the drawing, stroke from 1, class read, and each class' score.

    Of two digits over one another, both classes stand there: "3 + 7".

    Args:
        timeline: whose curves.
        names: of the classes, class 0 first.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["share", "stroke", "read", *(f"score of {name}" for name in names)])
    for moment in timeline.moments:
        scores = (f"{score:.6f}" for score in moment.reading.scores.tolist())
        stroke = timeline.way.stroke_at(moment.share) + 1
        read = " + ".join(names[label] for label in moment.says)
        rows.writerow([f"{moment.share:.6f}", stroke, read, *scores])
    return text.getvalue()


def curves(timeline: Timeline, names: Sequence[str], path: Path) -> None:
    """The curves as CSV."""
    with saving(path, ".csv") as temporary:
        temporary.write_text(to_csv(timeline, names), encoding="utf-8", newline="")


def film(timeline: Timeline, names: Sequence[str], path: Path) -> None:
    """All moments as an endless GIF: the drawing so far, what the net saw, its redrawing if it has one, the curves."""
    durations = [_FRAME] * (len(timeline.moments) - 1) + [_END]
    with saving(path, ".gif") as temporary:
        frames = [_frame(timeline, index, names) for index in range(len(timeline.moments))]
        # One palette for all: greys and the two curves' colours are in the last frame.
        palette = frames[-1].quantize(64, dither=Image.Dither.NONE)
        images = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        images[0].save(temporary, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0)


def _frame(timeline: Timeline, index: int, names: Sequence[str]) -> Image.Image:
    """One moment as an RGB image, always of the same size."""
    moment = timeline.moments[index]
    pictures = [_on_paper(moment.sketch), _sighted(moment.seen)]
    if moment.reading.reconstruction is not None:
        pictures.append(_sighted(moment.reading.reconstruction))
    width = len(pictures) * (_SIDE + _GAP) + _GAP
    top = _SIDE + 2 * _GAP
    paper = Image.new("RGB", (width, top + _LINE + _CURVES + 2 * _GAP), PAPER)
    for number, picture in enumerate(pictures):
        paper.paste(picture, (_GAP + number * (_SIDE + _GAP), _GAP))
    draw = ImageDraw.Draw(paper)
    draw.rectangle((_GAP - 1, _GAP - 1, _GAP + _SIDE, _GAP + _SIDE), outline=_OTHERS)
    words = _words(moment, names)
    draw.text((_GAP, top), words, TEXT, typeface(words, 14))
    _draw_curves(draw, timeline, index, (_GAP, top + _LINE + _GAP, width - 2 * _GAP, _CURVES))
    return paper


def _words(moment: Moment, names: Sequence[str]) -> str:
    said = (f"{with_article(names[label])}, {moment.reading.scores[label]:.2f}" for label in moment.says)
    return f"{moment.share:.0%}: {' and '.join(said)}"


def _draw_curves(draw: ImageDraw.ImageDraw, timeline: Timeline, index: int, box: tuple[int, int, int, int]) -> None:
    """All classes' scores up to a moment, in a box: left, top, width, height."""
    left, top, width, height = box
    x = left + timeline.shares[: index + 1] * width
    for end in timeline.way.ends[:-1].tolist():
        draw.line([(left + end * width, top), (left + end * width, top + height)], _OTHERS)
    draw.line([(left, top), (left, top + height), (left + width, top + height)], QUIET)
    if not index:
        return  # a point is no curve
    winner, rival = timeline.last.reading.label, timeline.rival
    strong = {rival: (_RIVAL, 2), winner: (SAYS, 3)}
    for label in [*(set(range(timeline.scores.shape[1])) - set(strong)), *strong]:
        if label is not None:
            y = top + (1 - timeline.scores[: index + 1, label].clip(0, 1)) * height
            colour, thick = strong.get(label, (_OTHERS, 1))
            draw.line(list(zip(x.tolist(), y.tolist(), strict=True)), colour, thick)


def _on_paper(sketch: Sketch) -> Image.Image:
    """The canvas, dark on light."""
    ink = np.rint(255 * (1 - sketch.render())).astype(np.uint8)
    return Image.fromarray(ink).resize((_SIDE, _SIDE), Image.Resampling.BOX)


def _sighted(pixels: Floats) -> Image.Image:
    """A picture in [0, 1] pixel for pixel, its longer side as long as all pictures' are."""
    image = contact_sheet.enlarged(pixels, max(1, _SIDE // max(pixels.shape[:2])))
    return image if image.size == (_SIDE, _SIDE) else image.resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
