"""Exports models for other programs: LiteRT, ONNX, or Keras without this app; each is read back before it is kept.

The whole net goes along, of capsules the decoder too: image → capsules, lengths, reconstruction. What does not answer
as the net does is not written.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from capsdraw import paths
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.nets import keras_file, lighten, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.export_forms import require_form
from capsdraw.nets.litert import LiteRT
from capsdraw.nets.plain_form import plain
from capsdraw.nets.reading import Floats

# The most that a score, a capsule's number or a pixel of the file may be off.
TOLERANCE: Final = 1e-4

Answers = list[Floats]


@dataclass(frozen=True)
class ExportedModel:
    """A file that answers as a model does.

    Attributes:
        path: of the file; bytes: its size.
        difference: the largest of all answers to `images` pictures.
    """

    path: Path
    bytes: int
    difference: float
    images: int


def export(card: Card, path: Path) -> ExportedModel:
    """Write a model for other programs, in the form that the file's ending names.

    Args:
        card: of the model.
        path: of the file, which ends in .tflite, .onnx or .keras.

    Raises:
        CapsDrawError: another ending, a library is missing, the model cannot be loaded or exported, what was exported
            answers otherwise, or the file cannot be written; an old file stays as it was.
    """
    form = require_form(path)
    loaded = zoo.load(card)
    write, read = _HOW[form]
    pictures = lighten.images(card)
    with paths.saving(path, form) as temporary:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of libraries about each other
                write(plain(loaded), temporary)
                answers = read(temporary, pictures)
        except CapsDrawError:
            raise
        except Exception as error:  # Keras, TensorFlow and ONNX raise whatever an export meets
            raise CapsDrawError(f"cannot export '{card.name}' to '{path.name}': {first_line(error)}") from None
        difference = _difference(_of_model(loaded, pictures), answers)
        if not difference <= TOLERANCE:  # also where one is not a number
            raise CapsDrawError(
                f"'{path.name}' was not written: read back, it answers {difference:.1e} off what '{card.name}' does"
            )
        size = temporary.stat().st_size
    return ExportedModel(path, size, difference, len(pictures))


def _difference(exact: Answers, answers: Answers) -> float:
    """The largest between the model's answers and the file's, which may come in another order."""
    by_shape = {answer.shape: answer for answer in answers}
    if len(answers) != len(exact) or set(by_shape) != {answer.shape for answer in exact}:
        raise CapsDrawError("what was exported has other outputs than the model")
    return max(float(np.abs(answer - by_shape[answer.shape]).max()) for answer in exact)


def _of_model(model: keras.Model, pictures: Floats) -> Answers:
    return [np.asarray(answer) for answer in keras.tree.flatten(model(pictures, training=False))]


def _to_litert(model: keras.Model, path: Path) -> None:
    image = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="float32")
    model.export(path, format="litert", input_signature=[image], verbose=False)


def _from_litert(path: Path, pictures: Floats) -> Answers:
    net = LiteRT(path.read_bytes())
    rows = [net.run(picture[None]) for picture in pictures]
    return [np.concatenate(output) for output in zip(*rows, strict=True)]


def _to_onnx(model: keras.Model, path: Path) -> None:
    image = keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32", name="image")
    model.export(path, format="onnx", input_signature=[image], verbose=False)


def _from_onnx(path: Path, pictures: Floats) -> Answers:
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    answers: list[Any] = session.run(None, {session.get_inputs()[0].name: pictures})
    return [np.asarray(answer) for answer in answers]


def _to_keras(model: keras.Model, path: Path) -> None:
    zoo.save(model, path)


def _from_keras(path: Path, pictures: Floats) -> Answers:
    """As any program of Keras' reads it; the file was written a moment ago, by this process."""
    described, _ = keras_file.contents(path)
    if any("capsdraw" in str(entry.get(key)) for entry in keras_file.objects(described) for key in _NAMES):
        raise CapsDrawError("a layer of this app's own would be in the file")
    return _of_model(keras.saving.load_model(path, compile=False), pictures)


_NAMES: Final = ("module", "class_name", "registered_name")
_HOW: Final[dict[str, tuple[Callable[[keras.Model, Path], None], Callable[[Path, Floats], Answers]]]] = {
    ".tflite": (_to_litert, _from_litert), ".onnx": (_to_onnx, _from_onnx), ".keras": (_to_keras, _from_keras),
}  # fmt: skip
