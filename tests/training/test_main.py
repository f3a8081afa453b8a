"""`python -m training NAME`: from a recipe to a bundled model and its card."""

import json
import sys
from pathlib import Path

import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.evaluate import error
from capsdraw.fit import recipes
from capsdraw.fit.recipe import Recipe
from training import __main__ as command

PLAN = Recipe("mlp", "MLP", "mlp", epochs=2, held_out=100)


def test_the_test_set_is_read_in_a_step_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Data("mnist", *synthetic.digits(600, 1), *synthetic.digits(200, 2))
    measured: list[int] = []

    def watched(session: object, images: object, *rest: object) -> object:
        measured.append(len(images))  # type: ignore[arg-type]
        return error.evaluate(session, images, *rest)  # type: ignore[arg-type]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recipes, "load", lambda _: PLAN)
    monkeypatch.setattr(command, "data_set", lambda _: data)
    monkeypatch.setattr(command, "resource", lambda name: tmp_path / name)
    monkeypatch.setattr(command, "evaluate", watched)

    monkeypatch.setattr(sys, "argv", ["training", "mlp", "--no-test"])
    assert command.main() == 0
    assert measured == [100]
    assert "of 100 held-out images wrong" in capsys.readouterr().out
    assert not (tmp_path / "trained").exists()

    begun = (tmp_path / "runs" / "mlp" / "last.keras").stat().st_mtime_ns
    monkeypatch.setattr(sys, "argv", ["training", "mlp"])
    assert command.main() == 0
    assert (tmp_path / "runs" / "mlp" / "last.keras").stat().st_mtime_ns == begun  # trained once
    assert measured == [100, 100, 200]
    card = json.loads((tmp_path / "trained" / "mlp.json").read_text())
    told = capsys.readouterr().out.splitlines()[-1]
    assert (
        told
        == f"mlp: {round(2 * card['test_error_percent'])} of 200 test images wrong, {card['test_error_percent']:.2f}%"
    )
