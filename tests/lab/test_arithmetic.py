"""One number's arithmetic: what is added up is what the net itself gave, of every family and at every edge."""

from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.lab.arithmetic import cut_patch
from capsdraw.lab.inside import inside
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.lab.layer_sums import LayerSums
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGIT = synthetic.digits(10, 4)[0][5].astype(np.float32) / 255


def opened(family: str) -> Session:
    model = zoo.build(family, **zoo.TINY[family])
    kind = "capsule" if isinstance(model.output, dict) else "classifier"
    shape = tuple(model.input_shape[1:])
    return Session(
        model, made_card(name=family, title="", kind=kind, input=shape, classes=10, sha256="", folder=Path())
    )


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_patch_times_kernel_is_the_map_s_own_value(family: str) -> None:
    session = opened(family)
    image = DIGIT if session.card.reads_digits else np.random.default_rng(0).random((32, 32, 3), np.float32)
    seen, sums = LayerProbe(session).look(image), LayerSums(session)
    convolutions = [place.name for place in inside(session.model).places if place.convolves]
    for layer in convolutions:
        values = seen.of(layer).values
        last = tuple(side - 1 for side in values.shape[1:])
        middle = tuple(side // 2 for side in values.shape[1:])
        for index in (0, len(values) - 1):
            for at in ((0, 0), middle, last, None):
                value = sums.of(seen, image, layer, index, at)
                assert value.computed == pytest.approx(value.value, abs=1e-4)
                assert value.value == values[index, value.row, value.column]
                if at is None:
                    assert value.value == values[index].max()
    assert convolutions or family == "mlp"


@pytest.mark.parametrize("name", ["efficient-capsnet", "keras-cnn"])
def test_of_a_trained_net_the_parts_add_up(name: str) -> None:
    """Something is there to be added up, and the bias counts."""
    session = Session.open(cards.find(name))
    seen, sums = LayerProbe(session).look(DIGIT), LayerSums(session)
    layer = next(place.name for place in inside(session.model).places if place.convolves)
    value = sums.of(seen, DIGIT, layer, 3, None)
    assert value.patch.max() > 0.5
    assert value.products.sum() + value.bias == pytest.approx(value.total, abs=1e-9)
    assert value.bias != 0
    row, column = value.corner
    rows, columns = value.patch.shape[1:]
    assert value.patch[0] == pytest.approx(DIGIT[row : row + rows, column : column + columns])


def test_beyond_the_edge_there_are_zeros() -> None:
    maps = np.arange(1, 10, dtype=np.float32).reshape(1, 3, 3)
    assert cut_patch(maps, (-1, -1), (2, 2), (1, 1)).tolist() == [[[0, 0], [0, 1]]]
    assert cut_patch(maps, (2, 1), (2, 2), (1, 1)).tolist() == [[[8, 9], [0, 0]]]
    assert cut_patch(maps, (0, 0), (2, 2), (2, 2)).tolist() == [[[1, 3], [7, 9]]]


def test_what_is_no_convolution_says_so() -> None:
    session = opened("keras-cnn")
    seen = LayerProbe(session).look(DIGIT)
    with pytest.raises(CapsDrawError, match="'pool' is no convolution"):
        LayerSums(session).of(seen, DIGIT, "pool", 0, (0, 0))
