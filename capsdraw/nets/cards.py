"""Model cards: what is known of a model without loading it. No Keras here."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from capsdraw import records
from capsdraw.datasets.data import MAX_CLASSES
from capsdraw.datasets.sources import PICTURES
from capsdraw.errors import CapsDrawError, plain, short
from capsdraw.formatting import class_name, noun
from capsdraw.ink.intake import AS_THEY_ARE, DIGITS, Ground, Intake, Road
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.verdict_rule import VerdictRule
from capsdraw.paths import home, replacing, resource

# Answers where the user has not chosen.
DEFAULT_MODEL = "efficient-capsnet"
# Stands for the best models as one (`evaluate.ensemble`): no model has that name.
ENSEMBLE = "ensemble"


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands in `NAME.json` beside `NAME.keras`.

    Attributes:
        name, title: for commands and for people.
        kind: what its scores are.
        input: (rows, columns, channels) of an image.
        classes: how many.
        parameters: trainable ones, the decoder's included.
        recipe, data, epochs, seed: how it was trained.
        test_error_percent, test_images: measured once, at the end.
        sha256: of the `.keras` file.
        versions: of what made it.
        data_set: the set of `datasets.sources` that it was made for.
        labels: what its classes stand for; none where they are the digits.
        ranges: of a capsule net, for each class and each number of its capsule the 5th, 50th and
            95th percentile over the training images of that class (`nets.ranges`); else empty.
        family, options: of the net, as in `nets.catalog`; "" where the card is older than this entry.
        pictures: how pictures became its input; None where the card is older than this entry: `intake` says it then.
        verdict: when its answers are doubted, and how often that is wrong; None where nobody measured it.
        folder: where both files lie; not written.
        bundled: whether it came with the app; not written.
    """

    name: str
    title: str
    kind: NetKind
    input: tuple[int, int, int]
    classes: int
    parameters: int
    recipe: str
    data: str
    epochs: int
    seed: int
    test_error_percent: float | None
    test_images: int
    sha256: str
    versions: dict[str, str] = field(default_factory=dict)
    data_set: str = "mnist"
    labels: tuple[str, ...] = ()
    ranges: tuple[tuple[tuple[float, ...], ...], ...] = ()
    family: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    pictures: Intake | None = None
    verdict: VerdictRule | None = None
    folder: Path = Path()
    bundled: bool = False

    @property
    def weights(self) -> Path:
        """The `.keras` file."""
        return self.folder / f"{self.name}.keras"

    @property
    def intake(self) -> Intake:
        """How pictures become its input; older cards' nets read digits where their classes could be some."""
        if self.pictures is not None:
            return self.pictures
        if self.input != (28, 28, 1):
            return AS_THEY_ARE
        return PICTURES.get(self.data_set) or (DIGITS if set(self.labels) <= set("0123456789") else AS_THEY_ARE)

    @property
    def reads_digits(self) -> bool:
        """Whether it reads what the canvas makes of strokes: light ink on black, 28 × 28."""
        return self.input == (28, 28, 1) and self.intake.road == Road.INK and self.intake.ground == Ground.DARK

    @property
    def reads_pairs(self) -> bool:
        """Whether it reads two digits over one another."""
        return self.intake.road == Road.PAIR and self.classes > 1

    @property
    def reads_drawings(self) -> bool:
        """Whether it reads what is drawn on the canvas, one digit or two over one another, rather than pictures."""
        return self.reads_digits or self.reads_pairs

    @property
    def names(self) -> tuple[str, ...]:
        """What its classes stand for, class 0 first."""
        return tuple(self.label(label) for label in range(self.classes))

    @property
    def noun(self) -> str:
        """What it reads: "digit", "letter", "drawing"; "image" where a picture is no ink to it."""
        return "image" if self.intake.road == Road.PIXELS else noun(self.names)

    def label(self, label: int) -> str:
        """What class `label` stands for; its number where it has no name."""
        return class_name(self.labels, label)


_NOT_WRITTEN = ("folder", "bundled")
_WHAT = "the model card"
# Characters of a text on a card: longer ones are nobody's words, and no view has room for them.
_LONGEST = 500
# Rows and columns of an image; whatever else is counted.
_LARGEST, _COUNTED = 10_000, 10**12
# Of a capsule's number, which lies within ±1 in every net of the catalog: sliders are counted in steps of it.
_FAR = 10**6


def folders() -> list[Path]:
    """Where models are looked for: bundled ones first, then the user's."""
    return [resource("trained"), home() / "models"]


def list_cards() -> list[Card]:
    """All models at hand, bundled first; a card that cannot be read is left out."""
    return survey()[0]


def survey() -> tuple[list[Card], list[str]]:
    """All models at hand, bundled first, and of each card that cannot be read one line that says why."""
    by_name: dict[str, Card] = {}
    faults = []
    for folder in folders():
        # Hidden ones are of a write under way, or what macOS leaves on other disks.
        for path in sorted(path for path in folder.glob("*.json") if not path.name.startswith(".")):
            try:
                card = read(path)
            except CapsDrawError as error:
                faults.append(str(error))
                continue
            by_name.setdefault(card.name, card)
    return list(by_name.values()), faults


def find(name: str) -> Card:
    """The card of the model `name`.

    Raises:
        CapsDrawError: there is none, or its card cannot be read.
    """
    for folder in folders():
        path = folder / f"{name}.json"
        # As `path.exists`, which raises where a name is too long for the system.
        if "/" not in name and "\\" not in name and os.path.exists(path):  # noqa: PTH110
            return read(path)
    available = ", ".join(card.name for card in list_cards()) or "none"
    raise CapsDrawError(f"unknown model '{name}': available are {available}")


def read(path: Path) -> Card:
    """Read one card; entries that a newer version added are passed over.

    Raises:
        CapsDrawError: it is none; one line that names the file, the entry, what was expected and what received.
    """
    document = records.read_json(path, dict[str, Any], _WHAT)
    written = {name: value for name, value in document.items() if name not in _NOT_WRITTEN}
    card = records.convert(written, Card, path.name, _WHAT)
    for entry, expected, received in _wrong(card):
        raise records.wrong(path.name, _WHAT, entry, expected, received)
    labels = tuple(map(short, card.labels))
    return replace(
        card, title=short(card.title), labels=labels, folder=path.parent, bundled=path.parent == resource("trained")
    )


def _wrong(card: Card) -> Iterator[tuple[str, str, Any]]:
    """Entries whose value cannot be right though its type is: (entry, what was expected, what was received)."""
    for name, text in _texts(card):
        if len(text) > _LONGEST or plain(text) != text:
            yield name, f"a text of at most {_LONGEST} characters, none of them a control character", text
    if not card.name or re.search(r"[/\\]|^\.", card.name):
        yield "name", "a file's name without its ending", card.name
    for place, size in enumerate(card.input):
        yield from _outside(f"input[{place}]", size, 1, _LARGEST)
    yield from _outside("classes", card.classes, 1, MAX_CLASSES)
    for name in ("parameters", "epochs", "seed", "test_images"):
        yield from _outside(name, getattr(card, name), 0, _COUNTED)
    if card.test_error_percent is not None:
        yield from _outside("test_error_percent", card.test_error_percent, 0, 100)
    if not re.fullmatch("[0-9a-f]{64}", card.sha256):
        yield "sha256", "64 hexadecimal digits", card.sha256
    if card.pictures is not None and not 0 < card.pictures.fill <= 1:
        yield "pictures.fill", "a share above 0, at most 1", card.pictures.fill
    if card.pictures is not None and card.pictures.white < 0:
        yield "pictures.white", "0 or more", card.pictures.white
    if len(card.labels) > card.classes:
        yield "labels", f"at most one for each of {card.classes} classes", list(card.labels)
    if card.verdict is not None:
        for name, expected, received in card.verdict.wrong():
            yield f"verdict.{name}", expected, received
    yield from _wrong_ranges(card)


def _texts(card: Card) -> Iterator[tuple[str, str]]:
    for name in ("name", "title", "recipe", "data", "data_set", "family"):
        yield name, getattr(card, name)
    for place, label in enumerate(card.labels):
        yield f"labels[{place}]", label
    for key, version in card.versions.items():
        yield "versions", key
        yield f"versions.{key}", version


def _outside(name: str, value: float, least: int, most: int) -> Iterator[tuple[str, str, Any]]:
    if not least <= value <= most:
        yield name, f"a number from {least} to {most:,}", value


def _wrong_ranges(card: Card) -> Iterator[tuple[str, str, Any]]:
    """Three numbers, none smaller than the one before, for each number of each class' capsule; or nothing."""
    sizes = {len(numbers) for numbers in card.ranges}
    if card.ranges and (len(card.ranges) != card.classes or len(sizes) > 1):
        yield "ranges", f"a list of equal length for each of {card.classes} classes", list(card.ranges)
    for label, numbers in enumerate(card.ranges):
        for dimension, kept in enumerate(numbers):
            if len(kept) != 3 or not -_FAR <= kept[0] <= kept[1] <= kept[2] <= _FAR:
                expected = f"three numbers within ±{_FAR:,}, none smaller than the one before"
                yield f"ranges[{label}][{dimension}]", expected, list(kept)


def write(card: Card, path: Path) -> None:
    """Write a card; an old one is replaced whole or not at all."""
    with replacing(path) as temporary:
        # A line an entry: the ranges alone would take a thousand.
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in to_json(card).items()]
        temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def to_json(card: Card) -> dict[str, Any]:
    """The card as its file holds it; of a net whose family is not known, nothing is said of it."""
    left_out = (
        *_NOT_WRITTEN, *(() if card.family else ("family", "options")), *(() if card.pictures else ("pictures",)),
        *(() if card.verdict else ("verdict",)),
    )  # fmt: skip
    written = {key: value for key, value in asdict(card).items() if key not in left_out}
    if card.pictures is not None and not card.pictures.white:
        del written["pictures"]["white"]  # so that versions that know of none read the card of most nets
    return written


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
