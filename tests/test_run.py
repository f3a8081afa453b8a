"""`python3 run.py`: whoever clones the project gets a window from one line, or one line that says what is missing."""

import importlib.util
import os
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).parents[1] / "run.py"
LIBRARIES = {"libxcb-icccm.so.4": "libxcb-icccm4", "libEGL.so.1": "libegl1"}


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Manager":
    monkeypatch.delenv("CI", raising=False)
    return Manager(tmp_path, monkeypatch)


class Manager:
    """A package manager that writes down what it is asked for, the only one on the PATH."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log = folder / "log"
        self._bin = folder / "bin"
        self._bin.mkdir()
        monkeypatch.setenv("PATH", str(self._bin))

    def install(self, name: str, code: int = 0) -> None:
        program = self._bin / name
        # Called as a user, it is called through sudo, which here only calls on.
        does = f'echo {name} "$@" >> {self.log}; exit {code}' if name != "sudo" else 'exec "$@"'
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries of the system are Linux's matter")


@linux
@pytest.mark.parametrize(
    ("name", "packages"),
    [
        ("apt-get", "install -y libegl1 libxcb-icccm4"),
        ("dnf", "install -y libEGL.so.1()(64bit) libxcb-icccm.so.4()(64bit)"),
        ("zypper", "--non-interactive install libEGL.so.1()(64bit) libxcb-icccm.so.4()(64bit)"),
        ("pacman", "-S --needed --noconfirm libglvnd xcb-util-wm"),
    ],
)
def test_what_is_missing_is_installed_once_the_user_agrees(
    run: ModuleType, manager: Manager, monkeypatch: pytest.MonkeyPatch, name: str, packages: str
) -> None:
    manager.install(name)
    manager.install("sudo")
    questions: list[str] = []
    monkeypatch.setattr("builtins.input", lambda text: questions.append(text) or "y")
    run.provide(LIBRARIES, yes=False)
    assert manager.calls[-1] == f"{name} {packages}"
    assert len(questions) == 1
    assert "libxcb-icccm.so.4" in questions[0]


@linux
@pytest.mark.parametrize("answer", ["n", EOFError(), RuntimeError("input(): lost sys.stdin")])
def test_without_a_yes_nothing_is_installed_and_the_command_is_told(
    run: ModuleType, manager: Manager, monkeypatch: pytest.MonkeyPatch, answer: str | Exception
) -> None:
    manager.install("apt-get")
    manager.install("sudo")

    def answers(_: str) -> str:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("builtins.input", answers)
    with pytest.raises(run.SetUpError, match=r"libxcb-icccm\.so\.4.*apt-get install -y libegl1 libxcb-icccm4"):
        run.provide(LIBRARIES, yes=False)
    assert manager.calls == []


@linux
def test_a_manager_that_fails_or_is_not_known_ends_in_one_line(run: ModuleType, manager: Manager) -> None:
    with pytest.raises(run.SetUpError, match="your system's package manager"):
        run.provide(LIBRARIES, yes=True)
    manager.install("apt-get", code=100)
    manager.install("sudo")
    with pytest.raises(run.SetUpError, match="could not be installed"):
        run.provide(LIBRARIES, yes=True)


@linux
def test_whoever_may_not_install_is_told_whom_to_ask(
    run: ModuleType, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.install("apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(run.SetUpError, match="ask who looks after this machine to run: apt-get install"):
        run.provide(LIBRARIES, yes=True)


@linux
def test_every_library_has_a_package_everywhere(run: ModuleType) -> None:
    """Else a user of Arch is sent for `libxcb` where a library of another package is missing."""
    from capsdraw.ui import preflight

    named = {library for library in (*preflight._COMMON, *preflight._X11) if library not in run.PACMAN}
    assert named == {"libxcb.so.1", "libxcb-randr.so.0", "libxcb-shape.so.0", "libxcb-xkb.so.1"}


@linux
def test_wayland_does_without_the_libraries_of_x11(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from capsdraw.ui import preflight

    monkeypatch.setitem(preflight._X11, "libxcb-nosuch.so.9", "libxcb-nosuch9")
    monkeypatch.setattr(run.runpy, "run_path", lambda _: vars(preflight))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert "libxcb-nosuch.so.9" in run.missing_libraries(x11=True)
    assert preflight.platform_to_use() is None
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert run.missing_libraries(x11=True) == {}
    assert preflight.platform_to_use() == "wayland"
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert preflight.platform_to_use() is None


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_a_python_that_tensorflow_has_no_wheels_for_is_told(run: ModuleType, version: tuple[int, int]) -> None:
    with pytest.raises(run.SetUpError, match=r"Python 3\.\d+ is not one.*3\.11, 3\.12 or 3\.13"):
        run.require_python(version)


def test_a_second_start_installs_nothing_and_changed_versions_do(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root, installs = tmp_path / "clone", tmp_path / "installs"
    root.mkdir()
    for name in ("constraints.txt", "pyproject.toml"):
        (root / name).write_text("a==1\n")
    monkeypatch.setattr(run, "ROOT", root)

    def make(folder: Path) -> None:
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\necho "$@" >> {installs}\n')
        python.chmod(0o755)

    monkeypatch.setattr(run, "make_environment", make)
    python = run.environment(root / ".venv", "")
    assert run.environment(root / ".venv", "") == python
    assert len(installs.read_text().splitlines()) == 1
    assert capfd.readouterr().err.count("Setting up") == 1
    (root / "constraints.txt").write_text("a==2\n")
    run.environment(root / ".venv", "")
    assert len(installs.read_text().splitlines()) == 2
    assert "-c constraints.txt -e ." in installs.read_text()


def test_a_package_that_cannot_be_had_is_told_and_tried_again(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".venv"

    def make(folder: Path) -> None:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to("/bin/false")

    monkeypatch.setattr(run, "make_environment", make)
    for _ in range(2):
        with pytest.raises(run.SetUpError, match="a package could not be installed"):
            run.environment(folder, "")


def test_it_starts_the_app_itself(tmp_path: Path) -> None:
    """The real line, in an environment that is there already: here, the tests' own."""
    code = (
        "import sys, runpy; from pathlib import Path; sys.argv = ['run.py', 'models', '--json'];"
        f"module = runpy.run_path({str(RUN)!r});"
        "module['main'].__globals__['environment'] = lambda *_: Path(sys.executable);"
        "sys.exit(module['main'](sys.argv[1:]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"efficient-capsnet"' in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="on Windows a process that was started is ended by itself")
def test_a_signal_reaches_what_was_started(tmp_path: Path) -> None:
    """`kill` of `run.py train` left the fit running."""
    code = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('up', flush=True); time.sleep(60)"
    )
    (tmp_path / "started.py").write_text(code)
    caller = (
        "import importlib.util, sys; from pathlib import Path; "
        f"s = importlib.util.spec_from_file_location('run', {str(RUN)!r}); "
        f"m = importlib.util.module_from_spec(s); s.loader.exec_module(m); "
        f"sys.exit(m.start([sys.executable, 'started.py'], Path({str(tmp_path)!r})))"
    )
    process = subprocess.Popen([sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.terminate()
    assert process.wait(20) == 7
    process.stdout.close()
