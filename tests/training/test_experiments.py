"""The experiments measure what they say."""

from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.fit import check, loop, room
from capsdraw.fit.plan import Plan
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from training.experiments import affine, evaluation_sets, few_images


def data(count: int) -> Data:
    images, labels = synthetic.digits(count, 1)
    return Data("made", images, labels, *synthetic.digits(300, 2))


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seen"), [(50, 3000), (1000, 3000)])
def test_a_net_sees_so_many_different_images_and_so_many_in_all(
    monkeypatch: pytest.MonkeyPatch, count: int, seen: int
) -> None:
    shown: list[np.ndarray] = []
    run = loop.run

    def watched(plan: Plan, *rest: object) -> object:
        shown.extend([plan.trained.images] * plan.recipe.epochs)
        return run(plan, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "run", watched)
    error = few_images.error_after("mlp", count, 1, data(1000), seen)
    assert 0 < error < 80
    together = np.concatenate(shown)
    assert len(together) == seen
    assert len(np.unique(together, axis=0)) == pytest.approx(count, abs=2)


def test_the_affine_test_is_the_shifted_one_and_more() -> None:
    digits = synthetic.digits(50, 3)[0]
    shifted, affined = affine.shifted(digits), affine.affined(digits)
    assert shifted.shape == affined.shape == (50, 40, 40)
    ink = digits.astype(np.float32).sum((1, 2)) / 255
    assert shifted.sum((1, 2)) == pytest.approx(ink, rel=0.02)
    assert np.abs(affined.sum((1, 2)) / ink - 1).mean() > 0.05


@pytest.mark.parametrize("name", affine.NETS)
def test_each_net_of_the_affine_test_has_a_plan_that_can_be_followed(name: str) -> None:
    assert check.problems(affine.plan(name)) == {}
    assert room.against_data(affine.plan(name), 60_000, (affine.SIDE, affine.SIDE, 1)) == {}


@pytest.mark.slow
def test_a_net_of_the_affine_test_that_is_trained_is_not_trained_again(tmp_path: Path) -> None:
    digits = data(affine.HELD_OUT + 400)
    first = affine.result("keras-cnn", digits, tmp_path / "run", 400)
    assert first["parameters"] == 1_338_090
    assert 0 < first["error_percent"]["shifted"] < 100
    begun = (tmp_path / "run" / "last.keras").stat().st_mtime_ns
    assert affine.result("keras-cnn", digits, tmp_path / "run", 400) == first
    assert (tmp_path / "run" / "last.keras").stat().st_mtime_ns == begun


def test_models_are_compared_on_the_images_that_one_alone_reads_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation_sets, "EACH", (5,))
    images, labels = synthetic.digits(400, 4)
    found = [cards.find("mlp"), cards.find("tutorial-cnn")]
    told = evaluation_sets.compared(found, images, labels)
    mlp, cnn = (Session.open(card).scores(images).argmax(1) == labels for card in found)
    assert [one["errors"] for one in told["models"].values()] == [(~mlp).sum(), (~cnn).sum()]
    [size] = told["sizes"]
    [pair] = size["pairs"]
    assert size["size"] == 50
    assert (pair["first_only"], pair["second_only"]) == ((mlp & ~cnn).sum(), (cnn & ~mlp).sum())
    assert pair["second_only"] > 0
    best = pair["found"][0]
    assert set(best["first_only"]) <= set(np.flatnonzero(mlp & ~cnn))
    assert best["difference"] == len(best["first_only"]) - len(best["second_only"])
