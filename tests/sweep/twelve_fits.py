"""Twelve fits on a cluster of two machines that are processes here, one worker and one machine killed in mid-sweep.

    python tests/sweep/twelve_fits.py                 # tutorial-cnn and efficient-capsnet, six seeds each
    python tests/sweep/twelve_fits.py --seeds 1       # two fits

The machines are started by the lines of README.md, each with one processor and a folder of its own, and the sweep by
`capsdraw sweep`, here and there. All of it happens in a network of its own (Linux, `unshare`), which has a loopback
interface and no other, so nothing is opened; where that cannot be made, `--as-is` does without. Prints the held-out
errors of both ways, and for each fit with how many epochs each of its parts began; fails where errors differ, a fit is
not finished or one was trained twice from its start. Ray's workers stand back behind all else on a machine:
RAY_worker_niceness=0 has them not do so.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from capsdraw.datasets import synthetic
from capsdraw.fit import log

README: Final = Path(__file__).parents[2] / "README.md"
HOST, INSIDE, SAID = "127.0.0.1", "--inside", "said.txt"
# Times that a machine is started: Ray gives up where its helpers are not there in 15 s, on a busy machine.
TRIES: Final = 6
SWEEP: Final = """name = "twelve"

[over]
recipe = ["tutorial-cnn", "efficient-capsnet"]
seed = {{from = 1, to = {seeds}, step = 1}}

[fixed]
start = ""
data = "{data}"
limit = 300
held_out = 100
batch = 25
epochs = {epochs}
synthetic = 0
strokes = 0
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--as-is", action="store_true", help="on this machine's own network, not in one of its own")
    parser.add_argument(INSIDE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inside and not options.as_is:
        alone = ["unshare", "--map-root-user", "--net", sys.executable, __file__, *sys.argv[1:], INSIDE]
        return subprocess.run(alone, check=False).returncode
    if options.inside:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        return compared(Path(folder), options.seeds, options.epochs)


def compared(folder: Path, seeds: int, epochs: int) -> int:
    """Train there and here, and say what came of it; the exit code."""
    images, labels = synthetic.digits(360, 1)
    data, file = folder / "digits.npz", folder / "twelve.toml"
    np.savez(data, x_train=images[:300], y_train=labels[:300], x_test=images[300:], y_test=labels[300:])
    file.write_text(SWEEP.format(seeds=seeds, data=data.as_posix(), epochs=epochs))
    (folder / "user").mkdir()
    own = os.environ | {"HOME": str(folder / "user"), "CAPSDRAW_HOME": str(folder / "there")}
    begun = time.monotonic()
    with cluster(folder, own) as (address, homes):
        say(f"two machines at {address} after {time.monotonic() - begun:.0f} s")
        begun = time.monotonic()
        there = with_deaths(sweeping(file, own, "--address", address), folder / "there" / "runs", homes, epochs)
        say(f"{len(there)} fits on Ray: {time.monotonic() - begun:.0f} s")
    begun = time.monotonic()
    process = sweeping(file, own | {"CAPSDRAW_HOME": str(folder / "here")})
    here = rows_of(process)
    say(f"{len(here)} fits in processes: {time.monotonic() - begun:.0f} s")
    return verdict(there, here)


def verdict(there: list[dict[str, Any]], here: list[dict[str, Any]]) -> int:
    wrong = 0
    for one, other in zip(there, here, strict=True):
        begun = [int(record["done"]) for record in log.read_events(Path(one["run"]), "Started")]
        error, same = "held_out_error_percent", one["held_out_error_percent"] == other["held_out_error_percent"]
        fine = same and one["state"] == other["state"] == "finished" and begun.count(0) == 1
        wrong += not fine
        say(
            f"{one['recipe']:18} seed {one['seed']}  Ray {one[error]}%  processes {other[error]}%  {one['state']}, "
            f"begun at epochs {begun}{'' if fine else '  WRONG'}"
        )
    say("all as it should be" if not wrong else f"{wrong} fits are not as they should be")
    return int(wrong > 0)


@contextmanager
def cluster(folder: Path, own: dict[str, str]) -> Iterator[tuple[str, list[Path]]]:
    """Two machines, started as README.md says; where they are, and their folders."""
    own |= dict(word.split("=", 1) for word in documented("export")[1:])
    own["RAY_raylet_start_wait_time_s"] = "40"  # in which it gives up, to be started anew
    head, member = documented("ray start --head"), documented("ray start --address")
    address = member[2].partition("=")[2]
    homes = [folder / "machine-1", folder / "machine-2"]
    if not done(documented("ray get-auth-token"), own, folder):
        raise SystemExit(f"no token was made: {said(folder)}")
    try:
        for command, home in zip((head, member), homes, strict=True):
            started([*command, "--num-cpus=1"], own | {"CAPSDRAW_HOME": str(home)}, folder)
        yield address, homes
    finally:
        kill(folder)


def documented(begins: str) -> list[str]:
    """The line of README.md that begins so, as words, with this machine as its HOST."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    block = next(block for block in blocks if "ray start --head" in block)
    line = next(line for line in block.splitlines() if line.startswith(begins))
    program, *words = line.partition("#")[0].replace("HOST", HOST).split()
    beside = Path(sys.executable).with_name(program)  # of this environment
    return [str(beside) if beside.exists() else program, *words]


def started(command: list[str], own: dict[str, str], folder: Path) -> None:
    home = own["CAPSDRAW_HOME"]
    for _ in range(TRIES):
        if done(command, own, folder):
            return
        kill(folder, home)
    raise SystemExit(f"not started in {TRIES} tries: {' '.join(command)}\n{said(folder)}")


def done(command: list[str], own: dict[str, str], folder: Path) -> bool:
    with (folder / SAID).open("w") as words:  # not a pipe: what Ray starts would hold it
        ended = subprocess.run(command, env=own, stdout=words, stderr=words, check=False, start_new_session=True)
    return ended.returncode == 0


def said(folder: Path) -> str:
    return (folder / SAID).read_text()[-600:]


def processes(folder: Path, home: str = "") -> list[psutil.Process]:
    """Ray's on the machines in `folder`, or on the one whose folder `home` is; they are known by their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            whose = process.environ().get("CAPSDRAW_HOME", "")
        except psutil.Error:
            continue
        mine = whose == home if home else whose.startswith(f"{folder}/machine-")
        if mine and process.pid != os.getpid():
            found.append(process)
    return found


def kill(folder: Path, home: str = "") -> None:
    for process in processes(folder, home):
        for each in (*children(process), process):
            each.kill()


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def sweeping(file: Path, own: dict[str, str], *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "capsdraw", "sweep", str(file), "--json", *more]
    return subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True)


def rows_of(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the sweep ended with {process.returncode}")
    try:
        rows: list[dict[str, Any]] = json.loads(output)
    except ValueError:
        raise SystemExit(f"the sweep printed other things than its rows: {output[:300]!r}") from None
    return rows


def with_deaths(process: subprocess.Popen[str], runs: Path, homes: list[Path], epochs: int) -> list[dict[str, Any]]:
    """The sweep's rows; in its midst first a worker is killed on either machine, then the machine that joined."""
    victims = ["worker", "machine"]
    hit: set[str] = set()
    while victims and process.poll() is None:
        time.sleep(0.1)
        for run in sorted(runs.glob("twelve-*")):
            home = next((home for home in homes[1:] if list(home.glob(f"cache/cluster/runs/*/{run.name}"))), None)
            ended = len(log.read_events(run, "EpochEnded"))
            if run.name in hit or home is None or not 1 <= ended < epochs or not victims:
                continue
            raylet = next(each for each in processes(home.parent, str(home)) if each.name() == "raylet")
            actor = next((each for each in raylet.children() if "NodeFit" in "".join(each.cmdline())), None)
            victim = actor if victims[0] == "worker" else raylet
            if victim is not None:
                victim.kill()
                hit.add(run.name)
                say(f"kill -9 {victim.pid}, the {victims.pop(0)} that has {run.name} after {ended} of {epochs} epochs")
    rows = rows_of(process)
    if victims:
        raise SystemExit(f"the sweep was over before a {victims[0]} could be killed: try more epochs")
    return rows


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
