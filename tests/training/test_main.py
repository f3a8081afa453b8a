"""`python -m training NAME`: from a recipe to a bundled model and its card."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.evaluate import error
from capsdraw.fit import launch, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import ranges, zoo
from training import __main__ as command

PLAN = Recipe(name="mlp", title="MLP", family="mlp", epochs=2, held_out=100)
DATA = Data("mnist", *synthetic.digits(600, 1), *synthetic.digits(200, 2))


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the command works, with synthetic digits for MNIST's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recipes, "load", lambda _: PLAN)
    monkeypatch.setattr(command, "data_set", lambda _: DATA)
    monkeypatch.setattr(command, "resource", lambda name: tmp_path / name)
    monkeypatch.setattr(sys, "argv", ["training", "mlp"])
    return tmp_path


@pytest.mark.slow
def test_the_test_set_is_read_in_a_step_of_its_own(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[int] = []

    def watched(session: object, images: object, *rest: object) -> object:
        measured.append(len(images))  # type: ignore[arg-type]
        return error.evaluate(session, images, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "evaluate", watched)

    monkeypatch.setattr(sys, "argv", ["training", "mlp", "--no-test"])
    assert command.main() == 0
    assert measured == [100]
    assert "of 100 held-out images wrong" in capsys.readouterr().out
    assert not (workplace / "trained").exists()

    begun = (workplace / "runs" / "mlp" / "last.keras").stat().st_mtime_ns
    monkeypatch.setattr(sys, "argv", ["training", "mlp"])
    assert command.main() == 0
    assert (workplace / "runs" / "mlp" / "last.keras").stat().st_mtime_ns == begun  # trained once
    assert measured == [100, 100, 200]
    card = json.loads((workplace / "trained" / "mlp.json").read_text())
    told = capsys.readouterr().out.splitlines()[-1]
    assert (
        told
        == f"mlp: {round(2 * card['test_error_percent'])} of 200 test images wrong, {card['test_error_percent']:.2f}%"
    )


@pytest.mark.slow
def test_a_fit_that_is_stopped_is_not_measured_and_the_same_command_goes_on(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop_after_the_first_epoch(order: launch.Order, open_data: launch.Open, control: Control, _: Any) -> Any:
        return launch.launch(
            order, open_data, control, lambda event: control.stop() if isinstance(event, EpochEnded) else None
        )

    monkeypatch.setattr(command, "launch", SimpleNamespace(launch=stop_after_the_first_epoch))
    assert command.main() == 1
    assert "stopped: run the same command again to resume" in capsys.readouterr().err
    assert not (workplace / "trained").exists()
    monkeypatch.setattr(command, "launch", launch)
    assert command.main() == 0
    assert "epoch 1/2" not in capsys.readouterr().out
    assert (workplace / "trained" / "mlp.keras").exists()


@pytest.mark.slow
def test_the_ranges_of_capsules_are_those_of_what_was_trained_on(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(PLAN, name="tiny", family="capsnet", options=zoo.TINY["capsnet"], epochs=1)
    monkeypatch.setattr(recipes, "load", lambda _: plan)
    assert command.main() == 0
    card = json.loads((workplace / "trained" / "tiny.json").read_text())
    model = keras.saving.load_model(workplace / "trained" / "tiny.keras")
    capsules = np.asarray(model.predict(from_bytes(DATA.train_images[:500])[..., None], verbose=0)["capsules"])
    wanted = ranges.of(capsules, DATA.train_labels[:500])
    assert np.asarray(card["ranges"]) == pytest.approx(np.stack([wanted.low, wanted.middle, wanted.high], -1), abs=2e-4)
