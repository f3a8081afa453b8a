"""A timeline in words, of one digit and of two over one another."""

import numpy as np

from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.lab.timeline import Moment, PenWay, Timeline
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind, Verdict
from capsdraw.ui.read import timeline_words

DRAWING = Drawing((stroke([[0, 0], [100, 0]], 10.0),))
NAMES = [str(label) for label in range(10)]


def made(*verdicts: Verdict) -> Timeline:
    """Moments evenly along the way, each with that verdict."""
    seen, scores = np.zeros((28, 28), np.float32), np.eye(10, dtype=np.float32)
    moments = []
    for place, verdict in enumerate(verdicts):
        reading = Reading("made", NetKind.CAPSULE, verdict.label, scores[verdict.label], None, None, None, 0.0)
        moments.append(Moment((place + 1) / len(verdicts), Sketch(DRAWING), seen, reading, verdict))
    return Timeline(tuple(moments), PenWay(DRAWING))


def test_of_one_digit_it_knew_since_the_answer_stayed() -> None:
    line = made(Verdict(Kind.SURE, 1), Verdict(Kind.SURE, 7), Verdict(Kind.SURE, 7), Verdict(Kind.SURE, 7))
    assert timeline_words.headline(line, NAMES) == "It knew from 50% of the drawing on: a 7"
    assert timeline_words.changes(line, NAMES) == "It changed its mind once: a 1, a 7."
    assert timeline_words.at(line.last, NAMES) == "At 100%: a 7 · 1.00"


def test_of_two_it_knew_since_it_said_both_whichever_was_the_longer() -> None:
    line = made(Verdict(Kind.SURE, 3), Verdict(Kind.PAIR, 3, 1), Verdict(Kind.PAIR, 1, 3), Verdict(Kind.PAIR, 3, 1))
    assert timeline_words.headline(line, NAMES) == "It knew from 50% of the drawing on: a 1 and a 3"
    assert timeline_words.changes(line, NAMES) == "It changed its mind once: a 3, a 1 and a 3."
    assert timeline_words.at(line.last, NAMES) == "At 100%: a 1 · 0.00 and a 3 · 1.00"
