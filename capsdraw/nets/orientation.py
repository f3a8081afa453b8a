"""Whether images have rows and columns exchanged, as EMNIST's have: told by how well a net reads them either way."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import DIGITS, Bytes, Data
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import Ground, Road
from capsdraw.ink.normalize import digit_from_raster
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards
from capsdraw.nets.reading import Floats

# Images that are read either way, the least that say anything, and what must be between both.
_READ, _LEAST = 200, 10
_BETTER, _GOOD = 0.25, 0.5
# What its makers called the set that is stored so; its letters no bundled net reads.
_STORED_SO = "emnist"
ASK = "say which with --transposed or --no-transposed (in the window: Exchange rows and columns)"


def doubt(data: Data, source: str, transposed: bool = False) -> str:
    """Why images to train on may lie transposed, and what to say then; "" where nothing speaks for it.

    Digits are read by the bundled net that is asked by default. Other classes of EMNIST are known by their name.

    Args:
        data: as it is to be trained on.
        source: its name or path.
        transposed: whether its rows and columns were exchanged already.
    """
    from capsdraw.nets.light import Light
    from capsdraw.nets.light_file import NoLightHalf

    images, labels = _digits(data)
    if len(labels) >= _LEAST:
        with suppress(NoLightHalf, CapsDrawError):
            net = Light.open(cards.find(cards.DEFAULT_MODEL))
            seen = of_model(net.scores, net.name, images, labels)
            if seen or data.are_digits:
                return f"{seen}: {ASK}" if seen else ""
    named = _STORED_SO in f"{data.name} {source}".lower()
    return f"EMNIST's images are stored with rows and columns exchanged: {ASK}" if named and not transposed else ""


def of_model(scores: Callable[[NDArray[Any]], Floats], name: str, images: NDArray[Any], labels: Bytes) -> str:
    """Why images may lie transposed for a model that reads their classes; "" where nothing speaks for it.

    Args:
        scores: of the model: (N, C) of images (N, rows, columns[, 3]).
        name: of the model.
        images: as many as there are; a few of them are read.
        labels: (N,) as the model numbers classes.
    """
    few = np.linspace(0, len(labels) - 1, min(len(labels), _READ)).astype(np.int64)
    pictures, wanted = images[few], labels[few]
    if len(few) < _LEAST or pictures.shape[1] != pictures.shape[2]:
        return ""
    stored, turned = (
        float((scores(np.ascontiguousarray(form)).argmax(1) == wanted).mean())
        for form in (pictures, pictures.swapaxes(1, 2))
    )
    if turned < _GOOD or turned - stored < _BETTER:
        return ""
    return (
        f"these images seem to have rows and columns exchanged, as EMNIST's have: '{name}' reads {100 * stored:.0f}% "
        f"of {len(few)} right as they are, {100 * turned:.0f}% with both exchanged"
    )


def _digits(data: Data) -> tuple[Floats, Bytes]:
    """A few training images of digits as the bundled nets read them, (N, 28, 28) float32, and their labels."""
    pictures = data.pictures
    own = np.flatnonzero(data.train_labels < DIGITS)
    called = all(data.label(label) == str(label) for label in range(min(DIGITS, data.classes)))
    if not len(own) or not called or pictures is None or pictures.road != Road.INK:
        return np.empty((0, 28, 28), np.float32), data.train_labels[:0]
    few = own[np.linspace(0, len(own) - 1, min(len(own), _READ)).astype(np.int64)]
    images = data.train_images[few]
    ink = from_bytes(255 - images if pictures.ground == Ground.LIGHT else images)
    labels = data.train_labels[few]
    if pictures.is_mnist and ink.shape[1:] == (28, 28):
        return ink, labels
    seen = (ink > 0.2).any((1, 2))
    return np.stack([digit_from_raster(image) for image in ink[seen]]), labels[seen]
