"""Wrong words, names and files, command by command: one clear line, exit code 1 or 2, and nothing is written."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from capsdraw.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
LONG = "x" * 5000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A drawing, what only looks like files that are read, and a folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "seven.json", "seven.json")
    Path("a folder").mkdir()
    Path("note.txt").write_text("hello")
    Path("-dash.png").touch()
    Path("list.json").write_text("[1, 2]")
    for ending in ("json", "png", "toml", "keras", "zip", "sqlite", "capsdraw"):
        Path(f"empty.{ending}").touch()
    Path("broken.sqlite").write_bytes(b"SQLite format 3\0" + bytes(84))
    with suppress(OSError):  # Windows lets not everyone make links
        Path("loop").symlink_to("loop")
    Path("broken.png").write_bytes(b"\x89PNG\r\n\x1a\nxxxx")
    Image.new("L", (40, 40), 255).save("blank.png")
    return tmp_path


def all_files(*folders: Path) -> dict[Path, str]:
    """What lies in the folders, and a hash of each file."""
    paths = [path for folder in folders for path in folder.rglob("*")]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths}


WRONG = [
    (["clasify"], 2, "'clasify'"),
    ([LONG], 2, "xxx…"),
    (["ünïcode 😀"], 2, "'ünïcode 😀'"),
    (["classify", "seven.json", "--modell", "mlp"], 2, "unknown here: --modell mlp; 'capsdraw classify --help'"),
    (["runs", "list", "x"], 2, "unknown here: x; 'capsdraw runs list --help'"),
    (["train", "--model", "mlp", "--epochs", "many"], 2, "--epochs: expected a whole number, not 'many'"),
    (["train", "--model", "mlp", "--rotation", "much"], 2, "--rotation: expected a number, not 'much'"),
    (["sweep", "compare", "--processes", "nan"], 2, "--processes: expected a whole number, not 'nan'"),
    (["classify", LONG], 1, "xxx…'"),
    (["classify", f"{LONG}.json"], 1, "…': File name too long: choose a shorter name"),
    (["classify", "seven.json", "--model", LONG], 1, "unknown model 'xxx"),
    (["classify", "seven.json", "--model", "😀 ü"], 1, "unknown model '😀 ü': available are"),
    (["classify", "a folder"], 1, "'a folder': it is a folder, not a file"),
    (["classify", "list.json"], 1, "'list.json': not a strokes file: expected"),
    (["classify", "broken.png"], 1, "'broken.png': not an image of a kind that is read"),
    (["perturb", "seven.json", "--out", "note.txt/s.png"], 1, "what should be its folder is a file: choose another"),
    (["perturb", "seven.json", "--out", f"{LONG}.png"], 1, "File name too long"),
    (["perturb", "seven.json", "--out", "s.png", "--class", "nan"], 1, "class 'nan' is unknown"),
    (["perturb", "seven.json", "--out", "s.png", "--class", "7" * 5000], 1, "777…' is unknown to 'efficient-capsnet'"),
    (["perturb", "blank.png", "--out", "s.png"], 1, "'blank.png': the picture is blank"),
    (["models", "--export", "mlp", "x.txt"], 1, "its name must end in .tflite or .onnx or .keras"),
    (["train", "--model", "mlp", "--limit", "0"], 1, "--limit 0: it must be at least 1; leave it out to train on all"),
    (
        ["train", "--model", "mlp", "--schedule", "foo"],
        2,
        "--schedule: expected cosine or exponential or constant, not ",
    ),
    (
        ["train", "--model", "mlp", "--precision", "foo"],
        2,
        "--precision: expected float32 or mixed_bfloat16 or mixed_float16, not 'foo'",
    ),
    (["train", "--model", "mlp", "--border", "foo"], 2, "--border: expected "),
    (["train", "--recipe", "missing.toml"], 1, "cannot read recipe 'missing.toml': No such file or directory: it was"),
    (["train", "--recipe", "note.txt"], 1, "recipe 'note.txt': its name must end in .toml"),
    (["sweep", "note.txt"], 1, 'note.txt": its name must end in .toml'),
    (["classify", "-dash.png"], 2, "; a file of such a name is './-dash.png'; 'capsdraw classify --help'"),
    (["classify", "seven.json", "-dash.png"], 2, "unknown here: -dash.png; a file of such a name is './-dash.png'"),
    (["models", "--export", "mlp", ""], 2, "--export: nothing is named"),
    (["train", "--model", "nobody"], 1, "no recipe 'nobody': available are"),
    (["train", "--resume", "nobody"], 1, "no run in 'nobody': 'capsdraw runs list' says which are kept"),
    (["train", "--resume", LONG], 1, "File name too long"),
    (["runs", "delete", "nobody", "--yes"], 1, "no run in 'nobody': 'capsdraw runs list' says which are kept"),
    (["runs", "delete", "..", "--yes"], 1, "no run in '..'"),
    (["runs", "export", "nobody", "x.zip"], 1, "no run in 'nobody'"),
    (["runs", "import", "empty.zip"], 1, "'empty.zip'"),
    (["run-job", "note.txt"], 1, "no job in 'note.txt': it has no job.json; name one that"),
    (["sweep", ""], 2, "FILE.toml|NAME: nothing is named"),
    (["runs", "delete", "", "--yes"], 2, "RUN: nothing is named"),
    (["evaluate", "--model", "mlp", "--data", "loop"], 1, "cannot read data 'loop': no such file or folder"),
    (["train", "--model", "mlp", "--data", "./loop"], 1, "loop': no such file or folder"),
    (["models", "--open", "."], 1, "cannot open the model '.': it is a folder"),
    (["perturb", ".", "--out", "x.png"], 1, "cannot read '.': it is a folder"),
    (["evaluate", "--model", "mlp", "--data", "."], 1, "cannot use "),
    (["collection", "merge", "broken.sqlite"], 1, "cannot read 'broken.sqlite': "),
    (["sweep", "empty.toml"], 1, "'empty.toml': name is missing"),
    (["evaluate", "--model", "mlp+mlp"], 1, "'mlp+mlp' names 'mlp' twice"),
    (["evaluate", "--model", "mlp", "--data", ""], 2, "--data: nothing is named"),
    (["evaluate", "--model", "mlp", "--data", "collection"], 1, "your collection is empty"),
    (["train", "--model", "mlp", "--data", ""], 2, "--data: nothing is named"),
    (["train", "--resume", ""], 2, "--resume: nothing is named"),
    (["train", "--model", "mlp", "--keep-as", " "], 2, "--keep-as: nothing is named"),
    (["share", "save", "note.txt/x.capsdraw", "--collection"], 1, "what should be its folder is a file"),
    (["collection", "merge", "note.txt"], 1, "cannot read 'note.txt': it is no collection"),
    (["collection", "export", "x.npz", "--pictures"], 1, "--pictures writes a folder, and 'x.npz' is to hold arrays"),
    (["collection", "import", ""], 2, "PATH: nothing is named"),
    (["classify", ""], 2, "FILE: nothing is named"),
    (["models", "--open", "a folder", "--pixels", "-1..1"], 1, "'a folder': it is a folder, not a file"),
    (["train", "--model", "mlp", "--learning-rate", "-.5e"], 2, "--learning-rate: expected a number, not '-.5e'"),
    (["models", "--open", "note.txt"], 1, "'note.txt': it is neither a .keras file nor HDF5 (not a zip file): save"),
    (["share", "open", LONG], 1, "File name too long: choose a shorter name"),
    (["collection", "merge", "empty.sqlite"], 1, "'empty.sqlite'"),
    (["collection", "import", "list.json"], 1, "'list.json'"),
    (["share", "open", "empty.capsdraw"], 1, "'empty.capsdraw'"),
    (["share", "save", "x.capsdraw", "--drawing", "list.json"], 1, "'list.json'"),
]


@pytest.mark.parametrize(("words", "code", "says"), WRONG, ids=lambda value: str(value)[:60])
def test_wrong_words_are_one_clear_line_and_leave_nothing(
    folder: Path, own_home: Path, capfd: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    before = all_files(folder, own_home)
    try:
        returned = main(words)
    except SystemExit as left:
        returned = int(left.code or 0)
    out, err = capfd.readouterr()
    assert (returned, out) == (code, "")
    assert err.startswith("capsdraw: ")
    assert says in err
    assert "''" not in err  # every file has a name
    assert (err.count("\n"), "Traceback" in err) == (1, False)
    assert len(err) < 700
    assert all_files(folder, own_home) == before
