"""Batches: each depends on seed, epoch and number alone, and pen digits are drawn with the batch that they are in."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.monitor import Cancelled
from capsdraw.fit.batches import Batches
from capsdraw.fit.recipe import Recipe

IMAGES, LABELS = synthetic.digits(30, 9)
PLAN = Recipe(name="mlp", title="MLP", family="mlp", synthetic=20, batch=16, held_out=0, seed=3)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pen digits are drawn from now on, each time."""
    counts: list[int] = []
    real = synthetic.digits_at

    def counting(numbers: Any, seed: int) -> Any:
        counts.append(len(numbers))
        return real(numbers, seed)

    monkeypatch.setattr(synthetic, "digits_at", counting)
    return counts


@pytest.mark.parametrize("epoch", [0, 2, 5, 7])
def test_an_epoch_is_the_data_and_its_own_pen_digits_shuffled_by_the_seed(epoch: int) -> None:
    """After two epochs two fifths of the pen digits have given way to the row's next ones, after five all have."""
    first, second, third = (synthetic.digits(20, 3, start) for start in (0, 20, 40))
    drawn, named = np.empty_like(first[0]), np.empty_like(first[1])
    for place in range(20):
        times = sum(gone % 5 == 4 - place % 5 for gone in range(epoch))
        drawn[place], named[place] = (one[place] for one in (first, second, third)[times])
    pool, labels = np.concatenate([IMAGES, drawn]), np.concatenate([LABELS, named])
    order = np.random.default_rng((3, epoch)).permutation(50)
    run_through, resumed = Batches(IMAGES, LABELS, PLAN, False, 10), Batches(IMAGES, LABELS, PLAN, False, 10, epoch)
    for _ in range(epoch):
        assert len([run_through[number] for number in range(len(run_through))]) == 4
        run_through.on_epoch_end()
    for batches in (run_through, resumed):
        made = [batches[number] for number in range(len(batches))]
        assert [len(images) for images, _ in made] == [16, 16, 16, 2]
        assert np.array_equal(np.concatenate([images for images, _ in made])[..., 0], pool[order] / np.float32(255))
        assert np.array_equal(np.concatenate([wanted for _, wanted in made]).argmax(1), labels[order])


def test_pen_digits_that_are_there_are_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """To draw one takes as long as ten steps of a small net."""
    batches = Batches(IMAGES, LABELS, PLAN, False, 10)
    drawn = counted(monkeypatch)
    counts = []
    for _ in range(3):
        for number in range(len(batches)):
            batches[number]
        counts.append(sum(drawn))
        batches.on_epoch_end()
    assert counts == [20, 24, 28]


def test_pen_digits_are_drawn_when_their_batch_is_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million an epoch would else keep the fit waiting for a quarter of an hour, deaf to Stop."""
    counts = counted(monkeypatch)
    batches = Batches(IMAGES, LABELS, replace(PLAN, synthetic=1_000_000, batch=120), False, 10)
    batches.on_epoch_end()
    assert counts == []
    assert len(batches[0][1]) == 120
    assert sum(counts) <= 120
    assert max(counts) <= 50


def test_a_stop_is_heard_while_digits_are_drawn() -> None:
    asked = iter([False, True])
    batches = Batches(IMAGES, LABELS, replace(PLAN, synthetic=8000, batch=8000), False, 10, stopped=lambda: next(asked))
    assert not batches.broken_off
    with pytest.raises(Cancelled):
        batches[0]
    assert batches.broken_off
