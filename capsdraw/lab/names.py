"""The user's own names for the numbers of a capsule, kept for each model and class."""

import itertools
import json
from contextlib import suppress

from filelock import FileLock, Timeout

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.paths import home, replacing

_FILE = "names.json"
# Longer ones do not fit beside a slider.
LONGEST = 24
# Seconds for which another window's writing is waited for.
_PATIENCE = 2.0


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
        kept = _plain(name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._path.with_suffix(".lock"), timeout=_PATIENCE):
                self._names = self._read()  # another window may have written meanwhile
                if kept:
                    self._names[_key(model, label, dimension)] = kept
                else:
                    self._names.pop(_key(model, label, dimension), None)
                with replacing(self._path) as temporary:
                    temporary.write_text(json.dumps(self._names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        except Timeout:
            raise CapsDrawError(f"cannot keep the name: another window is writing '{_FILE}': try again") from None

    def _read(self) -> dict[str, str]:
        """What the file holds; a damaged one is put aside, not lost."""
        try:
            data = records.read_bytes(self._path)
        except records.MissingFileError:
            return {}
        try:
            names = records.convert(records.parse_json(data, _FILE), dict[str, str], _FILE)
        except CapsDrawError:
            self._put_aside()
            return {}
        return {key: _plain(name) for key, name in names.items()}

    def _put_aside(self) -> None:
        """Rename the damaged file, and none that was put aside before is replaced by it."""
        for attempt in itertools.count(1):
            aside = self._path.with_suffix(f".damaged{'' if attempt == 1 else f'-{attempt}'}.json")
            with suppress(FileExistsError):
                aside.touch(exist_ok=False)
                self._path.replace(aside)
                return


def _plain(name: str) -> str:
    """As it fits beside a slider."""
    return records.one_line(" ".join(name.split()))[:LONGEST]


def _key(model: str, label: int, dimension: int) -> str:
    return f"{model}/{label}/{dimension}"
