"""How a net that somebody else trained sees pictures: its pixels' range and its ground, told by it or measured.

A file does not say whether pixels went in from 0 to 1 or to 255, nor whether ink is light or dark. The app's own pen
digits do: a net that reads digits reads them best as it learnt them. What it learnt, its loss says better than its
errors, for many nets read digits right that are 255 times too strong, but are far too sure of the wrong ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final

import keras
import numpy as np

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Bytes
from capsdraw.ink.intake import AS_THEY_ARE, Ground, Intake, Road, of_pixel_array
from capsdraw.ink.normalize import BOX, SIDE
from capsdraw.ink.raster import from_bytes
from capsdraw.nets.reading import Floats

# Pen digits that are read each way, and the share of them that says that a net reads digits; one in ten is chance.
_DIGITS: Final = 100
_LEAST: Final = 0.3
# So many read right leave no doubt of the ground.
_CLEAR: Final = 0.9
# Ways whose share of digits read is so much below the best one's are out, whatever their loss.
_NEAR: Final = 0.05
_SURE: Final = 1e-7
# Losses below are one as good as the other: the net has no doubt, and the first way is taken, of the commonest range.
_EVEN: Final = 0.01
# The loss, as a share of that of a net which knows nothing, above which answers are said to be faint.
_FAINT: Final = 0.8
# Layers that leave pixels as they are, when the net answers.
_PASS: Final = (
    keras.layers.InputLayer, keras.layers.Reshape, keras.layers.Identity, keras.layers.Dropout,
    keras.layers.GaussianNoise,
)  # fmt: skip


class PixelRange(StrEnum):
    """What pixels were when a net was trained; the app's own are from 0 to 1."""

    ONE = "0..1"
    BYTES = "0..255"
    SIGNED = "-1..1"
    PARTS = "0..255/256"

    @property
    def words(self) -> str:
        """For people."""
        return {
            PixelRange.ONE: "from 0 to 1", PixelRange.BYTES: "from 0 to 255", PixelRange.SIGNED: "from -1 to 1",
            PixelRange.PARTS: "divided by 256",
        }[self]  # fmt: skip

    @property
    def rescaling(self) -> tuple[float, float] | None:
        """(scale, offset) that make them of the app's; None where they are these."""
        return {
            PixelRange.BYTES: (255.0, 0.0), PixelRange.SIGNED: (2.0, -1.0), PixelRange.PARTS: (255 / 256, 0.0)
        }.get(self)  # fmt: skip


# Those that are tried where nobody says them; of 1/255 and 1/256 no net can tell which it was.
MEASURED: Final = (PixelRange.ONE, PixelRange.BYTES, PixelRange.SIGNED)


@dataclass(frozen=True)
class NetSight:
    """How a net sees pictures.

    Attributes:
        pixels: what they are to be.
        intake: how pictures become what it sees.
        words: how that is known, for people.
        digits: whether it reads digits, as far as was measured.
        unknown: "pixels" and "ink", as far as nobody said them and nothing could be measured.
        found: what was measured, for people.
    """

    pixels: PixelRange
    intake: Intake
    words: str
    digits: bool
    unknown: tuple[str, ...] = ()
    found: str = ""


@dataclass(frozen=True)
class _Way:
    pixels: PixelRange
    intake: Intake
    right: float
    loss: float


def sight_of(
    scores: Callable[[Floats], Floats],
    shape: tuple[int, int, int],
    classes: int,
    ranges: Sequence[PixelRange],
    said: str = "",
    ground: Ground | None = None,
) -> NetSight:
    """How a net sees pictures.

    Args:
        scores: of images (N, *shape) in the net's own range: (N, C), none negative.
        shape: of its images; classes: C.
        ranges: that its pixels may have; said: how it is known where there is one alone.
        ground: what the user says of its ink, or None; `ANY` for pictures as they are.
    """
    grounds = [ground] if ground else [Ground.DARK, Ground.LIGHT]
    ways = _tried(scores, shape, ranges, grounds) if classes >= 10 and ground != Ground.ANY else []
    most = max((way.right for way in ways), default=0.0)
    if most >= _LEAST:
        best = _best([way for way in ways if way.right >= most - _NEAR], classes)
        how = f"pixels {best.pixels.words}{said}, {_ink(best.intake.ground)}"
        words = f"{how}: it reads {100 * best.right:.0f}% of {_DIGITS} of the app's own digits so"
        return NetSight(best.pixels, best.intake, words, digits=True)
    found = f"it reads {100 * most:.0f}% of the app's own digits" if ways else f"it knows {classes} classes"
    how = f"pixels {ranges[0].words}{said or (' though nothing says so' if len(ranges) > 1 else '')}"
    unknown = tuple(name for name, is_so in (("pixels", len(ranges) > 1), ("ink", ground is None)) if is_so)
    if ground in (None, Ground.ANY):
        said = "" if ground is None else " (as was said)"
        words = f"{found}: it sees pictures as they are{said}, {how}"
        return NetSight(ranges[0], AS_THEY_ARE, words, digits=False, unknown=unknown, found=found)
    intake = Intake(road=Road.INK, ground=ground)
    words = f"{found}: {_ink(ground)} (as was said), {how}"
    return NetSight(ranges[0], intake, words, digits=False, unknown=unknown, found=found)


def _best(ways: list[_Way], classes: int) -> _Way:
    """The way of the least loss, of equals the first; the largest range where others hardly tell classes apart.

    Of pixels 255 times too strong a net is always surer, which suits the loss of one that was trained for a moment.
    """
    told = [way for way in ways if way.pixels != PixelRange.BYTES and way.loss < _FAINT * log(classes)]
    return min(told or ways, key=lambda way: max(way.loss, _EVEN))


def _tried(
    scores: Callable[[Floats], Floats],
    shape: tuple[int, int, int],
    ranges: Sequence[PixelRange],
    grounds: Sequence[Ground],
) -> list[_Way]:
    """How well the net reads digits in each of these ways."""
    digits, labels = synthetic.digits(_DIGITS, seed=51)
    # MNIST in a larger image: with a margin around it, or enlarged.
    fills = dict.fromkeys((BOX / SIDE, round(BOX / min(shape[:2]), 3))) if shape[:2] != (SIDE, SIDE) else (BOX / SIDE,)
    ways: list[_Way] = []
    for ground in grounds:
        if any(way.right >= _CLEAR for way in ways):
            break
        for fill in fills:
            intake = Intake(road=Road.INK, ground=ground, fill=fill)
            images = pictured(digits, shape, intake)
            for pixels in ranges:
                scale, offset = pixels.rescaling or (1.0, 0.0)
                answers = scores(images * np.float32(scale) + np.float32(offset))
                shares = answers / np.maximum(answers.sum(1, keepdims=True), _SURE)
                own = np.clip(shares[np.arange(len(labels)), labels], _SURE, 1)
                right = float((answers.argmax(1) == labels).mean())
                ways.append(_Way(pixels, intake, right, float(-np.log(own).mean())))
    return ways


def pictured(digits: Bytes, shape: tuple[int, ...], intake: Intake) -> Floats:
    """Digits (N, 28, 28) uint8, light on dark, as a net of that form sees them: (N, *shape) float32 in [0, 1]."""
    seen = np.stack([of_pixel_array(digit, (*shape[:2], 1), intake, Ground.DARK) for digit in digits])
    return from_bytes(np.repeat(seen[..., None], shape[2], axis=3) if seen.ndim == 3 else seen)


def scaled_by(model: keras.Model) -> PixelRange | None:
    """The range that a net's own first layer brings to what it learnt from; None where there is no such layer."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Rescaling):
            scale, offset = np.asarray(layer.scale, float), np.asarray(layer.offset, float)
            # Whatever it makes of them: divided by about 255, or by half of it and moved.
            return PixelRange.BYTES if (np.abs(scale) < 0.05).all() and (np.abs(offset) < 10).all() else PixelRange.ONE
        within = scaled_by(layer) if isinstance(layer, keras.Model) else None
        if within is not None or not _passes(layer):
            return within
    return None


def _passes(layer: keras.layers.Layer) -> bool:
    """Whether a layer leaves pixels as they are."""
    if isinstance(layer, keras.Model):
        return all(map(_passes, layer.layers))
    return isinstance(layer, _PASS)


def _ink(ground: Ground) -> str:
    return "light ink on dark" if ground == Ground.DARK else "dark ink on light"
