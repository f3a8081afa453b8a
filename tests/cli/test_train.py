"""`capsdraw train`: the window's fit on a terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.cli.main import main
from capsdraw.fit import log, recipes, runs
from capsdraw.fit.control import Control
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """Of a small fit on a few hundred synthetic digits."""
    plan = Recipe(
        name="small",
        title="Small",
        family="tutorial-cnn",
        data="synthetic",
        held_out=100,
        epochs=2,
        batch=50,
        limit=400,
    )
    path = tmp_path / "small.toml"
    path.write_text(recipes.to_toml(plan))
    return path


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve thousand synthetic digits take ten seconds."""
    from capsdraw.datasets import opening, synthetic

    few = synthetic.data(700, 100)
    monkeypatch.setattr(opening.synthetic, "data", lambda **_: few)


def test_a_recipe_is_trained_kept_and_put_among_the_models(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--recipe", str(recipe), "--keep-as", "My net", "--json"]) == 0
    output = capsys.readouterr()
    found = json.loads(output.out)
    folder = Path(found["run"])
    assert (found["state"], found["epochs"], found["name"]) == ("finished", 2, "my-net")
    assert {path.name for path in folder.iterdir()} == {
        "config.toml", "events.jsonl", "last.keras", "log.csv", "model.keras", "run.json", "run.lock",
    }  # fmt: skip
    assert found["validation_accuracy"] == runs.read(folder).best
    assert "small epoch 2/2" in output.err
    assert [one["event"] for one in log.read_events(folder)][0::100] == ["Started"]
    assert log.read_events(folder)[-1]["how"] == "finished"
    assert cards.find("my-net").title == "My net"


def test_data_in_a_home_that_is_nobody_s_is_said_to_be_missing(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--recipe", str(recipe), "--data", "~nobody-here/digits"]) == 1
    assert "cannot read data '~nobody-here/digits': no such file or folder" in capsys.readouterr().err


@pytest.mark.slow
def test_a_finished_run_goes_on_only_for_a_number_of_epochs(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--recipe", str(recipe), "--epochs", "1", "--json"]) == 0
    name = Path(json.loads(capsys.readouterr().out)["run"]).name
    assert main(["train", "--resume", name]) == 1
    assert "is finished: add --epochs N to train N more epochs" in capsys.readouterr().err
    assert main(["train", "--resume", name, "--limit", "10"]) == 1
    assert "leave out --data and --limit" in capsys.readouterr().err
    assert main(["train", "--resume", name, "--epochs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "nothing"], "no recipe 'nothing': available are capsnet"),
        (["--model", "mlp", "--epochs", "0"], "cannot train 'mlp': epochs 0 is not between 1 and 10,000"),
        (["--model", "mlp", "--data", "imagenet"], "data 'imagenet' is not one of synthetic, synthetic-letters, mnist"),
        (["--model", "mlp", "--data", "./no/such.npz"], "no such file or folder"),
        (["--model", "mlp", "--data", "synthetic", "--held-out", "5000"], "held_out all 700 images are held out"),
        (
            ["--model", "mlp", "--data", "./caf\udce9"],
            "caf\ufffd' has bytes in it that are no UTF-8: rename it",
        ),
        (["--resume", "nothing"], "no run in 'nothing'"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_line_and_leaves_no_run(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *arguments]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert runs.list_runs() == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('classes = "ten"', "recipe 'small.toml': classes 'ten' is not a whole number from 1 to 256"),
        ("classes = [10]", "recipe 'small.toml': classes [10] is not a whole number from 1 to 256"),
        (
            "shape = [5, 5, 1]",
            "recipe 'small.toml': shape [5, 5, 1] is too small: Tutorial CNN reads images of at least 28",
        ),
        ("shape = [28, 28]", "recipe 'small.toml': shape [28, 28] is not [rows, columns, channels]"),
        (
            "shape = [28, 28, 3]",
            "cannot train 'small' on 'synthetic': shape 28 × 28 × 3 does not match these images, 28 × 28 × 1",
        ),
    ],
)
def test_a_net_s_form_that_cannot_be_is_refused_in_one_line_and_leaves_no_run(
    recipe: Path, line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe.write_text(recipe.read_text().replace("[options]", f"[options]\n{line}"))
    assert main(["train", "--recipe", str(recipe)]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert runs.list_runs() == []


@pytest.mark.slow
def test_a_folder_of_ordinary_pictures_is_trained_on_and_measured(
    recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of several sizes, hardly any square."""
    folder = tmp_path / "leaves"
    for name, grey in (("dark", 60), ("light", 190)):
        (folder / name).mkdir(parents=True)
        for number in range(30):
            pixels = np.random.default_rng(number).normal(grey, 20, (30 + number, 80))
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name / f"{number}.png")
    plan = Recipe(
        name="small", title="Small", family="tutorial-cnn", data=str(folder), held_out=10, epochs=20, batch=10
    )
    recipe.write_text(recipes.to_toml(plan))
    assert main(["train", "--recipe", str(recipe), "--keep-as", "Leaves"]) == 0
    card = cards.find("leaves")
    assert (card.input, card.labels) == ((28, 28, 1), ("dark", "light"))
    capsys.readouterr()
    assert main(["evaluate", "--model", "leaves", "--data", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mistakes"] == []


@pytest.mark.slow
def test_a_note_is_kept_with_the_run_from_its_start_and_can_be_changed_with_its_going_on(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--recipe", str(recipe), "--epochs", "1", "--note", "smaller pen", "--json"]) == 0
    folder = Path(json.loads(capsys.readouterr().out)["run"])
    assert runs.read(folder).note == "smaller pen"
    assert main(["train", "--resume", folder.name, "--epochs", "1", "--json"]) == 0
    assert runs.read(folder).note == "smaller pen"
    assert main(["train", "--resume", folder.name, "--epochs", "1", "--note", "and longer", "--json"]) == 0
    assert (runs.read(folder).note, runs.read(folder).title) == ("and longer", "Small")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_model_is_named_where_none_was_made(
    recipe: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    """Ctrl-C before the first batch."""
    monkeypatch.setattr(Control, "stopped", True)
    assert main(["train", "--recipe", str(recipe), *form]) == 0
    output = capsys.readouterr()
    (run,) = runs.list_runs()
    assert not (run.folder / "model.keras").exists()
    assert "stopped; to resume:" in output.err
    if form:
        assert json.loads(output.out)["model"] is None
    else:
        assert output.out == "small: stopped after 0 epochs; no model yet\n"


@pytest.mark.slow
def test_ctrl_c_stops_cleanly_and_the_run_goes_on(recipe: Path, own_home: Path) -> None:
    text = recipe.read_text().replace("epochs = 2", "epochs = 2000")
    recipe.write_text(text)
    child = subprocess.Popen(
        [sys.executable, "-m", "capsdraw", "train", "--recipe", str(recipe), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "CAPSDRAW_HOME": str(own_home)},
    )  # fmt: skip
    for _ in range(1200):
        if any(run.epochs_done for run in runs.list_runs()):
            break
        assert child.poll() is None
        time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0
    assert json.loads(out)["state"] == "stopped"
    assert "capsdraw train --resume" in err
    assert "Traceback" not in err
    (run,) = runs.list_runs()
    assert run.can_resume
    assert (run.folder / "last.keras").exists()


@pytest.mark.slow
def test_a_net_s_own_recipe_does_without_pen_strokes_where_there_are_none_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Recipe(
        name="mlp",
        title="MLP",
        family="mlp",
        options={"hidden": 4},
        data="synthetic",
        held_out=100,
        epochs=1,
        limit=200,
        strokes=50,
    )
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path))
    real = recipes.load
    monkeypatch.setattr(recipes, "load", lambda name: plan if name == "mlp" else real(name))
    assert main(["train", "--model", "mlp"]) == 0
    assert "without pen strokes: CAPSDRAW_DATA names no folder with pen-strokes.npz" in capsys.readouterr().err
    (run,) = runs.list_runs()
    assert (run.recipe.strokes, run.state) == (0, "finished")
    # A recipe of one's own is taken at its word.
    path = tmp_path / "own.toml"
    path.write_text(recipes.to_toml(plan), encoding="utf-8")
    assert main(["train", "--recipe", str(path)]) == 1
    assert capsys.readouterr().err.strip().endswith("set CAPSDRAW_DATA to a folder with pen-strokes.npz, or 0")
    assert len(runs.list_runs()) == 1
