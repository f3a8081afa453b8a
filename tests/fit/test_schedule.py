"""The learning rate, batch by batch."""

import numpy as np
import pytest

from capsdraw.fit.recipe import Recipe
from capsdraw.fit.schedule import Schedule

PEAK = 2e-3


def rates(kind: str, epochs: int = 4, restarts: tuple[int, ...] = ()) -> np.ndarray:
    """Of each batch, in epochs of ten."""
    recipe = Recipe(
        name="mlp",
        title="MLP",
        family="mlp",
        epochs=epochs,
        learning_rate=PEAK,
        schedule=kind,
        decay=0.5,
        restarts=restarts,
    )
    schedule = Schedule.of(recipe, 10)
    return np.array([float(schedule(step)) for step in range(10 * epochs)])


def test_a_cosine_falls_from_its_peak_through_its_half_to_nothing() -> None:
    found = rates("cosine")
    assert found == pytest.approx(PEAK * 0.5 * (1 + np.cos(np.pi * np.arange(40) / 40)), rel=1e-4)
    assert found[[0, 20]] == pytest.approx([PEAK, PEAK / 2], rel=1e-4)
    assert found[-1] < 0.01 * PEAK


def test_each_restart_is_a_cosine_of_its_own() -> None:
    found = rates("cosine", 4, (1, 3))
    whole = [rates("cosine", length) for length in (1, 2, 1)]
    assert found == pytest.approx(np.concatenate(whole), rel=1e-4)


def test_an_exponential_falls_by_its_factor_after_each_epoch() -> None:
    assert rates("exponential") == pytest.approx(np.repeat(PEAK * 0.5 ** np.arange(4), 10), rel=1e-4)


def test_a_constant_stays() -> None:
    assert rates("constant") == pytest.approx(np.full(40, PEAK), rel=1e-6)
