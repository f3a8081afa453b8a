"""Every net line by line, as its source has it: what no count of parameters and no shape would give away.

An activation, a dropout, a kind of pooling or of squash, the routing's iterations: a net with another one
learns too, only worse, and is no longer the net of its name.
"""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.nets import zoo
from capsdraw.nets.layers import squash, squash_exponential

_DECODER = """
Dense 512 relu
Dense 1024 relu
Dense 784 sigmoid
Reshape (28, 28, 1)
"""

NETS = {
    "capsnet": f"""
Conv2D 256 @ 9×9 relu
FourierConv2D 256 @ 9×9 stride 2 linear
Reshape (-1, 8)
Squash
DigitCapsules 10 × 16 dynamic, 3 iterations
Length
Longest
Mask
{_DECODER}""",
    "efficient-capsnet": f"""
Conv2D 32 @ 5×5 relu, HeNormal
BatchNormalization
Conv2D 64 @ 3×3 relu, HeNormal
BatchNormalization
Conv2D 64 @ 3×3 relu, HeNormal
BatchNormalization
Conv2D 128 @ 3×3 stride 2 relu, HeNormal
BatchNormalization
DepthwiseConv2D @ 9×9 linear
Reshape (-1, 8)
Squash exponential
DigitCapsules 10 × 16 attention
Length
Longest
Mask
{_DECODER}""",
    "multi-cnn": """
Conv2D 32 @ 5×5 relu, HeNormal
BatchNormalization
Conv2D 64 @ 3×3 relu, HeNormal
BatchNormalization
Conv2D 64 @ 3×3 stride 2 relu, HeNormal
BatchNormalization
Conv2D 128 @ 3×3 stride 2 relu, HeNormal
BatchNormalization
Flatten
Dense 416 relu
Dropout 0.5
Dense 10 sigmoid
""",
    "mlp": """
Flatten
Dense 50 relu
Dense 10 softmax
""",
    "tutorial-cnn": """
Conv2D 25 @ 5×5 relu
MaxPooling2D 2
Conv2D 25 @ 5×5 relu
MaxPooling2D 2
Conv2D 25 @ 4×4 relu
Flatten
Dense 50 relu
Dense 10 softmax
""",
    "keras-cnn": """
Conv2D 32 @ 3×3 relu
Conv2D 32 @ 3×3 relu
MaxPooling2D 2
Dropout 0.25
Flatten
Dense 128 relu
Dropout 0.5
Dense 10 softmax
""",
    "deep-convnet": """
Conv2D 16 @ 3×3 same relu, HeNormal
Conv2D 16 @ 3×3 same relu, HeNormal
MaxPooling2D 2
Conv2D 32 @ 3×3 same relu, HeNormal
ZeroPadding2D 1
Conv2D 32 @ 3×3 same relu, HeNormal
MaxPooling2D 2
Conv2D 64 @ 3×3 same relu, HeNormal
Conv2D 64 @ 3×3 same relu, HeNormal
MaxPooling2D 2
Flatten
Dense 50 relu, HeNormal
Dropout 0.5
Dense 10 linear, HeNormal
Dropout 0.5
Softmax
""",
    "cifar-cnn": """
Conv2D 32 @ 3×3 same relu
Conv2D 32 @ 3×3 relu
MaxPooling2D 2
Dropout 0.25
Conv2D 64 @ 3×3 same relu
Conv2D 64 @ 3×3 relu
Conv2D 64 @ 3×3 relu
MaxPooling2D 2
Dropout 0.25
Flatten
Dense 512 relu
Dropout 0.5
Dense 10 softmax
""",
}


def lines(model: keras.Model) -> list[str]:
    """The layers of a net, those of its parts one by one."""
    return [_line(one) for one in _layers(model) if not isinstance(one, keras.layers.InputLayer)]


def _layers(model: keras.Model) -> Iterator[Any]:
    for one in model.layers:
        yield from _layers(one) if isinstance(one, keras.Model) else (one,)


def _line(layer: Any) -> str:
    words = [type(layer).__name__, *_sizes(layer)]
    if hasattr(layer, "activation"):
        words.append(layer.activation.__name__)
        assert layer.use_bias
    line = " ".join(words)
    first = getattr(layer, "kernel_initializer", None)
    return line if first is None or isinstance(first, keras.initializers.GlorotUniform) else f"{line}, {_name(first)}"


def _sizes(layer: Any) -> list[str]:
    match layer:
        case keras.layers.Conv2D() | keras.layers.DepthwiseConv2D():
            filters = [str(layer.filters)] if isinstance(layer, keras.layers.Conv2D) else []
            stride = [f"stride {layer.strides[0]}"] if layer.strides != (1, 1) else []
            padding = [layer.padding] if layer.padding != "valid" else []
            assert set(layer.dilation_rate) == {1}
            return [*filters, "@", "×".join(map(str, layer.kernel_size)), *stride, *padding]
        case keras.layers.Dense():
            return [str(layer.units)]
        case keras.layers.MaxPooling2D():
            assert layer.strides == layer.pool_size
            return [str(layer.pool_size[0])]
        case keras.layers.Dropout():
            return [str(layer.rate)]
        case keras.layers.ZeroPadding2D():
            return [str(layer.padding[0][0])]
        case keras.layers.Reshape():
            return [str(layer.target_shape)]
    config = layer.get_config()
    if "routing" in config:
        times = [f"dynamic, {config['iterations']} iterations"] if config["routing"] == "dynamic" else ["attention"]
        return [str(config["capsules"]), "×", str(config["size"]), *times]
    return ["exponential"] if config.get("exponential") else []


def _name(one: object) -> str:
    return type(one).__name__


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_net_is_made_of_what_its_source_says(family: str) -> None:
    assert lines(zoo.build(family)) == [one for one in NETS[family].splitlines() if one]


def test_the_variants_of_the_cifar_cnn_differ_in_what_they_are_named_for() -> None:
    plain = lines(zoo.build("cifar-cnn"))
    wide = [one.replace("32 @ 3×3", "32 @ 5×5") for one in plain]
    assert lines(zoo.build("cifar-cnn", kernel=5)) == wide != plain
    assert lines(zoo.build("cifar-cnn", whitening=8)) == ["Whitening", *plain]
    assert lines(zoo.build("cifar-cnn", convolutions=4)) == plain[:5] + plain[6:]


def test_a_user_s_iterations_and_sizes_reach_the_capsules() -> None:
    assert "DigitCapsules 26 × 12 dynamic, 5 iterations" in lines(
        zoo.build("capsnet", **{**zoo.TINY["capsnet"], "classes": 26, "size": 12, "iterations": 5})
    )
    efficient = zoo.build("efficient-capsnet", **{**zoo.TINY["efficient-capsnet"], "size": 12, "momentum": 0.7})
    assert "DigitCapsules 10 × 12 attention" in lines(efficient)
    norms = [one for one in _layers(efficient) if isinstance(one, keras.layers.BatchNormalization)]
    assert [one.momentum for one in norms] == [0.7] * 4


@pytest.mark.parametrize(("family", "squashed"), [("capsnet", squash), ("efficient-capsnet", squash_exponential)])
def test_a_primary_capsule_is_eight_channels_of_one_place_squashed_as_its_paper_does(
    family: str, squashed: Any
) -> None:
    model = zoo.build(family, **zoo.TINY[family])
    encoder = model.get_layer("encoder")
    parts = keras.Model(encoder.input, [encoder.get_layer(name).output for name in ("primary", "squash")])
    image = np.random.default_rng(3).random((2, *model.input_shape[1:]), np.float32)
    maps, capsules = (np.asarray(one) for one in parts(image))
    assert maps.min() < 0  # no activation cuts them off
    places = maps.reshape(len(maps), -1, 8)
    assert np.asarray(squashed(places)) == pytest.approx(capsules, abs=1e-6)
