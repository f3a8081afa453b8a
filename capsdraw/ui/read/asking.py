"""What the tab "Read" asks nets: what they say of a drawing moment by moment, a few at a time."""

import time
from typing import Final

from capsdraw.ink.sketch import Sketch
from capsdraw.lab.timeline import Moment, PenWay, Shares, moment
from capsdraw.nets.answering import Answering

# Seconds of one answer: half a frame, for a pen that moves meanwhile waits for its end.
_SLICE: Final = 0.008


def ask_moments(session: Answering, sketch: Sketch, way: PenWay, shares: Shares) -> list[Moment]:
    """The first of these moments, as many as there is time for, one at least."""
    until = time.perf_counter() + _SLICE
    moments: list[Moment] = []
    for share in shares.tolist():
        moments.append(moment(session, sketch, way, share))
        if time.perf_counter() > until:
            break
    return moments
