"""People's pen strokes are mixed into a fit as synthetic digits are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import pen_strokes
from capsdraw.errors import CapsDrawError
from capsdraw.fit import presets, recipes, room
from capsdraw.fit.adopt import card_of
from capsdraw.fit.batches import Batches
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation
from capsdraw.nets import zoo
from tests.datasets.test_pen_strokes import arrays

from .conftest import IMAGES, LABELS, RECIPE, fit

MIXED = replace(RECIPE, synthetic=100, strokes=30, augmentation=Augmentation())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    path = tmp_path / "pen-strokes.npz"
    np.savez_compressed(path, **arrays())
    return path


def epoch(batches: Batches) -> list[bytes]:
    return [one.tobytes() for number in range(len(batches)) for one in np.rint(batches[number][0] * 255)]


def test_an_epoch_has_all_of_them_and_a_fifth_is_new_in_the_next(file: Path) -> None:
    batches = Batches(IMAGES[:50], LABELS[:50], MIXED, False, 10)
    strokes = pen_strokes.read(file)
    rows = [{one.tobytes() for one in strokes.digits_at(range(at, at + 30), 1)[0].astype(np.float32)} for at in (0, 30)]
    first = epoch(batches)
    assert len(first) == 180
    assert rows[0] <= set(first)
    batches.on_epoch_end()
    second = set(epoch(batches))
    assert len(rows[0] & second) == 24
    assert len(rows[1] & second) == 6


def test_a_fit_without_them_sees_what_it_saw_before_there_were_any() -> None:
    without = replace(MIXED, strokes=0)
    batches = Batches(IMAGES[:50], LABELS[:50], without, False, 10)
    order = np.random.default_rng((1, 0)).permutation(150)
    _, labels = batches[0]
    known = order[:50] < 50
    assert labels.argmax(1)[known].tolist() == LABELS[order[:50][known]].tolist()


@pytest.mark.slow
@pytest.mark.usefixtures("file")
def test_a_fit_with_them_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    through, _ = fit(tmp_path / "through", MIXED)
    fit(tmp_path / "stopped", MIXED, stop_after=1)
    stopped, _ = fit(tmp_path / "stopped", MIXED)
    for one, other in zip(through.get_weights(), stopped.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4


def test_where_they_are_not_here_that_is_said(file: Path, tmp_path: Path) -> None:
    file.unlink()
    with pytest.raises(CapsDrawError, match="pen strokes are not on this machine"):
        fit(tmp_path / "none", MIXED)
    assert "CAPSDRAW_DATA" in room.problems(Plan.of(MIXED, IMAGES, LABELS))["strokes"]


def test_photographs_take_none_and_a_recipe_s_file_keeps_how_many(tmp_path: Path) -> None:
    assert "strokes" in room.against_data(replace(MIXED, family="cifar-cnn", options={}), 1000, (32, 32, 3))
    path = tmp_path / "mixed.toml"
    path.write_text(recipes.to_toml(MIXED), encoding="utf-8")
    assert recipes.load(str(path)) == MIXED


def test_a_card_names_where_they_come_from() -> None:
    model = zoo.build("mlp", hidden=4)
    assert "30 digits an epoch from pen strokes of 25 writers (UCI Pen-Based" in card_of(MIXED, model).data
    assert "pen strokes" not in card_of(replace(MIXED, strokes=0), model).data
    assert card_of(replace(MIXED, start="mlp"), model).data.endswith("; from the weights that 'mlp' had then")


def test_what_the_window_offers_does_without_them_where_there_are_none(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "load", lambda name: replace(MIXED, name=name, family=name))
    assert presets.of("keras-cnn")[1].recipe.strokes == 30
    file.unlink()
    assert [one.recipe.strokes for one in presets.of("keras-cnn")] == [0, 0, 0]
