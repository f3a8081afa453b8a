"""Where the user's own models lie, and how a new one gets a name that no other has. No Keras here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.paths import home

# Characters of a model's name that come from its title.
_LONGEST: Final = 60


def folder() -> Path:
    """The folder of the user's own models."""
    return home() / "models"


@contextmanager
def saving() -> Iterator[None]:
    """What is written meanwhile goes into the folder, or CapsDrawError says why it does not."""
    try:
        yield
    except OSError as error:
        raise CapsDrawError(f"cannot save the model in '{folder()}': {error.strerror or error}") from None


@contextmanager
def new_name(title: str) -> Iterator[Path]:
    """The path of a model's file, made from its title, that nobody else has or gets: it is there, and empty.

    Whoever looks first which names are free gets one that another process takes a moment later. Where the block
    raises, the file is removed again.
    """
    stem = "".join(letter if letter.isalnum() else "-" for letter in title.lower())[:_LONGEST].strip("-") or "model"
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    # A card that cannot be read has its name all the same.
    taken = {path.stem for other in cards.folders() for path in other.glob("*.*")} | {cards.ENSEMBLE}
    for name in (stem, *(f"{stem}-{suffix}" for suffix in range(2, 10_000))):
        if name in taken:
            continue
        path = place / f"{name}.keras"
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            yield path
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return
    raise CapsDrawError(f"there are ten thousand models called '{stem}': choose another title")
