"""A net of pairs normalises by what it meets: statistics of pairs that nobody moved."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.overlaid import pairs, together
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import zoo
from training.steadied import steady

OPTIONS = {"halvings": 2, "primary": 5, "channels": 8}
RECIPE = Recipe(
    name="pairs", title="Pairs", family="efficient-capsnet", options=OPTIONS, data="synthetic", held_out=20, overlaid=4
)


CNN = replace(RECIPE, family="multi-cnn", options={"channels": 8})


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [RECIPE, CNN], ids=lambda recipe: recipe.family)
def test_statistics_are_those_of_all_unmoved_pairs_and_nothing_else_changes(recipe: Recipe) -> None:
    plan = Plan.of(recipe, *synthetic.digits(120, 1))
    model = zoo.fresh(plan.recipe.family, 1, **plan.options)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_variables]
    steady(model, plan, 128)
    for weight, old in zip(model.trainable_variables, before, strict=True):
        assert np.array_equal(weight, old)

    encoder = model.get_layer("encoder") if recipe is RECIPE else model
    first = next(layer for layer in encoder.layers if isinstance(layer, keras.layers.BatchNormalization))
    assert first.momentum == 0.99
    reached = keras.Model(encoder.input, first.input)(together(pairs(plan.trained, 128, shift=4).parts()))
    reached = keras.ops.convert_to_numpy(reached).astype(np.float64)
    assert np.asarray(first.moving_mean) == pytest.approx(reached.mean((0, 1, 2)), abs=1e-5)
    assert np.asarray(first.moving_variance) == pytest.approx(reached.var((0, 1, 2)), rel=1e-3)
