"""All the set-up in one line: `python3 run.py` opens the app, `python3 run.py test` passes the tests.

The first start makes a virtual environment beside this file and installs into it what constraints.txt names; later
ones start at once, until constraints.txt or pyproject.toml changes. Any other words are the app's own:
`python3 run.py classify FILE`. Needs nothing but Python and its standard library.
"""

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, TOO_NEW = (3, 11), (3, 14)
# Written when everything is installed: what it was installed from.
STAMP = "capsdraw-installed"

# How each package manager is called, and what it calls what holds a library. Those that look a library up by its
# own name need no table.
MANAGERS = {
    "apt-get": (["apt-get", "install", "-y"], None),
    "dnf": (["dnf", "install", "-y"], "{}()(64bit)"),
    "zypper": (["zypper", "--non-interactive", "install"], "{}()(64bit)"),
    "pacman": (["pacman", "-S", "--needed", "--noconfirm"], None),
}
PACMAN = {
    "libEGL.so.1": "libglvnd",
    "libGL.so.1": "libglvnd",
    "libfontconfig.so.1": "fontconfig",
    "libxkbcommon.so.0": "libxkbcommon",
    "libdbus-1.so.3": "dbus",
    "libglib-2.0.so.0": "glib2",
    "libX11-xcb.so.1": "libx11",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11",
    "libxcb-cursor.so.0": "xcb-util-cursor",
    "libxcb-icccm.so.4": "xcb-util-wm",
    "libxcb-image.so.0": "xcb-util-image",
    "libxcb-keysyms.so.1": "xcb-util-keysyms",
    "libxcb-render-util.so.0": "xcb-util-renderutil",
}


class SetUpError(Exception):
    """What keeps the app from starting, in one line with what to do."""


def main(words: list[str]) -> int:
    """Set up what is missing, then start what the words ask for; returns its exit code."""
    yes = "--yes" in words[:1]
    words = words[1:] if yes else words
    testing = words[:1] == ["test"]
    try:
        require_python(sys.version_info[:2])
        # Tests draw into memory; so do those commands that only print.
        libraries = [] if words and not testing else missing_libraries(x11=not testing)
        if libraries:
            provide(libraries, yes)
        python = environment(ROOT / (".venv-test" if testing else ".venv"), "[dev]" if testing else "")
    except SetUpError as error:
        print(f"capsdraw: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ncapsdraw: stopped; the same line goes on with it", file=sys.stderr)
        return 1
    command = ["-m", "pytest", *words[1:]] if testing else ["-m", "capsdraw", *words]
    return start([str(python), *command], ROOT if testing else Path.cwd())


def require_python(version: tuple[int, ...]) -> None:
    """Raises SetUpError where TensorFlow has no wheels for this Python."""
    if not OLDEST <= tuple(version) < TOO_NEW:
        raise SetUpError(
            f"Python {version[0]}.{version[1]} is not one that TensorFlow runs on: "
            "start run.py with Python 3.11, 3.12 or 3.13"
        )


def missing_libraries(x11: bool) -> dict[str, str]:
    """What Qt loads on Linux and is not there, each with its Debian package; {} on other systems.

    Where a Wayland session runs, the libraries of X11 can be done without.
    """
    if not sys.platform.startswith("linux"):
        return {}
    preflight = runpy.run_path(str(ROOT / "capsdraw" / "ui" / "preflight.py"))
    missing: dict[str, str] = preflight["missing_libraries"](x11=x11 and not os.environ.get("WAYLAND_DISPLAY"))
    return missing


def provide(libraries: dict[str, str], yes: bool) -> None:
    """Install system libraries by the system's own package manager, once the user agrees.

    Raises:
        SetUpError: nobody can be asked, the user declines, or it could not be done.
    """
    names = ", ".join(libraries)
    command = installer(libraries)
    if command is None:
        raise SetUpError(f"Qt needs {names}: install what holds them with your system's package manager")
    said = " ".join(command)
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise SetUpError(f"Qt needs {names}: ask who looks after this machine to run: {said}")
        command, said = ["sudo", *command], f"sudo {said}"
    if not (yes or agreed(f"Qt needs {names}.\nInstall them now, by\n  {said}\n? [Y/n] ")):
        raise SetUpError(f"Qt needs {names}: {said}")
    if "apt-get" in command:  # its lists may be old, or not there yet
        subprocess.run([*command[: command.index("apt-get")], "apt-get", "update", "-qq"], check=False)
    done = subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if done.returncode:
        raise SetUpError(f"the libraries could not be installed: see above, or try it by hand: {said}")


def installer(libraries: dict[str, str]) -> list[str] | None:
    """The command that installs libraries on this machine; None where its package manager is not known."""
    for manager, (command, by_library) in MANAGERS.items():
        if shutil.which(manager) is None:
            continue
        if by_library is not None:
            packages = [by_library.format(library) for library in libraries]
        elif manager == "pacman":
            packages = [PACMAN.get(library, "libxcb") for library in libraries]
        else:
            packages = list(libraries.values())
        return [*command, *sorted(set(packages))]
    return None


def agreed(question: str) -> bool:
    """The user's answer, which may come through a pipe; no where nobody answers, yes on a machine that only tests."""
    if os.environ.get("CI"):
        return True
    try:
        return input(question).strip().lower() in ("", "y", "yes")
    except (EOFError, RuntimeError):  # RuntimeError: there is no standard input at all
        print()
        return False


def environment(folder: Path, extra: str) -> Path:
    """The Python of an environment in which the app is installed; made, or brought up to date, where it is not.

    Raises:
        SetUpError: it cannot be made, or a package cannot be had.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = fingerprint(extra)
    stamp = folder / STAMP
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"Setting up {folder.name} (once; some minutes, about 700 MB to download) …", file=sys.stderr, flush=True)
    if not python.exists():
        make_environment(folder)
    install = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", "constraints.txt", "-e", f".{extra}"]
    if subprocess.run([str(python), *install], cwd=ROOT, check=False).returncode:
        raise SetUpError("a package could not be installed: see above; with a network, the same line tries again")
    stamp.write_text(wanted, encoding="utf-8")
    return python


def make_environment(folder: Path) -> None:
    """A virtual environment; Debian's Python comes without what makes one."""
    if subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False, stdout=subprocess.PIPE).returncode == 0:
        return
    shutil.rmtree(folder, ignore_errors=True)
    advice = ": sudo apt-get install python3-venv" if shutil.which("apt-get") else ""
    raise SetUpError(f"this Python cannot make a virtual environment{advice}")


def fingerprint(extra: str) -> str:
    """What an environment is made from: another one needs to be installed anew."""
    digest = hashlib.sha256(repr((extra, sys.version_info[:2], str(ROOT))).encode())
    for name in ("constraints.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def start(command: list[str], folder: Path) -> int:
    """Run a command to its end; Ctrl-C, and any other signal, is its own matter."""
    if os.name == "posix":
        os.chdir(folder)
        sys.stdout.flush()
        os.execv(command[0], command)  # no process between it and who stops it
    process = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
