"""The user's own names for the numbers of a capsule, kept for each model and class."""

import json

from capsdraw.paths import home, replacing

_FILE = "names.json"
# Longer ones do not fit beside a slider.
LONGEST = 24


class Names:
    """What the user calls the numbers, read from `names.json` in the user's own folder and written there."""

    def __init__(self) -> None:
        self._path = home() / _FILE
        self._names: dict[str, str] = {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._names = {str(key): str(name) for key, name in found.items()}
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, AttributeError):
            pass  # none yet, or damaged: names are a comfort, no reason not to start

    def get(self, model: str, label: int, number: int) -> str | None:
        """The user's name for a number of the capsule of class `label`, or None."""
        return self._names.get(_key(model, label, number))

    def put(self, model: str, label: int, number: int, name: str) -> None:
        """Call it so from now on; an empty name takes the user's back.

        Raises:
            OSError: it cannot be written.
        """
        kept = " ".join(name.split())[:LONGEST]
        if kept:
            self._names[_key(model, label, number)] = kept
        else:
            self._names.pop(_key(model, label, number), None)
        with replacing(self._path) as temporary:
            temporary.write_text(json.dumps(self._names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _key(model: str, label: int, number: int) -> str:
    return f"{model}/{label}/{number}"
