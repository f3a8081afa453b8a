"""Looks that are kept: the beginning and the newest always, and never more than a fixed amount."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.fit.events import Snapshot
from capsdraw.ui.train.snapshot_store import SnapshotStore

DIGITS = np.zeros((10, 28, 28, 1), np.float32)


def look(epoch: int, batch: int, batches: int = 4) -> Snapshot:
    pictures = np.full((10, 28, 28, 1), epoch + batch / batches, np.float32)
    return Snapshot(
        epoch, batch, batches, DIGITS.copy(), False, np.arange(10), np.zeros((10, 10), np.float32), pictures, None,
        None, None, 0.01,
    )  # fmt: skip


def times(looks: SnapshotStore) -> list[tuple[int, int]]:
    return [(looks[place].epoch, looks[place].batch) for place in range(len(looks))]


@pytest.mark.slow
def test_a_fit_of_days_keeps_a_level_amount_and_its_whole_way() -> None:
    """Ten thousand epochs would else take 700 MB."""
    looks = SnapshotStore(most=60, most_bytes=2 << 20)
    highest = 0
    for epoch in range(1, 1001):
        for batch in range(5):
            looks.add(look(epoch, batch))
            highest = max(highest, looks.size)
            assert len(looks) <= 60
    assert highest <= 2 << 20
    kept = times(looks)
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == ((1, 0), (1000, 4))
    # The scrubber still leads through all of it: a sixtieth of the way would be 17 epochs.
    assert max(b - a for (a, _), (b, _) in pairwise(kept)) < 50


@pytest.mark.slow
def test_looks_within_old_epochs_go_before_the_ends_of_epochs() -> None:
    looks = SnapshotStore(most=50)
    for epoch in range(1, 12):
        for batch in range(5):
            looks.add(look(epoch, batch))
    ends = {(epoch, 4) for epoch in range(1, 12)}
    assert ends <= set(times(looks))


def test_digits_that_stay_the_same_are_kept_once() -> None:
    looks = SnapshotStore()
    for batch in range(100):
        looks.add(look(1, batch, 200))
    assert looks.size < 1.2 * (100 * (DIGITS.nbytes + 400) + DIGITS.nbytes)


@pytest.mark.slow
def test_what_a_run_does_again_from_its_last_checkpoint_is_seen_again_and_not_twice() -> None:
    looks = SnapshotStore()
    for epoch, batch in ((1, 0), (1, 4), (2, 0), (2, 2), (2, 3)):
        looks.add(look(epoch, batch))
    looks.add(look(2, 0))
    assert times(looks) == [(1, 0), (1, 4), (2, 0)]
    looks.add(look(2, 2))
    assert times(looks) == [(1, 0), (1, 4), (2, 0), (2, 2)]


@given(st.integers(4, 40), st.integers(1, 300), st.integers(1, 20))
def test_the_bound_holds_for_any_fit(most: int, count: int, batches: int) -> None:
    looks = SnapshotStore(most=most)
    for number in range(count):
        looks.add(look(1 + number // batches, number % batches, batches))
    assert len(looks) <= most
    kept = times(looks)
    assert kept == sorted(kept)
    assert kept[0] == (1, 0)
    assert kept[-1] == (1 + (count - 1) // batches, (count - 1) % batches)
