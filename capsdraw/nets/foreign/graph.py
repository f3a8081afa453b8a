"""From a net's description to the net: layers of the known kinds, joined as the file says, without their weights.

Sequential and Functional models of Keras 2 and 3, also within each other. Shapes are reckoned while it is built, and
what would take too much memory or work for one image is refused before anything is computed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final

import keras

from capsdraw.errors import CapsDrawError, first_line, short
from capsdraw.nets.foreign import known_layers

Tensor = Any
Entry = Mapping[str, Any]

_MODELS: Final = ("Sequential", "Functional", "Model")
_INPUT: Final = "InputLayer"
# Layers of a net with all that are within it, and calls of those of one model; numbers that a layer makes of an image,
# of which 250 are asked at once; and multiplications for an image: VGG-16 on 32 × 32 takes 0.3 billion.
_MOST_LAYERS: Final = 1000
_MOST_CALLS: Final = 2000
_MOST_NUMBERS: Final = 1 << 20
_MOST_WORK: Final = 4 * 10**9


@dataclass(frozen=True)
class NetPiece:
    """A layer, or a model within the model, in the order in which the file has them.

    Attributes:
        kind, name: as the file calls them.
        layer: itself.
        pieces: of a model within the model.
        work: multiplications of such a model for an image.
    """

    kind: str
    name: str
    layer: keras.layers.Layer
    pieces: tuple["NetPiece", ...] = ()
    work: int = 0


def build(config: Entry) -> tuple[keras.Model, tuple[NetPiece, ...]]:
    """The net of a description, with weights of zero, and its pieces.

    Raises:
        CapsDrawError: a layer is not known, or it is joined in a way that is not; one line that names it.
    """
    builder = _Builder()
    piece = builder.model(config, None)
    return piece.layer, piece.pieces


class _Builder:
    def __init__(self) -> None:
        self._count = 0
        self._work = 0

    def model(self, entry: Entry, shape: tuple[int | None, ...] | None) -> NetPiece:
        """A Sequential or Functional model; `shape` is that of what it is given, where it does not say."""
        kind, name = str(entry.get("class_name")), _name(entry)
        if kind not in _MODELS:
            raise CapsDrawError(
                f"the net '{short(name)}' is of a class of its author's own, '{short(kind)}': only Sequential and "
                "Functional nets can be opened"
            )
        config = entry.get("config")
        # Keras up to 2.2 had a list of layers there.
        layers = config if isinstance(config, list) else config.get("layers") if isinstance(config, dict) else None
        if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
            raise CapsDrawError(f"the net '{short(name)}' has no list of layers")
        before, self._work = self._work, 0
        if kind == "Sequential":
            given = config.get("build_input_shape") if isinstance(config, dict) else None
            built = self._sequential(name, layers, _shape(given) or shape)
        else:
            built = self._functional(name, config if isinstance(config, dict) else {}, layers)
        work, self._work = self._work, before  # counted where it is called
        return replace(built, work=work)

    def _sequential(self, name: str, entries: list[Entry], shape: tuple[int | None, ...] | None) -> NetPiece:
        own = _first_shape(entries) or shape
        if own is None:
            raise CapsDrawError("it does not say which images it reads: call the net once before it is saved")
        image = tensor = keras.Input(_whole_shape(own[1:]), name="input")
        pieces = []
        for entry in entries:
            if entry.get("class_name") == _INPUT:
                continue
            pieces.append(self._piece(entry, tensor))
            tensor = self._called(pieces[-1], tensor)
        return NetPiece("Sequential", name, keras.Model(image, tensor, name=self._unique(name)), tuple(pieces))

    def _functional(self, name: str, config: Entry, entries: list[Entry]) -> NetPiece:
        inputs = [entry for entry in entries if entry.get("class_name") == _INPUT]
        outputs = _histories(config.get("output_layers"))
        if len(inputs) != 1 or len(outputs) != 1:
            raise CapsDrawError(
                f"the net '{short(name)}' has {len(inputs)} inputs and {len(outputs)} outputs: one of each can be read"
            )
        shape = _first_shape(inputs)
        if shape is None:
            raise CapsDrawError("it does not say which images it reads")
        image = keras.Input(_whole_shape(shape[1:]), name="input")
        tensors: dict[tuple[str, int], Tensor] = {(_name(inputs[0]), 0): image}
        pieces: dict[str, NetPiece] = {}
        calls = [call for entry in entries if entry is not inputs[0] for call in _calls(entry)]
        if len(calls) > _MOST_CALLS:
            raise CapsDrawError(f"its layers are called more than {_MOST_CALLS:,} times")
        calls, output = _counted(calls, outputs[0])
        while calls:
            ready = [call for call in calls if all(source in tensors for source in call.sources)]
            if not ready:
                raise CapsDrawError(f"its layer '{short(_name(calls[0].entry))}' reads what no layer gives")
            for call in ready:
                read = [tensors[source] for source in call.sources]
                layer = _name(call.entry)
                given = read if call.several else read[0]
                if layer not in pieces:
                    pieces[layer] = self._piece(call.entry, given)
                tensors[layer, call.number] = self._called(pieces[layer], given)
            done = set(map(id, ready))
            calls = [call for call in calls if id(call) not in done]
        if output not in tensors:
            raise CapsDrawError(f"its answer is said to come from '{short(output[0])}', which is no layer of it")
        order = [pieces[_name(entry)] for entry in entries if _name(entry) in pieces]
        model = keras.Model(image, tensors[output], name=self._unique(name))
        return NetPiece("Functional", name, model, tuple(order))

    def _piece(self, entry: Entry, given: Tensor) -> NetPiece:
        """A layer of a model, not yet called."""
        kind, name, config = str(entry.get("class_name")), _name(entry), entry.get("config")
        known_layers.require_home(entry, name) if kind != "Sequential" else None
        if kind in _MODELS:
            shape = None if isinstance(given, list) else tuple(given.shape)
            return self.model(entry, shape)
        if not isinstance(config, dict):
            raise CapsDrawError(f"its layer '{short(name)}' is not described")
        return NetPiece(kind, name, known_layers.make(kind, config, name, self._unique(name)))

    def _called(self, piece: NetPiece, given: Tensor) -> Tensor:
        """What a layer makes of what it is given."""
        try:
            output = piece.layer(given)
        except Exception as error:  # layers raise whatever does not fit
            raise CapsDrawError(
                f"its layer '{short(piece.name)}' ({piece.kind}) does not fit what it reads: {first_line(error)}"
            ) from None
        shape = getattr(output, "shape", (None,))[1:]
        if any(side is None for side in shape) or prod(shape) > _MOST_NUMBERS:
            raise CapsDrawError(
                f"its layer '{short(piece.name)}' makes more than {_MOST_NUMBERS:,} numbers of an image: too large here"
            )
        places = prod(shape[:-1]) if len(shape) > 1 else 1
        own = 0 if piece.pieces else places * sum(prod(weight.shape) for weight in piece.layer.weights)
        self._work += piece.work + own
        if self._work > _MOST_WORK:
            raise CapsDrawError(
                f"with its layer '{short(piece.name)}' it would take more than {_MOST_WORK // 10**9} billion "
                "multiplications for an image: too large here"
            )
        return output

    def _unique(self, name: str) -> str:
        """A name that Keras takes, and no other layer has."""
        self._count += 1
        if self._count > _MOST_LAYERS:
            raise CapsDrawError(f"it has more than {_MOST_LAYERS:,} layers")
        clean = re.sub(r"\W", "_", name, flags=re.ASCII)[:40] or "layer"
        return clean if self._count == 1 else f"{clean}_{self._count}"


@dataclass(frozen=True, eq=False)
class _Call:
    """One use of a layer: the number of it, whose outputs it reads, and whether Keras 2 says so."""

    entry: Entry
    number: int
    sources: tuple[tuple[str, int], ...]
    several: bool
    early: bool


def _calls(entry: Entry) -> Iterator[_Call]:
    """The uses of a layer, of which the ones of Keras 2 are lists and those of Keras 3 objects."""
    nodes = entry.get("inbound_nodes")
    if not isinstance(nodes, list) or not nodes:
        raise CapsDrawError(f"its layer '{short(_name(entry))}' reads nothing")
    for number, node in enumerate(nodes):
        tensors, more = (node.get("args"), node.get("kwargs")) if isinstance(node, dict) else (node, None)
        sources = _histories(tensors)
        strange = {key for key, value in (more or {}).items() if value not in (None, False, True)}
        if not sources or strange or (isinstance(node, dict) and not _plain_args(tensors)):
            raise CapsDrawError(f"its layer '{short(_name(entry))}' is called in a way that is not known here")
        several = len(sources) > 1 or (isinstance(tensors, list) and bool(tensors) and _is_list_of_tensors(tensors[0]))
        yield _Call(entry, number, tuple(sources), several and _kind(entry) not in _MODELS, isinstance(node, list))


def _counted(calls: list[_Call], output: tuple[str, int]) -> tuple[list[_Call], tuple[str, int]]:
    """The calls, and the one that answers, with those of models within counted from 0.

    Keras counts as the first that by which such a model was made: Keras 2 always, Keras 3 only in what answers.
    """
    counts = Counter(_name(call.entry) for call in calls)
    kinds = {_name(call.entry): _kind(call.entry) for call in calls}

    def counted(source: tuple[str, int], first: int) -> tuple[str, int]:
        name, number = source
        return (name, min(max(number - first, 0), counts[name] - 1)) if kinds.get(name) in _MODELS else source

    again = [
        replace(call, sources=tuple(counted(source, int(call.early)) for source in call.sources)) for call in calls
    ]
    early = any(call.early for call in calls)
    return again, counted(output, int(early or kinds.get(output[0]) != "Sequential"))


def _plain_args(args: Any) -> bool:
    """Whether a call of Keras 3 has one tensor, or one list of them, and nothing else."""
    if not isinstance(args, list) or len(args) != 1:
        return False
    inner = args[0] if isinstance(args[0], list) else args
    return all(isinstance(part, dict) and part.get("class_name") == "__keras_tensor__" for part in inner)


def _is_list_of_tensors(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _histories(value: Any) -> list[tuple[str, int]]:
    """(layer, number of its call) of each tensor that is named, in whatever form."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            return _histories(config.get("keras_history") if isinstance(config, dict) else None)
        return [history for inner in value.values() for history in _histories(inner)]
    if not isinstance(value, list):
        return []
    if len(value) in (3, 4) and isinstance(value[0], str) and all(type(number) is int for number in value[1:3]):
        return [(value[0], value[1])]
    return [history for inner in value for history in _histories(inner)]


def _kind(entry: Entry) -> str:
    return str(entry.get("class_name"))


def _name(entry: Entry) -> str:
    config = entry.get("config")
    name = entry.get("name") or (config.get("name") if isinstance(config, dict) else None)
    return name if isinstance(name, str) else str(entry.get("class_name"))


def _first_shape(entries: list[Entry]) -> tuple[int | None, ...] | None:
    """The shape that a first layer says, also one within a model within."""
    config = entries[0].get("config") if entries else None
    if isinstance(config, dict):
        for key in ("batch_shape", "batch_input_shape"):
            if (shape := _shape(config.get(key))) is not None:
                return shape
        inner = config.get("layers")
    else:
        inner = config
    if isinstance(inner, list) and inner and all(isinstance(entry, dict) for entry in inner):
        return _first_shape(inner)
    return None


def _shape(value: Any) -> tuple[int | None, ...] | None:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= 4:
        return None
    if not all(side is None or (type(side) is int and 0 < side <= _MOST_NUMBERS) for side in value):
        return None
    return tuple(value)


def _whole_shape(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    """The shape of an image; a net that reads any size is to read MNIST's."""
    return tuple(28 if side is None else side for side in shape)
