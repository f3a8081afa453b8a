"""The convolution by Fourier coefficients gives what the direct one gives, gradients too."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from capsdraw.nets import zoo
from capsdraw.nets.convolution import FourierConv2D, fourier_convolution, transforms

RANDOM = np.random.default_rng(0)


def random(*shape: int) -> np.ndarray:
    return RANDOM.normal(0, 1, shape).astype(np.float32)


@pytest.mark.parametrize(
    ("image", "kernel", "strides"),
    [
        ((20, 20), (9, 9), (2, 2)),  # the paper's
        ((28, 28), (9, 9), (2, 2)),  # of a 36 × 36 image
        ((21, 20), (9, 9), (2, 2)),  # a last row that no window reaches
        ((13, 17), (4, 5), (3, 1)),
        ((9, 9), (9, 9), (2, 2)),  # a single window
        ((8, 8), (1, 1), (1, 1)),
    ],
)
def test_it_is_the_direct_convolution(
    image: tuple[int, int], kernel: tuple[int, int], strides: tuple[int, int]
) -> None:
    x, w = random(3, *image, 4), random(*kernel, 4, 6)
    direct = np.asarray(ops.conv(x, w, strides, "valid"))
    assert np.asarray(fourier_convolution(ops.convert_to_tensor(x), w, strides)) == pytest.approx(direct, abs=1e-4)


def test_its_gradients_are_those_of_the_direct_convolution() -> None:
    x, w = tf.constant(random(2, 20, 20, 4)), tf.constant(random(9, 9, 4, 6))
    weigh = random(2, 6, 6, 6)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, w])
        direct = tf.reduce_sum(weigh * tf.nn.conv2d(x, w, 2, "VALID"))
        ours = tf.reduce_sum(weigh * fourier_convolution(x, w, (2, 2)))
    for wanted, found in zip(tape.gradient(direct, [x, w]), tape.gradient(ours, [x, w]), strict=True):
        assert found.numpy() == pytest.approx(wanted.numpy(), abs=1e-4 * float(tf.reduce_max(tf.abs(wanted))))


def test_the_paper_s_convolution_takes_148_products() -> None:
    image, weights, back = transforms(10, 10, (5, 5))
    assert (image.shape, weights.shape, back.shape) == ((148, 100), (148, 25), (36, 148))


def test_the_layer_trains_and_answers_alike() -> None:
    """So that a net answers, after training, as it was trained."""
    layer = FourierConv2D(6, 9, strides=2, activation="relu", bias_initializer="normal")
    x = random(3, 20, 20, 4)
    assert np.asarray(layer(x, training=True)) == pytest.approx(np.asarray(layer(x)), abs=1e-4)
    again = keras.layers.Conv2D.from_config(layer.get_config())
    again.build(x.shape)
    again.set_weights(layer.get_weights())
    assert np.asarray(layer(x)) == pytest.approx(np.asarray(again(x)), abs=1e-5)


@pytest.mark.parametrize("channels", [4, 64])
def test_in_half_of_the_bits_it_is_float32_s_up_to_their_rounding(channels: int) -> None:
    """Recipes train in mixed bfloat16, whose numbers are right to 0.4%; a transform adds up a hundred of them.

    In parts of the largest number. The direct gradients are no measure: on a processor without bfloat16 those of kernel
    and biases are 5% and 4% from float32's, ours 1.6% and 0.3%.
    """
    x, weigh = tf.cast(random(4, 20, 20, channels), "bfloat16"), random(4, 6, 6, 32)
    ours = FourierConv2D(32, 9, strides=2, dtype="mixed_bfloat16")
    direct = keras.layers.Conv2D(32, 9, strides=2, dtype="float32")
    for layer in (ours, direct):
        layer.build(x.shape)
    direct.set_weights([tf.cast(tf.cast(weight, "bfloat16"), "float32") for weight in ours.get_weights()])

    def found(layer: keras.layers.Layer, images: tf.Tensor, **kwargs: bool) -> list[np.ndarray]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            y = layer(images, **kwargs)
            total = tf.reduce_sum(weigh * tf.cast(y, "float32"))
        several = [y, *tape.gradient(total, [images, *layer.trainable_variables])]
        return [tf.cast(one, "float32").numpy() for one in several]

    right = found(direct, tf.cast(x, "float32"))
    for one, other, part in zip(found(ours, x, training=True), right, (0.02, 0.02, 0.02, 0.01), strict=True):
        assert np.abs(one - other).max() < part * np.abs(other).max()


@pytest.mark.parametrize("options", [{"padding": "same"}, {"dilation_rate": 2}, {"groups": 2}])
def test_what_it_does_not_do_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Received"):
        FourierConv2D(6, 9, **options)


def test_capsnet_uses_it() -> None:
    primary = zoo.build("capsnet", **zoo.TINY["capsnet"]).get_layer("encoder").get_layer("primary")
    assert isinstance(primary, FourierConv2D)
