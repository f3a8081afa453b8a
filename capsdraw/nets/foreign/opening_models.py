"""Opens a net that somebody else saved, and keeps it among the user's own models.

`python -m capsdraw models --open FILE` is the way there, from the window too: what others made is read in a process of
its own. Nothing that a file says is run: a net is built from layers that are known here (`known_layers`), and capsule
nets of one layout are mapped onto ours (`port`).
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from capsdraw import records, versions
from capsdraw.datasets import synthetic
from capsdraw.datasets.data import DIGITS
from capsdraw.errors import CapsDrawError, plain, short
from capsdraw.ink.intake import Ground
from capsdraw.nets import cards, families, keras_private, own_models, zoo
from capsdraw.nets import ranges as capsule_ranges
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.foreign import filling, graph, port, reader_form, stored_net
from capsdraw.nets.foreign.sight import MEASURED, NetSight, PixelRange, pictured, scaled_by, sight_of
from capsdraw.nets.foreign.stored_net import StoredNet
from capsdraw.nets.reading import BATCH, Floats
from capsdraw.nets.session import Session, answering_part, compiled

# Bytes of weights that a net may have beside those in its file, and how many times these.
_SLACK = 1 << 20
_TIMES = 4
# Characters of what a card says of its origin.
_MOST_WORDS = 480
# Digits whose capsules tell the ranges of a net.
_ENOUGH = 300


@dataclass(frozen=True)
class OpenedModel:
    """A model that was opened.

    Attributes:
        card: its card, among the user's own.
        notes: what was assumed, measured or added, a sentence each.
    """

    card: Card
    notes: tuple[str, ...] = ()


class Unmeasured(CapsDrawError):  # noqa: N818 (nothing broke)
    """How a net sees pictures is neither said nor can it be measured.

    Attributes:
        unknown: of it, "pixels", "ink" or both; found: what was measured, for people; shape: of its images.
    """

    def __init__(self, name: str, unknown: tuple[str, ...], found: str, shape: tuple[int, int, int]) -> None:
        missing = " and ".join(_UNKNOWN[entry] for entry in unknown)
        super().__init__(f"cannot open the model '{short(name)}' for sure: {found}, and nothing says {missing}")
        self.unknown, self.found, self.shape = unknown, found, shape


_UNKNOWN: Final = {
    "pixels": "what its pixels were (--pixels)", "ink": "whether its ink was light, dark or none (--ink)"
}  # fmt: skip


@dataclass(frozen=True)
class _Net:
    """A net in the app's own form, but for what it is told of pixels.

    Attributes:
        model: the net, whose answers are lengths of capsules, or probabilities.
        shape: of the images that it reads, in whatever layout.
        notes: what was assumed or added.
        options: of the family `capsnet` that make the same; {} where none do.
        card: what is known of a net of the app's own, where its card lies beside it.
    """

    model: keras.Model
    shape: tuple[int, int, int]
    notes: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    card: Card | None = None


def open_model(
    path: Path, title: str = "", pixels: PixelRange | None = None, ground: Ground | None = None, sure: bool = False
) -> OpenedModel:
    """Open a `.keras` or HDF5 file of whoever saved it, and keep the model; nothing is written where it is refused.

    Args:
        path: of the file, whose layout its content says.
        title: of the model; the file's name where not given.
        pixels: what pixels were when it was trained; None to have it measured.
        ground: what its ink stood on, `ANY` for pictures as they are; None to have it measured on the app's own digits.
        sure: where neither is said nor can be measured, that is not assumed.

    Raises:
        Unmeasured: as `sure` asks for.
        CapsDrawError: the file cannot be read, or describes what is not opened here; one line that names it.
    """
    title = short(plain(title or path.stem))
    try:
        card, model, notes = _opened(path, title, pixels, ground, sure)
    except Unmeasured:
        raise
    except CapsDrawError as error:
        why = str(error).removeprefix(f"cannot read the model '{records.called(path)}': ")
        raise CapsDrawError(f"cannot open the model '{short(records.called(path))}': {why}") from None
    with own_models.saving(), own_models.new_name(title) as target:
        card = replace(card, name=target.stem, sha256=zoo.save(model, target))
        cards.write(card, target.with_suffix(".json"))
    return OpenedModel(cards.find(card.name), notes)


def _opened(
    path: Path, title: str, pixels: PixelRange | None, ground: Ground | None, sure: bool
) -> tuple[Card, keras.Model, tuple[str, ...]]:
    """A card, the net in the app's own form, and what is to be said of it."""
    stored = stored_net.read(path)
    try:
        with keras_private.weighing(_TIMES * stored.bytes + _SLACK), zoo.computing("float32"):
            net = _net(path, stored, pixels)
            capsule = families.is_capsule(net.model)
            classes = reader_form.require_classes((net.model.output["lengths"] if capsule else net.model.output).shape)
            if net.card is not None and net.card.classes == classes:
                return replace(net.card, title=title), net.model, net.notes
            sight = _sight(net, capsule, classes, pixels, ground)
            if sure and sight.unknown:
                raise Unmeasured(path.name, sight.unknown, sight.found, net.shape)
            model = net.model if capsule else reader_form.in_image_form(net.model, net.shape, sight.pixels)
    except ValueError as error:  # of `weighing`
        raise CapsDrawError(str(error)) from None
    notes = (*net.notes, sight.words)
    card = _card(path, title, model, net, sight, notes)
    ranged = capsule and sight.digits and classes == DIGITS
    return (_with_ranges(card, model) if ranged else card), model, notes


def _net(path: Path, stored: StoredNet, pixels: PixelRange | None) -> _Net:
    """The net of a file, by one of three ways: our own layers, capsules of the known layout, known layers."""
    if stored.asks_for_ours:
        return _own(path)
    if port.is_port(stored):
        mapped = port.mapped(stored, pixels)
        notes = ("its weights were mapped onto CapsDraw's capsule layers; no code of the file was read", *mapped.notes)
        return _Net(mapped.model, tuple(mapped.model.input_shape[1:]), notes, mapped.options)
    if stored.config is None:
        raise CapsDrawError(
            "it holds weights alone, not the net that they belong to: save the whole net with model.save('NAME.keras')"
        )
    if stored.is_exported:
        raise CapsDrawError(
            "it is a capsule net that was exported: its routing is written out in Keras' operations, which are no "
            "layers and are not read here; open the model's own .keras file, with its .json beside it, or share it as "
            ".capsdraw"
        )
    model, pieces = graph.build(stored.config)
    shape = reader_form.image_shape(tuple(model.input_shape[1:]))
    reader_form.require_classes(model.output.shape)
    filling.fill(pieces, stored)
    model, said = reader_form.probabilities(model)
    return _Net(model, shape, (said,) if said else ())


def _own(path: Path) -> _Net:
    """A net of the app's own layers, and its card where that lies beside it."""
    model = zoo.read(path)
    shape = tuple(model.input_shape[1:])
    if families.is_capsule(model):
        names = {layer.name for layer in model.layers}
        if not {"capsules", "lengths", "reconstruction"} <= set(model.output) or not {"encoder", "decoder"} <= names:
            raise CapsDrawError("it has capsules, but not in the form of CapsDraw's own nets")
    try:
        card = cards.read(path.with_suffix(".json"))
    except CapsDrawError:
        card = None
    fits = card is not None and card.sha256 == cards.sha256(path) and card.input == shape
    if card is None or not fits or (card.kind == NetKind.CAPSULE) != families.is_capsule(model):
        return _Net(model, reader_form.image_shape(shape))
    return _Net(model, reader_form.image_shape(shape), ("its card was beside it and came along",), card=card)


def _sight(net: _Net, capsule: bool, classes: int, pixels: PixelRange | None, ground: Ground | None) -> NetSight:
    """How the net sees pictures; capsule nets bring pixels to what they learnt from by themselves."""
    answering = answering_part(net.model)
    own = tuple(answering.input_shape[1:])
    call = compiled(answering, own)

    def scores(images: Floats) -> Floats:
        batches = [images[first : first + BATCH].reshape(-1, *own) for first in range(0, len(images), BATCH)]
        return np.concatenate([call(batch)[1] if capsule else call(batch) for batch in batches])

    ranges, said = _ranges(net.model, capsule, pixels)
    return sight_of(scores, net.shape, classes, ranges, said, ground)


def _ranges(model: keras.Model, capsule: bool, pixels: PixelRange | None) -> tuple[list[PixelRange], str]:
    """The ranges that a net's pixels may have, and in words how it is known where there is but one."""
    if capsule:  # it has a layer for that where the user said another
        return [PixelRange.ONE], f"; {pixels.words} within (as was said)" if pixels else ""
    if pixels is not None:
        return [pixels], " (as was said)"
    scaled = scaled_by(model)
    return ([scaled], " (its first layer rescales them)") if scaled else (list(MEASURED), "")


def _card(path: Path, title: str, model: keras.Model, net: _Net, sight: NetSight, notes: tuple[str, ...]) -> Card:
    capsule = families.is_capsule(model)
    return Card(
        name="",
        title=title,
        kind=NetKind.CAPSULE if capsule else NetKind.CLASSIFIER,
        input=net.shape,
        classes=(model.output["lengths"] if capsule else model.output).shape[-1],
        parameters=sum(int(keras.ops.size(weight)) for weight in model.trainable_weights),
        recipe="",
        data=short(f"not known: opened from '{short(path.name)}'; {'; '.join(notes)}", _MOST_WORDS),
        epochs=0,
        seed=0,
        test_error_percent=None,
        test_images=0,
        sha256="",
        versions=versions.of("capsdraw", "keras", "tensorflow"),
        data_set="mnist" if sight.digits else "",
        family="capsnet" if net.options else "",
        options=net.options,
        pictures=sight.intake,
    )


def _with_ranges(card: Card, model: keras.Model) -> Card:
    """The card with the ranges that the numbers of its capsules take over the app's own digits."""
    images, labels = synthetic.digits(_ENOUGH, seed=52)
    seen = pictured(images, card.input, card.intake)
    return replace(card, ranges=capsule_ranges.to_card(capsule_ranges.of(Session(model, card).encode(seen), labels)))
