"""Puts the weights that a file keeps into the layers that were made from its description."""

import re
from collections.abc import Sequence

import keras
import numpy as np

from capsdraw.errors import CapsDrawError, short
from capsdraw.formatting import times
from capsdraw.nets.foreign.graph import NetPiece
from capsdraw.nets.foreign.stored_net import LAYERS, StoredNet
from capsdraw.nets.reading import Floats


def fill(pieces: Sequence[NetPiece], stored: StoredNet) -> None:
    """Give each layer its weights.

    Raises:
        CapsDrawError: a layer has none in the file, or others than it needs; one line that names it.
    """
    if stored.by_layer:
        _fill_legacy(pieces, stored)
    else:
        _fill_paths(pieces, stored, LAYERS)
    for piece in pieces:
        piece.layer.trainable = True


def _fill_legacy(pieces: Sequence[NetPiece], stored: StoredNet) -> None:
    for piece in pieces:
        # Keras 2 kept what is trained first, of a model within the model too: layers that were frozen come last.
        variables = piece.layer.trainable_weights + piece.layer.non_trainable_weights
        _assign(piece, variables, stored.by_layer.get(piece.name, []))


def _fill_paths(pieces: Sequence[NetPiece], stored: StoredNet, path: str) -> None:
    """Keras 3 numbers the layers of each kind; their names are not part of their paths."""
    counts: dict[str, int] = {}
    for piece in pieces:
        kind = _snake_case(piece.kind)
        number = counts[kind] = counts.get(kind, -1) + 1
        own = f"{path}/{kind}" + (f"_{number}" if number else "")
        if piece.pieces:
            _fill_paths(piece.pieces, stored, f"{own}/{LAYERS}")
        elif piece.layer.weights:
            _assign(piece, piece.layer.weights, stored.by_path.get(own, []))


def _assign(piece: NetPiece, variables: Sequence[keras.Variable], arrays: Sequence[Floats]) -> None:
    needed, kept = [tuple(variable.shape) for variable in variables], [array.shape for array in arrays]
    if needed != kept:
        raise CapsDrawError(
            f"its layer '{short(piece.name)}' ({piece.kind}) needs weights of {_listed(needed)}: the file has "
            f"{_listed(kept)}"
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(np.asarray(array))


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    words = [times(shape) if shape else "a number" for shape in shapes[:4]]
    return (", ".join(words) + (" …" if len(shapes) > 4 else "")) or "none"


def _snake_case(kind: str) -> str:
    """A class' name as Keras 3 writes it in paths: "BatchNormalization" is "batch_normalization", "Conv2D" "conv2d"."""
    apart = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", apart).lower()
