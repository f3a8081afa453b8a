"""Lines of each room that tests run: `python tests/coverage_by_room.py [tests/ink …]`; what follows goes to pytest.

The quick tests, in one process; `-m "slow or not slow"` for all of them. What tests start in processes of their own is
not counted, so `bench` has fewer. Ends with 1 where another room is below 90%, and with pytest's own status where a
test fails.
"""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parents[1]
LEAST = 90.0
# Measures in processes of its own.
ELSEWHERE = "bench"


def main(arguments: list[str]) -> int:
    """Run the tests, and print a line for each room."""
    with tempfile.TemporaryDirectory() as place:
        data, figures = f"--data-file={place}/coverage", Path(place) / "coverage.json"
        coverage = [sys.executable, "-m", "coverage"]
        run_tests = [*coverage, "run", data, "--source=capsdraw", "-m", "pytest", "-n", "0", *arguments]
        tests = subprocess.run(run_tests, cwd=HERE)
        subprocess.run([*coverage, "json", data, "-q", "-o", str(figures)], cwd=HERE, check=True)
        files = json.loads(figures.read_text("utf-8"))["files"]
    shares = by_room((name, entry["summary"]) for name, entry in files.items())
    for room, (run, all_lines) in sorted(shares.items(), key=lambda item: item[1][0] / item[1][1]):
        print(f"{room:<14} {100 * run / all_lines:5.1f}%  {run:,} of {all_lines:,} lines")
    below = any(100 * run / all_lines < LEAST for room, (run, all_lines) in shares.items() if room != ELSEWHERE)
    return tests.returncode or int(below)


def by_room(files: Iterable[tuple[str, dict[str, int]]]) -> dict[str, tuple[int, int]]:
    """Lines that were run, and all lines, of each folder of the package and of the tabs of `ui`."""
    shares: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, summary in files:
        room = "/".join(Path(name).parts[1:-1]) or "(top)"
        shares[room][0] += summary["covered_lines"]
        shares[room][1] += summary["num_statements"]
    return {room: (run, all_lines) for room, (run, all_lines) in shares.items() if all_lines}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
