"""What do routing and decoder do for a small CapsNet? `python -m training.experiments.routing_sweep FILE`.

FILE is what `capsdraw sweep routing-by-decoder --json` printed: 45 fits of a CapsNet of 32 channels, by routing
iterations, weight of the decoder's loss and seed. Its held-out errors are kept; `training.report` makes
table and picture of them.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from training.experiments import store


def main() -> None:
    """Keep what the sweep measured; a sweep that is not finished is refused."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.routing_sweep", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    path = parser.parse_args().file
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        fits = [kept(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.exit(1, f"cannot read '{path.name}' as what a sweep printed: {error!r}\n")
    unfinished = sum(row["state"] != "finished" for row in rows)
    if unfinished or not fits:
        parser.exit(1, f"{unfinished} of {len(fits)} fits are not finished: 'capsdraw sweep NAME --resume' goes on\n")
    store.write("routing", {"fits": fits})


def kept(row: dict[str, Any]) -> dict[str, Any]:
    """What of a fit is kept."""
    return {name: row[name] for name in ("routing", "decoder_weight", "seed", "held_out_error_percent")}


if __name__ == "__main__":
    main()
