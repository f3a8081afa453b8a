"""How far two models' answers differ by luck alone. NumPy only; `sets` says which question each answers.

Throughout, an image's difference is +1 where the first model alone is right, −1 where the second alone
is, else 0; a set's difference is the sum over its images, in images.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from capsdraw.evaluate.metrics import Ints

# Sign flips tried at once.
_CHUNK = 250


@dataclass(frozen=True, eq=False)
class Spread:
    """The exact distribution of a whole number.

    Attributes:
        values: (V,) all whole numbers that it can be, rising.
        chances: (V,) of each; they sum to 1.
    """

    values: Ints
    chances: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Expected."""
        return float(self.values @ self.chances)

    @property
    def deviation(self) -> float:
        """Standard deviation."""
        return float(np.sqrt((self.values - self.mean) ** 2 @ self.chances))

    def as_far(self, value: int) -> float:
        """The chance to be at least as far from the mean as `value`, on either side."""
        far = np.abs(self.values - self.mean)
        return float(min(1.0, self.chances[far >= abs(value - self.mean) - 1e-9].sum()))

    def within(self, largest: int) -> float:
        """The chance to be at most `largest`, whatever the sign."""
        return float(min(1.0, self.chances[np.abs(self.values) <= largest].sum()))


def mcnemar(first_only: int, second_only: int) -> float:
    """Two-sided exact test that both models are as often right on images where one alone is.

    Each of those images is then a fair coin (McNemar 1947, exact by the binomial distribution).

    Args:
        first_only, second_only: images that one model alone reads right.
    """
    count, most = first_only + second_only, max(first_only, second_only)
    tail = sum(comb(count, heads) for heads in range(most, count + 1))
    return min(1.0, 2 * tail / 2**count)


def holm(chances: Sequence[float]) -> list[float]:
    """p-values corrected for their number, each at least as large as it was (Holm 1979)."""
    order = np.argsort(chances, kind="stable")
    steps = np.arange(len(chances), 0, -1) * np.asarray(chances)[order]
    corrected = np.empty(len(chances))
    corrected[order] = np.minimum(1, np.maximum.accumulate(steps))
    return corrected.tolist()


def largest_if_same(
    differences: Ints, sets: Ints, shuffles: int, random: np.random.Generator,
    check: Callable[[], None] = lambda: None,
) -> Ints:  # fmt: skip
    """The largest difference that any of the sets shows where only luck decides which model is right.

    Each shuffle swaps the two models' answers, or not, on each image by a fair coin, and looks at all sets
    again: sets that share images move together, as they do in fact, and so nothing need be assumed about
    how many sets there in effect are. That is the single-step max-statistic test of Westfall and Young
    (1993, "Resampling-Based Multiple Testing").

    Args:
        differences: (N,) of the pool's images, each −1, 0 or 1.
        sets: (K, S) images.
        shuffles: how many; random: decides them.
        check: called now and then; may raise to stop.

    Returns:
        (shuffles,) the largest absolute difference over the sets, of each shuffle.
    """
    discordant = np.flatnonzero(differences)
    place = np.full(len(differences), -1)
    place[discordant] = np.arange(len(discordant))
    members = np.zeros((len(sets), len(discordant)), np.float32)
    row, column = np.nonzero(place[sets] >= 0)
    members[row, place[sets[row, column]]] = 1
    largest = []
    for first in range(0, shuffles, _CHUNK):
        check()
        tosses = min(_CHUNK, shuffles - first)
        coins = random.integers(0, 2, (len(discordant), tosses)).astype(np.float32) * 2 - 1  # (n, B)
        largest.append(np.abs(members @ coins).max(0))  # (K, B) → (B,)
    # Sums of ones are whole in float32.
    return np.rint(np.concatenate(largest)).astype(np.int64)


def even_spread(differences: Ints, labels: Ints, sizes: Ints) -> Spread:
    """A random set's difference where the models differ as much in any part of a class as in all of it.

    Exact: within a class, how many images a set gets of those that one model alone reads right is
    hypergeometric; classes are drawn independently of each other.

    Args:
        differences: (N,) of the pool's images, each −1, 0 or 1.
        labels: (N,) their classes.
        sizes: (C,) how many images of each class the set has, class 0 first.
    """
    values, chances = np.zeros(1, np.int64), np.ones(1)
    for label, size in enumerate(sizes.tolist()):
        own = differences[labels == label]
        within = _within_a_class(int((own > 0).sum()), int((own < 0).sum()), len(own), size)
        chances = np.convolve(chances, within)
        values = np.arange(values[0] - size, values[-1] + size + 1)
    return Spread(values, chances)


def _within_a_class(plus: int, minus: int, total: int, size: int) -> NDArray[np.float64]:
    """Chances of the differences −size … size of `size` images drawn of `total`, `plus` and `minus` of them ±1."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])

    def ways(count: int, chosen: Ints) -> NDArray[np.float64]:
        """Logarithm of the binomial coefficient; −∞ where there is no way."""
        fits = (chosen >= 0) & (chosen <= count)
        inside = np.where(fits, chosen, 0)
        return np.where(fits, logs[count] - logs[inside] - logs[count - inside], -np.inf)

    up, down = np.mgrid[: size + 1, : size + 1]
    rest = total - plus - minus
    log = ways(plus, up) + ways(minus, down) + ways(rest, size - up - down) - ways(total, np.array(size))
    return np.asarray(np.bincount((up - down + size).ravel(), np.exp(log).ravel(), 2 * size + 1), np.float64)


def largest_if_even(spreads: Sequence[Spread], quantile: float) -> int:
    """The `quantile` quantile of the largest difference that any of so many sets, drawn one by one, shows.

    Args:
        spreads: of each set; quantile: in (0, 1).
    """
    most = max(int(np.abs(spread.values).max()) for spread in spreads)
    counted = Counter(spreads)
    for largest in range(most):
        if np.prod([spread.within(largest) ** count for spread, count in counted.items()]) >= quantile:
            return largest
    return most
