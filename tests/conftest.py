"""What all tests share: a home of their own, no screen, and nothing left behind."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import pytest

from capsdraw.ui import preflight


def pytest_sessionstart() -> None:
    missing = preflight.missing_libraries(x11=False)
    if missing:
        pytest.exit(f"Qt needs {', '.join(missing)}: sudo apt install {' '.join(missing.values())}", returncode=3)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the user's own models and settings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CAPSDRAW_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A worker that outlives its window would keep the process alive."""
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("capsdraw")]
    assert not left, f"threads left behind: {left}"
