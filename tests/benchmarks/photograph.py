"""How long a telephone's photograph of 12 million pixels takes to be read, and whether the window waits for it.

python tests/benchmarks/photograph.py [ROUNDS]

A process of its own for each round: the first photograph brings SciPy in. Of the reading thread's processor time, the
most that passes between two moments at which another thread, the window's, gets to run.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.rendered_photographs import LIGHTS, PAPERS, photograph

_SIZE = (4000, 3000)


def main() -> int:
    """Measure so many rounds and print the medians."""
    if sys.argv[1:2] == ["--in"]:
        print(json.dumps([_read(Path(sys.argv[2])) for _ in range(3)]))
        return 0
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        _make(path)
        command = [sys.executable, __file__, "--in", str(path)]
        ran = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)]
        print(f"{_SIZE[0]} x {_SIZE[1]} pixels, JPEG of {path.stat().st_size / 1e6:.1f} MB, {rounds} processes")
    for place, name in enumerate(("the first of a process", "another")):
        clock, own, held = (statistics.median(times[place and -1][what] for times in ran) for what in range(3))
        print(f"{name}: {clock:.0f} ms, {own:.0f} of processor time; Python is held for {held:.1f} ms at most")
    return 0


def _make(path: Path) -> None:
    """Squared paper in a shadow's edge."""
    paper, light = list(PAPERS)[3], list(LIGHTS)[2]
    picture = photograph(3, paper, light, np.random.default_rng((0, 3, 2, 3)))
    small = path.with_name("small.jpg")
    small.write_bytes(picture.jpeg)
    Image.open(small).resize(_SIZE, Image.Resampling.BICUBIC).save(path, quality=90)


def _read(path: Path) -> tuple[float, float, float]:
    """Milliseconds by the clock, of processor time, and the longest hold of the interpreter's lock."""
    from capsdraw.ink.images import read_found

    thread = threading.Thread(target=read_found, args=(path,))
    begun = time.perf_counter()
    thread.start()
    clock = time.pthread_getcpuclockid(thread.ident)
    own = held = 0.0
    while thread.is_alive():
        time.sleep(0.001)
        try:
            now = time.clock_gettime(clock)
        except OSError:  # it has ended
            break
        own, held = now, max(held, now - own)
    thread.join()
    return 1000 * (time.perf_counter() - begun), 1000 * own, 1000 * held


if __name__ == "__main__":
    sys.exit(main())
