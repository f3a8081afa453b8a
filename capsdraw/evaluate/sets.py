"""Evaluation sets: small sets of images on which models differ most, and whether that is more than luck.

Many small sets with as many images of each class are drawn at random from one pool of labelled images
(`datasets.sampling.draw`), models that have read the pool once are compared on all of them (`find`), and a set
worth keeping is written as data (`datasets.sampling.save`).

What a large difference on one set is worth
-------------------------------------------
The largest difference over thousands of sets is large even between models that are the same, because
it was looked for; and sets of one pool share images, so they are not thousands of looks either. Three
questions are kept apart, for each pair of models. What counts are the discordant images, those that one of
the two alone reads right: an image that both read right or both wrong does not say which is better (McNemar 1947).

1. *Do the models differ at all?* McNemar's exact test on the whole pool, corrected for the number of pairs
   by Holm's steps. Nothing that is drawn from the pool later can know more about this than the pool.
2. *Does a set differ by more than luck, had both models been the same?* If they were, either could have been
   the one that is right on a discordant image. `luck.largest_if_same` tosses that coin for each image, and
   counts how often the largest difference of all sets comes out as large: Westfall and Young's
   max-statistic test, in which sets that share images move together as they do in fact.
3. *Does a set differ by more than the models' difference on all images explains?* A model that is better
   everywhere is better on most sets, and much better on the best of them: question 2 then says "more than luck"
   of set after set, and each is only the one difference seen again. If the difference is spread evenly within
   each class, a random set's difference follows `luck.even_spread`, exactly; that holds for models that are the
   same, too. Its tail is multiplied by the number of sets and pairs (Bonferroni), which holds however sets overlap.

A set is called `HERE` where 3 says so, whatever 2 says: where one model leads everywhere, a set on which that lead is
missing, or turned round a little, is as particular as one on which it is twice as large, and 2, which measures from no
lead at all, sees nothing in it. A set is `EVERYWHERE` where 2 says so and 1 too, and its difference has the sign of the
one expected, for then the models' difference on the whole pool explains it. Else it is `LUCK`: what 2 alone sees is a
hint that one model is better on the whole, and of that the pool, which did not confirm it, is the better witness.
All p-values are corrected for all that was looked at, and 1 and 3 have half of the level each. So if the models are
all the same, the chance that anything at all is reported is at most the level; and the chance that any set is called
`HERE` where the models differ, but evenly, is at most half of it.

What it cannot say
------------------
- A set drawn blindly has no property that could make a model fail, beyond the images that happen to be in it. For
  such sets 3 is no more than luck by the way they were made; a `HERE` among them is a false alarm, or the answers
  depend on the draw (a model was trained on that very set, say). A set chosen for what is on its images, thick
  strokes say, may well be `HERE`: `find` takes any sets. What blind drawing does find, surely, are images: those of
  `first_only` and `second_only`, which the models do read differently.
- `HERE` says that the difference is larger on this set than elsewhere, not that it is of another kind: on a set of hard
  images, where both models err more, a better model's lead grows in images.
- The difference on the best set overstates itself, because it was chosen for it. `elsewhere` is the difference on
  the rest of the pool, which the choice did not favour.
- Tests are of these two models, not of the ways in which they were made: the same recipe with another seed
  gives another model (Dietterich 1998, "Approximate Statistical Tests for Comparing Supervised Classification Learning
  Algorithms"). That needs several fits of each.
- All take the pool's images for independent of each other. Near copies in the pool make p-values too small.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.monitor import Cancelled
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import luck
from capsdraw.evaluate.luck import Spread
from capsdraw.evaluate.metrics import Ints

Bools = NDArray[np.bool_]


class SetVerdict(enum.StrEnum):
    """What a set's difference is worth."""

    LUCK = "no more than luck"
    EVERYWHERE = "as the models differ everywhere"
    HERE = "particular to this set"


@dataclass(frozen=True)
class SetDifference:
    """A set, and how two models differ on it. Differences are positive where the first is better.

    Attributes:
        number: among the sets.
        images: (S,) indices into the pool.
        right: of both models, how many they read right.
        expected: the difference, in images, had the pool's been spread evenly.
        same_p: that any set differs as much where the models are the same, corrected.
        even_p: that any set strays as far from `expected` where the difference is spread evenly, corrected.
        verdict: what follows, at the report's level.
        first_only, second_only: the images that make the difference, indices into the pool.
        elsewhere: the difference on the rest of the pool, in a hundred images; 0 where there is no rest.
    """

    number: int
    images: Ints
    right: tuple[int, int]
    expected: float
    same_p: float
    even_p: float
    verdict: SetVerdict
    first_only: Ints
    second_only: Ints
    elsewhere: float

    @property
    def difference(self) -> int:
        """How many images more the first model reads right."""
        return self.right[0] - self.right[1]


@dataclass(frozen=True)
class ModelPair:
    """Two models on the pool and on all sets.

    Attributes:
        first, second: their numbers among the models.
        first_only, second_only: images of the pool that one alone reads right, indices.
        overall_p: that they are as often right on the pool (McNemar, Holm), corrected.
        differ: whether that is refused at the report's level.
        differences: (K,) of each set, in images.
        expected, deviation: mean and standard deviation of a set's difference, the pool's being spread evenly;
            over all sets where these have different numbers of each class.
        largest_if_same, largest_if_even: the median and the 95th percentile of the largest difference over
            all sets, by luck alone and by drawing alone.
        top_sets: the sets on which they differ most, the largest difference first; then those, of smaller differences,
            that are particular to the set all the same.
    """

    first: int
    second: int
    first_only: Ints
    second_only: Ints
    overall_p: float
    differ: bool
    differences: Ints
    expected: float
    deviation: float
    largest_if_same: tuple[float, float]
    largest_if_even: tuple[float, float]
    top_sets: tuple[SetDifference, ...]


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        level: the chance that models which are all the same give any signal is at most this.
        pairs: of models, each with each.
    """

    level: float
    pairs: tuple[ModelPair, ...]

    @property
    def signal(self) -> bool:
        """Whether any two models differ by more than luck, on the pool or on a set that is told of."""
        return any(
            pair.differ or any(drawn.verdict == SetVerdict.HERE for drawn in pair.top_sets) for pair in self.pairs
        )


def find(
    right: Bools, labels: NDArray[np.integer], sets: Ints, level: float = 0.05, shuffles: int = 2000, seed: int = 1,
    keep: int = 10, progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:  # fmt: skip
    """Compare models, each with each, on all sets.

    Args:
        right: (M, N) whether each of at least two models reads each image of the pool right.
        labels: (N,) their classes; sets: (K, S) images, no image twice in a set.
        level: of all that is reported together.
        shuffles: coin tosses for all images; seed: decides them.
        keep: how many sets of each pair are told of at least; all that are `HERE` are.
        progress: hears how many pairs are done, and of how many; cancelled: asked whether to stop.

    Raises:
        CapsDrawError: fewer than two models, or too few shuffles for so many pairs. Cancelled: stopped.
    """
    pairs = list(combinations(range(len(right)), 2))
    if not pairs:
        raise CapsDrawError(f"received {len(right)} models to compare: choose two or more")
    if len(pairs) / (shuffles + 1) > level:
        raise CapsDrawError(
            f"{shuffles} shuffles cannot tell luck from signal for {len(pairs)} pairs of models: choose fewer models, "
            f"or at least {round(len(pairs) / level)} shuffles"
        )

    def check() -> None:
        if cancelled():
            raise Cancelled("stopped before all models were compared")

    signs = [right[first].astype(np.int64) - right[second] for first, second in pairs]
    overall = luck.holm(
        [luck.mcnemar(int((differences > 0).sum()), int((differences < 0).sum())) for differences in signs]
    )
    compared = []
    for index, (first, second) in enumerate(pairs):
        search = _Search(right[[first, second]], signs[index], labels.astype(np.int64), sets, len(pairs), level)
        random = np.random.default_rng((seed, index))
        # Half of the level is for the pool, half for what is particular to a set.
        compared.append(search.pair(first, second, min(1.0, 2 * overall[index]), shuffles, random, keep, check))
        progress(index + 1, len(pairs))
    return Report(level, tuple(compared))


class _Search:
    """The sets of one pair of models.

    Args:
        right: (2, N) of both; signs: (N,) first less second.
        labels, sets, level: as `find` takes them.
        pairs: how many are compared in all.
    """

    def __init__(self, right: Bools, signs: Ints, labels: Ints, sets: Ints, pairs: int, level: float) -> None:
        self._right, self._signs, self._sets = right, signs, sets
        self._pairs, self._level = pairs, level
        self._differences: Ints = signs[sets].sum(1)
        self._spreads = _spreads(signs, labels, sets)
        looks = 2 * pairs * len(sets)
        self._even_p = [
            min(1.0, looks * spread.as_far(difference))
            for spread, difference in zip(self._spreads, self._differences.tolist(), strict=True)
        ]

    def pair(
        self, first: int, second: int, overall_p: float, shuffles: int, random: np.random.Generator, keep: int,
        check: Callable[[], None],
    ) -> ModelPair:  # fmt: skip
        """All that is told of the models number `first` and `second`."""
        by_luck = luck.largest_if_same(self._signs, self._sets, shuffles, random, check)
        means = np.array([spread.mean for spread in self._spreads])
        deviation = np.sqrt(np.mean([spread.deviation**2 for spread in self._spreads]) + means.var())
        # The largest difference first; of equal ones the one with fewer discordant images.
        order = np.lexsort((np.abs(self._signs)[self._sets].sum(1), -np.abs(self._differences)))
        kept_sets = [
            set_index
            for place, set_index in enumerate(order.tolist())
            if place < keep or self._even_p[set_index] <= self._level
        ]
        low, high = np.percentile(by_luck, [50, 95])
        return ModelPair(
            first, second, np.flatnonzero(self._signs > 0), np.flatnonzero(self._signs < 0),
            overall_p, overall_p <= self._level, self._differences, float(means.mean()), float(deviation),
            (float(low), float(high)),
            (luck.largest_if_even(self._spreads, 0.5), luck.largest_if_even(self._spreads, 0.95)),
            tuple(self._found(set_index, by_luck, overall_p) for set_index in kept_sets),
        )  # fmt: skip

    def _found(self, set_index: int, by_luck: Ints, overall_p: float) -> SetDifference:
        images, expected, even_p = self._sets[set_index], self._spreads[set_index].mean, self._even_p[set_index]
        difference = int(self._differences[set_index])
        as_large = int((by_luck >= abs(difference)).sum())
        same_p = min(1.0, self._pairs * (1 + as_large) / (1 + len(by_luck)))
        signs = self._signs[images]
        rest = len(self._signs) - len(images)
        first, second = self._right[:, images].sum(1).tolist()
        seen = overall_p <= self._level and same_p <= self._level and difference * expected > 0
        verdict = SetVerdict.HERE if even_p <= self._level else SetVerdict.EVERYWHERE if seen else SetVerdict.LUCK
        return SetDifference(
            set_index, images, (first, second), expected, same_p, even_p, verdict, images[signs > 0], images[signs < 0],
            100 * float(self._signs.sum() - difference) / rest if rest else 0.0,
        )  # fmt: skip


def _spreads(signs: Ints, labels: Ints, sets: Ints) -> list[Spread]:
    """Of each set; sets with as many images of each class share one."""
    classes = int(labels.max()) + 1
    places = np.arange(len(sets))[:, None] * classes + labels[sets]
    sizes = np.bincount(places.ravel(), minlength=len(sets) * classes).reshape(-1, classes)
    kinds, kind_of = np.unique(sizes, axis=0, return_inverse=True)
    spread_of = [luck.even_spread(signs, labels, composition) for composition in kinds]
    return [spread_of[kind] for kind in kind_of.ravel().tolist()]
