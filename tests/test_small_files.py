"""Small files of every kind: those of earlier versions still open, and a damaged one is one line or a value."""

import base64
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, recipes, runs
from capsdraw.fit.series import of_run
from capsdraw.ink import strokes
from capsdraw.lab.names import Names
from capsdraw.nets import cards
from capsdraw.ui import settings
from training.experiments import store

from .faults.mutator import mutated

OLDER = Path(__file__).parent / "older_files"
RUN = "mlp-2026-11-02-101500"


@pytest.fixture
def older(own_home: Path) -> Path:
    """A home as version 0.1.0 left it."""
    shutil.copytree(OLDER, own_home, dirs_exist_ok=True)
    (own_home / "lock.json").replace(own_home / "runs" / RUN / "lock.json")
    return own_home


def test_a_card_of_an_earlier_version_is_read(older: Path) -> None:
    card = cards.read(older / "models" / "first.json")
    assert (card.title, card.kind, card.input, card.data_set, card.labels) == (
        "First", "classifier", (28, 28, 1), "mnist", ()
    )  # fmt: skip
    assert (card.family, card.folder, card.bundled) == ("", older / "models", False)


def test_a_run_of_an_earlier_version_is_listed_and_goes_on(older: Path) -> None:
    (run,) = runs.list_runs()
    assert (run.title, run.note, run.state, run.epochs_done, run.best) == ("Mine · ü", "quick", "stopped", 1, 0.9)
    assert (run.labels[2], round(run.begun), run.can_resume) == ("two", 1795902080, True)
    assert (run.recipe.restarts, run.recipe.schedule, run.recipe.precision) == ((1,), "exponential", "mixed_bfloat16")
    assert run.recipe.augmentation.border == "edge"
    assert of_run(run.folder, run.title).fine_line("loss")[1].tolist() == pytest.approx([0.9, 0.5])
    assert recipes.to_toml(run.recipe).splitlines()[:3] == ['name = "mlp"', 'title = "MLP"', 'family = "mlp"']
    with lock.hold(run.folder):  # its process is dead
        assert runs.read(run.folder).state == "running"
    runs.describe(run.folder, "Other", "")
    assert json.loads((older / "runs" / RUN / "run.json").read_text())["versions"]["keras"] == "3.15.1"


def test_names_strokes_and_settings_of_an_earlier_version_are_read(older: Path) -> None:
    assert Names().get("capsnet", 3, 7) == "width of the loop"
    (stroke,) = strokes.load(older / "strokes.json").strokes
    assert (stroke.points.tolist(), stroke.width) == ([[1.0, 2.0], [3.5, 4.0]], 5.0)
    remembered, said = settings.read()
    assert (remembered.model, remembered.window[:4], said) == ("capsnet", b"\x01\xd9\xd0\xcb", "")


def read_run(path: Path) -> None:
    """All that is read of a run folder, as the window and the command line do."""
    for run in (runs.read(path.parent), *runs.list_runs()):
        assert run.epochs_done >= 0
        assert run.best is None or np.isfinite(run.best)
        assert isinstance(run.can_resume, bool)
        assert all(isinstance(label, str) for label in run.labels)
    for name in (series := of_run(path.parent, "a run")).names():
        assert np.isfinite(series.line(name)[1]).all()
        assert np.isfinite(series.fine_line(name, 0.5)[1]).all()
    assert not lock.held(path.parent)


def read_models(path: Path) -> None:
    listed, left_out = cards.survey()
    assert "mlp" in [card.name for card in listed]
    assert len(left_out) <= 1
    for line in left_out:
        one_line(line)
    card = cards.read(path)
    assert (len(card.names), f"{card.parameters:,} {card.test_error_percent or 0:.2f}") > (0, "")


def read_names(_: Path) -> None:
    names = Names()
    assert names.get("nobody", 0, 0) is None
    names.put("capsnet", 1, 2, "slant")
    assert Names().get("capsnet", 1, 2) == "slant"


def read_settings(_: Path) -> None:
    remembered, said = settings.read()
    assert isinstance(remembered.window, bytes)
    assert isinstance(remembered.model, str)
    one_line(said)


def one_line(said: str) -> None:
    assert said == said.encode("utf-8", "replace").decode()
    assert len(said) < 1500
    assert "".join(said.splitlines()) == said


# Each kind of file, and how it is read.
KINDS: dict[str, Callable[[Path], Any]] = {
    "models/first.json": read_models,
    f"runs/{RUN}/run.json": read_run,
    f"runs/{RUN}/config.toml": read_run,
    f"runs/{RUN}/log.csv": read_run,
    f"runs/{RUN}/events.jsonl": read_run,
    f"runs/{RUN}/lock.json": read_run,
    "names.json": read_names,
    "settings.json": read_settings,
    "settings.ini": read_settings,
    "strokes.json": strokes.load,
    "recipe.toml": lambda path: recipes.load(str(path)),
    "results/speed.json": lambda path: store.read(path.stem),
}


@pytest.fixture
def whole(older: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A whole file of each kind."""
    shutil.copy(older / "runs" / RUN / "config.toml", older / "recipe.toml")
    settings.write(settings.SessionState(model="capsnet", geometry=base64.b64encode(bytes(range(66))).decode("ascii")))
    monkeypatch.setattr(store, "FOLDER", older / "results")
    store.write("speed", {"seconds": [1.5, 2], "of": {"net": "mlp"}})
    return {name: (older / name).read_bytes() for name in KINDS}


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_is_one_line_or_a_value(name: str, older: Path, whole: dict[str, bytes]) -> None:
    """A thousand files, and never another exception: one would be a traceback, or a window that does not open."""
    if name == "settings.ini":
        (older / "settings.json").unlink()
    chance = random.Random(name)
    refused = 0
    for _ in range(84):
        (older / name).write_bytes(mutated(whole[name], chance))
        try:
            KINDS[name](older / name)
        except CapsDrawError as error:
            refused += 1
            one_line(str(error))
    # Most of the others are read, for all that is wrong in them.
    assert refused >= (10 if name.endswith(("first.json", ".toml", "strokes.json", "speed.json")) else 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_a_pipe_or_a_folder_in_a_files_place_is_not_waited_for(
    name: str, kind: str, older: Path, whole: dict[str, bytes]
) -> None:
    path = older / name
    if name == "settings.ini":
        (older / "settings.json").unlink()
    assert whole[name] == path.read_bytes()
    path.unlink()
    (os.mkfifo if kind == "pipe" else os.mkdir)(path)
    if name.startswith("settings") or (name.startswith("runs") and not name.endswith("config.toml")):
        KINDS[name](path)  # what else is known is used
        return
    with pytest.raises(CapsDrawError, match=rf"^[^\n]*it is a {kind}, not a file$"):
        KINDS[name](path)
