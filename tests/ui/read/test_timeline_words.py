"""A timeline in words, of one digit and of two over one another."""

import numpy as np

from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.lab.timeline import Moment, PenWay, Timeline
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.side_by_side import DigitInRow, WrittenNumber
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


def test_of_several_digits_the_curves_are_said_to_be_of_all_ink_as_one() -> None:
    """It said that it never knew what it had just read digit by digit."""
    line = made(Verdict(Kind.SURE, 1), Verdict(Kind.SEVERAL, 3))
    as_one = "Here, the curves read all of it as one digit"
    assert timeline_words.headline(line, NAMES) == f"It sees several digits. {as_one}"
    digits = (DigitInRow((0, 0, 1, 1), line.last.seen, line.last.reading, Verdict(Kind.SURE, label), 1.0)
              for label in (1, 2))  # fmt: skip
    number = WrittenNumber(tuple(digits))
    assert timeline_words.headline(line, NAMES, number) == f"It sees 1 2. {as_one}"
    doubted = made(Verdict(Kind.SURE, 1), Verdict(Kind.NONE, 3))
    assert timeline_words.headline(doubted, NAMES, number) == f"It sees 1 2. {as_one}"
    assert timeline_words.headline(doubted, NAMES) == "It never knew: in the end it sees no digit it knows"
