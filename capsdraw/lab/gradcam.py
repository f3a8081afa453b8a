"""Grad-CAM: which parts of an image speak for a class (Selvaraju et al. 2017, equations 1 and 2).

The slopes of the class' score with respect to a convolution's outputs, averaged over its places,
weigh its feature maps; what is left of their sum above zero is the map. The score is taken before
a softmax (`lab.inside.scores`), so that a map tells what speaks for the class, not against others;
for capsule nets it is the length of the class' capsule.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.lab import inside
from capsdraw.lab.heat import Heat, laid
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session

# An image (1, rows, columns, channels) and a class to the map (r, c) and the class' score.
_Call = Callable[[Floats, int], tuple[Floats, float]]


class GradCam:
    """Asks one net for maps. The first map of a layer compiles it.

    Attributes:
        layers: names of all convolutions, in the order in which they answer.
        usual: the one to begin with: the last whose outputs have places to tell apart.

    Raises:
        CapsDrawError: a net without convolutions, or another Keras backend than TensorFlow.
    """

    def __init__(self, session: Session) -> None:
        if keras.backend.backend() != "tensorflow":
            raise CapsDrawError(
                f"Grad-CAM needs Keras' TensorFlow backend, received '{keras.backend.backend()}': "
                "start with KERAS_BACKEND=tensorflow"
            )
        self._building = session.building
        self._inside = inside.inside(session.model)
        self._scores = inside.scores(self._inside, session.capsule)
        self._before = "" if session.capsule else inside.last_activation(self._inside)
        self._shape, self._classes, self._name = session.card.input, session.classes, session.name
        convolutions = [place for place in self._inside.places if place.convolves]
        if not convolutions:
            raise CapsDrawError(f"'{session.name}' has no convolutions to show a map of: choose another model")
        self.layers = tuple(place.name for place in convolutions)
        wide = [place.name for place in convolutions if place.shape[0] * place.shape[1] > 1]
        self.usual = wide[-1] if wide else self.layers[-1]
        self._calls: dict[str, _Call] = {}

    def map(self, digit: Floats, label: int, layer: str | None = None) -> Heat:
        """The map of one image towards one class.

        Args:
            digit: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour.
            label: any class, not only the one that the net reads.
            layer: one of `layers`; `usual` where not given.

        Raises:
            CapsDrawError: no such layer or class, or an image of another size.
        """
        layer = self.usual if layer is None else layer
        if layer not in self.layers:
            raise CapsDrawError(f"'{self._name}' has no convolution '{layer}': it has {', '.join(self.layers)}")
        if not 0 <= label < self._classes:
            raise CapsDrawError(f"'{self._name}' has no class {label}: it has {self._classes}")
        if digit.size != np.prod(self._shape):
            raise CapsDrawError(f"'{self._name}' sees images of {self._shape}, received {digit.shape}")
        place = self._inside.find(layer)
        small, score = self._call(place)(digit.reshape(1, *self._shape), label)
        return laid(layer, label, score, small, inside.field(self._inside, place), self._shape[:2], self._before)

    def _call(self, place: inside.Place) -> _Call:
        with self._building:
            if place.name not in self._calls:
                self._calls[place.name] = _compiled(self._inside.image, place.output, self._scores)
            return self._calls[place.name]


def _compiled(image: Any, outputs: Any, scores: Any) -> _Call:
    import tensorflow as tf

    model = keras.Model(image, [outputs, scores])
    shape = (1, *image.shape[1:])
    signature = [tf.TensorSpec(shape, tf.float32), tf.TensorSpec((), tf.int32)]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator]
    def call(seen: Any, label: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(seen)  # a net that is not to be trained records nothing else
            maps, predicted = model(seen, training=False)
            score = tf.gather(predicted[0], label)
        slopes = tf.cast(tape.gradient(score, maps, unconnected_gradients="zero"), tf.float32)
        weights = tf.reduce_mean(slopes, axis=(1, 2))  # (1, F)
        return tf.nn.relu(tf.linalg.matvec(tf.cast(maps, tf.float32), weights[:, None])[0]), score

    call(tf.zeros(shape), tf.constant(0))  # traced now, while no other thread builds

    def ask(seen: Floats, label: int) -> tuple[Floats, float]:
        small, score = call(tf.constant(seen, tf.float32), tf.constant(label, tf.int32))
        return np.asarray(small, np.float32), float(score)

    return ask
