"""A folder of pictures, with a subfolder for each class.

Folders named 0 to 9 hold digits: they take the road of every digit from ink to net
(`ink.images.read_image`, `ink.normalize.digit_from_raster`), whatever their size, and whether
they are dark on light or light on dark. So a net sees a scanned digit as it sees a drawn one.
Folders with other names, and digits for a net of colour pictures, hold pictures: they are
scaled at most, and nothing in them is turned round.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from capsdraw.datasets.data import MAX_CLASSES, Bytes, Data, as_split, made, require_size
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.ink.images import read_image, read_pixels
from capsdraw.ink.normalize import SIDE, digit_from_raster

_TRAIN, _TEST = ("train", "training"), ("test", "testing")
# Pixels a side of squares that stay as they are where no net asks for a size; a photograph's own size is no net's.
LARGEST = 64
# What other pictures are scaled to then: MNIST's size where all are grey, CIFAR-10's where any has colours.
GREY, COLOUR = (SIDE, SIDE), (32, 32)
# What file managers leave behind.
_LITTER = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class _ClassImage:
    path: Path
    folder: str
    test: bool

    @property
    def called(self) -> str:
        return f"{self.folder}/{self.path.name}"


def read_folder(folder: Path, name: str, shape: tuple[int, ...] | None = None, watch: ReadMonitor = NO_MONITOR) -> Data:
    """All pictures of a folder; the name of its folder is a picture's class.

    Folders whose names are whole numbers from 0 to 255 give their number as label, so that a 7 is
    a 7 even where there are no others; other names are numbered from 0 on in alphabetical order.
    `train/` and `test/` with such folders inside are the parts of the data; without them they are
    split off by `data.split`.

    Args:
        folder: with subfolders; hidden files are left aside.
        name: of the data.
        shape: (rows, columns, 1 or 3) that pictures are scaled to, their middle cut to its form,
            in grey or in colour. None: (28, 28, 1) for digits; other pictures stay as they are where all are
            squares of one size, at most `LARGEST` a side; else they are scaled to `COLOUR` if any has
            colours, to `GREY` if none has.
        watch: is told of pictures.

    Raises:
        CapsDrawError: a file that is no picture, a class without pictures, or no classes at all;
            the message names it.
    """
    pictures = _pictures(folder)
    numbers, labels = _numbered(pictures)
    digits = not labels and max(numbers.values()) < 10 and shape in (None, (SIDE, SIDE, 1))
    images = _digits(pictures, watch) if digits else _pixels(pictures, shape, watch)
    data = as_split(images, np.array([numbers[picture.folder] for picture in pictures]), f"'{folder.name}'")
    tested = np.array([picture.test for picture in pictures])
    if not tested.any():
        return made(name, data, None, labels)
    train = data.chosen(np.flatnonzero(~tested)) if not tested.all() else None
    return made(name, train, data.chosen(np.flatnonzero(tested)), labels)


def read_picture(path: Path, shape: tuple[int, ...]) -> Bytes:
    """One picture as `read_folder` reads it for a net of `shape`, (rows, columns, 1 or 3): (rows, columns[, 3]).

    Raises:
        CapsDrawError: no picture; the message names it.
    """
    return _as(read_pixels(path, (shape[0], shape[1])), shape[2] == 3)


def _pictures(folder: Path) -> list[_ClassImage]:
    """Of all classes, class by class; those of `train/` before those of `test/`."""
    inside = _folders(folder)
    parts = [subfolder for subfolder in inside if subfolder.name.lower() in (*_TRAIN, *_TEST)]
    if not parts:
        return _in_classes(folder, test=False)
    other = next((subfolder for subfolder in inside if subfolder not in parts), None)
    if other is not None:
        raise CapsDrawError(
            f"cannot use '{folder.name}': it holds both '{parts[0].name}' and '{other.name}': expected train and test, "
            "each with a folder for each class, or those folders alone"
        )
    return [picture for place in parts for picture in _in_classes(place, place.name.lower() in _TEST)]


def _in_classes(folder: Path, test: bool) -> list[_ClassImage]:
    classes = _folders(folder)
    if not classes:
        raise CapsDrawError(f"cannot use '{folder.name}': expected a folder for each class in it, found none")
    pictures: list[_ClassImage] = []
    for class_folder in classes:
        inside = _visible(class_folder)
        if not inside:
            raise CapsDrawError(
                f"cannot use '{folder.name}': the class folder '{class_folder.name}' is empty: remove it"
            )
        nested = next((path for path in inside if path.is_dir()), None)
        if nested is not None:
            raise CapsDrawError(
                f"cannot use '{folder.name}': the class folder '{class_folder.name}' holds a folder, '{nested.name}': "
                "expected pictures only"
            )
        pictures += [_ClassImage(path, class_folder.name, test) for path in inside]
    return pictures


def _folders(folder: Path) -> list[Path]:
    """The folders within; a picture that lies beside them has no class, and is refused."""
    inside = _visible(folder)
    suffixes = Image.registered_extensions()
    loose = next((path for path in inside if not path.is_dir() and path.suffix.lower() in suffixes), None)
    if loose is not None:
        raise CapsDrawError(
            f"cannot use '{folder.name}': '{loose.name}' is in no class folder: "
            "expected a folder for each class, with its pictures"
        )
    return [path for path in inside if path.is_dir()]


def _visible(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise CapsDrawError(f"cannot read '{folder.name}': {error.strerror or error}") from None
    return [path for path in inside if not path.name.startswith(".") and path.name.lower() not in _LITTER]


def _numbered(pictures: list[_ClassImage]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each class folder, and what the numbers are called: () where they are the names."""
    names = {picture.folder for picture in pictures}
    unknown = sorted(names - {picture.folder for picture in pictures if not picture.test})
    if unknown and any(not picture.test for picture in pictures):
        raise CapsDrawError(
            f"class '{unknown[0]}' has test pictures but no training pictures: expected both or neither"
        )
    if len(names) > MAX_CLASSES:
        raise CapsDrawError(
            f"{len(names)} class folders ('{min(names)}' and others): at most {MAX_CLASSES} can be read"
        )
    if all(name.isascii() and name.isdigit() and int(name[:9]) < MAX_CLASSES for name in names):
        numbers = {name: int(name) for name in sorted(names)}
        twice = next((name for name in numbers if str(numbers[name]) != name and str(numbers[name]) in names), None)
        if twice is not None:
            raise CapsDrawError(f"class folders '{twice}' and '{numbers[twice]}' are the same class: merge them")
        return numbers, ()
    ordered = sorted(names, key=lambda name: (name.casefold(), name))
    return {name: label for label, name in enumerate(ordered)}, tuple(ordered)


def _digits(pictures: list[_ClassImage], watch: ReadMonitor) -> Bytes:
    images = np.empty((len(pictures), SIDE, SIDE), np.uint8)
    for index, picture in enumerate(pictures):
        ink = read_image(picture.path, picture.called)
        try:
            images[index] = np.rint(digit_from_raster(ink) * 255)
        except CapsDrawError as error:
            raise CapsDrawError(f"cannot read '{picture.called}': {error}") from None
        watch.tell(index + 1, len(pictures))
    return images


def _pixels(pictures: list[_ClassImage], shape: tuple[int, ...] | None, watch: ReadMonitor) -> Bytes:
    """(N, rows, columns) or, as `shape` says or where any picture has colours, (N, rows, columns, 3)."""
    if shape is not None:
        images = _read(pictures, (shape[0], shape[1]), watch)
        return np.stack([_as(image, shape[2] == 3) for image in images])
    alike = _are_alike(pictures, watch)
    images = _read(pictures, None if alike else COLOUR, watch)
    colour = any(image.ndim == 3 for image in images)
    if not alike and not colour:
        images = _read(pictures, GREY, watch)
    return np.stack([_as(image, colour) for image in images])


def _read(pictures: list[_ClassImage], size: tuple[int, int] | None, watch: ReadMonitor) -> list[Bytes]:
    """Each (rows, columns) or (rows, columns, 3), of that size, or of its own where there is none."""
    images: list[Bytes] = []
    for index, picture in enumerate(pictures):
        image = read_pixels(picture.path, size, picture.called)
        if not images:
            require_size((len(pictures), *image.shape), 1, f"'{picture.path.parent.parent.name}'")
        elif image.shape[:2] != images[0].shape[:2]:
            raise CapsDrawError(
                f"cannot use '{picture.called}': it is {times(image.shape[:2])} pixels, the ones before it are "
                f"{times(images[0].shape[:2])}: its header does not match its pixels"
            )
        images.append(image)
        watch.tell(index + 1, len(pictures))
    return images


def _are_alike(pictures: list[_ClassImage], watch: ReadMonitor) -> bool:
    """Whether all are squares of one size that a net can have; by their headers alone."""
    first = _side(pictures[0].path)
    for picture in pictures:
        watch.check()
        if not 0 < first <= LARGEST or _side(picture.path) != first:
            return False
    return True


def _side(path: Path) -> int:
    """Of a square picture, in pixels; 0 for any other, and for what is no picture, which reading it will say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                return image.width if image.width == image.height else 0
    except Exception:  # Pillow's many readers raise whatever they met
        return 0


def _as(image: Bytes, colour: bool) -> Bytes:
    if colour:
        return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
    return image if image.ndim == 2 else np.asarray(Image.fromarray(image).convert("L"))
