"""The nets, each read top to bottom; every line ends in the shape it makes for 28 × 28 × 1 and 10 classes.

A capsule net is a Keras model image → {"capsules", "lengths", "reconstruction"} with two
named parts, "encoder" and "decoder". A classifier is image → probabilities.
"""

from math import prod

import keras
from keras import layers

from capsdraw.nets.convolution import FourierConv2D
from capsdraw.nets.layers import DigitCapsules, Length, Longest, Mask, Squash
from capsdraw.nets.whitening import Whitening

Shape = tuple[int, int, int]


def capsnet(
    shape: Shape = (28, 28, 1),
    classes: int = 10,
    size: int = 16,
    iterations: int = 3,
    channels: int = 256,
    stop_gradients: bool = False,
    bias: bool = False,
) -> keras.Model:
    """CapsNet (Sabour, Frosst, Hinton 2017): two 9 × 9 convolutions and dynamic routing.

    Args:
        shape: (rows, columns, channels) of an image, at least 17 × 17.
        classes: number of digit capsules.
        size: numbers in a digit capsule.
        iterations: of routing.
        channels: of the convolutions, a multiple of 8.
        stop_gradients: whether training takes the routing's last coupling as given.
        bias: whether digit capsules have a bias, as in the paper's own code.
    """
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = layers.Conv2D(channels, 9, activation="relu", name="conv1")(image)  # (B, 20, 20, 256)
    x = FourierConv2D(channels, 9, strides=2, name="primary")(x)  # (B, 6, 6, 256)
    x = layers.Reshape((-1, 8), name="primary_capsules")(x)  # (B, 1152, 8)
    x = Squash(name="squash")(x)
    x = DigitCapsules(classes, size, "dynamic", iterations, stop_gradients, bias, name="digit_capsules")(
        x
    )  # (B, 10, 16)
    return with_decoder(keras.Model(image, x, name="encoder"), "capsnet")


def efficient_capsnet(
    shape: Shape = (28, 28, 1),
    classes: int = 10,
    size: int = 16,
    channels: int = 32,
    halvings: int = 1,
    primary: int = 0,
    momentum: float = 0.99,
) -> keras.Model:
    """Efficient-CapsNet (Mazzia, Salvetti, Chiaberge 2021): a small CNN and self-attention routing.

    Args:
        shape: (rows, columns, channels) of an image, at least 11 × 11, 13 × 13 with 2 halvings.
        classes: number of digit capsules.
        size: numbers in a digit capsule.
        channels: of the first convolution; the last has four times as many, a multiple of 8.
        halvings: how many of the last two convolutions have a stride of 2; for the 36 × 36 of two digits over one
            another its authors have both.
        primary: side of the kernels that make primary capsules; 0 for as large as the maps, which makes 16 of them.
            For 36 × 36 its authors have 5, which makes 16 in each of four places.
        momentum: of batch normalisation's averages; a fit of few steps needs a smaller one.
    """
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = _conv_norm(image, channels, 5, 1, momentum)  # (B, 24, 24, 32)
    x = _conv_norm(x, 2 * channels, 3, 1, momentum)  # (B, 22, 22, 64)
    x = _conv_norm(x, 2 * channels, 3, halvings, momentum)  # (B, 20, 20, 64)
    x = _conv_norm(x, 4 * channels, 3, 2, momentum)  # (B, 9, 9, 128)
    x = layers.DepthwiseConv2D(primary or x.shape[1:3], name="primary")(x)  # (B, 1, 1, 128)
    x = layers.Reshape((-1, 8), name="primary_capsules")(x)  # (B, 16, 8)
    x = Squash(exponential=True, name="squash")(x)
    x = DigitCapsules(classes, size, "attention", name="digit_capsules")(x)  # (B, 10, 16)
    return with_decoder(keras.Model(image, x, name="encoder"), "efficient_capsnet")


def keras_cnn(shape: Shape = (28, 28, 1), classes: int = 10, channels: int = 32) -> keras.Model:
    """The CNN of the Keras tutorial: two 3 × 3 convolutions, dropout, one hidden layer."""
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = layers.Conv2D(channels, 3, activation="relu", name="conv1")(image)  # (B, 26, 26, 32)
    x = layers.Conv2D(channels, 3, activation="relu", name="conv2")(x)  # (B, 24, 24, 32)
    x = layers.MaxPooling2D(2, name="pool")(x)  # (B, 12, 12, 32)
    x = layers.Dropout(0.25, name="dropout1")(x)
    x = layers.Flatten(name="flatten")(x)  # (B, 4608)
    x = layers.Dense(4 * channels, activation="relu", name="hidden")(x)  # (B, 128)
    x = layers.Dropout(0.5, name="dropout2")(x)
    return keras.Model(image, _probabilities(x, classes), name="keras_cnn")


def mlp(shape: Shape = (28, 28, 1), classes: int = 10, hidden: int = 50) -> keras.Model:
    """One hidden layer: no pixel knows its neighbours."""
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = layers.Flatten(name="flatten")(image)  # (B, 784)
    x = layers.Dense(hidden, activation="relu", name="hidden")(x)  # (B, 50)
    return keras.Model(image, _probabilities(x, classes), name="mlp")


def tutorial_cnn(shape: Shape = (28, 28, 1), classes: int = 10, channels: int = 25) -> keras.Model:
    """The CNN of the comparison of MLP, CNN and CapsNet: three convolutions down to one place.

    Args:
        shape: (rows, columns, channels) of an image, at least 28 × 28.
        classes: how many.
        channels: of each convolution; the hidden layer has twice as many units.
    """
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = layers.Conv2D(channels, 5, activation="relu", name="conv1")(image)  # (B, 24, 24, 25)
    x = layers.MaxPooling2D(2, name="pool1")(x)  # (B, 12, 12, 25)
    x = layers.Conv2D(channels, 5, activation="relu", name="conv2")(x)  # (B, 8, 8, 25)
    x = layers.MaxPooling2D(2, name="pool2")(x)  # (B, 4, 4, 25)
    x = layers.Conv2D(channels, 4, activation="relu", name="conv3")(x)  # (B, 1, 1, 25)
    x = layers.Flatten(name="flatten")(x)  # (B, 25)
    x = layers.Dense(2 * channels, activation="relu", name="hidden")(x)  # (B, 50)
    return keras.Model(image, _probabilities(x, classes), name="tutorial_cnn")


def deep_convnet(shape: Shape = (28, 28, 1), classes: int = 10, channels: int = 16) -> keras.Model:
    """The deep ConvNet over 99%: six 3 × 3 convolutions, He initialiser, dropout also on the logits.

    Args:
        shape: (rows, columns, channels) of an image, at least 4 × 4.
        classes: how many.
        channels: of the first two convolutions; the next have twice, the last four times as many.
    """
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = image
    for block, width in enumerate((channels, 2 * channels, 4 * channels), 1):
        x = _he_conv(x, width, f"conv{block}a")  # (B, 28, 28, 16)  (B, 14, 14, 32)  (B, 8, 8, 64)
        if block == 2:  # this convolution has a padding of 2, as its author has it
            x = layers.ZeroPadding2D(1, name="padding")(x)  # (B, 16, 16, 32)
        x = _he_conv(x, width, f"conv{block}b")  # (B, 28, 28, 16)  (B, 16, 16, 32)  (B, 8, 8, 64)
        x = layers.MaxPooling2D(2, name=f"pool{block}")(x)  # (B, 14, 14, 16)  (B, 8, 8, 32)  (B, 4, 4, 64)
    x = layers.Flatten(name="flatten")(x)  # (B, 1024)
    x = layers.Dense(50, activation="relu", kernel_initializer="he_normal", name="hidden")(x)  # (B, 50)
    x = layers.Dropout(0.5, name="dropout1")(x)
    x = layers.Dense(classes, kernel_initializer="he_normal", dtype="float32", name="logits")(x)  # (B, 10)
    x = layers.Dropout(0.5, dtype="float32", name="dropout2")(x)
    return keras.Model(image, layers.Softmax(dtype="float32", name="probabilities")(x), name="deep_convnet")


def multi_cnn(shape: Shape = (28, 28, 1), classes: int = 10, channels: int = 32, momentum: float = 0.99) -> keras.Model:
    """A CNN that says of each class by itself whether it is there: the rival of capsules where two digits overlap.

    Args:
        shape: (rows, columns, channels) of an image, at least 13 × 13.
        classes: how many.
        channels: of the first convolution; the others have twice, twice and four times as many.
        momentum: of batch normalisation's averages; a fit of few steps needs a smaller one.
    """
    image = keras.Input(shape, name="image")  # (B, 28, 28, 1)
    x = _conv_norm(image, channels, 5, 1, momentum)  # (B, 24, 24, 32)
    x = _conv_norm(x, 2 * channels, 3, 1, momentum)  # (B, 22, 22, 64)
    x = _conv_norm(x, 2 * channels, 3, 2, momentum)  # (B, 10, 10, 64)
    x = _conv_norm(x, 4 * channels, 3, 2, momentum)  # (B, 4, 4, 128)
    x = layers.Flatten(name="flatten")(x)  # (B, 2048)
    x = layers.Dense(13 * channels, activation="relu", name="hidden")(x)  # (B, 416)
    x = layers.Dropout(0.5, name="dropout")(x)
    x = layers.Dense(classes, activation="sigmoid", dtype="float32", name="presence")(x)  # (B, 10)
    return keras.Model(image, x, name="multi_cnn")


def cifar_cnn(
    shape: Shape = (32, 32, 3),
    classes: int = 10,
    channels: int = 32,
    kernel: int = 3,
    convolutions: int = 5,
    whitening: int = 0,
) -> keras.Model:
    """The CNN of the CIFAR-10 tutorial and its variants.

    Args:
        shape: (rows, columns, channels) of an image, at least 14 × 14; one more with each one more of `kernel`,
            four less with 4 convolutions.
        classes: how many.
        channels: of the first two convolutions; the others have twice as many.
        kernel: side of the first two convolutions' kernels.
        convolutions: 4, or 5 as in the tutorial's later version.
        whitening: directions that ZCA whitens one by one, before all else; 0 for no whitening.
            `Whitening.adapt` learns them.
    """
    image = keras.Input(shape, name="image")  # (B, 32, 32, 3)
    x = Whitening(whitening, name="whitening")(image) if whitening else image
    x = layers.Conv2D(channels, kernel, padding="same", activation="relu", name="conv1")(x)  # (B, 32, 32, 32)
    x = layers.Conv2D(channels, kernel, activation="relu", name="conv2")(x)  # (B, 30, 30, 32)
    x = layers.MaxPooling2D(2, name="pool1")(x)  # (B, 15, 15, 32)
    x = layers.Dropout(0.25, name="dropout1")(x)
    x = layers.Conv2D(2 * channels, 3, padding="same", activation="relu", name="conv3")(x)  # (B, 15, 15, 64)
    for index in range(4, convolutions + 1):
        x = layers.Conv2D(2 * channels, 3, activation="relu", name=f"conv{index}")(
            x
        )  # (B, 13, 13, 64)  (B, 11, 11, 64)
    x = layers.MaxPooling2D(2, name="pool2")(x)  # (B, 5, 5, 64)
    x = layers.Dropout(0.25, name="dropout2")(x)
    x = layers.Flatten(name="flatten")(x)  # (B, 1600)
    x = layers.Dense(16 * channels, activation="relu", name="hidden")(x)  # (B, 512)
    x = layers.Dropout(0.5, name="dropout3")(x)
    return keras.Model(image, _probabilities(x, classes), name="cifar_cnn")


def training_form(model: keras.Model, pairs: bool = False) -> keras.Model:
    """A capsule net whose decoder sees the labelled capsule, sharing all weights with `model`.

    Inputs {"image": (B, rows, columns, channels), "label": (B, J) one-hot}, outputs
    {"lengths", "reconstruction"}. With `pairs`, two digits in an image: the other's label is "second", reconstructions
    are (B, 2, rows, columns, channels), one decoder for both. A classifier is returned as it is.
    """
    if not is_capsule(model):
        return model
    classes, decoder = model.output["lengths"].shape[-1], model.get_layer("decoder")
    image = keras.Input(model.input_shape[1:], name="image")
    inputs = {"image": image, "label": keras.Input((classes,), name="label")}
    capsules = model.get_layer("encoder")(image)
    pictures = decoder(Mask(name="mask")([capsules, inputs["label"]]))
    if pairs:
        inputs["second"] = keras.Input((classes,), name="second")
        others = decoder(Mask(name="mask_second")([capsules, inputs["second"]]))
        one = layers.Reshape((1, *model.input_shape[1:]), name="one")
        pictures = layers.Concatenate(axis=1, name="both")([one(pictures), one(others)])
    outputs = {"lengths": Length(name="lengths")(capsules), "reconstruction": pictures}
    return keras.Model(inputs, outputs, name=f"{model.name}_training")


def is_each_for_itself(model: keras.Model) -> bool:
    """Whether each score of a classifier is a probability by itself: the classes do not share one."""
    return getattr(model.layers[-1], "activation", None) is keras.activations.sigmoid


def is_capsule(model: keras.Model) -> bool:
    """Whether the model, or the model of this training form, has capsules and a decoder."""
    return isinstance(model.output, dict)


def _probabilities(x: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    return layers.Dense(classes, activation="softmax", dtype="float32", name="probabilities")(x)  # (B, 10)


def _he_conv(x: keras.KerasTensor, filters: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=name)(x)


def _conv_norm(x: keras.KerasTensor, filters: int, kernel: int, strides: int, momentum: float) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides=strides, activation="relu", kernel_initializer="he_normal")(x)
    return layers.BatchNormalization(momentum=momentum)(x)


def _decoder(inputs: int, shape: Shape, hidden: tuple[int, int]) -> keras.Model:
    """160 → 512 → 1024 → 784: draws the digit that the capsules describe."""
    capsules = keras.Input((inputs,), name="masked")  # (B, 160)
    x = layers.Dense(hidden[0], activation="relu", name="hidden1")(capsules)
    x = layers.Dense(hidden[1], activation="relu", name="hidden2")(x)
    x = layers.Dense(prod(shape), activation="sigmoid", dtype="float32", name="pixels")(x)  # (B, 784)
    return keras.Model(capsules, layers.Reshape(shape, name="picture")(x), name="decoder")  # (B, 28, 28, 1)


def with_decoder(encoder: keras.Model, name: str, hidden: tuple[int, int] = (512, 1024)) -> keras.Model:
    """A capsule net from its encoder, image → (B, J, K), and a new decoder of the image's size, `hidden` units wide."""
    image = keras.Input(encoder.input_shape[1:], name="image")
    capsules = encoder(image)
    lengths = Length(name="lengths")(capsules)
    masked = Mask(name="mask")([capsules, Longest(name="longest")(lengths)])
    decoder = _decoder(prod(capsules.shape[1:]), encoder.input_shape[1:], hidden)
    outputs = {"capsules": capsules, "lengths": lengths, "reconstruction": decoder(masked)}
    return keras.Model(image, outputs, name=name)
