"""Model cards: what is known of a model without loading it. No Keras here."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from capsdraw.errors import CapsDrawError
from capsdraw.formatting import class_name
from capsdraw.paths import home, replacing, resource

# Answers where the user has not chosen.
DEFAULT_MODEL = "efficient-capsnet"
# Stands for the best models as one (`evaluate.ensemble`): no model has that name.
ENSEMBLE = "ensemble"


@dataclass(frozen=True)
class Card:
    """What stands in `NAME.json` beside `NAME.keras`.

    Attributes:
        name, title: for commands and for people.
        kind: "capsule" or "classifier".
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
        folder: where both files lie; not written.
        bundled: whether it came with the app; not written.
    """

    name: str
    title: str
    kind: str
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
    folder: Path = Path()
    bundled: bool = False

    @property
    def weights(self) -> Path:
        """The `.keras` file."""
        return self.folder / f"{self.name}.keras"

    @property
    def reads_digits(self) -> bool:
        """Whether it reads what the canvas makes: grey digits, 28 × 28."""
        return self.input == (28, 28, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """What its classes stand for, class 0 first."""
        return tuple(self.label(number) for number in range(self.classes))

    def label(self, number: int) -> str:
        """What class `number` stands for; its number where it has no name."""
        return class_name(self.labels, number)


_NOT_WRITTEN = ("folder", "bundled")
# Cards written before there were others than MNIST's do without.
_OPTIONAL = ("data_set", "labels", "ranges", "family", "options")


def folders() -> list[Path]:
    """Where models are looked for: bundled ones first, then the user's."""
    return [resource("trained"), home() / "models"]


def list_cards() -> list[Card]:
    """All models at hand, bundled first; a card that cannot be read is left out."""
    found: dict[str, Card] = {}
    for folder in folders():
        for path in sorted(folder.glob("*.json")):
            try:
                card = read(path)
            except CapsDrawError:
                continue
            found.setdefault(card.name, card)
    return list(found.values())


def find(name: str) -> Card:
    """The card of the model `name`.

    Raises:
        CapsDrawError: there is none, or its card cannot be read.
    """
    for folder in folders():
        path = folder / f"{name}.json"
        if "/" not in name and "\\" not in name and path.exists():
            return read(path)
    known = ", ".join(card.name for card in list_cards()) or "none"
    raise CapsDrawError(f"unknown model '{name}': at hand are {known}")


def read(path: Path) -> Card:
    """Read one card; raises CapsDrawError with the file's name where it is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        known = {one.name for one in fields(Card)} - set(_NOT_WRITTEN)
        values = {key: document[key] for key in known if key in document or key not in _OPTIONAL}
        values["input"] = tuple(values["input"])
        values["labels"] = tuple(values.get("labels", ()))
        values["ranges"] = tuple(tuple(tuple(number) for number in row) for row in values.get("ranges", ()))
        return Card(**values, folder=path.parent, bundled=path.parent == resource("trained"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise CapsDrawError(f"cannot read the model card '{path.name}': {type(error).__name__} {error}") from None


def write(card: Card, path: Path) -> None:
    """Write a card; an old one is replaced whole or not at all."""
    with replacing(path) as temporary:
        # A line an entry: the ranges alone would take a thousand.
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in to_json(card).items()]
        temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def to_json(card: Card) -> dict[str, Any]:
    """The card as its file holds it; of a net whose family is not known, nothing is said of it."""
    left_out = (*_NOT_WRITTEN, *(() if card.family else ("family", "options")))
    return {key: value for key, value in asdict(card).items() if key not in left_out}


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
