"""Whatever ends a command, and wherever it is started: a fit keeps what it learnt, and what is wrong is one line."""

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from capsdraw.cli.main import main
from capsdraw.errors import CapsDrawError
from capsdraw.fit import launch, recipes, runs
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import heavy
from capsdraw.paths import home

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and users of POSIX")

PLAN = Recipe(
    name="small", title="Small", family="mlp", options={"hidden": 8}, data="synthetic", held_out=100, epochs=2000,
    limit=400, batch=50,
)  # fmt: skip


def capsdraw(*words: str, without: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return subprocess.run(
        [sys.executable, "-m", "capsdraw", *words], env={**kept, **environment}, capture_output=True, text=True,
        timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("capsdraw: ")
    return done.stderr


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_and_a_closed_terminal_stop_a_fit_and_keep_it(
    how: str, own_home: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "small.toml"
    plan.write_text(recipes.to_toml(PLAN), encoding="utf-8")
    outer, inner = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "capsdraw", "train", "--recipe", str(plan)], stdin=inner, stdout=inner, stderr=inner,
        env={**os.environ, "CAPSDRAW_HOME": str(own_home)}, start_new_session=True,
    )  # fmt: skip
    os.close(inner)
    os.set_blocking(outer, False)
    for _ in range(1200):
        with suppress(BlockingIOError):
            os.read(outer, 65536)
        if any(run.epochs_done for run in runs.list_runs()):
            break
        assert child.poll() is None
        time.sleep(0.1)
    if how == "SIGHUP":
        os.close(outer)  # the terminal is gone: what is printed cannot be written
    child.send_signal(signal.Signals[how])
    while child.poll() is None:
        time.sleep(0.1)
        if how != "SIGHUP":
            with suppress(OSError):
                os.read(outer, 65536)
    assert child.returncode == 0
    (run,) = runs.list_runs()
    assert run.state == "stopped"
    assert (run.folder / "last.keras").exists()


@posix
def test_without_a_home_it_says_what_to_set(tmp_path: Path) -> None:
    program = (
        "import os, pwd, sys\n"
        "def nobody(*_): raise KeyError('no such user')\n"
        "pwd.getpwuid = nobody\n"
        "from capsdraw.cli.main import main\n"
        "sys.exit(main(['models']))"
    )
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "CAPSDRAW_HOME", "XDG_DATA_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=kept, capture_output=True, text=True, cwd=tmp_path, timeout=60
    )  # fmt: skip
    assert done.returncode == 1
    assert "set CAPSDRAW_HOME" in one_line(done)
    assert not list(tmp_path.iterdir())


@posix
@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", "2>&-", ">&-"])
def test_without_standard_streams_it_works_all_the_same(closed: str, own_home: Path) -> None:
    command = f"exec {sys.executable} -m capsdraw models {closed}"
    surroundings = {**os.environ, "CAPSDRAW_HOME": str(own_home)}
    assert subprocess.run(["sh", "-c", command], env=surroundings, capture_output=True, timeout=60).returncode == 0


def test_streams_that_are_none_are_none_of_its_concern() -> None:
    """As under pythonw."""
    program = (
        "import os, sys\nsys.stdin = sys.stdout = sys.stderr = None\nfrom capsdraw.cli.main import main\n"
        "os._exit(10 * main(['models']) + main(['classify', 'nothing.png']))"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 1


def fail_to_import(module: str, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever imports that module gets the error."""
    real = __import__

    def refuse(name: str, *rest: object, **named: object) -> object:
        if name == module:
            raise error
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("builtins.__import__", refuse)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ImportError("libcuda.so: cannot open shared object file"), "TensorFlow cannot be loaded: libcuda.so: cannot"),
        (MemoryError(), "TensorFlow cannot be loaded: too little memory is free: close other programs"),
    ],
)
def test_a_tensorflow_that_does_not_load_is_one_line(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_import("capsdraw.nets.session", error, monkeypatch)
    with pytest.raises(CapsDrawError, match=f"^{says}[^\n]*$"):
        heavy.load()


@pytest.mark.parametrize("error", [ImportError("no module 'PIL'"), MemoryError()])
def test_the_command_line_says_in_a_line_what_else_cannot_be_loaded(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("capsdraw.nets.cards.survey", fail)
    assert main(["models"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (KeyboardInterrupt(), "stopped"),
        (ImportError("No module named 'msgspec'"), "a part of the app cannot be loaded: No module named 'msgspec': in"),
    ],
)
def test_what_ends_the_import_of_the_commands_is_one_line(
    error: BaseException, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_to_import("capsdraw.cli.command_parser", error, monkeypatch)
    assert main(["models"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"capsdraw: {says}")
    assert said.count("\n") == 1


@posix
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for words in (
        ["classify", str(pipe)],
        ["train", "--recipe", str(pipe)],
        ["evaluate", "--model", "mlp", "--data", str(pipe)],
    ):
        assert main(words) == 1
        said = capsys.readouterr().err
        assert said.startswith("capsdraw: ")
        assert said.count("\n") == 1


def test_before_1980_no_fit_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    then = time.localtime(10**8)
    monkeypatch.setattr(launch.time, "localtime", lambda *_: then)
    with pytest.raises(CapsDrawError, match=r"^this machine's clock says 1973, [^\n]*set the clock$"):
        launch.launch(launch.Order(recipe=PLAN), None, None, None)  # type: ignore[arg-type]
    assert not (home() / "runs").exists()
