"""RESULTS.md and README.md say what was measured."""

import json
from pathlib import Path

import pytest

from capsdraw.evaluate.ensemble import MEMBERS
from capsdraw.evaluate.robustness import DISTURBANCES
from capsdraw.fit import recipes
from capsdraw.nets import cards
from training import report
from training.experiments import store
from training.experiments.pipeline import of_one_thing


@pytest.mark.parametrize("path", [report.RESULTS, report.SETS, report.README], ids=lambda path: path.name)
def test_no_figure_differs_from_what_was_measured(path: Path) -> None:
    assert report.render(path) == path.read_text(encoding="utf-8"), "run python -m training.report"


def test_every_bundled_model_is_in_the_table_and_has_its_recipe() -> None:
    bundled = [card for card in cards.list_cards() if card.bundled]
    assert {card.name for card in bundled} <= set(report.AUTHORS)
    for card in bundled:
        plan = recipes.load(card.name)
        assert (plan.epochs, plan.seed, plan.title) == (card.epochs, card.seed, card.title)
        assert f"**{card.test_error_percent:.2f}**" in report.nets()


def test_the_robustness_that_is_told_is_of_the_models_that_are_bundled() -> None:
    measured = store.read("robustness")
    bundled = {card.name: card.sha256 for card in cards.list_cards() if card.bundled and card.reads_digits}
    assert measured["models"] == bundled
    ways = [(one.name, amount) for one in DISTURBANCES for amount in one.amounts]
    told = {(point["disturbance"], point["amount"]) for point in measured["points"]}
    assert told <= set(ways)
    assert len(measured["points"]) == len(bundled) * len(told)
    for point in measured["points"]:
        of_all = point.get("images", 10_000) == 10_000
        if point["disturbance"] == "rotation" and point["amount"] == 0 and of_all:
            assert point["error_percent"] == cards.find(point["model"]).test_error_percent


def test_the_evaluation_sets_that_are_told_are_of_the_models_that_are_bundled() -> None:
    """Else: python -m training.experiments.evaluation_sets, half a minute."""
    measured = store.read("evaluation_sets")
    bundled = [card for card in cards.list_cards() if card.bundled and not card.reads_pairs]
    for name, data in measured["data"].items():
        told = {model: one["sha256"] for model, one in data["models"].items()}
        assert told == {card.name: card.sha256 for card in bundled if card.data_set == name}
        for model, one in data["models"].items():
            assert 100 * one["errors"] / data["images"] == pytest.approx(cards.find(model).test_error_percent)
        for size in data["sizes"]:
            assert len(size["pairs"]) == len(told) * (len(told) - 1) // 2


def test_what_batches_cost_a_fit_is_told_of_every_recipe() -> None:
    measured = store.read("pipeline")
    assert {one["name"] for one in measured["rows"]} == set(of_one_thing())
    # CapsNet's step takes so long that its batches are made beside it.
    capsnet = next(one for one in measured["rows"] if one["name"] == "capsnet")
    assert capsnet["fit"] > 0.8 * capsnet["step"]


def test_the_ensembles_that_are_told_are_of_the_models_that_are_bundled() -> None:
    """Else: python -m training.experiments.ensembles, two minutes."""
    measured = store.read("ensembles")
    assert measured["models"] == {
        card.name: card.sha256 for card in cards.list_cards() if card.bundled and card.reads_digits
    }
    assert tuple(measured["chosen"]["members"]) == MEMBERS
    best = min(one["errors"] for one in measured["choices"] if len(one["members"]) > 1)
    # The two capsule nets, shown side by side everywhere, stay while no other choice is better by more than chance.
    own = next(one["errors"] for one in measured["choices"] if tuple(one["members"]) == MEMBERS)
    assert own - best < 2 * (own + best) ** 0.5


def test_of_the_fits_of_capsnet_that_are_told_the_last_is_bundled() -> None:
    fits = store.read("capsnet_fits")["fits"]
    card = cards.find("capsnet")
    bundled = fits[-1]
    assert bundled["epochs"] == card.epochs
    assert bundled["test_errors"] == round(card.test_error_percent * card.test_images / 100)


def test_a_text_without_a_place_for_a_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "R.md").write_text("# Results")
    monkeypatch.setitem(report._BLOCKS, tmp_path / "R.md", {"nets": report.nets})
    with pytest.raises(ValueError, match=r"'R\.md' has no place for 'nets'"):
        report.render(tmp_path / "R.md")


def test_measurements_are_kept_as_json() -> None:
    for path in store.FOLDER.glob("*.json"):
        assert json.loads(path.read_text()) == store.read(path.stem)
