"""Recipes: the bundled ones are whole, and a wrong one is refused by name."""

from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo
from capsdraw.paths import resource


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("recipes").glob("*.toml")))
def test_a_bundled_recipe_names_a_net_and_holds_images_out(name: str) -> None:
    plan = recipes.load(name)
    assert plan.name == name
    assert plan.family in zoo.FAMILIES
    assert plan.held_out > 0


def test_a_recipe_survives_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Recipe(
        name="a", title='A "b" 🖊\x7f', family="capsnet", options={"size": 8}, augmentation=Augmentation(rotation=3.5)
    )
    (tmp_path / "config.toml").write_text(recipes.to_toml(plan))
    assert recipes.load(str(tmp_path / "config.toml")) == plan
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert recipes.load("~/config.toml") == plan


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('name = "a"\ntitle = "A"', "family is missing"),
        ('name = "a"\ntitle = "A"\nfamily = "capsnet"\ncolour = 1', "unknown entry colour"),
        ('name = "a"\ntitle = "A"\nfamily = "capsnet"\n[augmentation]\nspin = 1', "unknown entry spin"),
        (
            'name = "a"\ntitle = "A"\nfamily = "capsnet"\ndata = "imagenet"',
            "data 'imagenet' is not one of synthetic, synthetic-letters, mnist, cifar10, fashion-mnist, and not",
        ),
        ('name = "a"\ntitle = "A"\nfamily = "capsnet"\n[augmentation]\nborder = "red"', "border 'red' is not one of"),
        ('name = "a"\ntitle = "A"\nfamily = "mlp"\naugmentation = 1', "augmentation 1 is not a table"),
        ('name = "a"\ntitle = "A"\nfamily = "mlp"\noptions = 3', "options 3 is not a table"),
        ("name = ", "not TOML"),
    ],
)
def test_a_wrong_recipe_is_refused_by_name(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "wrong.toml").write_text(content)
    with pytest.raises(CapsDrawError, match=rf"recipe 'wrong\.toml'.*{says}"):
        recipes.load(str(tmp_path / "wrong.toml"))


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(CapsDrawError, match="available are capsnet, cifar-cnn"):
        recipes.load("nothing")
