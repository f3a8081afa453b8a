"""`capsdraw models` opens what others saved, and exports what is here; its lines are a contract."""

import json
from pathlib import Path

import keras
import pytest
from keras import layers

from capsdraw.cli.main import main
from capsdraw.ink.intake import AS_THEY_ARE
from capsdraw.nets import cards

from ..nets.foreign_nets import linear


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    model = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
    model.layers[-1].set_weights(linear())
    model.save(tmp_path / "my net.keras")
    return tmp_path / "my net.keras"


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    captured = capfd.readouterr()
    return code, captured.out, captured.err


def test_a_model_is_opened_listed_and_exported(capfd: pytest.CaptureFixture[str], theirs: Path, tmp_path: Path) -> None:
    code, out, err = run(capfd, "models", "--open", str(theirs), "--title", "From the course", "--json")
    assert (code, err) == (0, "")
    about = json.loads(out)
    known = {"name", "title", "kind", "input", "classes", "parameters", "test_error_percent", "sha256", "bundled"}
    assert set(about) == {*known, "notes"}
    assert (about["name"], about["title"], about["input"]) == ("from-the-course", "From the course", [28, 28, 1])
    assert about["notes"][0] == "a softmax was added to what it answers"
    listed = json.loads(run(capfd, "models", "--json")[1])
    assert {key: about[key] for key in known} in listed
    code, out, _ = run(capfd, "models", "--export", "from-the-course", str(tmp_path / "out.keras"), "--json")
    exported = json.loads(out)
    assert (code, exported["name"]) == (0, "from-the-course")
    assert exported["bytes"] == Path(exported["file"]).stat().st_size
    assert exported["difference"] <= 1e-4
    # What is exported is opened again, with the same answers; named by its file.
    code, out, _ = run(capfd, "models", "--open", str(tmp_path / "out.keras"))
    assert code == 0
    assert out.startswith("out: classifier of 28 × 28 × 1, 10 classes, 7,850 parameters\n  pixels from 0 to 1")


def test_what_is_said_of_pixels_and_ink_goes_along(capfd: pytest.CaptureFixture[str], theirs: Path) -> None:
    code, out, _ = run(capfd, "models", "--open", str(theirs), "--pixels", "0..255", "--ink", "dark", "--json")
    assert code == 0
    assert "as was said" in json.loads(out)["notes"][-1]
    assert cards.find("my-net").intake.ground == "light"


def test_what_nobody_can_measure_is_not_assumed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, own_home: Path
) -> None:
    three = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), layers.Dense(3, activation="softmax")])
    path = tmp_path / "three.keras"
    three.save(path)
    code, out, err = run(capfd, "models", "--open", str(path), "--sure", "--json")
    assert code == 1
    assert json.loads(out) == {"unknown": ["pixels", "ink"], "found": "it knows 3 classes", "input": [28, 28, 1]}
    assert err == (
        "capsdraw: cannot open the model 'three.keras' for sure: it knows 3 classes, and nothing says what its pixels "
        "were (--pixels) and whether its ink was light, dark or none (--ink)\n"
    )
    assert not (own_home / "models").exists()
    code, out, _ = run(capfd, "models", "--open", str(path), "--sure", "--json", "--pixels", "0..255")
    assert (code, json.loads(out)["unknown"]) == (1, ["ink"])
    said = ["--pixels", "0..255", "--ink", "none"]
    code, out, _ = run(capfd, "models", "--open", str(path), "--sure", "--json", *said)
    assert code == 0
    assert cards.find("three").intake == AS_THEY_ARE
    assert "as they are (as was said), pixels from 0 to 255 (as was said)" in json.loads(out)["notes"][-1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--open", "nowhere.keras"], "capsdraw: cannot open the model 'nowhere.keras': No such file"),
        (["--export", "nobody", "x.keras"], "capsdraw: unknown model 'nobody'"),
        (["--export", "mlp", "x.pb"], "capsdraw: cannot export to 'x.pb': its name must end in"),
        (["--title", "x"], "capsdraw: --title, --pixels, --ink and --sure say something of a file that is opened"),
        (["--open", "a.keras", "--export", "mlp", "b.keras"], "capsdraw: --open and --export are two things"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    capfd: pytest.CaptureFixture[str], own_home: Path, words: list[str], says: str
) -> None:
    code, out, err = run(capfd, "models", *words)
    assert (code, out) == (1, "")
    assert err.startswith(says)
    assert len(err.splitlines()) == 1
    assert not (own_home / "models").exists()
