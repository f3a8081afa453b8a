"""A timeline in words."""

from collections.abc import Sequence

from capsdraw.formatting import with_article
from capsdraw.lab.timeline import Moment, Timeline
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.nets.verdict import Kind

# Answers that are told one by one.
_TOLD = 6


def headline(timeline: Timeline, names: Sequence[str], number: WrittenNumber | None = None) -> str:
    """When it knew: "It knew from 62% of the drawing on: a 9".

    Args:
        timeline: of the drawing; names: of the classes, class 0 first.
        number: that the net reads in it, digit by digit; the timeline is of all the ink as one.
    """
    last = timeline.last
    sentence = last.verdict.sentence(names)
    if number is not None or last.verdict.kind == Kind.SEVERAL:
        sees = sentence if number is None else " ".join(number.text)
        return f"It sees {sees}. Here, the curves read all of it as one digit"
    if not last.verdict.names_a_class:
        return f"It never knew: in the end it sees {sentence}"
    answer = _named(last.says, names)
    settled = timeline.settled
    when = "from its first look on" if settled is timeline.moments[0] else f"from {settled.share:.0%} of the drawing on"
    if last.verdict.kind == Kind.UNSURE:
        return f"It saw {answer} {when}, but it is not sure"
    return f"It knew {when}: {answer}"


def changes(timeline: Timeline, names: Sequence[str]) -> str:
    """How often it changed its mind, and what it thought: "It changed its mind twice: a 1, a 7, a 9."."""
    answers = [_named(labels, names) for labels, _ in timeline.said]
    times = len(answers) - 1
    if not times:
        return "It never changed its mind."
    how_often = {1: "once", 2: "twice"}.get(times, f"{times} times")
    told = answers if len(answers) <= _TOLD else [*answers[: _TOLD - 2], "…", answers[-1]]
    return f"It changed its mind {how_often}: {', '.join(told)}."


def at(moment: Moment, names: Sequence[str]) -> str:
    """What it saw then: "At 48%: a 9 · 0.61"; with its doubt."""
    read = " and ".join(f"{with_article(names[label])} · {moment.reading.scores[label]:.2f}" for label in moment.says)
    doubt = "" if moment.verdict.kind in (Kind.SURE, Kind.PAIR) else f", looks like {moment.verdict.sentence(names)}"
    return f"At {moment.share:.0%}: {read}{doubt}"


def _named(labels: Sequence[int], names: Sequence[str]) -> str:
    return " and ".join(with_article(names[label]) for label in labels)
