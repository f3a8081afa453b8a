"""A fit's process is stopped from outside, by Ctrl-C or a kill: the next one goes on and ends with the same weights."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

# Trains three epochs; with "stop" as its second argument it says when it is within the second, and waits there.
CHILD = """
import signal, sys, time
from pathlib import Path
import numpy as np
from capsdraw.datasets import synthetic
from capsdraw.fit import loop
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.events import BatchEnded
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo

signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background, it is ignored
folder = Path(sys.argv[1])
recipe = Recipe(
    name="tiny", title="Tiny", family="keras-cnn", options=zoo.TINY["keras-cnn"], held_out=20, synthetic=1000, epochs=3,
    batch=64, augmentation=Augmentation(rotation=10, shift=1),
)

def publish(event):
    if sys.argv[2] == "stop" and isinstance(event, BatchEnded) and event.epoch == 2 and event.batch > 1:
        print("within", flush=True)
        time.sleep(600)

model = loop.run(Plan.of(recipe, *synthetic.digits(340, 1)), folder / "run", Control(), publish)
np.savez(folder / "weights.npz", *model.get_weights())
"""


def weights(folder: Path) -> list[np.ndarray]:
    """Of a fit in `folder`, in a process of its own, that runs to its end."""
    subprocess.run([sys.executable, "-c", CHILD, str(folder), "through"], check=True, capture_output=True)
    with np.load(folder / "weights.npz") as file:
        return [file[name] for name in file.files]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[np.ndarray]:
    return weights(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_a_stopped_process_is_gone_on_with(tmp_path: Path, undisturbed: list[np.ndarray], how: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), "stop"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "within\n"
        child.send_signal(signal.Signals[how])
        # Drawing pen digits takes longer than the net does: a thread that loads a batch must not outlive the fit.
        assert child.wait(60) != 0
    finally:
        child.kill()
        child.communicate()
    assert not (tmp_path / "weights.npz").exists()
    assert len((tmp_path / "run" / "log.csv").read_text().splitlines()) == 2
    for one, other in zip(weights(tmp_path), undisturbed, strict=True):
        assert np.abs(one - other).max() < 1e-4
    assert len((tmp_path / "run" / "log.csv").read_text().splitlines()) == 4
