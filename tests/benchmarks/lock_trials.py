"""Two processes start a fit in one run folder at the same time, in which a dead one left its lock: how often both may.

    python tests/benchmarks/lock_trials.py [TRIALS]

Prints in how many trials both were let in at once, and in how many neither was. Both must be 0.
"""

import json
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock

# Seconds that a fit holds its run; the other may have it after that.
HELD = 0.1


def worker(number: int, folders: list[Path], start: Barrier) -> None:
    """In each folder, write down when this process held its run."""
    for folder in folders:
        start.wait()
        try:
            with lock.hold(folder):
                begin = time.monotonic()
                time.sleep(HELD)
                (folder / f"held-{number}").write_text(json.dumps([begin, time.monotonic()]))
        except CapsDrawError:
            pass


def trials(count: int) -> tuple[int, int]:
    """In how many of so many trials both processes held the run at once, and in how many neither did."""
    both = neither = 0
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place) / str(number) for number in range(count)]
        for folder in folders:
            folder.mkdir()
            (folder / "lock.json").write_text(json.dumps({"pid": 2**22 + 1, "began": "a start long ago", "born": 5000}))
        start = multiprocessing.Barrier(2)
        workers = [multiprocessing.Process(target=worker, args=(number, folders, start)) for number in range(2)]
        for process in workers:
            process.start()
        for process in workers:
            process.join()
        for folder in folders:
            times = [json.loads(path.read_text()) for path in folder.glob("held-*")]
            both += len(times) == 2 and max(times)[0] < min(times)[1]
            neither += not times
    return both, neither


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    both, neither = trials(count)
    print(f"{count} trials: both held the run in {both}, neither in {neither}")
