"""What all tests share: a home of their own, no screen, and nothing left behind."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import pytest

from capsdraw.datasets.sources import CIFAR10_CLASSES
from capsdraw.nets import cards
from capsdraw.ui import preflight

from .made import made_card


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


@pytest.fixture
def colour_model(own_home: Path) -> cards.Card:
    """A net of photographs among the user's own models, with random weights."""
    from capsdraw.nets import zoo

    model = zoo.build("cifar-cnn", **zoo.TINY["cifar-cnn"])
    folder = own_home / "models"
    digest = zoo.save(model, folder / "photographs.keras")
    card = made_card(
        name="photographs",
        title="Photographs",
        kind="classifier",
        input=(32, 32, 3),
        classes=10,
        sha256=digest,
        data_set="cifar10",
        labels=CIFAR10_CLASSES,
    )
    cards.write(card, folder / "photographs.json")
    return cards.find("photographs")


# What nothing waits for when a window closes, and what ends by itself: a step of an estimate, a job, a download that
# was cancelled, the import of TensorFlow. Seconds of the process' own time, and by the clock, that this may take.
_END_BY_THEMSELVES = ("capsdraw-fit", "capsdraw-jobs", "capsdraw-inside", "capsdraw-load", "capsdraw-fetch")
_OWN, _BY_THE_CLOCK = 15.0, 120.0


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A worker that outlives its window would keep the process alive."""
    yield
    own, clock = time.process_time() + _OWN, time.monotonic() + _BY_THE_CLOCK
    while time.process_time() < own and time.monotonic() < clock:
        late = [thread for thread in threading.enumerate() if thread.name.startswith(_END_BY_THEMSELVES)]
        if not late:
            break
        late[0].join(0.05)
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("capsdraw")]
    assert not left, f"threads left behind: {left}"
