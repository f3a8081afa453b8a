"""What is trained is derived once: the loop, the estimate and the checks before a fit take the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.fit import checkpoint, estimate, loop, room
from capsdraw.fit.control import Control
from capsdraw.fit.events import Event, Started
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards

from .conftest import IMAGES, LABELS, RECIPE

MLP = Recipe(
    name="mlp", title="MLP", family="mlp", options={"hidden": 8}, held_out=100, epochs=3, batch=64, data="made"
)


@pytest.mark.parametrize(
    ("change", "trained", "images", "steps"),
    [
        ({}, 600, 600, 10),
        ({"limit": 130}, 130, 130, 3),
        ({"limit": 10_000}, 600, 600, 10),
        ({"held_out": 0}, 700, 700, 11),
        ({"synthetic": 41}, 600, 641, 11),
        ({"limit": 10, "synthetic": 3}, 10, 13, 1),
        ({"strokes": 40}, 600, 640, 10),
        ({"limit": 10, "synthetic": 3, "strokes": 52}, 10, 65, 2),
        ({"held_out": 700}, 0, 0, 0),
        ({"held_out": 900}, 0, 0, 0),
    ],
)
def test_the_images_of_an_epoch_are_the_first_ones_and_pen_digits_and_the_last_are_held_out(
    change: dict[str, int], trained: int, images: int, steps: int
) -> None:
    recipe = replace(MLP, **change)
    plan = Plan.of(recipe, IMAGES, LABELS)
    assert np.array_equal(plan.trained.images, IMAGES[:trained])
    assert np.array_equal(plan.trained.labels, LABELS[:trained])
    held_out = min(recipe.held_out, 700)
    assert np.array_equal(plan.held_out.images, IMAGES[700 - held_out :])
    assert np.array_equal(plan.held_out.labels, LABELS[700 - held_out :])
    assert (plan.images, plan.steps, plan.total_steps) == (images, steps, 3 * steps)
    assert plan.batch == min(64, images)
    assert (len(plan.training.labels), plan.trained.images.base is not None) == (700, True)


def test_the_net_is_told_the_form_of_the_images_unless_the_recipe_says_it() -> None:
    assert Plan.of(MLP, IMAGES, LABELS % 7).options == {"shape": (28, 28, 1), "classes": 7, "hidden": 8}
    colour = np.zeros((700, 32, 32, 3), np.uint8)
    assert Plan.of(MLP, colour, LABELS).options["shape"] == (32, 32, 3)
    wide = replace(MLP, options={"classes": 40, "shape": [28, 28, 1]})
    assert Plan.of(wide, IMAGES, LABELS).options == {"shape": [28, 28, 1], "classes": 40}
    assert Plan.of(wide, IMAGES, LABELS).classes == 40


def test_a_net_can_have_as_many_classes_as_a_byte_has_values() -> None:
    """Of 256 classes, one more than the largest number was 0."""
    labels = np.arange(700).astype(np.uint8)
    assert Plan.of(MLP, IMAGES, labels).classes == 256


@pytest.mark.slow
def test_a_class_that_only_held_out_images_have_is_in_the_net_that_is_fitted_and_in_the_one_that_is_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimate once built a net of nine classes for a fit of ten."""
    order = np.argsort(LABELS == 9, kind="stable")
    images, labels = IMAGES[order], LABELS[order]
    plan = Plan.of(replace(MLP, epochs=1), images, labels)
    assert set(labels[:600]) == set(range(9))
    built: list[int] = []
    first = checkpoint.first

    def counted(recipe: Recipe, some: np.ndarray, classes: int) -> object:
        built.append(classes)
        return first(recipe, some, classes)

    monkeypatch.setattr(checkpoint, "first", counted)
    assert room.problems(plan) == {}
    estimate.estimate(plan)
    model = loop.run(plan, tmp_path, Control(), lambda _: None)
    assert built == [10, 10]
    assert model.output_shape == (None, 10)


def test_a_model_to_start_from_is_held_against_the_classes_of_the_net_and_not_of_the_images() -> None:
    """The net of the recipe has ten, as the model has: it once was refused because no image is an 8 or a 9."""
    recipe = Recipe(name="mlp", title="MLP", family="mlp", options={"classes": 10}, held_out=100, batch=50, start="mlp")
    assert cards.find("mlp").classes == 10
    assert room.problems(Plan.of(recipe, IMAGES, LABELS % 8)) == {}
    seven = room.problems(Plan.of(replace(recipe, options={}), IMAGES, LABELS % 7))
    assert seven == {"start": "it knows 10 classes, these images have 7"}


@pytest.mark.slow
def test_a_fit_and_its_estimate_tell_what_the_plan_says(tmp_path: Path) -> None:
    plan = Plan.of(replace(RECIPE, epochs=1, limit=230), IMAGES, LABELS)
    told: list[Event] = []
    loop.run(plan, tmp_path, Control(), told.append)
    (started,) = [event for event in told if isinstance(event, Started)]
    assert (started.batches, started.images) == (plan.steps, plan.images) == (7, 330)
    timed = estimate.estimate(plan)
    assert (timed.batch, timed.images, timed.held_out) == (50, 330, 200)
