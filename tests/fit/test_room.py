"""A fit that has no room in memory is refused before its first step, with the figure and what has room."""

import re
from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.fit import check, room
from capsdraw.fit.checkpoint import compiled
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import zoo

IMAGES, LABELS = synthetic.digits(40, 1)
DATA = Data("digits", IMAGES, LABELS, IMAGES, LABELS)
PLAN = Recipe(
    name="capsnet",
    title="CapsNet",
    family="capsnet",
    options={"channels": 64},
    held_out=10,
    batch=8000,
    synthetic=100_000,
)


def problems(recipe: Recipe, data: Data) -> dict[str, str]:
    return room.problems(Plan.of(recipe, data.train_images, data.train_labels))


def test_a_batch_that_cannot_fit_is_refused_with_one_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free", lambda: 4 << 30)
    reason = problems(PLAN, DATA)["batch"]
    found = re.fullmatch(r"8,000 need about ([\d.]+) GB of memory, 4\.0 GB are free; at most ([\d,]+) fit", reason)
    assert found is not None
    assert float(found[1]) > 4
    fits = int(found[2].replace(",", ""))
    assert problems(replace(PLAN, batch=fits), DATA) == {}
    assert problems(replace(PLAN, batch=3 * fits), DATA) != {}


def test_a_batch_is_never_larger_than_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free", lambda: 1 << 30)
    assert problems(replace(PLAN, synthetic=0), DATA) == {}


def test_a_net_that_alone_is_too_large_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free", lambda: 10 << 20)
    assert "choose a smaller net" in problems(PLAN, DATA)["batch"]


def test_held_out_images_have_to_fit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are checked as floats, four times what their bytes take."""
    monkeypatch.setattr(room, "free", lambda: 128 << 20)
    many = Data("digits", np.resize(IMAGES, (100_000, 28, 28)), np.resize(LABELS, 100_000), IMAGES, LABELS)
    plan = Recipe(name="mlp", title="MLP", family="mlp", batch=10)
    assert problems(replace(plan, held_out=10_000), many) == {}
    reason = problems(replace(plan, held_out=90_000), many)["held_out"]
    found = re.fullmatch(r"90,000 need about 269 MB of memory, 128 MB are free; at most ([\d,]+) fit", reason)
    assert found is not None
    assert problems(replace(plan, held_out=int(found[1].replace(",", ""))), many) == {}


@pytest.mark.parametrize("entry", ["synthetic", "strokes"])
def test_pen_digits_for_a_net_of_fewer_classes_are_refused_with_the_reason(entry: str) -> None:
    """Fit and estimate broke with an IndexError when the first seven came."""
    few = Data("digits", IMAGES, LABELS % 5, IMAGES, LABELS % 5)
    recipe = replace(PLAN, batch=10, **{"synthetic": 0, entry: 20})
    says = {entry: "pen digits are of 10 classes, this net has 5: set it to 0"}
    assert problems(recipe, few) == says
    assert check.problems(replace(recipe, options={**recipe.options, "classes": 5})) == says
    assert check.problems(replace(recipe, options={**recipe.options, "classes": 10})) == {}


def test_what_the_data_speaks_against_is_said_first() -> None:
    assert list(problems(replace(PLAN, held_out=40), DATA)) == ["held_out"]


def test_votes_of_capsules_are_reckoned() -> None:
    """They are most of what CapsNet needs: 4.0 MB an image were measured, of which layers say 1.0."""
    _, each = room.needed(compiled(zoo.build("capsnet"), PLAN, 1))
    assert 3.5 < each / 2**20 < 4.5


def test_a_wrong_label_among_digits_is_refused_and_does_not_make_a_net_of_a_hundred_classes() -> None:
    labels = LABELS.copy()
    labels[17] = 99
    assert problems(replace(PLAN, batch=8), replace(DATA, train_labels=labels)) == {
        "data": "no image has class 10, though there is a class 99 (1 of 40 images): "
        "expected class numbers without gaps, starting at 0 or 1"
    }
    assert problems(replace(PLAN, batch=8, options=PLAN.options | {"classes": 100}), DATA) == {}
