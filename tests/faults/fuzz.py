"""Thousands of files with something wrong in them, read as the app reads them.

    python -m tests.faults.fuzz                  500 of each kind, seed 1
    python -m tests.faults.fuzz --count 2000 --seeds 1 2 3 --kinds card npz

Each kind has a process of its own, which may have a gigabyte of memory. Of each file it is held that the app's own
error comes of it, or none; that the error is one line; that it takes less than ten seconds of processor time; that the
file is untouched; and that nothing was started, asked of the network, unpickled, or written elsewhere.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .kinds import Kind

HERE = Path(__file__).parents[2]
_SECONDS = 10.0
# What files are called that were put aside.
_ASIDE = ("names.damaged*", "drawing-aside.json", "drawing-tried-*.json")


def fuzz(name: str, seed: int, count: int) -> dict[str, Any]:
    """Read so many files of a kind, in this process; what came of it."""
    from capsdraw.errors import plain

    from .guarded import limit_memory, peak, quietly, watched

    kind = all_kinds()[name]
    path = kind.make()
    whole, chance = path.read_bytes(), random.Random(f"{name} {seed}")
    kind.read(path)  # imports what it takes, before memory is limited
    limit_memory()
    record = watched(Path(tempfile.gettempdir()))
    faults: list[str] = []
    refused, longest = 0, 0.0
    for number in range(count):
        content = kind.mutate(whole, chance)
        path.write_bytes(content)
        begun = time.process_time()
        try:
            said = quietly(lambda: kind.read(path))
        except BaseException:
            said = ""
            faults.append(f"{number}: {traceback.format_exc(limit=-3)}")
        longest = max(longest, time.process_time() - begun)
        refused += bool(said)
        if said and (plain(said) != said or len(said) > 1500):
            faults.append(f"{number}: not one line: {said!r}")
        if not _is_untouched(path, content):
            faults.append(f"{number}: the file was changed")
    faults += [f"did what reading a file never does: {line}" for line in record]
    if longest > _SECONDS:
        faults.append(f"{longest:.1f} seconds for one file")
    return {"refused": refused, "longest": longest, "peak": peak(), "faults": faults}


def all_kinds() -> "dict[str, Kind]":
    """Every kind by its name."""
    from .kinds import KINDS
    from .kinds_of_collection import KINDS_OF_COLLECTION
    from .kinds_of_data import KINDS_OF_DATA

    return {**KINDS, **KINDS_OF_DATA, **KINDS_OF_COLLECTION}


def _is_untouched(path: Path, content: bytes) -> bool:
    """Whether a file holds what it held; damaged names and a damaged drawing are put aside, under another name."""
    places = [path, *(aside for form in _ASIDE for aside in path.parent.glob(form))]
    untouched = any(place.exists() and place.read_bytes() == content for place in places)
    for aside in places[1:]:
        aside.unlink()
    return untouched


def in_a_process(name: str, seed: int, count: int, home: Path) -> dict[str, Any]:
    """`fuzz` in a process of its own, with a home of its own."""
    environment = {**os.environ, "CAPSDRAW_HOME": str(home), "TMPDIR": str(home), "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "tests.faults.fuzz", "--child", name, "--seeds", str(seed), "--count", str(count)]
    ended = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    try:
        return json.loads(ended.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        fault = f"the process ended with {ended.returncode}: {ended.stderr[-2000:]}"
        return {"refused": 0, "longest": 0.0, "peak": 0, "faults": [fault]}


def main() -> int:
    """Fuzz what the command line says; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description="read files with something wrong in them")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--kinds", nargs="+")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(fuzz(options.child, options.seeds[0], options.count)))
        return 0
    wrong = 0
    for name in options.kinds or all_kinds():
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as home:
                result = in_a_process(name, seed, options.count, Path(home))
            faults = result["faults"]
            wrong += len(faults)
            print(
                f"{name:<16} seed {seed}: {options.count} files, {result['refused']} refused, longest "
                f"{result['longest']:.2f} s, {result['peak'] >> 20} MB, {len(faults)} faults", flush=True,
            )  # fmt: skip
            for fault in faults[:5]:
                print(f"    {fault}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
