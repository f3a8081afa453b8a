"""`capsdraw evaluate` writes what it is asked for, and refuses before it reads anything."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.cli.main import main
from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    images, labels = synthetic.digits(60, 5)
    path = tmp_path / "own.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    return path


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["evaluate", *map(str, arguments)])
    return code, *capfd.readouterr()


def test_all_files_agree_with_what_is_printed(capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    files = {"csv": "c.csv", "answers": "a.csv", "png": "m.png", "calibration": "k.png", "pairs": "p.png"}
    wanted = [part for option, name in files.items() for part in (f"--{option}", tmp_path / name)]
    code, out, err = run(capfd, "--model", "efficient-capsnet", "--data", data, "--json", *wanted)
    told = json.loads(out)
    assert (code, err) == (0, "")
    with (tmp_path / "c.csv").open(newline="") as file:
        classes = list(csv.DictReader(file))
    assert [int(row["images"]) for row in classes] == [sum(row) for row in told["confusion"]]
    with (tmp_path / "a.csv").open(newline="") as file:
        answers = list(csv.DictReader(file))
    assert [int(row["right"]) for row in answers].count(0) == told["errors"]
    for name in ("m.png", "k.png", "p.png"):
        with Image.open(tmp_path / name) as picture:
            assert np.asarray(picture).std() > 10


def test_of_two_digits_over_one_another_too(capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    files = {"csv": "c.csv", "answers": "a.csv", "png": "m.png", "calibration": "k.png", "pairs": "p.png"}
    wanted = [part for option, name in files.items() for part in (f"--{option}", tmp_path / name)]
    code, out, err = run(capfd, "--model", "multi-capsnet", "--data", data, "--json", *wanted)
    told = json.loads(out)
    assert (code, err, told["images"]) == (0, "", 60)
    assert told["errors"] == told["one_right"] + told["none_right"]
    assert np.sum(told["confusion"]) == 120
    with (tmp_path / "c.csv").open(newline="") as file:
        assert [int(row["images"]) for row in csv.DictReader(file)] == [own["count"] for own in told["classes"]]
    with (tmp_path / "a.csv").open(newline="") as file:
        answers = list(csv.DictReader(file))
    assert [int(row["right"]) for row in answers].count(0) == told["errors"]
    assert all((row["true"] == row["read"]) == (row["right"] == "1") for row in answers)
    for name in ("m.png", "k.png", "p.png"):
        with Image.open(tmp_path / name) as picture:
            assert np.asarray(picture).std() > 10
    _, out, _ = run(capfd, "--model", "multi-capsnet", "--data", data)
    lines = out.splitlines()
    assert lines[0].startswith("pairs of test images, one over another, shifted by up to 4 pixels")
    assert f"{told['errors']} of 60 wrong" in lines[1]
    assert lines[-1] == f"One of the two right: {told['one_right']}; neither: {told['none_right']}."


def test_the_table_on_the_terminal_has_each_class(capfd: pytest.CaptureFixture[str], data: Path) -> None:
    code, out, _ = run(capfd, "--model", "keras-cnn+tutorial-cnn", "--data", data)
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("keras-cnn+tutorial-cnn on own: ")
    assert "of 60 wrong" in lines[0]
    assert "95% interval" in lines[0]
    assert [line.split()[0] for line in lines[2:12]] == [str(label) for label in range(10)]
    assert "calibration error" in lines[12]


def test_what_names_could_not_tell_is_said(capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    with np.load(data) as pool:
        np.savez(tmp_path / "named.npz", **pool, names=[f"the-{number}" for number in range(10)])
    says = "The model does not name its classes: the data's names are shown, the-0 for its 0, and so on."
    code, out, _ = run(capfd, "--model", "mlp", "--data", tmp_path / "named.npz")
    lines = out.splitlines()
    assert (code, lines[-1]) == (0, says)
    assert [line.split()[0] for line in lines[2:12]] == [f"the-{number}" for number in range(10)]
    _, out, _ = run(capfd, "--model", "mlp", "--data", tmp_path / "named.npz", "--json")
    assert json.loads(out)["remark"] == says


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "mlp", "--pairs", "p.png"], "model 'mlp' has no capsules: it cannot reconstruct images"),
        (["--model", "ensemble", "--pairs", "p.png"], "'ensemble' is 2 models together"),
        (["--model", "mlp", "--png", "m.jpg"], "cannot save 'm.jpg': its name must end in .png"),
        (["--model", "mlp", "--csv", "c.txt"], "cannot save 'c.txt': its name must end in .csv"),
        (["--model", "mlp", "--answers", "a.json"], "cannot save 'a.json': its name must end in .csv"),
        (["--model", "mlp", "--csv", "a file/c.csv"], "cannot save 'c.csv': "),
        (["--model", "mlp", "--png", "a folder.png"], "cannot save 'a folder.png': Is a directory"),
        (
            ["--model", "mlp", "--csv", "s.csv", "--answers", "./s.csv"],
            "--csv and --answers are the same file, ",
        ),
    ],
)
def test_what_cannot_be_written_is_one_line(
    capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], says: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("a file").touch()
    Path("a folder.png").mkdir()
    monkeypatch.setattr("capsdraw.evaluate.error.evaluate", lambda *_: pytest.fail("measured before it was refused"))
    code, out, err = run(capfd, "--data", data, *arguments)
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "a folder.png", "own.npz"]


def test_no_file_takes_the_place_of_the_data_that_is_read(
    capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, pictures = tmp_path / "own.csv", tmp_path / "pictures" / "test"
    with np.load(data) as pool:
        rows = np.column_stack([pool["y_test"], pool["x_test"].reshape(60, -1)])
        head = ",".join(["label", *(f"pixel{number}" for number in range(784))])
        np.savetxt(table, rows, "%d", ",", header=head, comments="")
        (pictures / "3").mkdir(parents=True)
        Image.fromarray(pool["x_test"][0]).save(pictures / "3" / "first.png")
    before = table.read_bytes(), (pictures / "3" / "first.png").read_bytes()
    monkeypatch.chdir(tmp_path)
    for read, option, out_file in (
        ("own.csv", "--csv", table),
        ("own.csv", "--answers", "./own.csv"),
        ("collection+own.csv", "--csv", "own.csv"),
        (tmp_path / "pictures", "--png", "pictures/test/3/first.png"),
    ):
        code, out, err = run(capfd, "--model", "mlp", "--data", read, option, out_file)
        name = Path(out_file).name
        assert (code, out) == (1, "")
        assert err == f"capsdraw: cannot save '{name}': it is of the data being read: choose another name\n"
    assert (table.read_bytes(), (pictures / "3" / "first.png").read_bytes()) == before
    # What was written before is written anew.
    for _ in range(2):
        assert run(capfd, "--model", "mlp", "--data", table, "--csv", "figures.csv")[0] == 0


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_disk_that_is_full_after_all_costs_no_figures(
    capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    def full(*_: object) -> None:
        raise CapsDrawError("cannot save 'm.png': No space left on device")

    monkeypatch.setattr("capsdraw.evaluate.export.confusion_png", full)
    code, out, err = run(capfd, "--model", "mlp", "--data", data, "--png", tmp_path / "m.png", *form)
    assert (code, err) == (1, "capsdraw: cannot save 'm.png': No space left on device\n")
    assert "confusion" in out if form else "of 60 wrong" in out


def test_files_are_written_though_whoever_reads_the_figures_went_away(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("capsdraw.cli.evaluate._print", gone)
    monkeypatch.setattr("capsdraw.cli.terminal.forget_output", lambda: None)
    assert main(["evaluate", "--model", "mlp", "--data", str(data), "--csv", str(tmp_path / "c.csv")]) == 0
    assert (tmp_path / "c.csv").read_text().startswith("class,images")


def test_the_home_is_where_a_shell_leaves_its_sign(
    capfd: pytest.CaptureFixture[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert run(capfd, "--model", "mlp", "--data", data, "--csv=~/new/x.csv")[0] == 0
    assert (tmp_path / "home" / "new" / "x.csv").exists()
    assert not Path("~").exists()
