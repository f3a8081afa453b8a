"""Where measurements are kept: one JSON file an experiment, beside RESULTS.md."""

import json
from pathlib import Path
from typing import Any

from capsdraw import records
from capsdraw.paths import replacing

FOLDER = Path(__file__).parents[1] / "results"


def read(name: str) -> Any:
    """The measurements of experiment `name`, or None where there are none yet.

    Raises:
        CapsDrawError: they cannot be read; one line that names the file.
    """
    path = FOLDER / f"{name}.json"
    try:
        return records.parse_json(records.read_bytes(path, "the measurements"), path.name, "the measurements")
    except records.MissingFileError:
        return None


def write(name: str, measured: Any) -> None:
    """Keep the measurements of experiment `name`; older ones are replaced whole."""
    FOLDER.mkdir(exist_ok=True)
    with replacing(FOLDER / f"{name}.json") as temporary:
        temporary.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
