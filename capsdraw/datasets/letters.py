"""Capital letters as data, drawn as the synthetic digits are: 26 classes that need neither file nor network."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.letter_templates import MEASURING, SETTING
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.non_digits import parsed
from capsdraw.datasets.sources import CAPITALS, LETTERS
from capsdraw.ink.normalize import PEN, digit_from_drawing
from capsdraw.ink.strokes import Drawing

# Of each letter, the forms that people write; each is drawn as often as another.
_FORMS = {name: tuple(parsed(forms[name]) for forms in (SETTING, MEASURING)) for name in CAPITALS}
# Apart from the rows of the synthetic digits.
_ROW = 0x1E77_0000


def data(train: int = 13_000, test: int = 2_600, seed: int = 0, watch: ReadMonitor = NO_MONITOR) -> Data:
    """Letters as a data set; arguments, and what is raised, as `synthetic.data` has them."""
    return synthetic.as_data(LETTERS, letters_at, train, test, seed, watch, CAPITALS)


def letters_at(numbers: Sequence[int] | NDArray[np.integer], seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The letters of these numbers, from 0, in the seed's endless row, the classes in turn.

    Returns:
        Images (count, 28, 28) uint8, ink is 255, and labels (count,) uint8, A is 0.
    """
    images = np.empty((len(numbers), 28, 28), np.uint8)
    labels = np.empty(len(numbers), np.uint8)
    for index, number in enumerate(map(int, numbers)):
        random = np.random.default_rng((_ROW, seed, number))
        labels[index] = number % len(CAPITALS)
        pen = PEN * random.uniform(0.7, 1.6)
        images[index] = np.rint(digit_from_drawing(drawing(CAPITALS[labels[index]], random), pen) * 255)
    return images, labels


def drawing(letter: str, random: np.random.Generator) -> Drawing:
    """One letter of `sources.CAPITALS`, 100 units high, as a person might draw it."""
    forms = _FORMS[letter]
    return synthetic.varied(forms[int(random.integers(len(forms)))], random)
