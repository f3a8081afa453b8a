"""kill -9 at random moments: the run goes on each time, and what it has learnt stays."""

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.fit import log, recipes, runs, schedule
from capsdraw.nets import zoo

from .conftest import RECIPE, fit

# Goes on with the run, or begins it, until its end. A batch takes some 40 ms, an epoch a good second.
CHILD = """
import sys, time
from pathlib import Path
from capsdraw.datasets import synthetic
from capsdraw.fit import loop
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo

recipe = Recipe(
    name="tiny", title="Tiny", family="keras-cnn", options=zoo.TINY["keras-cnn"], held_out=50, epochs=int(sys.argv[2]),
    batch=32, augmentation=Augmentation(rotation=10, shift=1), schedule="constant",
)
loop.run(Plan.of(recipe, *synthetic.digits(1000, 1)), Path(sys.argv[1]), Control(), lambda event: time.sleep(0.04))
"""
EPOCHS, KILLS = 14, 10

# A checkpoint names it: Keras must know it here too.
assert schedule.Schedule


def start(folder: Path, epochs: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(epochs)], stderr=subprocess.DEVNULL)


def begun(folder: Path, since: int) -> bool:
    return sum(one["event"] == "Started" for one in log.read_events(folder)) > since


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_run_that_is_killed_ten_times_goes_on_each_time(tmp_path: Path) -> None:
    """Not more than the epoch under way is lost, and no half-written file is ever loaded: the weights tell."""
    chance, folder = random.Random(5), tmp_path / "killed"
    before = 0
    for number in range(KILLS):
        child = start(folder, EPOCHS)
        try:
            while not begun(folder, number):
                assert child.poll() is None, "the run did not go on"
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 1.6))
        finally:
            child.kill()
            child.wait()
        run = runs.read(folder)
        assert run.state == "interrupted"
        assert run.epochs_done >= before
        # What the next process will load is whole, whenever the last one died.
        last = folder / "last.keras"
        if last.exists():
            steps = -(-950 // 32)
            batches = int(keras.saving.load_model(last).optimizer.iterations)
            assert batches % steps == 0
            assert run.epochs_done <= batches // steps <= run.epochs_done + 1
        if (folder / "model.keras").exists():
            keras.saving.load_model(folder / "model.keras")
        before = run.epochs_done
    assert start(folder, EPOCHS).wait() == 0
    assert [row["epoch"] for row in log.read_rows(folder)][-1] == EPOCHS
    through = tmp_path / "through"
    assert start(through, EPOCHS).wait() == 0
    one, other = (keras.saving.load_model(path / "last.keras") for path in (folder, through))
    for mine, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
        assert np.abs(mine - theirs).max() < 1e-4


# Begins the run of a recipe and waits, within its third epoch, for its end.
HANGING = """
import sys, time
from pathlib import Path
from capsdraw.datasets import synthetic
from capsdraw.fit import listener, loop, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan

listener._OFTEN = 0.0  # each batch is told

def listen(event):
    if (getattr(event, "epoch", 0), getattr(event, "batch", 0)) == (3, 4):
        print("now", flush=True)
        time.sleep(600)

loop.run(Plan.of(recipes.load(sys.argv[1]), *synthetic.digits(700, 1)), Path(sys.argv[2]), Control(), listen)
"""
AVERAGED = replace(
    RECIPE, family="capsnet", options=zoo.TINY["capsnet"], epochs=3, restarts=(1,), average=True, synthetic=0,
    precision="mixed_bfloat16",
)  # fmt: skip


@pytest.mark.slow
def test_a_capsnet_that_averages_in_half_of_the_bits_is_after_a_kill_what_it_would_have_been(tmp_path: Path) -> None:
    """As the bundled one is trained, for hours: in its second cycle, when the weights of the first are already kept."""
    plan, folder = tmp_path / "plan.toml", tmp_path / "killed"
    plan.write_text(recipes.to_toml(AVERAGED), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", HANGING, str(plan), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"now\n"
        finally:
            child.kill()
    resumed, events = fit(folder, AVERAGED)
    assert events[0].epoch == 3
    through, _ = fit(tmp_path / "through", AVERAGED)
    # To the bit in six tries of six here: nothing that a step depends on is left out of the checkpoint, or rounded
    # in it. Other machines may add up in another order from one run to the next.
    for one, other in zip(resumed.get_weights(), through.get_weights(), strict=True):
        assert np.abs(one - other).max() < 1e-4
