"""A view as it is seen, written as a PNG file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.paths import saving


def save_picture(widget: QWidget, path: Path, failed: Callable[[str], None], saved: Callable[[str], None]) -> None:
    """Write what `widget` shows; then one of the two functions is called with one line."""
    picture = widget.grab()
    try:
        with saving(path, ".png") as temporary:
            if not picture.save(str(temporary), "PNG"):
                raise OSError("the picture could not be written")
    except CapsDrawError as error:
        failed(str(error))
    else:
        saved(f"Saved {path.name}")
