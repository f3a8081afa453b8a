"""What commands read: pictures and strokes, data sets, models."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw.cli.progress import getting_data
from capsdraw.cli.terminal import quiet_stderr
from capsdraw.ink.images import upright_size
from capsdraw.ink.intake import Intake, sight_of
from capsdraw.ink.rows import of_found, of_sketch
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.slices import Row
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats
from capsdraw.nets.side_by_side import is_one_stroke

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data
    from capsdraw.nets.answering import Answering
    from capsdraw.nets.session import Session


@dataclass(frozen=True, eq=False)
class SeenFile:
    """What a model sees of a file.

    Attributes:
        pixels: a digit, or a picture of another size or in colour, as the model's card says.
        box: of an image whose ink is read, where in it the digit lies: left, top, width, height in the file's pixels,
            upright; else None.
        doubts: why that may not be what is meant.
        row: what of it may be several digits side by side, placed in the file's pixels or units; None: nothing.
    """

    pixels: Floats
    box: tuple[int, int, int, int] | None = None
    doubts: tuple[str, ...] = ()
    row: Row | None = None


def seen_in_file(path: Path, card: Card) -> SeenFile:
    """What the card's model sees of an image or strokes file, made as the pictures were that it learnt from.

    Raises:
        CapsDrawError: it cannot be read, or holds no ink for a model that reads ink; the message names the file.
    """
    sight = sight_of(path, card.input, card.intake)
    if sight.found is None:
        sketch = None if sight.drawing is None else Sketch(sight.drawing)
        return SeenFile(sight.pixels, row=None if sketch is None or is_one_stroke(sketch) else of_sketch(sketch))
    columns, rows = upright_size(path)
    left, top, width, height = sight.found.box
    box = round(left * columns), round(top * rows), round(width * columns), round(height * rows)
    return SeenFile(sight.pixels, box, sight.found.doubts, of_found(sight.found, columns))


def open_data(source: str, shape: tuple[int, ...] | None, test_only: bool, intake: Intake | None = None) -> "Data":
    """The data of that name or path, with its progress on a terminal.

    Args:
        source: a name or path, as `datasets.opening.open_data` takes it.
        shape: of the images that a net reads: pictures in a folder are brought to it.
        test_only: the training images are not needed.
        intake: how that net reads pictures, where there is one already.

    Raises:
        CapsDrawError: there is no such data, or it cannot be read.
    """
    from capsdraw.collection.as_data import open_data
    from capsdraw.datasets.monitor import ReadMonitor

    with getting_data() as show:
        return open_data(source, shape, test_only=test_only, watch=ReadMonitor(show), intake=intake)


def open_answering(card: Card) -> "Answering":
    """What answers for the card's model: its light half, which needs no TensorFlow; where it has none, a session.

    Raises:
        CapsDrawError: as `open_session` does.
    """
    from capsdraw.nets.light import Light
    from capsdraw.nets.light_file import NoLightHalf

    try:
        return Light.open(card)
    except NoLightHalf:
        return open_session(card)


def open_session(card: Card) -> "Session":
    """The card's model, loaded without TensorFlow's notes on the terminal.

    Raises:
        CapsDrawError: its file is missing, is another, or cannot be read.
    """
    with quiet_stderr():
        from capsdraw.nets.session import Session

        return Session.open(card)
