"""Where measurements are kept: one JSON file an experiment, beside RESULTS.md."""

import json
from pathlib import Path
from typing import Any

from capsdraw.paths import replacing

FOLDER = Path(__file__).parents[1] / "results"


def read(name: str) -> Any:
    """The measurements of experiment `name`, or None where there are none yet."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write(name: str, measured: Any) -> None:
    """Keep the measurements of experiment `name`; older ones are replaced whole."""
    FOLDER.mkdir(exist_ok=True)
    with replacing(FOLDER / f"{name}.json") as temporary:
        temporary.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
