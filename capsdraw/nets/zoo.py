"""The zoo: nets by name, built, saved and loaded. Nothing that does not fit is loaded in silence."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from capsdraw.errors import CapsDrawError, first_line, plain
from capsdraw.nets import catalog, families, keras_file, keras_private, weights
from capsdraw.nets.cards import Card, sha256
from capsdraw.nets.catalog import NetKind
from capsdraw.paths import replacing

# Each family of the catalog by the function that bears its name.
FAMILIES: dict[str, Callable[..., keras.Model]] = {
    name: getattr(families, name.replace("-", "_")) for name in catalog.FAMILIES
}

# Bytes of weights that any model may have beside those in its file: states of generators.
_SLACK = 1 << 20

# Initialisers draw their seeds from the process' one generator, also while a model is loaded. A thread
# that builds beside a seeded one would take some of its row.
_SEEDS = threading.RLock()

# The same nets with few channels: for tests, and for a look in a minute.
TINY: dict[str, dict[str, Any]] = {name: family.tiny for name, family in catalog.FAMILIES.items()}


@contextmanager
def computing(precision: str) -> Iterator[None]:
    """Nets that this thread builds meanwhile compute in that precision, a Keras dtype policy."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(str(precision))  # Keras knows no enums
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def build(family: str, **options: Any) -> keras.Model:
    """A new net of a family with random weights; `options` are the builder's arguments.

    Raises:
        CapsDrawError: unknown family, or options that `catalog` does not allow it.
    """
    if family not in FAMILIES:
        raise CapsDrawError(f"unknown net '{family}': available are {', '.join(FAMILIES)}")
    # Keras would build some of these nets in silence, and fail with others only when they are asked.
    for name, reason in catalog.FAMILIES[family].problems(options).items():
        raise CapsDrawError(f"cannot build '{family}': {name} {reason}")
    try:
        with _SEEDS:
            return FAMILIES[family](**options)
    except (TypeError, ValueError) as error:
        raise CapsDrawError(f"cannot build '{family}' with {options}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """The line of Keras' message that says what is wrong: where a layer fails, that comes after the layer's name."""
    lines = [line for text in str(error).splitlines() if (line := plain(text).strip())]
    named = len(lines) > 1 and lines[0].startswith("Exception encountered")
    return first_line(Exception(lines[1]) if named else error)


def fresh(family: str, seed: int, **options: Any) -> keras.Model:
    """A new net with the random weights that a fit of this seed starts from, on this version of Keras.

    What the weights are does not depend on the precision that they are trained in. A `Whitening`
    among the layers is still to be adapted.

    Args:
        family: a name of `FAMILIES`; options: its builder's arguments.
        seed: of Keras, Python and NumPy, all of which it sets for the whole process.

    Raises:
        CapsDrawError: as `build` does.
    """
    with _SEEDS:
        keras.utils.set_random_seed(seed)
        return build(family, **options)


def save(model: keras.Model, path: Path) -> str:
    """Write a model, replacing an old file whole; returns its SHA-256.

    A compiled model takes its optimizer along: `fit.run` returns one that is not.
    """
    with replacing(path) as temporary:
        model.save(temporary)
    return sha256(path)


def read(path: Path, compiled: bool = False) -> keras.Model:
    """The model in a `.keras` file, of whatever form; every model that is read from a file is read here.

    Args:
        path: of the file.
        compiled: with its optimizer, losses and metrics, to be trained on.

    Raises:
        CapsDrawError: it cannot be read; the message is Keras' reason alone, for the caller to say of what.
    """
    try:
        # What is made may not take more memory than what was kept: optimizers keep two more of each weight.
        most = 4 * keras_file.require_sound(path) + _SLACK
        with _SEEDS, keras_private.weighing(most):
            return keras.saving.load_model(path, compile=compiled, safe_mode=True)
    except CapsDrawError:
        raise
    except Exception as error:  # Keras raises whatever its reader met
        raise CapsDrawError(_reason(error)) from None


def load(card: Card) -> keras.Model:
    """The model of a card, after its hash was checked.

    Raises:
        CapsDrawError: no such file, another hash than the card's, or not a model of the card's form.
    """
    path = weights.checked(card)
    try:
        model = read(path)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot load model '{card.name}': {error}") from None
    if tuple(model.input_shape[1:]) != card.input or families.is_capsule(model) != (card.kind == NetKind.CAPSULE):
        raise CapsDrawError(f"model '{card.name}': '{path.name}' is not the {card.kind} model its card describes")
    return model
