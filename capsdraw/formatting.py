"""How classes, shapes and figures are written, in the window and on the command line alike."""

from collections.abc import Iterable, Sequence


def class_name(names: Sequence[str], index: int) -> str:
    """What class `index` is called; its number where it has no name."""
    return names[index] if index < len(names) else str(index)


def times(sides: Iterable[int], grouped: bool = False) -> str:
    """A shape: "28 × 28 × 1"; `grouped` with a comma every three digits: "1,152 × 8"."""
    return " × ".join(f"{side:,}" if grouped else str(side) for side in sides)


def signed(value: float, digits: int = 2) -> str:
    """A figure with a minus as wide as a plus: "−0.31"; what is rounded to zero has none."""
    text = f"{abs(value):.{digits}f}"
    return f"−{text}" if value < 0 and float(text) else text
