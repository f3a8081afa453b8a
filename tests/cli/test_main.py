"""The commands that other programs rely on: their JSON, their exit codes, one line on stderr."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.cli.main import main
from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_file
from capsdraw.fit import runs
from capsdraw.fit.recipe import Recipe
from capsdraw.ink import strokes
from capsdraw.ink.pair import pair_from_drawing
from capsdraw.ink.sketch import Sketch, dark_on_white, fitted, on_canvas
from capsdraw.nets import cards
from capsdraw.ui.own_pictures import two_inks

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capfd.readouterr()
    return code, out, err


def saved_digits(folder: Path, count: int) -> Path:
    images, labels = synthetic.digits(count, 5)
    path = folder / "own.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    return path


def test_models_are_listed(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "models", "--json")
    listed = {one["name"]: one for one in json.loads(out)}
    assert code == 0
    assert listed["efficient-capsnet"]["kind"] == "capsule"
    assert listed["keras-cnn"]["kind"] == "classifier"
    for one in listed.values():
        assert set(one) == {
            "name", "title", "kind", "input", "classes", "parameters", "test_error_percent", "sha256", "bundled",
        }  # fmt: skip
        assert one["sha256"] == cards.sha256(cards.find(one["name"]).weights)


@pytest.mark.parametrize("model", ["efficient-capsnet", "keras-cnn"])
def test_strokes_and_pictures_are_read(capfd: pytest.CaptureFixture[str], tmp_path: Path, model: str) -> None:
    files = []
    for label in range(10):
        drawing = fitted(synthetic.drawing(label, np.random.default_rng((4, label))))
        strokes.save(drawing, tmp_path / f"{label}.json")
        dark_on_white(Sketch(drawing).render()).save(tmp_path / f"{label}.png")
        files += [str(tmp_path / f"{label}.json"), str(tmp_path / f"{label}.png")]
    code, out, err = run(capfd, "classify", *files, "--model", model, "--json")
    answers = json.loads(out)
    assert code == 0
    assert err == ""
    assert [one["file"] for one in answers] == files
    assert [one["label"] for one in answers] == [label for label in range(10) for _ in range(2)]
    assert all(len(one["scores"]) == 10 and one["model"] == model for one in answers)


def test_one_bad_file_does_not_stop_the_others(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bad.png").write_text("no picture")
    files = [str(tmp_path / folder / "bad.png") for folder in ("a", "b")]
    good = str(EXAMPLES / "seven.json")
    code, out, err = run(capfd, "classify", *files, good, "--json")
    assert code == 1
    assert [one["label"] for one in json.loads(out)] == [7]
    for file, line in zip(files, err.splitlines(), strict=True):
        assert line.startswith(f"capsdraw: cannot read '{file}': not an image of a kind that is read (PNG, JPEG, ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["classify", "none.png"], "cannot read 'none.png'"),
        (["classify", "none.json"], "cannot read 'none.json'"),
        (["classify", "none.png", "--model", "nobody"], "unknown model 'nobody'"),
        (["classify", "none.png", "--model", "../trained/keras-cnn"], "unknown model"),
        (["evaluate", "--model", "nobody"], "unknown model 'nobody'"),
        (["evaluate", "--model", "keras-cnn", "--data", "none.npz"], "cannot read data 'none.npz'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_1(
    capfd: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, out, err = run(capfd, *arguments)
    assert code == 1
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in out + err


def test_classify_tells_where_a_digit_was_found_and_what_is_doubtful(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Two digits side by side gave one answer, and no word that there are two."""
    pixels = np.full((200, 320), 255, np.uint8)
    pixels[40:160, 60:74] = pixels[40:160, 240:254] = 0
    Image.fromarray(pixels).save(tmp_path / "two.png")
    pixels[:, 200:] = 255
    Image.fromarray(pixels).save(tmp_path / "one.png")
    files = [str(tmp_path / "one.png"), str(tmp_path / "two.png"), str(EXAMPLES / "seven.json")]
    code, out, _ = run(capfd, "classify", *files, "--json")
    one, two, seven = json.loads(out)
    assert code == 0
    assert one["box"] == pytest.approx([60, 40, 14, 120], abs=2)
    assert "several digits" not in one["doubt"]
    assert "several digits" in two["doubt"]
    assert (seven["box"], seven["doubt"]) == (None, [])
    assert seven["verdict"] == {"kind": "sure", "sentence": "a 7"}
    assert seven["names"] == list("0123456789")  # what the scores are of
    _, out, _ = run(capfd, "classify", *files)
    assert "doubtful: several digits" in out
    assert "looks like" not in out.splitlines()[2]


def test_classify_says_in_words_what_is_no_digit(capfd: pytest.CaptureFixture[str]) -> None:
    """The letter A was "a 4", at 0.93; "42" was "a 4", too."""
    files = [str(EXAMPLES / f"{name}.json") for name in ("letter", "forty-two", "scribble")]
    code, out, _ = run(capfd, "classify", *files, "--json")
    assert code == 0
    kinds = [one["verdict"]["kind"] for one in json.loads(out)]
    assert kinds == ["none", "several", "none"]
    _, out, _ = run(capfd, "classify", *files)
    letter, forty_two, scribble = out.splitlines()
    assert "  looks like no digit it knows" in letter
    assert ": 42  (" in forty_two
    assert "  looks like no digit it knows" in scribble


def test_classify_gives_both_classes_of_a_pair(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Drawn in two inks, and as a picture made as MultiMNIST's."""
    both = two_inks(*(on_canvas(strokes.load(EXAMPLES / f"{name}.json")) for name in ("seven", "two")))
    strokes.save(both, tmp_path / "pair.json")
    Image.fromarray(np.rint(255 * pair_from_drawing(both, 36)).astype(np.uint8)).save(tmp_path / "pair.png")
    files = [str(tmp_path / "pair.json"), str(tmp_path / "pair.png")]
    code, out, _ = run(capfd, "classify", *files, "--model", "multi-capsnet", "--json")
    assert code == 0
    for answer in json.loads(out):
        assert sorted(answer["labels"]) == [2, 7]
        assert answer["label"] in (2, 7)
        assert answer["verdict"]["kind"] == "pair"
        assert set(answer["verdict"]["sentence"].split()) == {"a", "2", "and", "7"}
    _, out, _ = run(capfd, "classify", files[0], "--model", "multi-capsnet")
    assert " + " in out
    # Of one digit alone the net is sure that there is no second.
    _, out, _ = run(capfd, "classify", str(EXAMPLES / "seven.json"), "--model", "multi-capsnet")
    assert out.startswith(f"{EXAMPLES / 'seven.json'}: 7  (0.")
    assert " + " not in out
    _, out, _ = run(capfd, "classify", files[0], "--json")
    assert "labels" not in json.loads(out)[0]  # a net of one digit says one


@pytest.mark.parametrize("arguments", [["classify"], ["nothing"], ["evaluate"], ["classify", "x", "--size", "3"]])
def test_wrong_use_is_exit_code_2(capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    err = capfd.readouterr().err
    assert (err.startswith("capsdraw: "), err.count("\n")) == (True, 1)
    assert "--help' says what it takes" in err


@pytest.mark.parametrize("grey", [0, 255])
def test_a_blank_picture_is_one_line(capfd: pytest.CaptureFixture[str], tmp_path: Path, grey: int) -> None:
    Image.new("L", (60, 60), grey).save(tmp_path / "blank.png")
    code, _, err = run(capfd, "classify", str(tmp_path / "blank.png"))
    assert code == 1
    assert f"cannot read '{tmp_path / 'blank.png'}': the picture is blank" in err


def test_a_model_file_with_a_wrong_hash_is_refused(capfd: pytest.CaptureFixture[str], own_home: Path) -> None:
    card = cards.find("keras-cnn")
    models = own_home / "models"
    models.mkdir()
    (models / "changed.json").write_text(json.dumps({**cards.to_json(card), "name": "changed"}))
    (models / "changed.keras").write_bytes(card.weights.read_bytes()[:-1] + b"x")
    code, _, err = run(capfd, "classify", str(EXAMPLES / "seven.json"), "--model", "changed")
    assert code == 1
    assert "'changed.keras' does not match its card" in err


def test_a_net_of_photographs_reads_colour_pictures(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, colour_model: cards.Card
) -> None:
    picture = str(tmp_path / "grass.png")
    Image.new("RGB", (90, 60), (30, 160, 40)).save(picture)
    code, out, _ = run(capfd, "classify", picture, "--model", colour_model.name, "--json")
    [answer] = json.loads(out)
    assert code == 0
    assert answer["label"] == int(np.argmax(answer["scores"]))
    code, out, _ = run(capfd, "classify", picture, "--model", colour_model.name)
    assert f"{picture}: {colour_model.labels[answer['label']]}  (0." in out


def test_a_net_of_photographs_takes_strokes_too(capfd: pytest.CaptureFixture[str], colour_model: cards.Card) -> None:
    code, out, err = run(capfd, "classify", str(EXAMPLES / "seven.json"), "--model", colour_model.name, "--json")
    [answer] = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["label"] == int(np.argmax(answer["scores"]))
    assert answer["box"] is None


def test_images_of_another_form_than_the_model_s_are_refused(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, colour_model: cards.Card
) -> None:
    images, labels = synthetic.digits(10, 5)
    np.savez(tmp_path / "own.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    code, _, err = run(capfd, "evaluate", "--model", colour_model.name, "--data", str(tmp_path / "own.npz"))
    assert code == 1
    assert err.startswith("capsdraw: data 'own' has images of 28 × 28 × 1: model 'photographs' reads 32 × 32 × 3; ")


def test_a_drawing_and_a_sheet_at_home_are_found(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "seven.json", tmp_path)
    code, out, _ = run(capfd, "classify", "~/seven.json")
    assert code == 0
    assert ": 7 " in out
    assert run(capfd, "perturb", "~/seven.json", "--out=~/sheet.png")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seven.json", "sheet.png"]


def test_evaluate_counts_on_a_file_of_its_own(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    images, labels = synthetic.digits(40, 5)
    np.savez(tmp_path / "own.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    code, out, _ = run(capfd, "evaluate", "--model", "keras-cnn", "--data", str(tmp_path / "own.npz"), "--json")
    result = json.loads(out)
    assert code == 0
    assert result["images"] == 40
    assert result["errors"] == 40 - sum(result["confusion"][k][k] for k in range(10))
    assert result["error_percent"] == 100 * result["errors"] / 40


def test_evaluate_reads_a_folder_of_scanned_digits(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Dark ink on paper, one size each: what a user has, and what the bundled nets read in the window."""
    for label in range(10):
        for number in range(3):
            drawn = Sketch(fitted(synthetic.drawing(label, np.random.default_rng((4, label, number)))))
            (tmp_path / str(label)).mkdir(exist_ok=True)
            scan = dark_on_white(drawn.render()).resize((200 + 9 * label, 240 + 50 * number))
            scan.save(tmp_path / str(label) / f"{number}.png")
    code, out, err = run(capfd, "evaluate", "--model", "efficient-capsnet", "--data", str(tmp_path), "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert (result["data"], result["images"], result["errors"]) == (tmp_path.name, 10, 0)


@pytest.mark.parametrize("command", [["classify", "SEVEN"], ["perturb", "SEVEN", "--out", "s.png"], ["evaluate"]])
def test_a_file_that_the_system_refuses_is_named(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    cards.write(replace(cards.find("efficient-capsnet"), name="broken"), own_home / "models" / "broken.json")
    weights = own_home / "models" / "broken.keras"
    weights.mkdir()
    arguments = [str(EXAMPLES / "seven.json") if part == "SEVEN" else part for part in command]
    if command == ["evaluate"]:
        arguments += ["--data", str(saved_digits(tmp_path, 10))]
    code, out, err = run(capfd, *arguments, "--model", "broken")
    assert (code, out, err) == (1, "", f"capsdraw: cannot use '{weights}': Is a directory\n")


def test_a_run_that_cannot_be_written_is_named(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = str(saved_digits(tmp_path, 60))
    folder = runs.create(Recipe(name="small", title="Small", family="mlp", data=data, held_out=10, epochs=1, batch=10))
    about = folder / "run.json"
    about.unlink()
    about.mkdir()
    code, _, err = run(capfd, "train", "--resume", folder.name, "--note", "mine")
    assert (code, err) == (1, f"capsdraw: cannot use '{about}': Is a directory\n")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("command", [["models"], ["models", "--json"], ["classify", str(EXAMPLES / "seven.json")]])
def test_a_full_disk_under_the_result_is_said(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "capsdraw", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr == "capsdraw: cannot write to the standard output: No space left on device\n"


def test_names_in_files_are_printed_as_plain_text(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, own_home: Path
) -> None:
    """Titles and classes may come from anybody: a terminal obeys nothing of them."""
    mlp = cards.find("mlp")
    labels = tuple(f"[bold]{label}" for label in range(10))
    cards.write(replace(mlp, name="loud", labels=labels), own_home / "models" / "loud.json")
    shutil.copy(mlp.weights, own_home / "models" / "loud.keras")
    seven, bad = tmp_path / "se\nven\x07.json", tmp_path / "b\x1b[31mad.png"
    shutil.copy(EXAMPLES / "seven.json", seven)
    code, out, err = run(capfd, "classify", str(seven), str(bad), "--model", "loud")
    assert code == 1
    assert out.startswith(f"{tmp_path}/se ven\N{REPLACEMENT CHARACTER}.json: [bold]7  (")
    assert err.startswith(rf"capsdraw: cannot read '{tmp_path}/b\x1b[31mad.png'")
    assert (out.count("\n"), err.count("\n")) == (1, 1)


def test_a_card_with_control_characters_is_left_out_and_said(capfd: pytest.CaptureFixture[str], own_home: Path) -> None:
    """A terminal would obey them, wherever a class is printed."""
    mlp = cards.find("mlp")
    labels = tuple(f"\x1b[2J{label}\r\n" for label in range(10))
    cards.write(replace(mlp, name="loud", labels=labels), own_home / "models" / "loud.json")
    code, out, err = run(capfd, "models", "--json")
    assert code == 0
    assert "loud" not in [card["name"] for card in json.loads(out)]
    assert err.startswith("capsdraw: cannot read the model card 'loud.json': labels[0]: expected a text of at most")
    assert "\\u001b[2J0" in err
    assert (err.count("\n"), "\x1b" in err) == (1, False)


def test_evaluate_brings_pictures_to_the_model_s_form(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, colour_model: cards.Card
) -> None:
    for label in (0, 1):
        (tmp_path / "test" / str(label)).mkdir(parents=True)
        Image.new("RGB", (90, 60), (30, 160 * label, 40)).save(tmp_path / "test" / str(label) / "a.jpg")
    code, out, _ = run(capfd, "evaluate", "--model", colour_model.name, "--data", str(tmp_path), "--json")
    assert (code, json.loads(out)["images"]) == (0, 2)


@pytest.mark.slow
@pytest.mark.parametrize("card", cards.list_cards(), ids=lambda card: card.name)
def test_evaluate_gives_each_card_s_error(capfd: pytest.CaptureFixture[str], card: cards.Card) -> None:
    if local_file(card.data_set) is None:
        pytest.skip(f"{card.data_set} is not on this machine")
    code, out, _ = run(capfd, "evaluate", "--model", card.name, "--json")
    result = json.loads(out)
    assert code == 0
    assert result["error_percent"] == card.test_error_percent
    assert result["data"] == card.data_set
    assert result["images"] == card.test_images
