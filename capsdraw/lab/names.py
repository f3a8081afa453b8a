"""The user's own names for the numbers of a capsule, kept for each model and class."""

import json

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.paths import home, replacing

_FILE = "names.json"
# Longer ones do not fit beside a slider.
LONGEST = 24


class Names:
    """What the user calls the numbers, read from `names.json` in the user's own folder and written there."""

    def __init__(self) -> None:
        self._path = home() / _FILE
        try:
            self._names = self._read()
        except (CapsDrawError, OSError):
            self._names = {}

    def get(self, model: str, label: int, dimension: int) -> str | None:
        """The user's name for a number of the capsule of class `label`, or None."""
        return self._names.get(_key(model, label, dimension))

    def put(self, model: str, label: int, dimension: int, name: str) -> None:
        """Call it so from now on; an empty name takes the user's back.

        Raises:
            OSError: the file cannot be written; it is as it was.
            CapsDrawError: it cannot be read, or what is there is no file; likewise.
        """
        self._names = self._read()  # another window may have written meanwhile
        kept = _plain(name)
        if kept:
            self._names[_key(model, label, dimension)] = kept
        else:
            self._names.pop(_key(model, label, dimension), None)
        with replacing(self._path) as temporary:
            temporary.write_text(json.dumps(self._names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _read(self) -> dict[str, str]:
        """What the file holds; a damaged one is put aside, not lost."""
        try:
            data = records.read_bytes(self._path)
        except records.MissingFileError:
            return {}
        try:
            names = records.convert(records.parse_json(data, _FILE), dict[str, str], _FILE)
        except CapsDrawError:
            self._path.replace(self._path.with_suffix(".damaged.json"))
            return {}
        return {key: _plain(name) for key, name in names.items()}


def _plain(name: str) -> str:
    """As it fits beside a slider."""
    return records.one_line(" ".join(name.split()))[:LONGEST]


def _key(model: str, label: int, dimension: int) -> str:
    return f"{model}/{label}/{dimension}"
