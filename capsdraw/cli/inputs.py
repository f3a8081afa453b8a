"""What commands read: pictures and strokes, data sets, models."""

from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw.cli.progress import getting_data
from capsdraw.cli.terminal import quiet_stderr
from capsdraw.errors import CapsDrawError
from capsdraw.ink.images import read_colours, read_image
from capsdraw.ink.normalize import Digit, digit_from_drawing, digit_from_raster
from capsdraw.ink.strokes import load as load_strokes
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data
    from capsdraw.nets.answering import Answering
    from capsdraw.nets.session import Session


def digit_from_file(path: Path) -> Digit:
    """The digit in an image file, or in a strokes file (by its ending, .json).

    Raises:
        CapsDrawError: it cannot be read, or holds no ink; the message names the file.
    """
    if path.suffix.lower() == ".json":
        return digit_from_drawing(load_strokes(path))
    ink = read_image(path)
    try:
        return digit_from_raster(ink)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot read '{path.name}': {error}") from None


def picture_from_file(path: Path, card: Card) -> Floats:
    """What the card's model sees of a file: a digit, or a small colour picture for a net of photographs.

    Raises:
        CapsDrawError: it cannot be read, or nothing can be made of it for this model.
    """
    if card.reads_digits:
        return digit_from_file(path)
    rows, columns, channels = card.input
    if channels != 3:
        raise CapsDrawError(
            f"cannot feed '{path.name}' to '{card.name}', which reads images of {rows} × {columns} × {channels}: "
            "files are read as digits of 28 × 28 × 1 or as colour pictures"
        )
    if path.suffix.lower() == ".json":
        raise CapsDrawError(f"'{path.name}' is a strokes file, and '{card.name}' reads colour pictures: give an image")
    return read_colours(path, rows, columns)


def open_data(source: str, shape: tuple[int, ...] | None, test_only: bool) -> "Data":
    """The data of that name or path, with its progress on a terminal.

    Args:
        source: a name or path, as `datasets.opening.open_data` takes it.
        shape: of the images that a net reads: pictures in a folder are brought to it.
        test_only: the training images are not needed.

    Raises:
        CapsDrawError: there is no such data, or it cannot be read.
    """
    from capsdraw.datasets.opening import open_data
    from capsdraw.datasets.watch import Watch

    with getting_data() as show:
        return open_data(source, shape, test_only=test_only, watch=Watch(show))


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
