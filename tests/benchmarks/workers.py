"""Images a second of one fit: as it is, in one process on JAX, and in several that share it; in turns, medians.

    python tests/benchmarks/workers.py                                   # efficient-capsnet, 1 and 2 processes
    python tests/benchmarks/workers.py --model capsnet --limit 512 --workers 1 2

Each fit is a command of its own. An epoch's seconds count from the second one on, when all is compiled, with its check
and what is kept; the first one's are printed beside them, as is how long it took until the first epoch began.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from capsdraw import own_python
from capsdraw.bench.machine import product
from capsdraw.fit import log

PLAIN = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="efficient-capsnet")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--limit", type=int, default=2048)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    measured: dict[int, list[tuple[float, float, float]]] = {workers: [] for workers in (PLAIN, *options.workers)}
    for _ in range(options.rounds):
        for workers, figures in measured.items():
            figures.append(rates(options, workers))
            print(
                f"{name(workers)}: {figures[-1][0]:.1f} images/s; a product of matrices {product():.2f} ms", flush=True
            )
    print(f"{options.model}, batches of {options.batch}, {os.cpu_count()} cores, medians of {options.rounds}:")
    plain = statistics.median(rate for rate, _, _ in measured[PLAIN])
    for workers, figures in measured.items():
        rate, first, start = (statistics.median(column) for column in zip(*figures, strict=True))
        print(
            f"{name(workers):>12}  {rate:7.1f} images/s, {rate / plain:.2f} of the plain fit; "
            f"{start:.1f} s until it began, {first:.1f} s its first epoch"
        )


def name(workers: int) -> str:
    return "plain fit" if workers == PLAIN else f"--workers {workers}"


def rates(options: argparse.Namespace, workers: int) -> tuple[float, float, float]:
    """Images a second after the first epoch, that epoch's seconds, and seconds until it began."""
    with tempfile.TemporaryDirectory() as home:
        words = [
            "train", "--model", options.model, "--data", options.data, "--limit", str(options.limit),
            "--batch", str(options.batch), "--epochs", str(options.epochs), "--held-out", "256", "--strokes", "0",
            "--synthetic", "0",
        ]  # fmt: skip
        begun = time.time()
        subprocess.run(
            own_python.command("capsdraw", *words, *(["--workers", str(workers)] if workers else [])),
            env=own_python.environment() | {"CAPSDRAW_HOME": home}, check=True, capture_output=True,
        )  # fmt: skip
        (folder,) = (Path(home) / "runs").iterdir()
        started = float(log.read_events(folder, "Started")[0]["time"])
        seconds = [float(record["seconds"]) for record in log.read_events(folder, "EpochEnded")]
    return options.limit / statistics.median(seconds[1:]), seconds[0], started - begun


if __name__ == "__main__":
    main()
