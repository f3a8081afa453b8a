"""What cannot be trained is refused by its entry, with the reason, before anything is begun."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capsdraw.errors import CapsDrawError
from capsdraw.fit import presets, recipes
from capsdraw.fit.check import problems
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.fit.room import against_data
from capsdraw.nets import zoo
from capsdraw.nets.catalog import FAMILIES

PLAN = Recipe(name="a", title="A", family="capsnet")


@pytest.mark.parametrize(
    ("change", "entry", "reason"),
    [
        ({"batch": 0}, "batch", "0 is not between 1 and 8,192"),
        ({"batch": "ten"}, "batch", "'ten' is not a whole number"),
        ({"batch": True}, "batch", "True is not a whole number"),
        ({"epochs": 12_345}, "epochs", "12,345 is not between 1 and 10,000"),
        ({"epochs": 0}, "epochs", "0 is not between 1 and 10,000"),
        ({"epochs": 2.5}, "epochs", "2.5 is not a whole number"),
        ({"learning_rate": -1.0}, "learning_rate", "-1 is not between 1e-07 and 1"),
        ({"learning_rate": float("nan")}, "learning_rate", "nan is not between"),
        ({"data": "imagenet"}, "data", "'imagenet' is not one of synthetic, synthetic-letters, mnist"),
        ({"family": "transformer"}, "family", "'transformer' is not one of efficient-capsnet, capsnet"),
        ({"family": "capsnett", "overlaid": 4}, "family", "'capsnett' is not one of efficient-capsnet, capsnet"),
        ({"schedule": "step"}, "schedule", "'step' is not one of cosine, exponential, constant"),
        ({"options": {"iterations": 0}}, "iterations", "0 is not a whole number from 1 to 10"),
        ({"options": {"channels": 12}}, "channels", "12 is not a whole number from 8 to 512, a multiple of 8"),
        ({"options": {"depth": 3}}, "depth", "CapsNet has no such option: it has channels, size, iterations"),
        ({"restarts": (5, 3)}, "restarts", "are not increasing numbers"),
        ({"restarts": (5,), "epochs": "1,5"}, "epochs", "'1,5' is not a whole number"),
        ({"batch": 10**400}, "batch", "1000000000000000000"),
        ({"options": {"channels": True}}, "channels", "True is not a whole number"),
        ({"family": ["a"]}, "family", "['a'] is not text"),
        (
            {"family": "efficient-capsnet", "options": {"momentum": "x"}},
            "momentum",
            "'x' is not a number between 0 and 1",
        ),
        ({"options": {"classes": "ten"}}, "classes", "'ten' is not a whole number from 1 to 256"),
        ({"options": {"classes": [10]}}, "classes", "[10] is not a whole number from 1 to 256"),
        ({"options": {"classes": True}}, "classes", "True is not a whole number from 1 to 256"),
        ({"options": {"classes": 10.0}}, "classes", "10.0 is not a whole number from 1 to 256"),
        ({"options": {"classes": 0}}, "classes", "0 is not a whole number from 1 to 256"),
        ({"options": {"classes": 10**9}}, "classes", "1000000000 is not a whole number from 1 to 256"),
        ({"options": {"shape": "28"}}, "shape", "'28' is not [rows, columns, channels]: whole numbers of at least 1"),
        ({"options": {"shape": [28, 28]}}, "shape", "[28, 28] is not [rows, columns, channels]"),
        ({"options": {"shape": [0, 0, 1]}}, "shape", "[0, 0, 1] is not [rows, columns, channels]"),
        ({"options": {"shape": [28, 28, 2]}}, "shape", "[28, 28, 2] is not [rows, columns, channels]"),
        ({"options": {"shape": [28, 28, True]}}, "shape", "[28, 28, True] is not [rows, columns, channels]"),
        ({"options": {"shape": [28.0, 28, 1]}}, "shape", "[28.0, 28, 1] is not [rows, columns, channels]"),
        (
            {"options": {"shape": [5, 5, 1]}},
            "shape",
            "[5, 5, 1] is too small: CapsNet reads images of at least 17 × 17",
        ),
        (
            {"family": "cifar-cnn", "options": {"shape": [21, 32, 3], "kernel": 11}},
            "shape",
            "[21, 32, 3] is too small: CIFAR CNN with kernel 11 reads images of at least 22 × 22",
        ),
        ({"augmentation": Augmentation(rotation=400)}, "rotation", "400 is not between 0 and 180"),
        ({"augmentation": Augmentation(zoom="far")}, "zoom", "'far' is not a number"),  # type: ignore[arg-type]
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_the_reason(change: dict[str, Any], entry: str, reason: str) -> None:
    found = problems(replace(PLAN, **change))
    assert list(found) == [entry]
    assert reason in found[entry]


def test_more_held_out_images_than_there_are_and_too_small_images_are_refused() -> None:
    found = against_data(replace(PLAN, held_out=100), images=100, shape=(12, 12, 1))
    assert "all 100 images are held out" in found["held_out"]
    assert found["data"] == "CapsNet reads images of at least 17 × 17, these are 12 × 12"


def test_a_kernel_that_the_images_are_too_small_for_is_named() -> None:
    plan = replace(PLAN, family="cifar-cnn", options={"kernel": 11})
    assert against_data(plan, shape=(14, 14, 1)) == {
        "data": "CIFAR CNN with kernel 11 reads images of at least 22 × 22, these are 14 × 14"
    }
    assert against_data(plan, shape=(22, 22, 1)) == {}
    assert against_data(replace(plan, options={}), shape=(14, 14, 1)) == {}


@pytest.mark.parametrize("form", [(28, 28, 3), (32, 28, 1), (40, 40, 1)])
def test_a_net_of_another_form_than_the_images_is_refused(form: tuple[int, int, int]) -> None:
    """Else a run's folder would be made, and the fit would break off when it reads its first batch."""
    plan = replace(PLAN, options={"shape": list(form)})
    assert problems(plan) == against_data(plan, shape=form) == {}
    said = " × ".join(map(str, form))
    assert against_data(plan, shape=(28, 28, 1)) == {
        "shape": f"{said} does not match these images, 28 × 28 × 1: leave it out to use theirs"
    }


def test_what_does_not_go_with_the_images_is_refused() -> None:
    plan = replace(PLAN, family="mlp", synthetic=10, augmentation=Augmentation(erase=14))
    found = against_data(plan, 20_000, (14, 14, 1))
    assert found["synthetic"] == "pen digits are 28 × 28 × 1, these images are 14 × 14 × 1: set it to 0"
    assert found["erase"] == "a square of 14 covers all of an image of 14 × 14"


@pytest.mark.parametrize("name", recipes.names())
def test_no_bundled_recipe_is_refused(name: str) -> None:
    assert problems(recipes.load(name)) == against_data(recipes.load(name), 60_000) == {}


@pytest.mark.parametrize("family", list(FAMILIES))
def test_no_preset_is_refused_and_each_goes_on_from_the_bundled_recipe(family: str) -> None:
    for preset in presets.of(family):
        assert problems(preset.recipe) == against_data(preset.recipe, 10_000) == {}
        assert preset.recipe.family == family


def test_the_catalog_knows_every_family_and_its_defaults() -> None:
    assert set(FAMILIES) == set(zoo.FAMILIES)
    for name, family in FAMILIES.items():
        rows = 32 if name == "cifar-cnn" else 28
        given = {option.name: option.default for option in family.options}
        named = zoo.build(name, shape=(rows, rows, 3), **given)
        assert named.count_params() == zoo.build(name, shape=(rows, rows, 3)).count_params()
        assert isinstance(named.output, dict) == (family.kind == "capsule")


VARIANTS: list[tuple[str, dict[str, int]]] = [(name, {}) for name in FAMILIES] + [
    ("cifar-cnn", {"kernel": kernel, "convolutions": count}) for kernel in (1, 2, 5, 11) for count in (4, 5)
]


@pytest.mark.parametrize(("family", "options"), VARIANTS)
def test_the_smallest_image_of_the_catalog_is_the_smallest_that_can_be_read(
    family: str, options: dict[str, int]
) -> None:
    own = {**zoo.TINY[family], **options}
    least = FAMILIES[family].least_for(own)
    zoo.build(family, shape=(least, least, 1), **own)
    if least > 1:
        with pytest.raises(
            CapsDrawError, match=rf"cannot build '{family}': shape .* is too small: .* at least {least} ×"
        ):
            zoo.build(family, shape=(least - 1, least - 1, 1), **own)
        with pytest.raises(ValueError, match="output size would be zero or negative"):  # as Keras says
            zoo.FAMILIES[family](shape=(least - 1, least - 1, 1), **own)


@settings(deadline=None)
@given(st.sampled_from(list(FAMILIES)), st.data())
def test_what_the_catalog_allows_is_not_refused(family: str, data: st.DataObject) -> None:
    options = {
        one.name: one.multiple * data.draw(st.integers(-(-one.least // one.multiple), one.most // one.multiple))
        for one in FAMILIES[family].options
    }
    assert problems(replace(PLAN, family=family, options=options)) == {}
