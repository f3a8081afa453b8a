"""A collection for other programs: arrays, pictures, strokes files. What was there before is never written over."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from capsdraw.collection.bring import details, time_text
from capsdraw.collection.classes import folder_of, in_order
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item, checked_label
from capsdraw.datasets.data import MAX_CLASSES
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink import sketch_file
from capsdraw.paths import saving


def arrays(collection: Collection, path: Path) -> int:
    """All drawings as an NPZ file that NumPy, Keras and this app's own training read; how many there are.

    `x` (N, 28, 28) uint8, ink is 255, drawn by the ink of today; `y` (N,) uint8, the number of the class in `names`;
    `names` (C,), `writers` (N,) and `times` (N,) text.

    Raises:
        CapsDrawError: nothing is kept, too many classes, or it cannot be written.
    """
    names = in_order(collection.counts())
    if not names:
        raise CapsDrawError("the collection is empty: there is nothing to export")
    if len(names) > MAX_CLASSES:
        raise CapsDrawError(f"the collection has {len(names):,} classes: a label is one of {MAX_CLASSES} at most")
    digits, labels, writers, times = [], [], [], []
    for item in collection.items():
        digits.append(np.rint(item.sketch.digit() * 255).astype(np.uint8))
        labels.append(names.index(item.label))
        writers.append(item.writer)
        times.append(time_text(item.made))
    with saving(path, ".npz") as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file, x=np.stack(digits), y=np.array(labels, np.uint8), names=np.array(names), writers=np.array(writers),
            times=np.array(times),
        )  # fmt: skip
    return len(labels)


def pictures(collection: Collection, folder: Path) -> int:
    """A new folder with one for each class, and in it each digit as a PNG of 28 × 28, light on black; how many.

    Raises:
        CapsDrawError: nothing is kept, the folder is there already and not empty, or it cannot be written.
    """
    return _write(collection.items(), folder, ".png", _save_picture)


def strokes(collection: Collection, folder: Path) -> int:
    """A new folder with one for each class, and in it each drawing as a strokes file, to the bit; as `pictures`.

    Class, time and writer stand in each file, and its picture where there is one.
    """
    return _write(collection.items(), folder, ".json", _save_strokes)


def document(item: Item) -> bytes:
    """A drawing as a strokes file with all that is known of it."""
    return sketch_file.as_bytes(sketch_file.to_document(item.sketch) | details(item))


def _write(items: Iterable[Item], folder: Path, ending: str, save: Callable[[Item, Path], None]) -> int:
    count = 0
    with _new(folder) as place:
        for count, item in enumerate(items, 1):
            inside = place / folder_of(checked_label(item.label))
            inside.mkdir(exist_ok=True)
            save(item, inside / f"{count:06}{ending}")
        if not count:
            raise CapsDrawError("the collection is empty: there is nothing to export")
    return count


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """A folder beside that takes the name when the block ends well; else nothing of it is left."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CapsDrawError(f"cannot export to '{folder}': it is there already: choose a new name")
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".capsdraw-"))
        try:
            yield place
            place.chmod(0o755)
            if folder.exists():
                folder.rmdir()  # empty
            place.rename(folder)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    except OSError as error:
        raise CapsDrawError(f"cannot export to '{folder}': {refusal(error, saving=True)}") from None


def _save_picture(item: Item, path: Path) -> None:
    Image.fromarray(np.rint(item.sketch.digit() * 255).astype(np.uint8)).save(path, "PNG")


def _save_strokes(item: Item, path: Path) -> None:
    path.write_bytes(document(item))
