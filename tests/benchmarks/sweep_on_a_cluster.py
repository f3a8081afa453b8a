"""How much longer a sweep takes on a cluster of this machine alone than in processes: both in one run, in turns.

    python tests/benchmarks/sweep_on_a_cluster.py            # twelve fits, as many at once as there are cores
    python tests/benchmarks/sweep_on_a_cluster.py --fits 4 --limit 500 --rounds 3

Ray's workers stand back behind all else by default; here they do not, so that both are measured in the same way. The
cluster begins before the clock does. Prints the seconds of each round, the ratio of their medians (at most 1.15 is
wanted) and whether all errors were the same.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from capsdraw.fit.control import Control
from capsdraw.sweep import sweep_file
from capsdraw.sweep.fit_task import Workers
from capsdraw.sweep.local_workers import LocalWorkers
from capsdraw.sweep.planned_fits import fits_of
from capsdraw.sweep.ray_workers import LOCAL, RayWorkers
from capsdraw.sweep.supervisor import Supervisor
from capsdraw.sweep.sweep_cost import cores
from capsdraw.sweep.sweep_folder import BegunSweep, keep

MOST = 1.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fits", type=int, default=12)
    parser.add_argument("--limit", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--data", default="mnist")
    options = parser.parse_args()
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 (as Ray spells it)
    plan = sweep_file.parse(
        {
            "name": "bench",
            "over": {
                "recipe": ["tutorial-cnn", "efficient-capsnet"],
                "seed": {"from": 1, "to": options.fits // 2, "step": 1},
            },
            "fixed": {"data": options.data, "limit": options.limit, "epochs": 1, "held_out": 500, "strokes": 0},
        },
        "bench",
    )
    sweep = BegunSweep.of(plan, fits_of(plan))
    plain, on_ray, same = [], [], True
    for number in range(1, options.rounds + 1):
        here, errors = measured(sweep, LocalWorkers(cores()))
        there, theirs = measured(sweep, RayWorkers(LOCAL, 1, cores()))
        print(f"round {number}: {here:.1f} s in processes, {there:.1f} s on Ray", flush=True)
        plain.append(here)
        on_ray.append(there)
        same = same and errors == theirs
    here, there = statistics.median(plain), statistics.median(on_ray)
    print(f"{len(sweep.fits)} fits, {cores()} at once: {here:.1f} s in processes, {there:.1f} s on Ray, in the medians")
    print(f"ratio {there / here:.3f} (at most {MOST} is wanted); errors the same: {same}")


def measured(sweep: BegunSweep, workers: Workers) -> tuple[float, list[float | None]]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CAPSDRAW_HOME"] = str(Path(folder))
        keep(sweep)
        begun = time.perf_counter()
        outcome = Supervisor(sweep, workers, lambda _: None).run(Control())
        seconds = time.perf_counter() - begun
        return seconds, [result.held_out_error_percent for result in outcome.results]


if __name__ == "__main__":
    main()
