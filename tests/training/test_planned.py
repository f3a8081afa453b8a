"""Recipes that were set before their fits, for nets that are not bundled yet."""

from pathlib import Path

import pytest

from capsdraw.fit import recipes
from capsdraw.nets import cards
from capsdraw.paths import resource

PLANNED = sorted(resource("recipes").parent.joinpath("planned").rglob("*.toml"))


@pytest.mark.parametrize("path", PLANNED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_planned_recipe_makes_a_bundled_net_anew_and_holds_out_what_nets_are_chosen_by(path: Path) -> None:
    planned, bundled = recipes.load(str(path)), recipes.load(path.stem)
    assert (planned.name, planned.family, planned.title) == (bundled.name, bundled.family, bundled.title)
    assert planned.held_out == bundled.held_out == 5000
    assert planned.strokes
    assert planned.augmentation.softened
    if planned.start:
        assert cards.find(planned.start).bundled


def test_what_is_planned_are_nets_of_drawings() -> None:
    drawings = {card.name for card in cards.list_cards() if card.bundled and card.reads_drawings}
    assert {path.stem for path in PLANNED} <= drawings
