"""A view as it is seen, written as a PNG file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.paths import saving


def save_picture(widget: QWidget, path: Path, failed: Callable[[str], None], saved: Callable[[str], None]) -> None:
    """Write what `widget` shows; then one of the two functions is called with one line."""
    picture = png(widget.grab().toImage())
    try:
        # By Python: Qt would not say why it could not.
        with saving(path, ".png") as temporary:
            temporary.write_bytes(picture)
    except CapsDrawError as error:
        failed(str(error))
    else:
        saved(f"Saved {path.name}")


def png(image: QImage) -> bytes:
    """The image as the content of a PNG file."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(held.data())
