"""What a comparison on many small sets found, in words."""

from typing import Final

import numpy as np

from capsdraw.evaluate import error
from capsdraw.evaluate.sets import ModelPair, SetDifference, SetVerdict
from capsdraw.ui.evaluate.examiner import Comparison

# What the columns of the table of sets are called and mean; beneath it the same in sentences.
COLUMNS: Final = ("Set", "A right", "B right", "Difference", "p, luck", "p, even", "\u2003Verdict")
TIPS: Final = (
    "Number of the set; the first line is all of the data", "Images that the first model reads right",
    "Images that the second model reads right", "Positive where the first model is better",
    "Chance that any set differs this much if the models were equal, corrected for multiple tests",
    "Chance that any set is this far off if the difference were spread evenly, corrected likewise",
    "No more than luck, the same difference as everywhere, or particular to this set",
)  # fmt: skip
EXPLAINED: Final = (
    "A right and B right: how many images of the set each model reads right; Difference: A's lead. "
    "p, luck: how often two equal models would differ as much on one of the sets by chance. "
    "p, even: how often a set would stray as far from the difference on all of the data by chance. "
    "A p below 0.05 is hardly chance. Verdict: what the two say together."
)


def verdict(comparison: Comparison) -> str:
    """Whether the models differ, in one sentence."""
    report = comparison.report
    particular = sum(any(drawn.verdict == SetVerdict.HERE for drawn in pair.top_sets) for pair in report.pairs)
    differ = sum(pair.differ for pair in report.pairs)
    if not report.signal:
        return "No signal: the differences are no more than luck."
    if len(report.pairs) == 1:
        return (
            "Signal: the models differ on one set in particular."
            if particular
            else "Signal: the two models differ on all of the data."
        )
    sentence = f"Signal: {differ} of {len(report.pairs)} pairs of models differ on all of the data"
    return f"{sentence}, {particular} on one set in particular." if particular else f"{sentence}."


def overall(comparison: Comparison, pair: ModelPair) -> str:
    """A pair of models on all of the data, in one line."""
    (first, wrong), (second, others) = (
        (comparison.cards[model].title, comparison.results[model].errors) for model in (pair.first, pair.second)
    )
    if not pair.differ:
        return f"{first} and {second}: {wrong:,} and {others:,} errors, no more than luck (p {_is(pair.overall_p)})"
    better, worse = ((first, wrong), (second, others)) if wrong < others else ((second, others), (first, wrong))
    return f"{better[0]} is better than {worse[0]}: {better[1]:,} errors against {worse[1]:,} (p {_is(pair.overall_p)})"


def about(comparison: Comparison, pair: ModelPair) -> str:
    """What the sets of a pair say, in words."""
    first, second = (comparison.cards[model].title for model in (pair.first, pair.second))
    largest = int(np.abs(pair.differences).max())
    return (
        f"A is {first}, B is {second}. Over {len(pair.differences):,} sets of {comparison.sets.shape[1]:,} images they "
        f"differ by at most {largest}. On a set of this size a lead of {pair.expected:+.1f} ± {pair.deviation:.1f} "
        "images is expected. If the models were equal, luck alone would give up to "
        f"{pair.largest_if_same[1]:.0f} (in 95 of 100 cases); their difference on all of the data, drawn at random, "
        f"up to {pair.largest_if_even[1]:.0f}. {error.remark(comparison.cards[pair.first], comparison.data)}"
    ).rstrip()


def set_row(drawn: SetDifference) -> list[str]:
    """A line of the table of sets."""
    return [
        str(drawn.number + 1), str(drawn.right[0]), str(drawn.right[1]), f"{drawn.difference:+d}",
        p_value(drawn.same_p), p_value(drawn.even_p), str(drawn.verdict),
    ]  # fmt: skip


def p_value(value: float) -> str:
    """A p-value for people."""
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}" if value < 0.01 else f"{value:.2f}"


def _is(value: float) -> str:
    """After "p"."""
    p_text = p_value(value)
    return p_text if p_text.startswith("<") else f"= {p_text}"
