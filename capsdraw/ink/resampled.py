"""Strokes with points between those that were drawn."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.strokes import Points, Stroke


def resampled(stroke: Stroke, step: float) -> tuple[Points, NDArray[np.float64] | None]:
    """The points (N, 2) and pressures (N,) or None of a stroke, with a point at least every `step` units."""
    steps = np.hypot(*np.diff(stroke.points, axis=0).T)
    counts = np.maximum(np.ceil(steps / step).astype(np.int64), 1)
    if (counts == 1).all():
        return stroke.points, stroke.pressure
    owner = np.repeat(np.arange(len(counts)), counts)
    index = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = np.append(owner + index / counts[owner], len(counts))
    where = np.arange(len(stroke.points))
    points = np.stack([np.interp(along, where, stroke.points[:, axis]) for axis in (0, 1)], axis=1)
    return points, None if stroke.pressure is None else np.interp(along, where, stroke.pressure)
