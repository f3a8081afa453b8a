"""How classes, shapes and figures are written, in the window and on the command line alike."""

from collections.abc import Iterable, Sequence


def class_name(names: Sequence[str], index: int) -> str:
    """What class `index` is called; its number where it has no name."""
    return names[index] if index < len(names) else str(index)


def noun(names: Sequence[str]) -> str:
    """What things of these classes are together: "digit", "letter", or for all else "drawing"."""
    if names and all(name.isdigit() for name in names):
        return "digit"
    return "letter" if names and all(len(name) == 1 and name.isalpha() for name in names) else "drawing"


def with_article(name: str) -> str:
    """The name as it stands in a sentence: "a 7", "an 8", "an S", "an ankle boot"."""
    # A letter by itself is spoken by its name.
    vowels = "aefhilmnorsx8" if len(name) == 1 else "aeio8"
    return f"{'an' if name[:1].lower() in tuple(vowels) or name in ('11', '18') else 'a'} {name}"


def times(sides: Iterable[int], grouped: bool = False) -> str:
    """A shape: "28 × 28 × 1"; `grouped` with a comma every three digits: "1,152 × 8"."""
    return " × ".join(f"{side:,}" if grouped else str(side) for side in sides)


def many(count: int, what: str) -> str:
    """How many there are: "1 map", "1,152 maps"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def signed(value: float, digits: int = 2, plus: bool = False) -> str:
    """A figure with a minus as wide as a plus: "−0.31"; what is rounded to zero has none.

    Args:
        value: the figure; digits: behind its point.
        plus: whether what is not below zero has a plus.
    """
    text = f"{abs(value):.{digits}f}"
    return f"−{text}" if value < 0 and float(text) else f"{'+' if plus else ''}{text}"
