"""`python -m training.mask_net`: train the net of `capsdraw.nets.digit_masks`, and put it into `trained/`.

A U-Net of 235,000 weights (Ronneberger et al. 2015) with two answers: the mask of the digit in a window's middle, and
whether there is one. Rows are drawn anew in each epoch; nothing is chosen, the last weights are kept. Its figures stand
in RESULTS.md, with those of the numbers that it helps to read.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from capsdraw.errors import CapsDrawError
from capsdraw.nets.digit_masks import FILE, WINDOW
from capsdraw.paths import replacing, resource
from training.mask_windows import CHECKED, Windows, windows

# Rows of an epoch and to check by; windows of a step.
ROWS, CHECKED_ROWS, BATCH = 12_000, 1_000, 128
EPOCHS: Final = 10
_SEED, _PEAK, _WARM_STEPS = 100, 2e-3, 100
# What the question whether there is a digit counts beside its mask.
_CENTRED_COUNTS = 0.5

Tensor = Any


def main() -> int:
    """Train it, and write it."""
    parser = argparse.ArgumentParser(prog="python -m training.mask_net", description="train the net that tells "
                                     "touching digits of a picture apart")  # fmt: skip
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows of an epoch (default: {ROWS})")
    parser.add_argument("--to", type=Path, default=resource("trained") / FILE, help="the file to write")
    options = parser.parse_args()
    keras.utils.set_random_seed(1)
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        model = fitted(options.epochs, options.rows)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    with replacing(options.to) as temporary:
        temporary.write_bytes(for_litert(model))
    return 0


def fitted(epochs: int, rows: int) -> keras.Model:
    """The net after so many epochs of so many rows; prints how it does after each."""
    model = net()
    checked = windows(CHECKED_ROWS, _SEED - 1, CHECKED)
    fit: Fit | None = None
    for epoch in range(epochs):
        learnt = windows(rows, _SEED + epoch)
        fit = fit or Fit(model, epochs * (len(learnt.seen) // BATCH))
        fit.over(learnt)
        wrong, told = fit.check(checked)
        print(f"epoch {epoch + 1}/{epochs}: {wrong:.2%} of a digit's ink wrong, {told:.2%} of windows", flush=True)
    return model


def net() -> keras.Model:
    """Window (rows, columns, 1) → logits: whether a digit is in its middle (1,), and its mask."""
    layers = keras.layers
    image = layers.Input((*WINDOW, 1))
    fine = _convolved(image, 16)
    half = _convolved(_convolved(fine, 24, strides=2), 24)
    quarter = _convolved(_convolved(half, 48, strides=2), 48)
    coarse = _convolved(_convolved(_convolved(quarter, 64, strides=2), 64), 64)
    hidden = layers.Dense(48, activation="relu")(layers.Flatten()(_convolved(coarse, 16, size=1)))
    centred = layers.Dense(1, dtype="float32", name="centred")(hidden)
    # Seven rows become four, and these eight.
    larger = layers.Cropping2D(((0, 1), (0, 0)))(layers.UpSampling2D()(coarse))
    quarter = _convolved(layers.Concatenate()([larger, quarter]), 48)
    half = _convolved(_convolved(layers.Concatenate()([layers.UpSampling2D()(quarter), half]), 24), 24)
    fine = _convolved(layers.Concatenate()([layers.UpSampling2D()(half), fine]), 16)
    mask = layers.Conv2D(1, 3, padding="same", dtype="float32", name="mask")(fine)
    return keras.Model(image, {"centred": centred, "mask": mask})


def _convolved(maps: Tensor, count: int, size: int = 3, strides: int = 1) -> Tensor:
    maps = keras.layers.Conv2D(count, size, strides=strides, padding="same", use_bias=False)(maps)
    return keras.layers.Activation("relu")(keras.layers.BatchNormalization(momentum=0.98)(maps))


class Fit:
    """Adam at a rate that rises for some steps and falls along a cosine."""

    def __init__(self, model: keras.Model, steps: int) -> None:
        self._model, self._steps, self._step = model, max(steps, 1), 0
        self._random = np.random.default_rng(_SEED)
        self._optimizer = keras.optimizers.Adam()
        self._optimizer.build(model.trainable_variables)
        self._learn = tf.function(self._learnt, reduce_retracing=True)
        self._see = tf.function(self._seen, reduce_retracing=True)

    def over(self, learnt: Windows) -> float:
        """Learn from each window once; returns the last batch's loss."""
        loss = 0.0
        order = self._random.permutation(len(learnt.seen))
        for first in range(0, len(order) - BATCH + 1, BATCH):
            rate = _PEAK * (1 + np.cos(np.pi * min(self._step / self._steps, 1))) / 2
            self._optimizer.learning_rate.assign(rate * min((self._step + 1) / _WARM_STEPS, 1) + 1e-5)
            self._step += 1
            loss = self._learn(*_some(learnt, order[first : first + BATCH]))
        return float(loss)

    def check(self, of: Windows) -> tuple[float, float]:
        """The shares of ink on the wrong side of a mask, and of windows told wrongly to have a digit or none."""
        sums = np.zeros(2)
        firsts = range(0, len(of.seen) - BATCH + 1, BATCH)
        for first in firsts:
            sums += [float(each) for each in self._see(*_some(of, np.arange(first, first + BATCH)))]
        return float(sums[0] / len(firsts)), float(sums[1] / len(firsts))

    def _learnt(self, seen: Tensor, masks: Tensor, centred: Tensor, masked: Tensor) -> Tensor:
        with tf.GradientTape() as tape:
            told = self._model(seen, training=True)
            of_mask = tf.nn.sigmoid_cross_entropy_with_logits(masks, told["mask"])
            of_centre = tf.nn.sigmoid_cross_entropy_with_logits(centred, told["centred"])
            loss = _by_ink(of_mask, seen, masked) + _CENTRED_COUNTS * tf.reduce_mean(of_centre)
        gradients = tape.gradient(loss, self._model.trainable_variables)
        self._optimizer.apply_gradients(zip(gradients, self._model.trainable_variables, strict=True))
        return loss

    def _seen(self, seen: Tensor, masks: Tensor, centred: Tensor, _: Tensor) -> tuple[Tensor, Tensor]:
        told = self._model(seen, training=False)
        wrong = tf.cast((told["mask"] > 0) != (masks > 0.5), tf.float32)
        missed = tf.cast((told["centred"] > 0) != (centred > 0.5), tf.float32)
        return _by_ink(wrong, seen, centred), tf.reduce_mean(missed)


def _by_ink(values: Tensor, seen: Tensor, which: Tensor) -> Tensor:
    """The mean over all ink of those windows."""
    ink = seen * which[:, :, None, None]
    return tf.reduce_sum(values * ink) / (tf.reduce_sum(ink) + 1e-6)


def _some(of: Windows, places: Any) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    seen, masks = (tf.cast(each[places][..., None], tf.float32) / 255 for each in (of.seen, of.masks))
    centred, masked = (tf.cast(each[places][:, None], tf.float32) for each in (of.centred, of.masked))
    return seen, masks, centred, masked


def for_litert(model: keras.Model) -> bytes:
    """The file of a fitted net, whose masks are from 0 to 1, for one window at a time."""
    keras.mixed_precision.set_global_policy("float32")
    plain = net()
    plain.set_weights(model.get_weights())
    window = keras.Input((*WINDOW, 1))
    told = plain(window)
    answers = keras.Model(window, {"centred": told["centred"], "mask": keras.ops.sigmoid(told["mask"])})
    values = keras.InputSpec(shape=(1, *WINDOW, 1), dtype="float32")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.tflite"
        answers.export(path, format="litert", input_signature=[values], verbose=False)
        return path.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
