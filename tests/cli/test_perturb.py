"""`capsdraw perturb`: the sheet of a capsule, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.cli.main import main
from capsdraw.lab import contact_sheet
from capsdraw.lab.measures import NAMES
from capsdraw.lab.names import Names
from capsdraw.lab.perturbation import Sheet
from capsdraw.nets import cards

from ..made import made_card

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.slow
def test_perturb_draws_the_sheet_of_a_drawing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out_file = tmp_path / "sheet.png"
    seven = str(EXAMPLES / "seven.json")
    code, out, err = run(capfd, "perturb", seven, "--out", str(out_file), "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["label"], told["class"], told["model"]) == (7, 7, "efficient-capsnet")
    assert told["amounts"] == [round(0.05 * step, 6) for step in range(-5, 6)]
    assert len(told["capsule"]) == 16
    assert len(told["names"]) == 16
    assert set(told["names"]) <= {*NAMES, ""}
    assert any(told["names"])
    with Image.open(out_file) as sheet:
        assert sheet.format == "PNG"
        own = np.asarray(sheet)
    # The names stand beside the rows.
    rows = [f"{number}  {name}" if name else f"number {number}" for number, name in enumerate(told["names"], 1)]
    blank = np.asarray(contact_sheet.image(Sheet(7, np.arange(11.0), np.zeros((16, 11, 28, 28), np.float32)), rows))
    beside = own.shape[1] - 11 * (2 * 28 + 3) - 3
    assert np.array_equal(own[30:, : beside - 1], blank[30:, : beside - 1])
    Names().put("efficient-capsnet", 1, 2, "a name of the user's")
    code, out, _ = run(capfd, "perturb", seven, "--class", "1", "--out", str(tmp_path / "one.png"))
    assert code == 0
    assert "capsule 1 of seven.json, 16 numbers in 11 steps" in out
    with Image.open(tmp_path / "one.png") as sheet:
        assert np.abs(np.asarray(sheet, float)[:, -600:] - own[:, -600:]).mean() > 1
    code, out, _ = run(capfd, "perturb", seven, "--class", "1", "--out", str(tmp_path / "one.png"), "--json")
    assert json.loads(out)["names"][2] == "a name of the user's"


def test_perturb_leaves_the_picture_that_it_reads(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "own.png"
    picture = Image.new("L", (28, 28), "white")
    picture.paste("black", (12, 4, 15, 24))
    picture.save(own)
    before = own.read_bytes()
    for out_file in (str(own), "own.png"):
        code, out, err = run(capfd, "perturb", str(own), "--out", out_file)
        assert (code, out) == (1, "")
        assert err == "capsdraw: cannot save 'own.png': it is the picture being read\n"
    assert own.read_bytes() == before


@pytest.mark.slow
def test_perturb_draws_the_sheet_of_a_photograph_in_colour(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, own_home: Path
) -> None:
    from capsdraw.nets import zoo

    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"], shape=(32, 32, 3))
    digest = zoo.save(model, own_home / "models" / "things.keras")
    things = ("cat", "dog", "0", *(f"thing {number}" for number in range(3, 10)))
    card = made_card(
        name="things", title="Things", kind="capsule", input=(32, 32, 3), classes=10, sha256=digest, labels=things
    )
    cards.write(card, own_home / "models" / "things.json")
    Image.new("RGB", (40, 50), "red").save(tmp_path / "red.png")
    sheet = tmp_path / "sheet.png"
    for given, known in (("Dog", 1), ("1", 1), ("0", 2), ("thing 9", 9), ("mouse", None), ("10", None)):
        code, out, err = run(
            capfd, "perturb", str(tmp_path / "red.png"), "--model", "things", "--class", given,
            "--out", str(sheet), "--json",
        )  # fmt: skip
        if known is None:
            assert (code, out) == (1, "")
            assert f"class '{given}' is unknown to 'things': it knows cat, dog, 0, thing 3" in err
        else:
            assert json.loads(out)["class"] == known
    code, out, _ = run(capfd, "perturb", str(tmp_path / "red.png"), "--model", "things", "--out", str(sheet))
    assert code == 0
    assert "8 numbers in 11 steps" in out
    with Image.open(sheet) as image:
        # The first picture: an untrained decoder's noise is coloured.
        cell = np.asarray(image, int)[30 : 30 + 64, image.width - 11 * 67 - 3 :][:, :64]
    assert np.ptp(cell, axis=2).max() > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "keras-cnn", "--out", "s.png"], "model 'keras-cnn' has no capsules: models with capsules are"),
        (["--class", "10", "--out", "s.png"], "class '10' is unknown to 'efficient-capsnet': it knows 0 to 9"),
        (["--class", "-1", "--out", "s.png"], "class '-1' is unknown to 'efficient-capsnet': it knows 0 to 9"),
        (["--class", "seven", "--out", "s.png"], "class 'seven' is unknown to 'efficient-capsnet': it knows 0 to 9"),
        (["--out", "s.jpg"], "cannot save 's.jpg': its name must end in .png"),
        (["--out", "a file/s.png"], "cannot save 's.png': "),
    ],
)
def test_what_perturb_cannot_do(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a file").touch()
    code, out, err = run(capfd, "perturb", str(EXAMPLES / "seven.json"), *arguments)
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["a file"]
