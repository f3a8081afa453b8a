"""A sweep's entries as the TOML file that `sweep_file.load` reads."""

import json
from typing import Any


def to_toml(entries: dict[str, Any]) -> str:
    """The file of these entries; a table's entries may have dots in their names, which TOML reads as tables in it.

    Args:
        entries: as `sweep_file.parse` takes them, each value a text, a number, a list of these, or a table of all that.
    """
    tables = {name: value for name, value in entries.items() if isinstance(value, dict)}
    lines = [f"{name} = {_toml(value)}" for name, value in entries.items() if name not in tables]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{name} = {_toml(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """As JSON has it; of what a recipe's text may hold, DEL alone is written otherwise."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
