"""A recipe made for MNIST goes with other data: what is held out scales, and pen digits go with digits alone."""

from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.measured import intake_of
from capsdraw.fit import recipes
from capsdraw.fit.adapt import adapted, opened
from capsdraw.fit.recipe import Recipe

IMAGES, LABELS = synthetic.digits(60, 3)
RECIPE = Recipe(name="own", title="Own", family="keras-cnn", data="own.npz", held_out=5000, synthetic=10_000)


def data(images: np.ndarray = IMAGES, labels: np.ndarray = LABELS, names: tuple[str, ...] = ()) -> Data:
    return Data("own", images, labels, images[:10], labels[:10], names, intake_of(images))


def test_held_out_images_scale_with_the_data() -> None:
    """Case 08: "all 50 images are held out: none is left to train on"."""
    adaptation = adapted(RECIPE, data())
    assert adaptation.recipe.held_out == 10
    assert "10 of the 60 images are held out, where the recipe has 5,000" in adaptation.notes
    again = adapted(adaptation.recipe, data())
    assert again.recipe == adaptation.recipe


def test_what_fits_stays() -> None:
    recipe = replace(RECIPE, held_out=30)
    assert adapted(recipe, data()).recipe.held_out == 30
    assert adapted(replace(recipe, held_out=0), data()).recipe.held_out == 0


def test_what_the_user_asked_for_is_kept_or_refused() -> None:
    assert adapted(RECIPE, data(), frozenset({"held_out"})).recipe.held_out == 5000
    letters = data(labels=LABELS + 5)
    refused = adapted(RECIPE, letters, frozenset({"synthetic"}))
    assert refused.recipe.synthetic == 10_000
    assert "no pen digits can be mixed in: they are of the classes 0 to 9" in refused.problems["synthetic"]
    assert not adapted(replace(RECIPE, synthetic=0), letters, frozenset({"synthetic"})).problems


def test_a_model_of_other_classes_is_not_started_from() -> None:
    """`train --model efficient-capsnet` on letters was refused: its recipe goes on from a net of digits."""
    recipe = replace(recipes.load("efficient-capsnet"), data="own.npz", synthetic=0, strokes=0)
    assert recipe.start
    eleven = data(labels=(np.arange(60) % 11).astype(np.uint8))
    adaptation = adapted(recipe, eleven)
    assert adaptation.recipe.start == ""
    assert any("random weights" in note and "these images have 11" in note for note in adaptation.notes)
    assert adapted(recipe, eleven, frozenset({"start"})).recipe.start == recipe.start  # refused later, in words
    assert adapted(recipe, data()).recipe.start == recipe.start


def test_pen_digits_are_mixed_in_and_said_where_there_are_digits() -> None:
    adaptation = adapted(RECIPE, data())
    assert adaptation.recipe.synthetic == 10_000
    assert "10,000 pen digits are mixed into each epoch, as classes 0 to 9" in adaptation.notes
    assert not adapted(replace(RECIPE, data="mnist", held_out=10), data()).notes


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (data(labels=LABELS + 5), "these images of others"),
        (data(names=tuple("abcdefghij")), r"these images of others \(b, c, d, …\)"),
        (data(images=255 - IMAGES), "light ink on black, these images are not"),
        (data(images=np.pad(IMAGES, ((0, 0), (6, 6), (6, 6)))), "28 × 28 × 1, these images are 40 × 40 × 1"),
        (data(images=np.random.default_rng(0).integers(0, 256, (60, 28, 28)).astype(np.uint8)), "light ink on black"),
    ],
    ids=["letters", "names", "dark on light", "another size", "photographs"],
)
def test_pen_digits_are_nothing_like_other_pictures(other: Data, says: str) -> None:
    """Case 09: ten thousand of them were mixed into letters and clothes as classes 0 to 9, without a word."""
    adaptation = adapted(replace(RECIPE, strokes=100), other)
    assert adaptation.recipe.pen_digits == 0
    assert any(says.partition(r"\(")[0] in note for note in adaptation.notes)


@pytest.mark.parametrize(
    ("entry", "source", "others"),
    [("strokes", "pen-strokes", "synthetic"), ("synthetic", "synthetic", "strokes")],
)
def test_what_is_held_out_is_not_mixed_in(entry: str, source: str, others: str) -> None:
    """An epoch was chosen by drawings that were among its pen digits."""
    recipe = replace(RECIPE, synthetic=100, strokes=200, seed=0, held_out=20)
    for name in (source, f"collection+{source}"):
        adaptation = adapted(replace(recipe, data=name), data())
        assert getattr(adaptation.recipe, entry) == 0
        assert getattr(adaptation.recipe, others) == getattr(recipe, others)
        assert any("those that are held out would be among them" in note for note in adaptation.notes)
    taken = replace(recipe, data=source)
    refused = adapted(taken, data(), frozenset({entry}))
    assert refused.problems == {entry: "those that are held out would be among them: set it to 0"}
    assert not adapted(taken, data(), frozenset({others})).problems
    assert adapted(replace(taken, held_out=0), data()).recipe == replace(taken, held_out=0)
    assert adapted(replace(taken, data="mnist"), data()).recipe.pen_digits == 300
    assert adapted(replace(taken, seed=1), data()).recipe.synthetic == 100  # a row of its own


def test_recipes_and_their_own_data_are_left_alone() -> None:
    mnist = data(np.repeat(IMAGES, 200, axis=0), np.repeat(LABELS, 200))
    for name in recipes.names():
        recipe = recipes.load(name)
        if recipe.data == "mnist":
            assert adapted(recipe, mnist).recipe == recipe


def test_rows_and_columns_are_exchanged_where_the_recipe_says_so() -> None:
    recipe = replace(RECIPE, transposed=True)
    exchanged = opened(recipe, lambda *_: data())
    assert np.array_equal(exchanged.train_images, IMAGES.swapaxes(1, 2))
    assert np.array_equal(exchanged.test_images, IMAGES[:10].swapaxes(1, 2))


def test_of_few_images_there_are_as_many_steps_as_teach_something() -> None:
    """Thirty pictures were gone through three times, a step each: the net had learnt nothing."""
    few = replace(RECIPE, synthetic=0, held_out=10, epochs=3, schedule="exponential", decay=0.5, moving_average=0.999)
    adaptation = adapted(few, data())
    longer = adaptation.recipe
    assert (longer.batch, longer.epochs) == (13, 38)  # of 50 images, four steps each
    assert longer.decay**longer.epochs == pytest.approx(0.5**3)
    assert longer.moving_average == 0  # of 150 steps it would be the first weights
    assert "batches have 13 of the 50 images, where the recipe has 128" in adaptation.notes
    assert "there are 38 epochs, where the recipe has 3" in adaptation.notes
    assert adapted(longer, data()).recipe == longer
    assert adapted(replace(few, batch=5), data()).recipe.epochs == 15  # ten steps each
    asked = adapted(few, data(), frozenset({"epochs", "batch"})).recipe
    assert (asked.batch, asked.epochs) == (128, 3)
    assert adapted(replace(few, epochs=200), data()).recipe.epochs == 200
    known = adapted(replace(few, data="mnist"), data()).recipe
    assert (known.batch, known.epochs) == (128, 3)
    begun = adapted(replace(few, start="mlp"), data()).recipe  # it knows something already
    assert (begun.batch, begun.epochs) == (128, 3)
