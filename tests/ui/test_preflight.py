"""Without a display or a library, the user is told what to do instead of seeing a crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from capsdraw.ui import preflight

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland are Linux's")


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-m", "capsdraw"], env={**kept, **environment}, capture_output=True, text=True, timeout=60
    )


@linux
@pytest.mark.parametrize("environment", [{}, {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}])
def test_without_a_display_it_says_so_and_exits_2(environment: dict[str, str]) -> None:
    done = start(**environment)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "there is no display" in done.stderr
    assert "capsdraw classify" in done.stderr


@linux
def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setitem(preflight._X11, "libxcb-nosuch.so.9", "libxcb-nosuch9")
    said = preflight.problem()
    assert said is not None
    assert "libxcb-nosuch.so.9" in said
    assert "sudo apt install" in said
    assert "libxcb-nosuch9" in said


def test_the_packages_are_those_of_the_readme() -> None:
    """Else the README sends its reader to install less than the app needs."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for package in {**preflight._COMMON, **preflight._X11}.values():
        assert package in readme
