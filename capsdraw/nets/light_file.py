"""Light files: what the light half of a session needs beside a net's `.keras` file. No Keras here.

A light file is a ZIP of two entries that are stored as they are: `light.json` (`About`) and `answers.tflite`,
image → capsules and lengths, or probabilities, for one image at a time. The decoder's weights are not
in it: `About` says where in the `.keras` file they lie, which its hash holds to the byte.

Bundled models may have one beside their `.keras` file; all others lie in the app's cache, by the hash of their model.
"""

import hashlib
import os
import zipfile
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import Activation, Dense
from capsdraw.paths import cache, replacing

ENDING: Final = ".light"
# Of all light files in the cache together; CapsNet's has 27 MB.
CACHE_BYTES: Final = 400_000_000
# No entry of a light file is read that claims to be larger.
_MOST_BYTES: Final = 500_000_000
_ABOUT, _ANSWERS = "light.json", "answers.tflite"

_Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
_Offset = Annotated[int, msgspec.Meta(ge=0)]
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class NoLightHalf(CapsDrawError):  # noqa: N818 (what is so, not what went wrong)
    """The light half cannot answer for a net, here and now; the heavy half can.

    Attributes:
        lasting: whether that stays so though a light file were made anew.
    """

    def __init__(self, message: str, lasting: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting


class DenseAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dense layer of the decoder, and where its weights lie in the `.keras` file.

    Attributes:
        inputs, units: of its kernel, (inputs, units) little-endian float32.
        activation: a name of `decoder.ACTIVATIONS`.
        kernel, bias: offsets in bytes.
    """

    inputs: _Count
    units: _Count
    activation: Activation
    kernel: _Offset
    bias: _Offset

    @property
    def end(self) -> int:
        """The first byte in the file after both."""
        return max(self.kernel + 4 * self.inputs * self.units, self.bias + 4 * self.units)


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `light.json` says.

    Attributes:
        version: of this format.
        model: SHA-256 of the `.keras` file that it was made from.
        answers: SHA-256 of `answers.tflite`.
        image: (rows, columns, channels); classes: how many.
        capsule_size: numbers in a capsule; 0 for a classifier.
        decoder: its layers; none for a classifier.
        difference: the largest between both halves, of a score, a capsule's number or a pixel, when it was made.
        refused: why it is not to be used, where both halves did not agree; `answers.tflite` is empty then.
    """

    model: _Sha256
    answers: _Sha256
    image: tuple[_Count, _Count, _Count]
    classes: _Count
    capsule_size: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    decoder: tuple[DenseAt, ...]
    difference: float
    refused: str = ""
    version: Literal[1] = 1


def beside(card: Card) -> Path:
    """Where the light file of a bundled model lies, if it has one."""
    return card.weights.with_suffix(ENDING)


def cached(card: Card) -> Path:
    """Where the light file of any model lies in the cache, if it was made."""
    return _folder() / f"{card.sha256}{ENDING}"


def places(card: Card) -> list[Path]:
    """The light files that there are for a model, a bundled one first; whether they fit is not asked."""
    own = [cached(card), beside(card)] if card.bundled else [cached(card)]
    return [path for path in reversed(own) if path.exists()]


def fitting(path: Path, card: Card) -> tuple[About, bytes]:
    """A light file's two entries, if it is of this model.

    Raises:
        NoLightHalf: it is not whole or not of this model, or says that it is not to be used.
    """
    try:
        about, answers = read(path)
    except CapsDrawError as error:
        raise NoLightHalf(str(error)) from None
    if about.model != card.sha256:
        raise NoLightHalf(f"'{path.name}' was made for another '{card.name}'")
    if about.refused:
        raise NoLightHalf(about.refused, lasting=True)
    if (about.image, about.classes, about.capsule_size > 0) != (card.input, card.classes, card.kind == "capsule"):
        raise NoLightHalf(f"'{path.name}' is not of the {card.kind} model that the card '{card.name}' describes")
    return about, answers


def touch(path: Path) -> None:
    """Mark a light file as used now: `trim` removes those that were not used for longest."""
    with suppress(OSError):
        os.utime(path)


def read(path: Path) -> tuple[About, bytes]:
    """A light file's two entries; raises CapsDrawError, with its name, where it is not whole."""
    try:
        with zipfile.ZipFile(path) as file:
            about = msgspec.json.decode(_entry(file, _ABOUT), type=About)
            answers = _entry(file, _ANSWERS)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise CapsDrawError(f"cannot read the light file '{path.name}': {error}") from None
    if hashlib.sha256(answers).hexdigest() != about.answers:
        raise CapsDrawError(f"cannot read the light file '{path.name}': its net is not the one that was written")
    return about, answers


def _entry(file: zipfile.ZipFile, name: str) -> bytes:
    size = file.getinfo(name).file_size
    if size > _MOST_BYTES:
        raise ValueError(f"'{name}' has {size:,} bytes, and none may have more than {_MOST_BYTES:,}")
    return file.read(name)


def write(path: Path, about: About, answers: bytes) -> None:
    """Write a light file; an old one is replaced whole or not at all. The same entries make the same file."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as file:
        for name, content in ((_ABOUT, msgspec.json.format(msgspec.json.encode(about))), (_ANSWERS, answers)):
            # Without the time of day, which `writestr` with a name alone would add.
            file.writestr(zipfile.ZipInfo(name), content)


def trim(limit: int = CACHE_BYTES) -> None:
    """Remove the light files in the cache that were not used for longest, until the others have `limit` bytes at most.

    Those that a killed maker left half written are among them.
    """
    entries = [(path.stat(), path) for path in _folder().glob(f"*{ENDING}")]
    total = 0
    for status, path in sorted(entries, key=lambda entry: entry[0].st_mtime, reverse=True):
        total += status.st_size
        if total > limit:
            # Windows removes no file that another process reads: the next time, then.
            with suppress(OSError):
                path.unlink()


def dense_layers(about: About, weights: Path) -> list[Dense]:
    """The decoder's layers, from the `.keras` file whose hash was checked.

    Raises:
        NoLightHalf: they do not lead from the capsules to a picture, or lie beyond the file's end.
    """
    widths = [about.classes * about.capsule_size, *(layer.units for layer in about.decoder)]
    fits = widths[:-1] == [layer.inputs for layer in about.decoder] and widths[-1] == prod(about.image)
    size = weights.stat().st_size
    if not fits or any(layer.end > size for layer in about.decoder):
        raise NoLightHalf(f"the light file of '{weights.name}' describes no decoder that could be its own")
    return [
        Dense(
            np.fromfile(weights, "<f4", layer.inputs * layer.units, offset=layer.kernel).reshape(-1, layer.units),
            np.fromfile(weights, "<f4", layer.units, offset=layer.bias),
            layer.activation,
        )
        for layer in about.decoder
    ]


def _folder() -> Path:
    return cache() / "light"
