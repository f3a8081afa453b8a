"""The light half of a session: answers with LiteRT and NumPy, without TensorFlow and Keras.

LiteRT and a net are there in a tenth of a second, where TensorFlow's import alone takes seconds and 600 MB.
"""

import importlib.util
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.nets import light_file
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import in_numpy
from capsdraw.nets.light_file import About, NoLightHalf
from capsdraw.nets.reading import Floats
from capsdraw.nets.weights import checked

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter


class Light(Answering):
    """One net, ready to answer any thread.

    Images go through it one by one: more at once are no faster in LiteRT, and CapsNet would
    take two megabytes for each. So a thread waits for another's image, never for another's batch.
    """

    def __init__(self, card: Card, about: About, answers: bytes) -> None:
        """The net of a light file; raises NoLightHalf as `open` does."""
        super().__init__(card, about.image, about.capsule_size)
        self._lock = threading.Lock()
        try:
            self._interpreter, self._image, self._outputs = _loaded(answers)
        except (ImportError, OSError) as error:
            raise NoLightHalf(f"LiteRT cannot be used here: {error}", lasting=True) from None
        except (ValueError, RuntimeError, KeyError) as error:
            raise NoLightHalf(f"LiteRT cannot load '{card.name}': {error}") from None
        shapes = [(about.classes, about.capsule_size), (about.classes,)] if self.capsule else [(about.classes,)]
        if self._shapes() != [about.image, *shapes]:
            raise NoLightHalf(f"the light file of '{card.name}' holds another net than it says")
        self._decode: Callable[[Floats], Floats] | None = None
        if self.capsule:
            self._decode = in_numpy(light_file.dense_layers(about, card.weights), about.image)

    @classmethod
    def open(cls, card: Card) -> "Light":
        """The light half of the card's model.

        Raises:
            NoLightHalf: it has no light file that fits and agreed with it, or LiteRT cannot be used here:
                the heavy half answers.
            CapsDrawError: the model's own file is missing or not the card's, as `zoo.load` says it.
        """
        checked(card)
        if importlib.util.find_spec("ai_edge_litert") is None:
            raise NoLightHalf("LiteRT cannot be used here: it is not installed", lasting=True)
        problem = NoLightHalf(f"model '{card.name}' has no light file")
        for path in light_file.places(card):
            try:
                half = cls(card, *light_file.fitting(path, card))
            except NoLightHalf as error:
                problem = error
                if problem.lasting:
                    break
                continue
            light_file.touch(path)
            return half
        raise problem

    def answer(self, images: Floats) -> tuple[Floats | None, Floats]:
        """As `Answering.answer`, image by image."""
        answers = [self._one(image) for image in np.ascontiguousarray(images, np.float32)]
        *capsules, scores = (np.concatenate(output) for output in zip(*answers, strict=True))
        return (capsules[0] if capsules else None), scores

    def decode(self, capsules: Floats) -> Floats:
        """As `Answering.decode`, on any thread."""
        if self._decode is None:
            raise CapsDrawError(f"model '{self.name}' has no capsules, and no decoder")
        return self._decode(capsules)

    def _one(self, image: Floats) -> list[Floats]:
        """What LiteRT answers to one image, each output (1, …)."""
        with self._lock:
            self._interpreter.set_tensor(self._image, image[None])
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(output) for output in self._outputs]

    def _shapes(self) -> list[tuple[int, ...]]:
        """Of the image and the outputs, without the batch."""
        details = {entry["index"]: entry for entry in self._interpreter.get_tensor_details()}
        return [tuple(int(n) for n in details[index]["shape"][1:]) for index in (self._image, *self._outputs)]


def _loaded(answers: bytes) -> tuple["Interpreter", int, list[int]]:
    """An interpreter of the net, and the indices of its image and of its outputs, the scores last."""
    from ai_edge_litert.interpreter import Interpreter

    with _quiet():
        # One thread: two are hardly faster, and spin while they wait for each other beside a fit.
        interpreter = Interpreter(model_content=answers, num_threads=1)
        interpreter.allocate_tensors()
    signature: dict[str, Any] = interpreter._get_full_signature_list()["serving_default"]
    outputs = [signature["outputs"][name] for name in sorted(signature["outputs"])]
    (image,) = signature["inputs"].values()
    return interpreter, image, outputs


@contextmanager
def _quiet() -> Iterator[None]:
    """LiteRT tells the terminal, by no setting to be stopped, that it makes a delegate: that is no news to a user."""
    kept = None
    with suppress(OSError):  # a process without a stderr of its own has nothing to keep quiet
        kept = os.dup(2)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        os.close(silence)
    try:
        yield
    finally:
        if kept is not None:
            os.dup2(kept, 2)
            os.close(kept)
