"""Two digits laid over one another: MultiMNIST, made on the fly from images of one (Sabour 2017, section 6).

Each digit is shifted on a ground that is wider by the largest shift on every side, and the two are added, at most
full ink. With MNIST's 28 × 28 and shifts of 4 that is 36 × 36, as in the paper; the authors of Efficient-CapsNet
shift by up to 6.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Split
from capsdraw.errors import CapsDrawError
from capsdraw.ink import pair
from capsdraw.ink.raster import from_bytes

Floats = NDArray[np.float32]
Whole = NDArray[np.integer]

# Pixels by which the paper shifts each digit at most, either way.
PAPERS_SHIFT: Final = 4
_ONE_CLASS: Final = "two digits are laid over one another only where there are two classes of them"
# Ink fainter than this is outside of a digit's box.
_FAINT: Final = 0.1


@dataclass(frozen=True, eq=False)
class Overlaid:
    """Which digits are laid over one another, and where: seeded, and the same for ever.

    Attributes:
        split: the digits, one an image.
        index: (N, 2) which two of them, of different classes.
        offsets: (N, 2, 2) rows and columns, from 0 to twice `shift`, that each stands from the top left.
        shift: pixels, up to, either way.
    """

    split: Split
    index: Whole
    offsets: Whole
    shift: int

    @property
    def labels(self) -> Whole:
        """(N, 2) the two classes."""
        return self.split.labels[self.index].astype(np.int64)

    def parts(self, chosen: slice = slice(None)) -> Floats:
        """Each digit alone where it stands: (N, 2, rows, columns, channels) float32 in [0, 1]."""
        images = from_bytes(self.split.images[self.index[chosen]])
        return placed(images.reshape(*images.shape[:4], -1), self.offsets[chosen], self.shift)

    def images(self, chosen: slice = slice(None)) -> Floats:
        """What a net sees: (N, rows, columns, channels) float32 in [0, 1]."""
        return together(self.parts(chosen))

    def first(self, count: int) -> "Overlaid":
        """The first so many."""
        return Overlaid(self.split, self.index[:count], self.offsets[:count], self.shift)


def pairs(split: Split, count: int, seed: int = 0, shift: int = PAPERS_SHIFT) -> Overlaid:
    """So many pairs; each digit comes first as often as any other, in an order of its own.

    Args:
        split: digits of at least two classes; count: of pairs; seed: decides them; shift: pixels, up to.

    Raises:
        CapsDrawError: the digits are of one class.
    """
    random = np.random.default_rng((seed, len(split.labels), shift))
    rounds = -(-count // max(len(split.labels), 1))
    first = np.concatenate([random.permutation(len(split.labels)) for _ in range(rounds)])[:count]
    second = partners(split.labels[first], split.labels, random)
    return Overlaid(split, np.stack([first, second], 1), offsets(count, shift, random), shift)


def in_turn(split: Split, shift: int) -> Overlaid:
    """Each digit over the next one, and the last over the first, both half as far from the middle as they may be.

    Args:
        split: digits, neighbours of different classes; shift: pixels, up to.

    Raises:
        CapsDrawError: the digits are of one class.
    """
    count = len(split.labels)
    if len(np.unique(split.labels)) < 2:
        raise CapsDrawError(_ONE_CLASS)
    first = np.arange(count)
    near, far = shift - shift // 2, shift + shift // 2
    where = np.broadcast_to([[near, near], [far, far]], (count, 2, 2))
    return Overlaid(split, np.stack([first, (first + 1) % count], 1), where, shift)


def partners(labels: Whole, among: Whole, random: np.random.Generator) -> Whole:
    """For each label (N,) the place of one in `among` (M,) that is another, drawn at random.

    Raises:
        CapsDrawError: there is none.
    """
    if len(np.unique(among)) < 2:
        raise CapsDrawError(_ONE_CLASS)
    chosen = random.integers(0, len(among), len(labels))
    while len(same := np.flatnonzero(among[chosen] == labels)):
        chosen[same] = random.integers(0, len(among), len(same))
    return chosen


def offsets(count: int, shift: int, random: np.random.Generator) -> Whole:
    """Where the two digits of so many pairs stand: (N, 2, 2), all places equally often."""
    return random.integers(0, 2 * shift + 1, (count, 2, 2))


def placed(digits: Floats, where: Whole, shift: int) -> Floats:
    """Digits on the wider ground.

    Args:
        digits: (N, 2, rows, columns, channels); where: (N, 2, 2) as of `offsets`; shift: of them.

    Returns:
        (N, 2, rows + 2 · shift, columns + 2 · shift, channels), of the same dtype.
    """
    count, two, rows, columns, channels = digits.shape
    ground = np.zeros((count, two, rows + 2 * shift, columns + 2 * shift, channels), digits.dtype)
    # A pair is a view of the ground through each window; one assignment puts all in.
    windows = np.lib.stride_tricks.sliding_window_view(ground, (rows, columns), axis=(2, 3), writeable=True)
    each, half = np.arange(count)[:, None], np.arange(two)[None]
    windows[each, half, where[..., 0], where[..., 1]] = np.moveaxis(digits, 4, 2)
    return ground


def together(parts: Floats) -> Floats:
    """Both digits in one picture: (N, 2, …) to (N, …), added, at most full ink."""
    return pair.together(parts.swapaxes(0, 1))


def overlap(parts: Floats) -> Floats:
    """How much of the smaller digit's bounding box lies in the other's: (N,) from 0 to 1."""
    boxes = [_boxes(parts[:, half]) for half in (0, 1)]
    low, high = np.maximum(boxes[0][:, :2], boxes[1][:, :2]), np.minimum(boxes[0][:, 2:], boxes[1][:, 2:])
    shared = np.clip(high - low, 0, None).prod(1)
    areas = [(box[:, 2:] - box[:, :2]).prod(1) for box in boxes]
    return (shared / np.maximum(np.minimum(*areas), 1)).astype(np.float32)


def _boxes(digits: Floats) -> NDArray[np.int64]:
    """Top, left, bottom and right of each digit's ink, (N, 4); the last two are one beyond."""
    ink = digits.max(-1) > _FAINT
    down, across = ink.any(2), ink.any(1)
    ends = [down.argmax(1), across.argmax(1)]
    ends += [side.shape[1] - side[:, ::-1].argmax(1) for side in (down, across)]
    return np.stack(ends, 1)
