"""What can be chosen of many fits: every field that is offered can be tried, and says what it cannot be."""

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.nets.catalog import FAMILIES
from capsdraw.sweep.varied import entry_of
from capsdraw.ui.train.several_choice import (
    VariedField,
    entries_of,
    fields_for,
    heading,
    planned,
    value_words,
    values_of,
    words_of,
    wrong_with,
)

RATE = VariedField(name="learning_rate", words="Learning rate", sentence="")
SEED = VariedField(name="seed", words="Seed", sentence="", whole=True)
SCHEDULE = next(field for field in fields_for(["mlp"]) if field.name == "schedule")
FLIP = next(field for field in fields_for(["mlp"]) if field.name == "flip")


@pytest.mark.parametrize("net", FAMILIES)
def test_each_field_of_a_net_has_a_place_in_its_recipe_and_a_heading(net: str) -> None:
    fields = fields_for([net])
    places = [entry_of(field.name) for field in fields]
    assert len(set(places)) == len(fields)
    assert all(heading(field.name) in field.words for field in fields)
    assert all(field.sentence for field in fields)


def test_several_nets_have_the_fields_that_all_have() -> None:
    names = {field.name for field in fields_for(["capsnet", "tutorial-cnn"])}
    assert {"options.channels", "reconstruction"} <= names
    assert "options.iterations" not in names


def test_values_are_read_as_they_are_typed() -> None:
    assert values_of(RATE, " 0.001, 1e-4 ,1") == (0.001, 1e-4, 1.0)
    assert values_of(SEED, "1 to 3, 7") == (1, 2, 3, 7)
    assert values_of(SCHEDULE, "Cosine, constant") == ("cosine", "constant")
    assert values_of(FLIP, "no, yes") == (False, True)
    for field, text in ((RATE, "fast"), (SEED, "1.5"), (SCHEDULE, "linear"), (FLIP, "maybe"), (RATE, "1,,2")):
        with pytest.raises(CapsDrawError):
            values_of(field, text)


def test_a_value_that_one_of_the_nets_cannot_have_is_refused() -> None:
    channels = next(field for field in fields_for(["capsnet", "mlp"][:1]) if field.name == "options.channels")
    assert wrong_with(("capsnet",), channels, (16,)) == ""
    assert "not" in wrong_with(("capsnet",), channels, (16, 3))
    overlaid = next(field for field in fields_for(["mlp"]) if field.name == "overlaid")
    assert "one class" in wrong_with(("efficient-capsnet", "mlp"), overlaid, (0, 4))
    epochs = next(field for field in fields_for(["mlp"]) if field.name == "epochs")
    assert wrong_with(("mlp",), epochs, (1, 2)) == ""


def test_the_same_choice_has_the_same_name_and_another_one_another() -> None:
    rows = {"seed": (1, 2), "limit": (1000,)}
    first, again, other = (
        entries_of(["mlp"], "mnist", values) for values in (rows, dict(rows), {**rows, "limit": (2000,)})
    )
    assert first == again
    assert first["name"] != other["name"]
    assert first["title"] == "MLP: seed"
    sweep = planned(first)
    assert [fit.recipe.limit for fit in sweep.fits] == [1000, 1000]
    assert all(fit.recipe.start == "" and fit.recipe.synthetic == 0 for fit in sweep.fits)
    assert [words_of(fit) for fit in sweep.fits] == ["seed 1", "seed 2"]


def test_what_a_file_varies_has_plain_names_too() -> None:
    assert heading("routing") == heading("options.iterations") == "Routing iterations"
    assert heading("decoder_weight") == "Decoder weight"
    assert heading("recipe") == "Net"
    assert heading("of.later") == "of.later"
    assert (value_words("recipe", "mlp"), value_words("recipe", "own.toml")) == ("MLP", "own.toml")
    assert (value_words("flip", True), value_words("precision", "mixed_bfloat16")) == ("yes", "mixed bfloat16")
