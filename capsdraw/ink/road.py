"""Which road a picture takes to its ink: a digit as it is, a drawing on one grey, or a photograph."""

import threading

from PIL import Image

from capsdraw.ink.clean import ink_of, is_drawn
from capsdraw.ink.found import Found
from capsdraw.ink.planes import colours_of, grey_of, undithered

# Pixels a side up to which a picture is a digit and nothing else: an image of a data set.
_DIGIT = 48
_importing = threading.Lock()


def import_finding() -> None:
    """Import what looks for a digit, and SciPy with it, which takes a quarter of a second the first time.

    On one thread at a time: two that import at once can see half a module. TensorFlow's import brings SciPy in too, so
    whoever begins that calls this first.
    """
    with _importing:
        from capsdraw.ink import finding  # noqa: F401


def is_small(shape: tuple[int, ...]) -> bool:
    """Whether a picture of so many rows and columns is a digit and nothing else."""
    return max(shape) <= _DIGIT


def found_in(image: Image.Image) -> Found:
    """The ink of an upright picture, and the digit in it.

    Raises:
        CapsDrawError: the picture is blank.
    """
    image = undithered(image)
    grey = grey_of(image)
    if is_small(grey.shape):
        return Found(ink_of(grey))
    # What needs none of it does not wait.
    import_finding()
    from capsdraw.ink import finding

    if is_drawn(grey):
        return finding.in_drawing(ink_of(grey))
    return finding.in_photograph(colours_of(image))
