"""Where the labelled pictures of a folder lie: in folders of classes and of parts, however these are nested."""

import re
from dataclasses import dataclass
from pathlib import Path

from capsdraw.datasets import file_names
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink.endings import ENDINGS

TRAIN, TEST = ("train", "training"), ("test", "testing")
# Pictures that a net is checked on while it is trained.
VALID = ("valid", "val", "validation", "dev")
PARTS = (*TRAIN, *TEST, *VALID)
# What may stand around them in a file's name: `x_test`, `testImages`, `valset`, `test1`; but not `latest`.
_SAID = r"(?<![a-z])[xy]?(?:{})(?:set|data|images|labels)?(?![a-z])"
# What file managers leave behind.
_LITTER = ("thumbs.db", "desktop.ini", "__macosx")
# How deep a folder within a folder within a folder is looked into.
_DEPTH = 4


@dataclass(frozen=True)
class ClassImage:
    """A picture whose class is known.

    Attributes:
        source: its file, or what is in it.
        folder: the name of its class.
        test: whether it is of the test part; valid: whether it is to be held out of training.
        name: of the picture, for messages.
    """

    source: Path | bytes
    folder: str
    test: bool
    valid: bool = False
    name: str = ""

    @property
    def called(self) -> str:
        """What a message calls it."""
        return f"{self.folder}/{self.name or (self.source.name if isinstance(self.source, Path) else 'a picture')}"


def in_folders(folder: Path, depth: int = _DEPTH) -> list[ClassImage]:
    """Of all classes: those of training first, then those to be held out, then those of the test part.

    Classes may lie in the folder or in `train`, `valid` and `test` within it, these within the folder of each class,
    and all of it within a folder of its own, as archives have it. Where there are no folders, pictures say their
    classes by their names (`file_names`).

    Raises:
        CapsDrawError: an empty class, a picture without one, or a layout that is none of these.
    """
    inside = folders_in(folder)
    if not inside and pictures_in(folder):
        return _by_name(folder, "")
    parts = [subfolder for subfolder in inside if subfolder.name.lower() in PARTS]
    if parts:
        return _of_parts(folder, parts, inside)
    if len(inside) == 1 and depth and folders_in(inside[0]):
        return in_folders(inside[0], depth - 1)
    return _ordered(_in_classes(folder, ""))


def _of_parts(folder: Path, parts: list[Path], inside: list[Path]) -> list[ClassImage]:
    other = next((subfolder for subfolder in inside if subfolder not in parts), None)
    if other is not None:
        raise CapsDrawError(
            f"cannot use '{folder.name}': it holds both '{parts[0].name}' and '{other.name}': expected train and test, "
            "each with a folder for each class, or those folders alone"
        )
    single = {tuple(path.name for path in folders_in(place)) for place in parts}
    images: list[ClassImage] = []
    for place in parts:
        within = folders_in(place)
        if not within and pictures_in(place):
            images += _by_name(place, place.name)
        elif len(single) == len(within) == 1 and not within[0].name.isdigit():
            images += _one_folder(place, within[0], place.name)
        else:
            images += _in_classes(place, place.name)
    return _ordered(images)


def _ordered(images: list[ClassImage]) -> list[ClassImage]:
    return sorted(images, key=lambda image: (image.test, image.valid))


def _in_classes(folder: Path, part: str) -> list[ClassImage]:
    classes = folders_in(folder)
    if not classes:
        raise CapsDrawError(f"cannot use '{folder.name}': expected a folder for each class in it, found none")
    if len(classes) == 1 and not classes[0].name.isdigit() and not part:
        return _one_folder(folder, classes[0], part)
    images: list[ClassImage] = []
    for class_folder in classes:
        inside = visible(class_folder)
        if not inside:
            raise CapsDrawError(
                f"cannot use '{folder.name}': the class folder '{class_folder.name}' is empty: remove it"
            )
        nested = [path for path in inside if path.is_dir()]
        if nested and not part and all(path.name.lower() in PARTS for path in inside):
            images += [labelled(path, class_folder.name, place.name) for place in nested for path in visible(place)]
            continue
        if nested:
            raise CapsDrawError(
                f"cannot use '{folder.name}': the class folder '{class_folder.name}' holds a folder, "
                f"'{nested[0].name}': expected pictures only"
            )
        images += [labelled(path, class_folder.name, part) for path in inside]
    return images


def _one_folder(folder: Path, inside: Path, part: str) -> list[ClassImage]:
    """A single folder is no class: its pictures may say theirs by their names."""
    try:
        return _by_name(inside, part)
    except CapsDrawError as error:
        raise CapsDrawError(
            f"cannot use '{folder.name}': '{inside.name}' is the only folder in it, and one class is nothing to tell "
            f"apart: expected a folder for each class ({error})"
        ) from None


def _by_name(folder: Path, part: str) -> list[ClassImage]:
    pictures = pictures_in(folder)
    names = file_names.classes([path.stem for path in pictures], folder.name)
    return [labelled(path, name, part) for path, name in zip(pictures, names, strict=True)]


def labelled(path: Path, name: str, part: str) -> ClassImage:
    """The picture of class `name` that lies in the part of that name, "" for training."""
    return ClassImage(path, name, part.lower() in TEST, part.lower() in VALID)


def part_in(name: str) -> str:
    """The part that a file's name speaks of: "test", "valid", or "train" where it speaks of none or of training."""
    return said_by(name) or TRAIN[0]


def said_by(name: str) -> str:
    """The part that a name has a word for, "train", "test" or "valid"; "" where it has none."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    parts = (TRAIN, (*TEST, "t10k"), VALID)
    return next((part[0] for part in parts if re.search(_SAID.format("|".join(part)), words)), "")


def folders_in(folder: Path) -> list[Path]:
    """The folders within; a picture that lies beside them has no class, and is refused."""
    inside = visible(folder)
    within = [path for path in inside if path.is_dir()]
    loose = pictures_in(folder) if within else []
    if loose:
        raise CapsDrawError(
            f"cannot use '{folder.name}': '{loose[0].name}' is in no class folder: "
            "expected a folder for each class, with its pictures"
        )
    return within


def pictures_in(folder: Path) -> list[Path]:
    """The pictures that lie in a folder itself, by their endings."""
    return [path for path in visible(folder) if path.suffix.lower() in ENDINGS and not path.is_dir()]


def visible(folder: Path) -> list[Path]:
    """What a folder holds, but for hidden files and what file managers leave behind."""
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise CapsDrawError(f"cannot read '{folder.name}': {refusal(error)}") from None
    return [path for path in inside if not path.name.startswith(".") and path.name.lower() not in _LITTER]
