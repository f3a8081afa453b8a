"""A run's model is put among those at hand, whole, under a name of its own."""

from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import loop, runs
from capsdraw.fit.adopt import adopt
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, ranges, zoo
from capsdraw.nets.session import Session

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


def trained(recipe: Recipe = PLAN) -> runs.Run:
    folder = runs.create(recipe)
    loop.run(Plan.of(recipe, IMAGES, LABELS), folder, Control(), lambda _: None)
    return runs.read(folder)


@pytest.mark.slow
def test_an_adopted_model_answers_as_the_run_left_it_and_tells_its_ranges() -> None:
    run = trained()
    card = adopt(run, "Efficient-CapsNet", IMAGES, LABELS)
    # A bundled net has that name: the new one is beside it, not in its place.
    assert card.name == "efficient-capsnet-2"
    assert (card.kind, card.classes, card.test_error_percent, card.bundled) == ("capsule", 10, None, False)
    session = Session.open(cards.find("efficient-capsnet-2"))
    found = ranges.from_card(card.ranges, 10, 8)
    assert found is not None
    assert np.abs(found.middle - ranges.of(session.encode(IMAGES), LABELS).middle).max() < 1e-3
    assert session.read(from_bytes(IMAGES[0])).scores.shape == (10,)


@pytest.mark.slow
def test_ranges_that_a_model_at_hand_lacks_are_added_when_its_images_are_there_again() -> None:
    run = trained()
    bare = adopt(run, "Mine", IMAGES[:0], LABELS[:0])
    assert bare.ranges == ()
    whole = adopt(run, "Mine", IMAGES, LABELS)
    assert ranges.from_card(whole.ranges, 10, 8) is not None
    assert replace(whole, ranges=()) == bare
    assert [card.name for card in cards.list_cards() if not card.bundled] == ["mine"]


@pytest.mark.slow
def test_classes_keep_their_names() -> None:
    names = tuple("abcdefghij")
    assert adopt(trained(), "Letters", IMAGES, LABELS, names).label(2) == "c"


@pytest.mark.slow
def test_no_model_takes_the_name_that_stands_for_several() -> None:
    """It could never be asked for: `--model ensemble` is the best ones as one."""
    assert adopt(trained(), "Ensemble", IMAGES, LABELS).name == "ensemble-2"


def test_a_run_without_a_model_says_so() -> None:
    with pytest.raises(CapsDrawError, match="the run 'Efficient-CapsNet' has no model yet"):
        adopt(runs.read(runs.create(PLAN)), "Mine", IMAGES, LABELS)


@pytest.mark.slow
def test_a_damaged_model_says_so() -> None:
    run = trained()
    path = run.folder / "model.keras"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CapsDrawError, match="cannot read the model of the run 'Efficient-CapsNet'"):
        adopt(run, "Mine", IMAGES, LABELS)
    assert [card.name for card in cards.list_cards() if not card.bundled] == []
