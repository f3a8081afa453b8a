"""A sweep's file: what it may say, and how what is wrong with it is told."""

from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.sweep import sweep_file
from capsdraw.sweep.planned_fits import fits_of
from capsdraw.sweep.sweep_file import EarlyStopping, parse
from capsdraw.sweep.varied import ValueRange

from .conftest import Write


def planned(**entries: object) -> list[dict[str, object]]:
    return [dict(fit.values) for fit in fits_of(parse({"name": "s", "recipe": "capsnet", **entries}, "s.toml"))]


def test_a_grid_has_all_combinations_the_last_field_changing_first() -> None:
    over = {"routing": [1, 3], "seed": {"from": 1, "to": 2, "step": 1}}
    assert planned(over=over) == [
        {"routing": 1, "seed": 1}, {"routing": 1, "seed": 2}, {"routing": 3, "seed": 1}, {"routing": 3, "seed": 2},
    ]  # fmt: skip


def test_words_of_papers_and_dotted_names_reach_the_recipe_s_entries() -> None:
    entries = {
        "name": "s", "recipe": "capsnet",
        "over": {"routing": [2], "decoder_weight": [0.01], "augmentation": {"rotation": [7]}, "shift": [1.5]},
        "fixed": {"options": {"channels": 32}, "epochs": 4},
    }  # fmt: skip
    (fit,) = fits_of(parse(entries, "s.toml"))
    recipe = fit.recipe
    assert recipe.options == {"iterations": 2, "channels": 32}
    assert (recipe.reconstruction, recipe.augmentation.rotation, recipe.augmentation.shift) == (0.01, 7, 1.5)
    # Restarts were chosen for another number of epochs.
    assert (recipe.epochs, recipe.restarts, recipe.average) == (4, (), False)
    assert "decoder weight 0.01" in recipe.title
    assert fit.asked == ("epochs", "reconstruction")


def test_a_sample_is_drawn_within_its_ranges_none_twice_and_the_same_each_time() -> None:
    over = {"learning_rate": {"from": 1e-4, "to": 1e-1, "log": True}, "batch": {"from": 16, "to": 19}}
    drawn = planned(over=over, how="sampled", samples=40, seed=3)
    assert drawn == planned(over=over, how="sampled", samples=40, seed=3)
    assert drawn != planned(over=over, how="sampled", samples=40, seed=4)
    assert len({tuple(values.values()) for values in drawn}) == 40
    assert {values["batch"] for values in drawn} == {16, 17, 18, 19}
    rates = [float(str(values["learning_rate"])) for values in drawn]
    assert all(1e-4 <= rate <= 1e-1 for rate in rates)
    assert 10 < sum(rate < 3e-3 for rate in rates) < 30  # evenly over the logarithm: half of it


def test_a_sample_of_few_combinations_has_each_once() -> None:
    assert len(planned(over={"seed": [1, 2, 3]}, how="sampled", samples=10)) == 3


def test_a_step_reaches_its_end_though_a_tenth_has_no_exact_form() -> None:
    assert ValueRange(0.1, 0.5, 0.1).values() == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert ValueRange(1, 6, 2).values() == (1, 3, 5)


def test_several_nets_are_compared_each_by_its_own_recipe() -> None:
    plan = parse({"name": "s", "over": {"recipe": ["mlp", "tutorial-cnn"]}, "fixed": {"strokes": 0}}, "s.toml")
    assert [fit.recipe.family for fit in fits_of(plan)] == ["mlp", "tutorial-cnn"]


def test_the_same_fit_has_the_same_run_s_name_and_another_fit_another() -> None:
    def names(**entries: object) -> list[str]:
        return [fit.run for fit in fits_of(parse({"name": "s", "recipe": "capsnet", **entries}, "s.toml"))]

    before = names(over={"seed": [1, 2]})
    assert len(set(before)) == 2
    assert names(over={"seed": [2, 1, 5]})[:2] == before[::-1]  # more of them, in another order
    assert names(over={"seed": [1, 2]}, title="Another", threads=2) == before
    assert not set(names(over={"seed": [1, 2]}, fixed={"limit": 500})) & set(before)


def test_a_recipe_in_a_file_is_found_beside_the_sweep(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('name = "own"\ntitle = "Own"\nfamily = "mlp"\n')
    (tmp_path / "s.toml").write_text('name = "s"\nrecipe = "own.toml"\n[over]\nseed = [1]\n')
    (fit,) = fits_of(sweep_file.load(str(tmp_path / "s.toml")))
    assert fit.recipe.family == "mlp"
    assert {"held_out", "start"} <= set(fit.asked)  # one's own recipe was written for its data


def test_what_a_recipe_of_one_s_own_says_is_not_adapted_to_its_data(write: Write) -> None:
    own = {"held_out", "start", "epochs", "batch"}
    assert own <= set(fits_of(sweep_file.load(str(write())))[0].asked)
    other = {"name": "s", "recipe": {"family": "mlp"}, "over": {"seed": [1, 2]}, "fixed": {"data": "synthetic"}}
    assert not own & set(fits_of(parse(other, "s.toml"))[0].asked)


def test_each_bundled_sweep_can_be() -> None:
    families = {name: {fit.recipe.family for fit in fits_of(sweep_file.load(name))} for name in sweep_file.names()}
    assert families["compare"] == {"mlp", "tutorial-cnn", "efficient-capsnet"}
    assert families["routing-by-decoder"] == {"capsnet"}
    assert all(families.values())


def test_early_stopping_is_read(write: Write) -> None:
    plan = sweep_file.load(str(write(head="early_stopping = {first = 2, factor = 4}\nbudget_minutes = 30")))
    assert (plan.early_stopping, plan.budget_minutes) == (EarlyStopping(first=2, factor=4), 30)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({}, "s.toml': over is missing"),
        ({"over": {}}, "over has no field"),
        ({"over": {"sead": [1]}}, 'no recipe has a field "sead"'),
        ({"over": {"title": ["a"]}}, 'no recipe has a field "title"'),
        ({"over": {"seed": 1}}, "over.seed: expected a list of values or a range, received 1"),
        ({"over": {"seed": []}}, "over.seed: expected a list of values or a range"),
        ({"over": {"seed": [1, 1]}}, "over.seed: a value is there twice"),
        ({"over": {"seed": [[1]]}}, "over.seed: expected numbers, words, true or false, received a list"),
        ({"over": {"seed": {"from": 1}}}, "over.seed: a range needs to"),
        ({"over": {"seed": {"from": 1, "to": 5}}}, "over.seed: a grid needs a step of it: add step, or say how ="),
        ({"over": {"seed": {"from": 5, "to": 1, "step": 1}}}, "over.seed: from 5 is more than to 1"),
        ({"over": {"seed": {"from": 1, "to": 2, "step": 0}}}, "over.seed: step must be more than 0"),
        ({"over": {"seed": {"from": 1, "to": 2, "by": 1}}}, 'over.seed: unknown entry "by"'),
        ({"over": {"seed": {"from": 1, "to": 1e9, "step": 1}}}, "over.seed: more than 1,000 values"),
        ({"over": {"seed": [1]}, "recipe": "nothing"}, "no recipe 'nothing'"),
        ({"over": {"seed": [1]}, "recipe": ""}, "recipe is missing"),
        ({"over": {"recipe": ["mlp"]}}, "recipe and over.recipe are both there"),
        ({"over": {"seed": [1]}, "fixed": {"seed": 2}}, "seed is there twice"),
        ({"over": {"routing": [1]}, "fixed": {"options": {"iterations": 2}}}, "options.iterations is there twice"),
        ({"over": {"seed": [1]}, "fixed": {"limit": [1]}}, "fixed.limit: expected one value"),
        ({"over": {"seed": [1]}, "name": "../x"}, 'name "../x"'),
        ({"over": {"seed": [1]}, "how": "random"}, "how: expected"),
        ({"over": {"seed": [1]}, "how": "sampled"}, "samples 0 is not between 1 and 1,000"),
        ({"over": {"seed": [1]}, "samples": 4}, 'samples goes with how = "sampled"'),
        ({"over": {"seed": [1]}, "threads": 0}, "threads 0 is not between"),
        ({"over": {"seed": [1]}, "early_stopping": {"first": 1, "factor": 1}}, "early_stopping.factor 1 is not"),
        ({"over": {"seed": [1]}, "early_stopping": {"last": 1}}, "unknown entry early_stopping.last"),
        ({"over": {"seed": [1]}, "budget": 3}, "unknown entry budget"),
    ],
)  # fmt: skip
def test_what_no_sweep_can_be_is_said_by_its_entry(entries: dict[str, object], says: str) -> None:
    with pytest.raises(CapsDrawError) as refused:
        parse({"name": "s", "recipe": "capsnet", **entries}, "s.toml")
    assert says in str(refused.value)
    assert "s.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ({"routing": [3, 30]}, "routing 30': iterations 30 is not a whole number from 1 to 10"),
        ({"learning_rate": [0.1, 7]}, "learning rate 7': learning_rate 7 is not between"),
        ({"batch": ["many"]}, "batch many': batch 'many' is not a whole number"),
        ({"seed": [1], "options": {"depth": [2]}}, "CapsNet has no such option"),
        ({"family": ["capsnett"], "overlaid": [4, 0]}, "family 'capsnett' is not one of"),
        ({"seed": {"from": 1, "to": 900, "step": 1}, "batch": [8, 9]}, "has 1,800 fits: at most 1,000 can be"),
    ],
)
def test_a_combination_that_no_recipe_can_be_is_refused_before_anything_starts(
    over: dict[str, object], says: str
) -> None:
    with pytest.raises(CapsDrawError) as refused:
        fits_of(parse({"name": "s", "recipe": "capsnet", "over": over}, "s.toml"))
    assert says in str(refused.value)
    assert str(refused.value).startswith("the sweep 's'")


def test_no_such_sweep_names_those_there_are() -> None:
    with pytest.raises(CapsDrawError, match='no sweep "nothing": available are compare'):
        sweep_file.load("nothing")
