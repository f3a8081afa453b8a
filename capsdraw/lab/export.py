"""What leaves the lab: pictures, the sheet, a morph, the numbers. NumPy and Pillow only.

Every writer replaces an old file whole or leaves it as it was, and raises CapsDrawError, one
line that names the file, where it cannot write.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capsdraw.lab import contact_sheet
from capsdraw.lab.perturbation import Sheet
from capsdraw.nets.reading import Floats
from capsdraw.paths import saving

# Screen pixels for a digit's pixel, and milliseconds for a frame.
_SCALE, _FRAME = 10, 50


@dataclass(frozen=True)
class CapsuleNumbers:
    """A capsule as it is held.

    Attributes:
        model: its name; label: the class; title: what that is called.
        names: of the numbers, "" where there is none.
        read: (K,) as the net read them; offsets: (K,) what the user added.
    """

    model: str
    label: int
    title: str
    names: Sequence[str]
    read: Sequence[float]
    offsets: Sequence[float]

    def rows(self) -> Iterator[tuple[int, str, float, float, float]]:
        """For each number: which, from 1; its name; as read; what was added; both together."""
        for position, (name, read, offset) in enumerate(zip(self.names, self.read, self.offsets, strict=True), 1):
            yield position, name, read, offset, read + offset


def picture(pixels: Floats, path: Path) -> None:
    """A picture (rows, columns) in [0, 1], enlarged pixel for pixel, as PNG."""
    with saving(path, ".png") as temporary:
        contact_sheet.enlarged(pixels, _SCALE).save(temporary, "PNG")


def sheet(changed: Sheet, names: Sequence[str], path: Path) -> None:
    """The sheet as PNG, its rows named."""
    rows = [f"{row + 1}  {name}" if name else f"number {row + 1}" for row, name in enumerate(names)]
    with saving(path, ".png") as temporary:
        contact_sheet.image(changed, rows).save(temporary, "PNG")


def morph(frames: Floats, path: Path) -> None:
    """Frames (N, rows, columns) in [0, 1] as an endless GIF, to and fro."""
    images = [contact_sheet.enlarged(frame, _SCALE) for frame in frames]
    there_and_back = [*images, *images[-2:0:-1]]
    with saving(path, ".gif") as temporary:
        there_and_back[0].save(
            temporary, "GIF", save_all=True, append_images=there_and_back[1:], duration=_FRAME, loop=0
        )


def numbers(held: CapsuleNumbers, path: Path) -> None:
    """The numbers as JSON, or as CSV by the file's ending."""
    if path.suffix.lower() == ".csv":
        with saving(path, ".csv") as temporary:
            temporary.write_text(to_csv(held), encoding="utf-8", newline="")
    else:
        document = {
            "version": 1, "model": held.model, "class": held.label, "class_name": held.title,
            "numbers": [
                {"number": position, "name": name, "read": read, "offset": offset, "value": value}
                for position, name, read, offset, value in held.rows()
            ],
        }  # fmt: skip
        with saving(path, ".json") as temporary:
            temporary.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def to_csv(held: CapsuleNumbers) -> str:
    """A row for each number, under a head."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["model", "class", "class_name", "number", "name", "read", "offset", "value"])
    for position, name, *values in held.rows():
        rows.writerow([held.model, held.label, held.title, position, name, *(f"{value:.6f}" for value in values)])
    return text.getvalue()
