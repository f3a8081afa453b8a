"""A recipe: all that decides how a net is trained, read from a TOML file."""

import json
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from capsdraw.datasets.moves import BORDERS
from capsdraw.datasets.sources import FILES
from capsdraw.errors import CapsDrawError
from capsdraw.paths import resource


@dataclass(frozen=True)
class Augmentation:
    """How far each training image is changed at random, each time it is seen.

    Attributes:
        rotation: degrees, up to, either way.
        shift: pixels, up to, either way.
        zoom: 0.1 scales by 0.9 to 1.1.
        shear: 0.1 moves a row by up to a tenth of its height.
        elastic: pixels, standard deviation of a smooth random displacement.
        thickness: pixels, up to, by which a stroke grows or thins on each side.
        erase: side in pixels of a black square laid over each image; 0 for none.
        channel_shift: of the range of a colour channel, up to, by which it is made lighter or darker.
        flip: half of the images are mirrored, left to right.
        border: what comes in from outside, "black" or the "edge" drawn out.
    """

    rotation: float = 0.0
    shift: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    thickness: float = 0.0
    erase: int = 0
    channel_shift: float = 0.0
    flip: bool = False
    border: str = "black"


@dataclass(frozen=True)
class Recipe:
    """How to make `trained/NAME.keras`.

    Attributes:
        name: of the model; title: as the window shows it.
        family: a name that `zoo.build` knows; options: its arguments.
        data: "mnist" or "cifar10".
        seed: decides weights, order and augmentation.
        held_out: the last so many training images are for validation, none is trained on.
        synthetic: synthetic pen digits mixed into each epoch, new ones every epoch.
        epochs, batch: of training; learning_rate: its peak, decayed to 0 along a cosine.
        precision: a Keras dtype policy.
        limit: train on so many images only; 0 for all.
    """

    name: str
    title: str
    family: str
    options: dict[str, Any] = field(default_factory=dict)
    data: str = "mnist"
    seed: int = 1
    held_out: int = 5000
    synthetic: int = 0
    epochs: int = 10
    batch: int = 128
    learning_rate: float = 1e-3
    precision: str = "float32"
    limit: int = 0
    augmentation: Augmentation = Augmentation()


def names() -> list[str]:
    """Of all bundled recipes."""
    return sorted(one.stem for one in resource("recipes").glob("*.toml"))


def load(name_or_path: str) -> Recipe:
    """The recipe of that name, bundled with the app, or of that TOML file.

    Raises:
        CapsDrawError: there is none, or it is not one; the message says which entry is wrong.
    """
    path = Path(name_or_path) if name_or_path.endswith(".toml") else resource("recipes") / f"{name_or_path}.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise CapsDrawError(f"no recipe '{name_or_path}': known are {', '.join(names())}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CapsDrawError(f"cannot read recipe '{path.name}': not TOML ({error})") from None
    return _parse(document, path.name)


def to_toml(recipe: Recipe) -> str:
    """The recipe as a TOML file that `load` reads."""
    values = asdict(recipe)
    tables = {name: values.pop(name) for name in ("options", "augmentation")}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _parse(document: dict[str, Any], file: str) -> Recipe:
    moves = document.pop("augmentation", {})
    for given, kind in ((document, Recipe), (moves, Augmentation)):
        unknown = set(given) - {one.name for one in fields(kind)}
        if unknown:
            raise CapsDrawError(f"recipe '{file}': unknown entry {', '.join(sorted(unknown))}")
    missing = {"name", "title", "family"} - set(document)
    if missing:
        raise CapsDrawError(f"recipe '{file}': {', '.join(sorted(missing))} is missing")
    plan = Recipe(**document, augmentation=Augmentation(**moves))
    for entry, given, known in (("data", plan.data, FILES), ("border", plan.augmentation.border, BORDERS)):
        if given not in known:
            raise CapsDrawError(f"recipe '{file}': {entry} '{given}' is none of {', '.join(known)}")
    return plan
