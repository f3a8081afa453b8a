"""Makes light files: exports what of a net answers, and holds it against the net before it is used.

`python -m capsdraw.nets.lighten NAME…` makes those of models at hand, in the app's cache: a process of its own,
because an export keeps Python from doing anything else for seconds.
"""

import argparse
import mmap
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import keras
import msgspec
import numpy as np

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, light_file
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import Dense
from capsdraw.nets.light import Light
from capsdraw.nets.light_file import About, Content, ConvolutionAt, DenseAt, NoLightHalf, digest
from capsdraw.nets.reading import Floats, masked
from capsdraw.nets.session import Session, answering_part, dense_layers
from capsdraw.nets.split import SplitNet, split

# The most that a score, a capsule's number or a pixel may differ between both halves.
TOLERANCE: Final = 1e-4
# Images on which they are held against each other.
_DIGITS, _BLOTS = 50, 14


def ensure(card: Card) -> Light:
    """The light half of a model; its light file is made, in the cache, where there is none that fits.

    Raises:
        NoLightHalf: the net cannot be exported, or both halves do not agree, which its light file says from then on.
        CapsDrawError: the model cannot be loaded, or its light file not be written.
    """
    try:
        return Light.open(card)
    except NoLightHalf as problem:
        if problem.lasting:
            raise
    try:
        make(Session.open(card), light_file.cached(card))
    finally:
        light_file.trim()
    return Light.open(card)


def make(session: Session, path: Path) -> About:
    """Write a session's light file, after both halves have answered to the same images; returns what it says.

    Raises:
        NoLightHalf: the net cannot be exported, or they do not agree; the file says so.
        CapsDrawError: it cannot be written.
    """
    content = _made(session)
    try:
        light_file.write(path, *content)
    except OSError as error:
        raise CapsDrawError(f"cannot keep the light file of '{session.name}': {error.strerror or error}") from None
    if content.about.refused:
        raise NoLightHalf(content.about.refused, lasting=True)
    return content.about


def _made(session: Session) -> Content:
    card = session.card
    about = About(card.sha256, digest(b""), card.input, card.classes, session.capsule_size, (), 0.0)
    try:
        content = _exported(session, msgspec.structs.replace(about, decoder=_decoder(session)))
        difference = _difference(session, Light(card, *content))
    except NoLightHalf as problem:
        if problem.lasting:  # LiteRT itself is not to be had: that says nothing of this net
            raise
        return Content(msgspec.structs.replace(about, refused=str(problem)), b"")
    return content._replace(about=msgspec.structs.replace(content.about, difference=difference))


def _exported(session: Session, about: About) -> Content:
    """The part of a session's net that answers, for one image at a time, as LiteRT and NumPy read it."""
    parts = split(session.model)
    if parts is None:
        answers = _for_litert(answering_part(session.model), session.name)
        return Content(msgspec.structs.replace(about, answers=digest(answers)), answers)
    before, answers = (_for_litert(part, session.name) for part in (parts.before, parts.behind))
    convolution = _convolution(session, parts, before)
    return Content(msgspec.structs.replace(about, answers=digest(answers), convolution=convolution), answers, before)


def _for_litert(model: keras.Model, name: str) -> bytes:
    values = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="float32")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.tflite"
        try:
            model.export(path, format="litert", input_signature=[values], verbose=False)
        except Exception as error:  # Keras and TensorFlow raise whatever an export meets
            raise NoLightHalf(f"cannot export '{name}' for LiteRT: {first_line(error)}") from None
        return path.read_bytes()


def _convolution(session: Session, parts: SplitNet, before: bytes) -> ConvolutionAt:
    """What NumPy computes, and where its weights lie in the model's file."""
    with _content(session) as content:
        layer = _placed(content, parts.layer)
    return ConvolutionAt(layer, parts.window, parts.strides, digest(before))


def _decoder(session: Session) -> tuple[DenseAt, ...]:
    """The decoder's layers, and where their weights lie in the model's file."""
    if not session.capsule:
        return ()
    layers = dense_layers(session.model.get_layer("decoder"))
    if layers is None:
        raise NoLightHalf(f"the decoder of '{session.name}' has other layers than dense ones")
    with _content(session) as content:
        return tuple(_placed(content, layer) for layer in layers)


def _content(session: Session) -> mmap.mmap:
    """The model's file, to be searched and closed."""
    with session.card.weights.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _placed(content: mmap.mmap, layer: Dense) -> DenseAt:
    # Bytes that are equal are as good as the layer's own, wherever in the file they lie.
    inputs, units = layer.kernel.shape
    return DenseAt(inputs, units, layer.activation, _place(content, layer.kernel), _place(content, layer.bias))


def _place(content: mmap.mmap, weights: Floats) -> int:
    """The offset in a `.keras` file at which an array lies, little-endian float32."""
    offset = content.find(weights.astype("<f4").tobytes())
    if offset < 0:
        raise NoLightHalf("a layer's weights do not lie in the model's file as float32: save it with Keras 3")
    return offset


def _difference(heavy: Session, light: Light) -> float:
    """The largest between both halves' answers to `images`; raises NoLightHalf where they do not agree."""
    pictures = images(heavy.card)
    pairs = [(heavy.scores(pictures), light.scores(pictures))]
    if heavy.capsule:
        capsules = heavy.encode(pictures)
        rows = np.stack([masked(capsules[index], index % heavy.classes) for index in range(len(capsules))])
        pairs += [(capsules, light.encode(pictures)), (heavy.decode(rows), light.decode(rows))]
    difference = max(float(np.abs(exact - approximate).max()) for exact, approximate in pairs)
    # Also false where one is not a number.
    if not difference <= TOLERANCE:
        raise NoLightHalf(f"LiteRT's answers for '{heavy.name}' are {difference:.1e} off: it is not used for this net")
    relabelled = int((pairs[0][0].argmax(1) != pairs[0][1].argmax(1)).sum())
    if relabelled:
        raise NoLightHalf(f"LiteRT reads {relabelled} of {len(pictures)} images otherwise: it is not used for this net")
    return difference


def images(card: Card) -> Floats:
    """The images that both halves of this model must agree on, (N, rows, columns, channels) float32: always the same.

    Blots of any size and strength, and pen digits before them where the model reads digits.
    """
    rows, columns, channels = card.input
    random = np.random.default_rng(16)
    coarse = random.random((_BLOTS, -(-rows // 8), -(-columns // 8), channels), np.float32)
    blots = coarse.repeat(8, 1).repeat(8, 2)[:, :rows, :columns]
    blots = blots * random.random((_BLOTS, rows, columns, channels), np.float32) ** 0.5
    if not card.reads_digits:
        return blots
    digits, _ = synthetic.digits(_DIGITS, seed=16)
    return np.concatenate([from_bytes(digits)[..., None], blots])


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the light files of the models named on the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m capsdraw.nets.lighten", description="make light files of models")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a model that 'capsdraw models' lists")
    parser.add_argument("--behind", action="store_true", help="give way to all other programs")
    options = parser.parse_args(arguments)
    if options.behind and hasattr(os, "nice"):
        os.nice(15)
    failed = 0
    for name in options.names:
        try:
            ensure(cards.find(name))
        except CapsDrawError as error:
            print(error, file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
