"""`capsdraw collection`, `share` and `learn`: the user's own drawings on the command line."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from capsdraw.cli.main import main
from capsdraw.collection import as_data
from capsdraw.datasets import synthetic
from capsdraw.fit import launch, lesson
from capsdraw.ink import strokes

from .test_perturb import run


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A folder with a folder for each of three classes, four drawings in each."""
    folder = tmp_path / "drawn"
    for label in (1, 7, 9):
        (folder / str(label)).mkdir(parents=True)
        for seed in range(4):
            drawing = synthetic.drawing(label, np.random.default_rng((8, label, seed)))
            strokes.save(drawing, folder / str(label) / f"{seed}.json")
    return folder


def test_drawings_go_in_and_out(capfd: pytest.CaptureFixture[str], drawn: Path, tmp_path: Path) -> None:
    code, out, _ = run(capfd, "collection", "import", str(drawn), "--writer", "Ada", "--json")
    told = json.loads(out)
    assert (code, told["new"], told["there_already"], told["left_out"]) == (0, 12, 0, [])
    assert run(capfd, "collection", "import", str(drawn))[1] == "0 drawings kept, 12 drawings there already\n"
    listed = json.loads(run(capfd, "collection", "list", "--json")[1])
    assert {entry["label"] for entry in listed} == {"1", "7", "9"}
    assert set(listed[0]) == {"id", "label", "time", "writer", "answers"}
    assert (listed[0]["writer"], listed[0]["answers"]) == ("Ada", [])
    assert run(capfd, "collection", "list")[1].count("\n") == 12
    assert json.loads(run(capfd, "collection", "export", str(tmp_path / "x.npz"), "--json")[1])["drawings"] == 12
    assert run(capfd, "collection", "export", str(tmp_path / "strokes"))[0] == 0
    for file in sorted((drawn / "7").iterdir()):
        again = [strokes.load(path) for path in (tmp_path / "strokes" / "7").iterdir()]
        assert strokes.load(file) in again
    code, _, err = run(capfd, "collection", "export", str(tmp_path / "strokes"))
    assert (code, err.count("\n")) == (1, 1)
    assert "it is there already" in err


def test_what_cannot_be_kept_is_said(capfd: pytest.CaptureFixture[str], drawn: Path, tmp_path: Path) -> None:
    (drawn / "7" / "bad.json").write_text("{")
    code, out, err = run(capfd, "collection", "import", str(drawn))
    assert (code, out) == (0, "12 drawings kept\n")
    assert err.startswith("capsdraw: cannot read 'bad.json'")
    for arguments, words in (
        (["collection", "import", str(drawn / "7" / "bad.json"), "--label", "7"], "nothing was kept"),
        (["collection", "import", str(tmp_path / "none")], "no such file"),
        (["collection", "import", str(drawn), "--label", "\n"], "give it a name"),
        (["collection", "merge", str(drawn / "7" / "0.json")], "cannot read"),
        (["share", "save", str(tmp_path / "x.capsdraw")], "nothing to share"),
        (["share", "open", str(drawn / "7" / "0.json")], "cannot read the shared file"),
        (["learn", "--model", "none", "--keep-as", "x"], "unknown model"),
    ):
        code, out, err = run(capfd, *arguments)
        assert (code, out) == (1, "")
        assert words in err.splitlines()[-1]
    with pytest.raises(SystemExit, match="2"):
        main(["collection"])


def test_a_shared_file_brings_drawings_and_canvas(
    capfd: pytest.CaptureFixture[str], drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capfd, "collection", "import", str(drawn))
    one, file = drawn / "9" / "0.json", tmp_path / "class.capsdraw"
    assert run(capfd, "share", "save", str(file), "--collection", "--drawing", str(one))[0] == 0
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "another"))
    code, out, _ = run(capfd, "share", "open", str(file), "--drawing", str(tmp_path / "canvas.json"), "--json")
    assert (code, json.loads(out)) == (0, {"models": [], "model": None, "drawings": 12, "there_already": 0})
    assert strokes.load(tmp_path / "canvas.json") == strokes.load(one)
    run(capfd, "collection", "import", str(drawn), "--writer", "another machine's")
    assert len(json.loads(run(capfd, "collection", "list", "--json")[1])) == 12


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("class.capsdraw", "cannot save 'class.capsdraw': its name must end in .json"),
        ("thesis.txt", "cannot save 'thesis.txt': its name must end in .json"),
        ("link.json", "cannot save 'link.json': it is the shared file being read"),
    ],
)
def test_what_lay_on_the_canvas_takes_no_other_files_place(
    capfd: pytest.CaptureFixture[str], drawn: Path, tmp_path: Path, own_home: Path, named: str, says: str
) -> None:
    file = tmp_path / "class.capsdraw"
    run(capfd, "share", "save", str(file), "--drawing", str(drawn / "9" / "0.json"))
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "link.json").symlink_to(file)
    before = file.read_bytes()
    code, out, err = run(capfd, "share", "open", str(file), "--drawing", str(tmp_path / named))
    assert (code, out, err) == (1, "", f"capsdraw: {says}\n")
    assert (file.read_bytes(), (tmp_path / "thesis.txt").read_text()) == (before, "years of work")
    assert not any(own_home.iterdir())


def test_nothing_can_be_learnt_from_an_empty_collection(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capfd, "learn", "--model", "mlp", "--keep-as", "Mine")
    assert code == 1
    assert err == "capsdraw: your collection holds nothing to learn from: draw some, and say what they are\n"


def test_what_learnt_and_got_worse_is_said_to_be_worse(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def launched(_: object, opened: Callable[..., object], *__: object) -> object:
        opened("collection+mnist", None)
        return SimpleNamespace(how="finished", folder=tmp_path)

    worse = lesson.Lesson(lesson.Change(10.0, 20.0, 20), lesson.Change(0.3, 5.0, 10_000), "mnist")
    monkeypatch.setattr(as_data, "open_data", lambda *_, **__: None)
    monkeypatch.setattr(launch, "launch", launched)
    monkeypatch.setattr(lesson, "measured", lambda *_: worse)
    code, out, err = run(capfd, "learn", "--model", "mlp", "--keep-as", "Mine")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == (
        "capsdraw: not kept: it reads your held-out drawings (10.00 → 20.00% wrong) and MNIST (0.30 → 5.00% wrong) "
        "worse than before. Keep more drawings, or say --even-if-worse"
    )


def test_one_file_that_cannot_be_kept_stops_none_of_the_others(capfd: pytest.CaptureFixture[str], drawn: Path) -> None:
    for name, wrong in (("a", {"writer": "w" * 90}), ("b", {"label": "x" * 50})):
        told = json.loads((drawn / "7" / "0.json").read_text()) | wrong
        (drawn / "7" / f"{name}.json").write_text(json.dumps(told))
    # A folder's name out of an old archive, which is no UTF-8.
    old = Path(os.fsdecode(os.fsencode(drawn) + b"/Z\xfcrich"))
    old.mkdir()
    strokes.save(synthetic.drawing(3, np.random.default_rng(5)), old / "0.json")
    code, out, err = run(capfd, "collection", "import", str(drawn))
    assert (code, out) == (0, "13 drawings kept\n")
    assert [line.split(":")[1] for line in err.splitlines()] == [" cannot keep 'a.json'", " cannot keep 'b.json'"]
    assert "at most 80 characters" in err
    listed = json.loads(run(capfd, "collection", "list", "--json")[1])
    assert {entry["label"] for entry in listed} == {"1", "7", "9", "Z\N{REPLACEMENT CHARACTER}rich"}


def test_a_model_that_is_named_twice_is_shared_once(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "x.capsdraw")
    code, out, err = run(capfd, "share", "save", file, "--model", "tutorial-cnn", "--model", "tutorial-cnn")
    assert (code, out, err) == (0, f"{file}: 1 model, 0 drawings\n", "")
    assert run(capfd, "share", "open", file)[0] == 0
