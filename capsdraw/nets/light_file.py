"""Light files: what the light half of a session needs beside a net's `.keras` file. No Keras here.

A light file is a ZIP of entries that are stored as they are: `light.json` (`About`) and `answers.tflite`,
image → capsules and lengths, or probabilities, for one image at a time. Where the net has a convolution with a large
kernel, NumPy computes that, `before.tflite` what lies before it, and `answers.tflite` begins with its maps. The weights
of convolution and decoder are not in it: `About` says where in the `.keras` file they lie, which its hash holds to the
byte.

Bundled models may have one beside their `.keras` file; all others lie in the app's cache, by the hash of their model.
"""

import hashlib
import os
import zipfile
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
import numpy as np

from capsdraw import archives
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import Activation, Dense
from capsdraw.nets.large_convolution import LargeConvolution
from capsdraw.paths import cache, replacing

ENDING: Final = ".light"
# Of all light files in the cache together; CapsNet's has 6 MB.
CACHE_BYTES: Final = 400_000_000
# No entry of a light file is read that claims to be larger; nor layers of a decoder beyond so many.
_MOST_BYTES: Final = 1 << 28
_MOST_ABOUT: Final = 1 << 16
_MOST_LAYERS: Final = 16
_ABOUT, _ANSWERS, _BEFORE = "light.json", "answers.tflite", "before.tflite"

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
    """A dense layer, and where its weights lie in the `.keras` file.

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


class ConvolutionAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A valid convolution that NumPy computes, and where its weights lie.

    Attributes:
        layer: its kernel (rows · columns · channels, outputs), bias and activation.
        window: rows and columns of the kernel; strides: from place to place.
        before: SHA-256 of `before.tflite`.
    """

    layer: DenseAt
    window: tuple[_Count, _Count]
    strides: tuple[_Count, _Count]
    before: _Sha256


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `light.json` says.

    Attributes:
        version: of this format.
        model: SHA-256 of the `.keras` file that it was made from.
        answers: SHA-256 of `answers.tflite`.
        image: (rows, columns, channels); classes: how many.
        capsule_size: numbers in a capsule; 0 for a classifier.
        decoder: its layers; none for a classifier.
        convolution: what NumPy computes between `before.tflite` and `answers.tflite`, if anything.
        difference: the largest between both halves, of a score, a capsule's number or a pixel, when it was made.
        refused: why it is not to be used, where both halves did not agree; `answers.tflite` is empty then.
    """

    model: _Sha256
    answers: _Sha256
    image: tuple[_Count, _Count, _Count]
    classes: _Count
    capsule_size: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    decoder: Annotated[tuple[DenseAt, ...], msgspec.Meta(max_length=_MOST_LAYERS)]
    difference: float
    refused: str = ""
    convolution: ConvolutionAt | None = None
    version: Literal[1] = 1


class Content(NamedTuple):
    """What a light file holds: what it says, and one net, or two."""

    about: About
    answers: bytes
    before: bytes = b""


def beside(card: Card) -> Path:
    """Where the light file of a bundled model lies, if it has one."""
    return card.weights.with_suffix(ENDING)


def cached(card: Card) -> Path:
    """Where the light file of any model lies in the cache, if it was made."""
    return _folder() / f"{card.sha256}{ENDING}"


def places(card: Card) -> list[Path]:
    """The light files that there are for a model, a bundled one first; whether they fit is not asked."""
    own = [cached(card), beside(card)] if card.bundled else [cached(card)]
    return [path for path in reversed(own) if path.is_file()]


def fitting(path: Path, card: Card) -> Content:
    """What a light file holds, if it is of this model.

    Raises:
        NoLightHalf: it is not whole or not of this model, or says that it is not to be used.
    """
    try:
        content = read(path)
    except CapsDrawError as error:
        raise NoLightHalf(str(error)) from None
    about = content.about
    if about.model != card.sha256:
        raise NoLightHalf(f"'{path.name}' was made for another '{card.name}'")
    if about.refused:
        raise NoLightHalf(about.refused, lasting=True)
    if (about.image, about.classes, about.capsule_size > 0) != (card.input, card.classes, card.kind == "capsule"):
        raise NoLightHalf(f"'{path.name}' is not of the {card.kind} model that the card '{card.name}' describes")
    return content


def touch(path: Path) -> None:
    """Mark a light file as used now: `trim` removes those that were not used for longest."""
    with suppress(OSError):
        os.utime(path)


def read(path: Path) -> Content:
    """What a light file holds; raises CapsDrawError, with its name, where it is not whole."""
    try:
        with archives.opened(path, "the light file") as file:
            about = msgspec.json.decode(archives.read(file, _ABOUT, _MOST_ABOUT), type=About)
            most = min(_MOST_BYTES, path.stat().st_size)
            before = b"" if about.convolution is None else archives.read(file, _BEFORE, most)
            content = Content(about, archives.read(file, _ANSWERS, most), before)
    except CapsDrawError as error:
        raise CapsDrawError(_line(path, str(error))) from None
    except Exception as error:  # a broken archive ends in any of a dozen
        raise CapsDrawError(_line(path, first_line(error))) from None
    whole = digest(content.answers) == about.answers
    if not whole or (about.convolution is not None and digest(content.before) != about.convolution.before):
        raise CapsDrawError(f"cannot read the light file '{path.name}': its net is not the one that was written")
    return content


def _line(path: Path, why: str) -> str:
    begin = f"cannot read the light file '{path.name}': "
    return begin + why.removeprefix(begin)


def write(path: Path, about: About, answers: bytes, before: bytes = b"") -> None:
    """Write a light file; an old one is replaced whole or not at all. The same entries make the same file."""
    entries = [(_ABOUT, msgspec.json.format(msgspec.json.encode(about))), (_ANSWERS, answers)]
    if about.convolution is not None:
        entries.append((_BEFORE, before))
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as file:
        for name, content in entries:
            # Without the time of day, which `writestr` with a name alone would add.
            file.writestr(zipfile.ZipInfo(name), content)


def trim(limit: int = CACHE_BYTES) -> None:
    """Remove the light files in the cache that were not used for longest, until the others have `limit` bytes at most.

    Those that a killed maker left half written are among them.
    """
    entries = []
    for path in _folder().glob(f"*{ENDING}"):
        with suppress(OSError):  # another process has just put it in its place, or removed it
            entries.append((path.stat(), path))
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
    if not fits:
        raise NoLightHalf(f"the light file of '{weights.name}' describes no decoder that could be its own")
    return [_layer(layer, weights) for layer in about.decoder]


def convolution(about: About, weights: Path) -> LargeConvolution | None:
    """What NumPy computes, if anything, from the `.keras` file; raises NoLightHalf where it lies beyond its end."""
    described = about.convolution
    if described is None:
        return None
    return LargeConvolution(_layer(described.layer, weights), described.window, described.strides)


def digest(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def _layer(layer: DenseAt, weights: Path) -> Dense:
    if layer.end > weights.stat().st_size:
        raise NoLightHalf(f"the light file of '{weights.name}' describes a layer beyond that file's end")
    return Dense(
        np.fromfile(weights, "<f4", layer.inputs * layer.units, offset=layer.kernel).reshape(-1, layer.units),
        np.fromfile(weights, "<f4", layer.units, offset=layer.bias),
        layer.activation,
    )


def _folder() -> Path:
    return cache() / "light"
