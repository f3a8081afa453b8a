"""Turn the numbers of a capsule, and see what the decoder makes of them.

A capsule net's answer to a digit is (C, K) numbers, one row a class. The decoder takes them
laid out flat, (C·K,), all rows but one zero. Everything here makes such rows, or pictures of
them with a `decode` that the caller brings: `nets.session.Session.decode`. NumPy only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsdraw.nets.reading import Floats, masked

Decode = Callable[[Floats], Floats]

# Figure 4 of the CapsNet paper: −0.25 to 0.25 in steps of 0.05.
PAPER = 0.25
STEPS = 11


@dataclass(frozen=True)
class Sheet:
    """Each number of one capsule, changed on its own.

    Attributes:
        label: whose capsule.
        amounts: (S,) what was added.
        pictures: (K, S, rows, columns) float32 in [0, 1], a row for each number; in colour with a last axis of 3.
    """

    label: int
    amounts: Floats
    pictures: Floats


def moved(capsules: Floats, label: int, offsets: ArrayLike) -> Floats:
    """A copy of capsules (C, K) with `offsets` (K,) added to number `label`."""
    changed = capsules.copy()
    changed[label] += np.asarray(offsets, np.float32)
    return changed


def length(capsules: Floats, label: int) -> float:
    """Length of capsule `label`. A moved one can be longer than 1: no squash stands behind it."""
    return float(np.linalg.norm(capsules[label]))


def picture(decode: Decode, capsules: Floats, label: int) -> Floats:
    """What the decoder draws of capsule `label` alone: (rows, columns), or (rows, columns, 3) in colour."""
    return _plain(decode(masked(capsules, label)[None]))[0]


def as_every_class(decode: Decode, capsules: Floats) -> Floats:
    """What it draws of each class' capsule alone: (C, rows, columns)."""
    return _plain(decode(np.stack([masked(capsules, label) for label in range(len(capsules))])))


def steps(reach: float = PAPER, count: int = STEPS) -> Floats:
    """`count` amounts (an odd number) from −reach to reach, with an exact 0 in the middle."""
    half = np.arange(1, count // 2 + 1) * (reach / (count // 2))
    return np.concatenate([-half[::-1], [0.0], half]).astype(np.float32)


def sheet(decode: Decode, capsules: Floats, label: int, offsets: ArrayLike | None = None) -> Sheet:
    """The sheet of Figure 4 for capsule `label`, the paper's steps along each row.

    With `offsets` (K,), every row's other numbers are moved by theirs, so that a picture is what
    the decoder draws when that row's number is set to that step.
    """
    amounts, size = steps(), capsules.shape[1]
    others = np.zeros(size, np.float32) if offsets is None else np.asarray(offsets, np.float32)
    rows = np.stack([
        masked(moved(capsules, label, np.where(np.arange(size) == dimension, amount, others)), label)
        for dimension in range(size)
        for amount in amounts
    ])  # fmt: skip
    pictures = _plain(decode(rows))
    return Sheet(label, amounts, pictures.reshape(size, len(amounts), *pictures.shape[1:]))


def ends(decode: Decode, capsules: Floats, label: int, offsets: ArrayLike, reach: ArrayLike) -> Floats:
    """What each number of capsule `label` leads to, less and more: (K, 2, rows, columns).

    Args:
        decode: the decoder.
        capsules: (C, K); label: whose numbers are led.
        offsets: (K,) that the others are moved by meanwhile.
        reach: (K, 2) the least and the most that is added to each.
    """
    others, amounts = np.asarray(offsets, np.float32), np.asarray(reach, np.float32)
    rows = np.stack([
        masked(moved(capsules, label, np.where(np.arange(len(others)) == dimension, amount, others)), label)
        for dimension, both in enumerate(amounts)
        for amount in both
    ])  # fmt: skip
    pictures = _plain(decode(rows))
    return pictures.reshape(len(others), 2, *pictures.shape[1:])


def walk(decode: Decode, first: tuple[Floats, int], last: tuple[Floats, int], parts: NDArray[np.floating]) -> Floats:
    """Pictures (N, rows, columns) on the straight way between two capsules, of any two classes.

    Args:
        decode: the decoder.
        first, last: capsules (C, K) and the label of the one that counts.
        parts: (N,) from 0, the first, to 1, the last.
    """
    begin, end = masked(*first), masked(*last)
    along = parts[:, None].astype(np.float32)
    return _plain(decode((1 - along) * begin + along * end))


def _plain(pictures: Floats) -> Floats:
    """(N, rows, columns, 1) without its last axis."""
    return pictures[..., 0] if pictures.shape[-1] == 1 else pictures
