"""Which fit is trained next, and how far: asynchronous successive halving (ASHA), or simply one after the other.

Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", arXiv:1810.05934, Algorithm 2. A fit that gets
to a rung rests there, with its checkpoint, until it is among the best 1/factor of those that got there. What is next
depends on nothing but what each fit has reached: so a sweep that was stopped goes on as it would have.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from capsdraw.sweep.sweep_file import EarlyStopping


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a fit has come.

    Attributes:
        epochs: of its recipe; done: of them.
        errors: of the held-out images, after each epoch that is done, the least so far; None where not known.
        closed: it is not to be trained any more: finished, failed, or stopped by the user.
    """

    epochs: int
    done: int = 0
    errors: tuple[float | None, ...] = ()
    closed: bool = False

    def error_at(self, rung: int) -> float:
        """The least error up to that epoch; infinite where it is not known."""
        known = [error for error in self.errors[:rung] if error is not None]
        return min(known, default=float("inf"))


@dataclass(frozen=True)
class Step:
    """What is to be done next.

    Attributes:
        fit: its place in the list; until: epochs that it has then, None for its end.
    """

    fit: int
    until: int | None = None


def rungs(rule: EarlyStopping, epochs: int) -> list[int]:
    """The epochs, fewer than all, after which a fit is held against the others."""
    found, rung = [], rule.first
    while rung < epochs:
        found.append(rung)
        rung *= rule.factor
    return found


def next_step(rule: EarlyStopping | None, standings: Sequence[Standing], busy: Collection[int]) -> Step | None:
    """What a free process does next, or None where there is nothing for it now.

    Args:
        rule: None where every fit is trained to its end, in the list's order.
        standings: of all fits, in the list's order.
        busy: places of those that are being trained.
    """
    idle = [place for place, standing in enumerate(standings) if not standing.closed and place not in busy]
    if rule is None:
        return Step(idle[0]) if idle else None
    ladder = rungs(rule, max(standing.epochs for standing in standings))
    for rung in reversed(ladder):
        for place in _promotable(rule, standings, rung):
            if place in idle and standings[place].done == rung:
                return _climb(place, standings[place], ladder)
    below = [place for place in idle if standings[place].done not in ladder]
    if below:  # new ones, and those that were stopped on their way
        return _climb(below[0], standings[below[0]], ladder)
    if busy or not idle or any(standing.done >= standing.epochs for standing in standings):
        return None
    # All rest. Where a rung has too few for one in `factor`, its best goes on all the same: one at least is to finish.
    top = max(standings[place].done for place in idle)
    best = min((place for place in idle if standings[place].done == top), key=lambda p: (standings[p].error_at(top), p))
    return _climb(best, standings[best], ladder)


def _promotable(rule: EarlyStopping, standings: Sequence[Standing], rung: int) -> list[int]:
    """The best 1/factor of the fits that got to a rung, the best one first; of equal ones, the first in the list."""
    there = [place for place, standing in enumerate(standings) if standing.done >= rung]
    there.sort(key=lambda place: (standings[place].error_at(rung), place))
    return there[: len(there) // rule.factor]


def _climb(place: int, standing: Standing, ladder: list[int]) -> Step:
    """To the next rung, or to the fit's end."""
    higher = [rung for rung in ladder if standing.done < rung < standing.epochs]
    return Step(place, higher[0] if higher else None)
