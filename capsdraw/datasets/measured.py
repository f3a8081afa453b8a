"""How the pictures of arrays were made, measured from the arrays: whoever made them does not say."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Bytes
from capsdraw.ink.intake import AS_THEY_ARE, DARKEST, DIGITS, LIGHTEST, Ground, Intake, Road
from capsdraw.ink.normalize import BOX, SIDE, stroke_width
from capsdraw.ink.raster import from_bytes

# Images that are looked at, spread over all.
_LOOKED_AT = 500
# Of them, so many at least have the same ground where a net is said to have one.
_MOST = 0.95
# Strokes are so wide at most, of the longest side of what they draw; clothes are wider. In few pixels, all is.
_WIDEST, _WIDEST_COARSE, _COARSE = 0.2, 0.26, 12
# And so much of the image is ground at least.
_GROUND = 0.4
# Ink of an image; fainter is ground.
_INK = 0.2


def intake_of(images: Bytes) -> Intake:
    """How pictures are to be made such as these images are.

    Grey images on one ground: pictures on the other are turned round. Where what stands on it is drawn in strokes,
    pictures are made from their ink, as large as these images have it.

    Args:
        images: (N, rows, columns) or (N, rows, columns, 3) uint8, N ≥ 1.
    """
    if images.ndim != 3:
        return AS_THEY_ARE
    few = images[np.linspace(0, len(images) - 1, min(len(images), _LOOKED_AT)).astype(np.int64)]
    ground = ground_of_all(few)
    if ground == Ground.ANY:
        return AS_THEY_ARE
    ink = from_bytes(few if ground == Ground.DARK else 255 - few)
    boxes = [_box(image) for image in ink if (image > _INK).any()]
    if not boxes or not _is_drawn(ink):
        return Intake(ground=ground, turned=True)
    side = min(images.shape[1:])
    fill = float(np.median([max(box) for box in boxes])) / side
    mnist = images.shape[1:] == (SIDE, SIDE) and abs(fill * SIDE - BOX) <= 1
    return Intake(road=Road.INK, ground=ground, fill=DIGITS.fill if mnist else round(fill, 3))


def ground_of_all(images: Bytes) -> Ground:
    """The ground of grey images (N, rows, columns) uint8, by the middle grey of each one's border."""
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    middle = np.median(border, axis=1) / 255
    for ground, fits in ((Ground.DARK, middle <= DARKEST), (Ground.LIGHT, middle >= LIGHTEST)):
        if fits.mean() >= _MOST:
            return ground
    return Ground.ANY


def _is_drawn(ink: NDArray[np.float32]) -> bool:
    """Whether most of the images are strokes on empty ground."""
    if float((ink < _INK).mean()) < _GROUND:
        return False
    widest = _WIDEST_COARSE if ink.shape[1] < _COARSE else _WIDEST
    thin = [stroke_width(image) <= widest * max(_box(image)) for image in ink if (image > _INK).any()]
    return bool(np.mean(thin) > 0.5)


def _box(image: NDArray[np.float32]) -> tuple[int, int]:
    """Rows and columns that the ink of an image spans."""
    dark = image > _INK
    down, across = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    return int(np.ptp(down)) + 1, int(np.ptp(across)) + 1
