"""The sweep over routing and decoder: means, intervals, and what is refused."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from capsdraw.sweep import sweep_file
from capsdraw.sweep.planned_fits import fits_of
from training.experiments import routing_sweep, store
from training.routing_section import cells_of, half_of
from training.routing_section import routing as section


def fit(count: int, weight: float, seed: int) -> dict[str, float]:
    error = count + 10 * weight + 0.1 * seed
    return {"routing": count, "decoder_weight": weight, "seed": seed, "held_out_error_percent": error}


FITS = [fit(count, weight, seed) for count in (1, 2) for weight in (0.0, 0.5) for seed in (1, 2, 3)]


def test_means_and_intervals_are_of_the_seeds_in_all_cells_together() -> None:
    assert cells_of(FITS)[2, 0.5] == pytest.approx([7.1, 7.2, 7.3])
    # The deviation of seeds is 0.1 in each of the four cells: 8 degrees of freedom, for which Student's t is 2.306.
    assert half_of(FITS) == pytest.approx(2.306 * 0.1 / np.sqrt(3), rel=1e-3)
    assert half_of(FITS, 6) == pytest.approx(2.306 * 0.1 / np.sqrt(6), rel=1e-3)
    told = section({"fits": FITS})
    assert "| 2 | 2.20 | 7.20 | **4.70** ± 0.09 |" in told
    assert "| all | **1.70** ± 0.09 | **6.70** ± 0.09 |  |" in told


def test_what_a_sweep_printed_is_kept_and_a_part_of_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(store, "FOLDER", tmp_path / "results")
    path = tmp_path / "out.json"
    monkeypatch.setattr(sys, "argv", ["routing_sweep", str(path)])
    path.write_text(json.dumps([{**one, "run": "x", "state": "finished"} for one in FITS]))
    routing_sweep.main()
    assert store.read("routing") == {"fits": FITS}
    for rows, says in (
        ([{**FITS[0], "state": "stopped"}], "1 of 1 fits are not finished"),
        ({"routing": 1}, "cannot read 'out.json' as what a sweep printed"),
    ):
        path.write_text(json.dumps(rows))
        with pytest.raises(SystemExit):
            routing_sweep.main()
        assert says in capsys.readouterr().err


def test_the_bundled_sweep_is_what_the_section_is_of() -> None:
    plan = sweep_file.load("routing-by-decoder")
    fits = fits_of(plan)
    measured = store.read("routing")["fits"]
    assert len(fits) == len(measured) == 45
    assert {(one["routing"], one["decoder_weight"], one["seed"]) for one in measured} == {
        (count, weight, seed) for count in range(1, 6) for weight in (0.0, 0.0005, 0.005) for seed in (1, 2, 3)
    }
