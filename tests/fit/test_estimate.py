"""The estimate before a fit: what its steps cost, what its images cost, and what does not fit into memory."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.monitor import Cancelled
from capsdraw.fit import estimate
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import zoo

IMAGES, LABELS = synthetic.digits(700, 1)
PLAN = Recipe(
    name="efficient-capsnet",
    title="Efficient-CapsNet",
    family="efficient-capsnet",
    options=zoo.TINY["efficient-capsnet"],
    held_out=100,
    epochs=1,
    batch=50,
    data="synthetic",
)
MLP = replace(PLAN, family="mlp", options={"hidden": 8}, batch=100, held_out=0)


def estimated(
    recipe: Recipe, images: np.ndarray, labels: np.ndarray, cancelled: Callable[[], bool] = lambda: False
) -> estimate.Estimate:
    return estimate.estimate(Plan.of(recipe, images, labels), cancelled)


@pytest.mark.slow
def test_epochs_images_and_weights_are_counted() -> None:
    found = estimated(PLAN, IMAGES, LABELS)
    assert found.images_per_second > 0
    one, ten = (found.seconds(epochs) - found.start for epochs in (1, 10))
    assert ten == pytest.approx(10 * one)
    wide = estimated(replace(PLAN, options={"channels": 32}), IMAGES, LABELS)
    assert wide.memory > 2 * found.memory
    # Sixteen bytes a weight at least: value, gradient, and Adam's two averages.
    assert found.memory > 16 * zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"]).count_params()


@pytest.mark.slow
def test_pen_digits_cost_the_time_that_they_take_to_draw() -> None:
    """They take longer than a small net's step: a plan of half an hour must not be called one of a minute."""
    plain = estimated(MLP, IMAGES, LABELS)
    drawn = estimated(replace(MLP, synthetic=100_000), IMAGES, LABELS)
    assert drawn.make > 5 * plain.make
    assert plain.again < drawn.again < 0.5 * drawn.make  # most of them are there from the second epoch on
    assert drawn.pace > 5 * plain.pace
    once, twice = (drawn.seconds(epochs) - drawn.start for epochs in (1, 2))
    assert once == pytest.approx(1007 * drawn.pace)
    assert twice - once < 0.7 * once


COST = estimate.Estimate(
    start=5, step=2, make=4, again=1, pace=6, batch=10, images=100, held_out=0, memory=1, available=100
)


@pytest.mark.parametrize(
    ("pace", "step", "first", "later"),
    [
        (6, 2, 60, 30),  # two threads in turn: what is drawn no more is saved
        (4, 2, 40, 20),  # one beside the other: the net is the slower one in the end
        (7, 7, 70, 70),  # the net is slow
        (3, 1, 30, 10),  # not so quick as the batches alone were: the machine was busy while they were timed
        (2, 1, 20, 10),
        (8, 0.1, 80, 50),
    ],
)
def test_later_epochs_save_the_drawing_of_pen_digits_and_no_more(
    pace: float, step: float, first: float, later: float
) -> None:
    cost = replace(COST, pace=pace, step=step)
    once, twice = (cost.seconds(epochs) - cost.start for epochs in (1, 2))
    assert (once, twice - once) == (first, later)


@pytest.mark.slow
def test_the_share_of_pen_digits_is_that_of_the_fit() -> None:
    many = np.resize(IMAGES, (100_000, 28, 28)), np.resize(LABELS, 100_000)
    few, most = (estimated(replace(MLP, synthetic=count), *many).make for count in (1000, 1_000_000))
    assert most > 3 * few


@pytest.mark.slow
def test_fewer_images_than_a_batch_are_one_smaller_batch() -> None:
    found = estimated(replace(MLP, batch=4000), IMAGES, LABELS)
    assert found.batch == 700


@pytest.mark.slow
def test_the_data_and_what_is_held_out_of_it_are_in_memory_too() -> None:
    """Of a small net they are nearly all: 60,000 digits take 47 MB, its weights some kilobytes."""
    small = estimated(MLP, IMAGES, LABELS)
    held = estimated(replace(MLP, held_out=500), np.resize(IMAGES, (1200, 28, 28)), np.resize(LABELS, 1200))
    assert held.memory - small.memory == 500 * (28 * 28 * (1 + 4) + LABELS.itemsize)
    many = estimated(MLP, np.resize(IMAGES, (60_000, 28, 28)), np.resize(LABELS, 60_000))
    assert many.memory - small.memory == 59_300 * (28 * 28 + LABELS.itemsize)
    assert many.memory > 47_000_000


def test_an_estimate_that_is_not_wanted_any_more_ends_while_digits_are_drawn() -> None:
    with pytest.raises(Cancelled):
        estimated(replace(MLP, synthetic=5000, batch=5000), IMAGES, LABELS, lambda: True)
