"""What a training step gains by batch normalisation in one operation: `python -m training.experiments.norm_speed`.

Two Efficient-CapsNets are trained, one with Keras' own layers, step by step in turn, so that what else the machine does
meets both alike. Prints the ratio of the times of a step at the 10th, 50th and 90th percentile.
"""

import time
from typing import Any, Final

import keras
import numpy as np

from capsdraw.fit import checkpoint, recipes
from capsdraw.nets import keras_private, zoo

STEPS: Final = 60
NET: Final = "efficient-capsnet"
PRECISIONS: Final = ("mixed_bfloat16", "float32")


def main() -> None:
    """Measure and print."""
    for precision in PRECISIONS:
        own, one = _trained(precision, keras_s_own=True), _trained(precision, keras_s_own=False)
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(STEPS):
            for training, seconds in zip((own, one), times, strict=True):
                seconds.append(_step(*training))
        slow, quick = (np.percentile(seconds, (10, 50, 90)) for seconds in times)
        ratios = ", ".join(f"{ratio:.2f}" for ratio in slow / quick)
        rates = " for ".join(f"{recipes.load(NET).batch / seconds[1]:,.0f}" for seconds in (quick, slow))
        print(f"{NET:<18} {precision:<15} {rates} images/s; ratios {ratios}")


def _trained(precision: str, *, keras_s_own: bool) -> tuple[keras.Model, Any, Any]:
    """A net as its recipe trains it, with a batch, after its first steps."""
    plan = recipes.load(NET)
    with zoo.computing(precision):
        model = zoo.build(plan.family, **plan.options)
        training = checkpoint.compiled(model, plan, 100_000)
    for layer in keras_private.layers(training):
        if keras_s_own and isinstance(layer, keras.layers.BatchNormalization):
            vars(layer).pop("call")
    images = np.random.default_rng(0).random((plan.batch, *model.input_shape[1:]), np.float32)
    labels = np.eye(10, dtype=np.float32)[np.arange(plan.batch) % 10]
    given = {"image": images, "label": labels}, {"lengths": labels, "reconstruction": images}
    for _ in range(4):
        training.train_on_batch(*given)
    return training, *given


def _step(training: keras.Model, inputs: Any, wanted: Any) -> float:
    begun = time.perf_counter()
    training.train_on_batch(inputs, wanted)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
