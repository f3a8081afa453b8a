"""Agreement, to be looked at: votes as arrows in a plane, beside the capsule that gathers them. NumPy only.

Votes have sixteen numbers and a screen has two. A class is drawn in the plane of the two directions in
which its votes reach furthest, turned so that its capsule points up in the end: a vote that agrees points up, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from capsdraw.lab.steps import RoutingIteration, Votes, route
from capsdraw.nets.reading import Floats

# By how much votes are drawn smaller than they are, so that the longest still has room: 1, 1.5, … 8, 10, 15, …
_SCALES: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True)
class Plane:
    """Two directions among K.

    Attributes:
        axes: (K, 2) float32, of length 1 and at right angles: to the right, and up.
        share: from 0 to 1, of the votes' squared lengths: what of their variance about zero is seen.
    """

    axes: Floats
    share: float


@dataclass(frozen=True)
class Scene:
    """One class through all S steps of routing, with the votes of N primary capsules. x to the right, y up.

    Attributes:
        label: the class; share: of its votes' variance about zero that the plane shows.
        votes: (N, 2) as they lie in the plane; they stay the same in all steps.
        coupling: (S, N) how much of itself each capsule gives to the class.
        capsules: (S, 2) what the class gathers, squashed, as it lies in the plane; lengths: (S,) its whole lengths.
    """

    label: int
    share: float
    votes: Floats
    coupling: Floats
    capsules: Floats
    lengths: Floats


def plane(votes: Floats, up: Floats) -> Plane:
    """The principal plane of votes (I, K), not centred, turned so that `up` (K,) points up in it.

    Not centred, since a vote that all share is what routing looks for: it must not be taken away.
    """
    moments = votes.T.astype(np.float64) @ votes
    sizes, directions = np.linalg.eigh(moments)
    axes = directions[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))
    total = float(sizes.sum())
    share = float(sizes[::-1][:2].sum()) / total if total > 0 else 1.0
    x, y = up @ axes
    far = float(np.hypot(x, y))
    if far > 1e-9:
        axes = axes @ np.array([[y, x], [-x, y]]) / far
    return Plane(axes.astype(np.float32), min(share, 1.0))


def scenes(
    votes: Votes, steps: Sequence[RoutingIteration], classes: Sequence[int], capsules: Sequence[int]
) -> tuple[Scene, ...]:
    """Of each of `classes`, with the votes of the primary capsules `capsules`; `steps` at least one."""
    chosen, made = list(capsules), []
    for label in classes:
        seen = plane(votes.votes[label], steps[-1].capsules[label])
        made.append(
            Scene(
                label,
                seen.share,
                votes.votes[label, chosen] @ seen.axes,
                np.stack([step.coupling[chosen, label] for step in steps]),
                np.stack([step.capsules[label] @ seen.axes for step in steps]),
                np.stack([step.lengths[label] for step in steps]),
            )
        )
    return tuple(made)


def loudest(votes: Votes, count: int, at: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """The primary capsules whose votes for all classes together are the longest, the longest first.

    Args:
        count: at most so many.
        at: only those of a place (row, column), or where there are no places, of a capsule (number,); else of all.
    """
    among = np.arange(len(votes.activity)) if at is None else np.array(_of(votes, at))
    loudness = (votes.votes[:, among] ** 2).sum((0, 2))
    return tuple(int(among[index]) for index in np.argsort(-loudness, kind="stable")[:count])


def place_of(votes: Votes, capsule: int) -> tuple[int, ...]:
    """Where a primary capsule stands: (row, column), or (number,) where there are no places."""
    if votes.grid is None:
        return (capsule,)
    return divmod(capsule // _types(votes), votes.grid[1])


def rivals(lengths: Floats, held: int, count: int) -> tuple[int, ...]:
    """The held class and the longest others, `count` in all or as many as there are; the held first."""
    order = [int(label) for label in np.argsort(-lengths, kind="stable") if label != held]
    return (held, *order[: count - 1])


def reach(shown: Sequence[Scene]) -> float:
    """By how much all votes are to be drawn smaller, so that none is longer than 1: a figure that can be said."""
    longest = max((float(np.linalg.norm(scene.votes, axis=1).max(initial=0)) for scene in shown), default=0.0)
    return scale_of(longest)


def scale_of(longest: float) -> float:
    """The least of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, … that is not below `longest`; tenths of them below 1."""
    if not longest > 1e-6:
        return 1.0
    power = 10.0 ** np.floor(np.log10(longest) + 1e-9)
    fitting = (scale for scale in _SCALES if scale * power >= longest * (1 - 1e-6))
    return float(next(fitting, 10.0) * power)


def between(values: Floats, at: float) -> Floats:
    """Of (S, …) the row `at`; where that is no whole number, on the straight way between two rows."""
    before = min(max(int(at), 0), len(values) - 1)
    after = min(before + 1, len(values) - 1)
    part = min(max(at - before, 0.0), 1.0)
    return ((1 - part) * values[before] + part * values[after]).astype(np.float32)


def two_by_two(votes: Floats, rounds: int) -> list[RoutingIteration]:
    """Routing of a hand-made example, by the same arithmetic: votes (J, I, 2), all parts alike; `rounds` + 1 steps."""
    parts = Votes(np.ones(votes.shape[1], np.float32), votes.astype(np.float32), None, (1, 1), None, rounds + 1)
    return route(parts)


def apart(first: Floats, second: Floats) -> float:
    """Degrees between two arrows (2,), from 0 to 180; 180 where one has no direction."""
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    if lengths < 1e-9:
        return 180.0
    return float(np.degrees(np.arccos(np.clip(first @ second / lengths, -1, 1))))


def _types(votes: Votes) -> int:
    """How many primary capsules a place has."""
    assert votes.grid is not None
    return len(votes.activity) // (votes.grid[0] * votes.grid[1])


def _of(votes: Votes, at: tuple[int, ...]) -> range:
    """The primary capsules of a place."""
    if votes.grid is None:
        return range(at[0], at[0] + 1)
    types = _types(votes)
    first = (at[0] * votes.grid[1] + at[1]) * types
    return range(first, first + types)
