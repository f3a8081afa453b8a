"""The ablation changes one thing at a time, and all else is equal."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.fit import check, room
from training import ablation_section
from training.experiments import ablation, held_out

SOFTENING = {"blur", "resampling", "contrast", "gamma", "ground", "noise"}
CHANGED: dict[str, set[str]] = {
    "as planned": set(), "routing 1": {"iterations"}, "no decoder": {"reconstruction"}, "no bias": {"bias"},
    "no softening": SOFTENING,
}  # fmt: skip


def flat(change: str, seed: int) -> dict[str, Any]:
    entries = asdict(ablation.plan(change, seed))
    return {**entries.pop("options"), **entries.pop("augmentation"), **entries}


@pytest.mark.parametrize("change", CHANGED)
def test_each_change_is_one_thing_and_all_fits_are_as_long(change: str) -> None:
    base, other = flat("as planned", 2), flat(change, 2)
    differ = {name for name in base.keys() | other.keys() if base.get(name) != other.get(name)}
    assert differ == CHANGED[change]
    assert (other["epochs"], other["limit"], other["channels"]) == (6, 20_000, 64)


@pytest.mark.parametrize("change", ablation.CHANGES)
def test_each_fit_can_be_made(change: str) -> None:
    plan = ablation.plan(change, 1)
    assert check.problems(plan) == room.against_data(plan, 60_000, (28, 28, 1)) == {}


def test_shifts_alone_are_the_paper_s_moves() -> None:
    moves = asdict(ablation.plan("shifts alone", 1).augmentation)
    assert moves.pop("shift") == 2
    assert moves == {name: value for name, value in asdict(type(ablation.plan("as planned", 1).augmentation)()).items()
                     if name != "shift"}  # fmt: skip


@pytest.mark.slow
def test_a_fit_is_measured_on_what_it_was_not_trained_on() -> None:
    images, labels = synthetic.digits(300, 1)
    data = Data("made", images, labels, images[:0], labels[:0])
    short = replace(
        ablation.plan("as planned", 1), epochs=1, limit=100, held_out=100, synthetic=0, strokes=0,
        options={"channels": 16, "size": 8},
    )  # fmt: skip
    errors = ablation.errors_after(short, data, {"made": (images[200:], labels[200:])})
    assert set(errors) == {"made", *(f"made {name}" for name in SOFTENING - {"gamma"})}
    assert all(0 <= error <= 100 for error in errors.values())
    assert np.isfinite(list(errors.values())).all()


def measured(seeds: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    sets = ("mnist", *(f"mnist {how}" for how, _ in held_out.SOFTENED), "pen", "pen blur")
    fits = [{"change": change, "seed": seed, "errors": dict.fromkeys(sets, error)}
            for change, errors in seeds.items() for seed, error in enumerate(errors, 1)]  # fmt: skip
    return {"channels": 64, "images": 20_000, "epochs": 6, "fits": fits}


def test_its_table_has_means_and_what_the_seeds_spread_may_do_to_them() -> None:
    lines = ablation_section.ablation(
        measured({"as planned": (1.0, 1.1, 1.2), "no bias": (2.0, 2.1, 2.2)})
    ).splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
    assert rows[2][:2] == ["as planned", "1.10"]
    assert rows[3][:2] == ["no bias", "2.10"]
    # t of 4 degrees of freedom, times the deviation, by the root of three seeds.
    assert rows[4][:2] == ["*each ±*", f"*{2.776 * 0.1 / np.sqrt(3):.2f}*"]


def test_no_table_is_made_of_fits_that_are_not_all_there() -> None:
    assert "4 fits are measured" in ablation_section.ablation(
        measured({"as planned": (1.0, 1.1), "no bias": (2.0,), "no decoder": (2.0,)})
    )
