"""The light half of a session: answers with LiteRT and NumPy, without TensorFlow and Keras.

LiteRT and a net are there in a tenth of a second, where TensorFlow's import alone takes seconds and 600 MB.
"""

import importlib.util
import threading
from collections.abc import Callable

import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.nets import light_file
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import in_numpy
from capsdraw.nets.light_file import About, NoLightHalf
from capsdraw.nets.litert import LiteRT
from capsdraw.nets.reading import Floats
from capsdraw.nets.weights import checked


class Light(Answering):
    """One net, ready to answer any thread.

    Images go through it one by one: more at once are no faster in LiteRT, and CapsNet would
    take two megabytes for each. So a thread waits for another's image, never for another's batch.
    """

    def __init__(self, card: Card, about: About, answers: bytes, before: bytes = b"") -> None:
        """The net of a light file; raises NoLightHalf as `open` does."""
        super().__init__(card, about.image, about.capsule_size)
        self._lock = threading.Lock()
        self._answers = _loaded(card, answers)
        self._before = None if about.convolution is None else _loaded(card, before)
        self._convolution = light_file.convolution(about, card.weights)
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
        """What the net answers to one image, each output (1, …)."""
        with self._lock:
            values = image[None]
            if self._before is not None and self._convolution is not None:
                values = self._convolution.run(self._before.run(values)[0])
            return self._answers.run(values)

    def _shapes(self) -> list[tuple[int, ...] | None]:
        """Of the image and the outputs; None where two parts of the net do not fit together."""
        first: tuple[int, ...] | None = self._answers.takes
        if self._before is not None and self._convolution is not None:
            joins = [self._convolution.gives(maps) for maps in self._before.gives] == [self._answers.takes]
            first = self._before.takes if joins else None
        return [first, *self._answers.gives]


def _loaded(card: Card, content: bytes) -> LiteRT:
    """A net of the card's light file; raises NoLightHalf."""
    try:
        return LiteRT(content)
    except (ImportError, OSError) as error:
        raise NoLightHalf(f"LiteRT cannot be used here: {error}", lasting=True) from None
    except (ValueError, RuntimeError, KeyError) as error:
        raise NoLightHalf(f"LiteRT cannot load '{card.name}': {error}") from None
