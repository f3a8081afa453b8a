"""EMNIST's folder of IDX files, which holds several sets: which ones, and what their classes are called."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import idx
from capsdraw.datasets.data import MAX_CLASSES
from capsdraw.errors import CapsDrawError

# A label that no row names.
_NAMELESS = "–"
_LARGEST = 1 << 16


def sets_in(folder: Path) -> list[str]:
    """What the IDX files of a folder have before `train` or `test` in their names; [] where there are none."""
    prefixes = {idx.prefix(path.name) for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
    return sorted(prefix for prefix in prefixes if prefix is not None)


def refuse(folder: Path, sets: list[str]) -> CapsDrawError:
    """Several sets in one folder, to be raised: which one is meant nobody has said."""
    names = ", ".join(f"'{name or 'train'}'" for name in sets[:8])
    return CapsDrawError(
        f"cannot use '{folder.name}': it holds several sets ({names}): say which, as '{folder / sets[-1]}', or choose "
        "the images file that you mean"
    )


def names_beside(folder: Path, prefix: str) -> tuple[str, ...]:
    """What the classes of a set are called, by its `…-mapping.txt`; () where there is none."""
    path = folder / f"{prefix}-mapping.txt"
    try:
        text = path.read_text("utf-8") if path.stat().st_size <= _LARGEST else ""
        rows = np.array([[int(cell) for cell in line.split()] for line in text.splitlines() if line.strip()])
    except (OSError, ValueError):
        return ()
    return names_of(rows)


def names_of(rows: NDArray[Any] | None) -> tuple[str, ...]:
    """Names of classes by EMNIST's mapping: rows of a label and the codes of its letters; "–" for a label without."""
    if rows is None or rows.ndim != 2 or rows.shape[1] < 2 or not len(rows):
        return ()
    labels = rows[:, 0]
    if labels.min() < 0 or labels.max() >= MAX_CLASSES:
        return ()
    names = [_NAMELESS] * (int(labels.max()) + 1)
    for label, *codes in rows.astype(np.int64).tolist():
        names[label] = "".join(dict.fromkeys(chr(code) for code in codes if 32 < code < 0x3000)) or _NAMELESS
    return tuple(names)
