"""The losses, against numbers worked out by hand."""

import numpy as np
import pytest

from capsdraw.nets.losses import MarginLoss, ReconstructionLoss


def test_margin_loss_by_hand() -> None:
    lengths = np.array([[0.8, 0.3], [0.95, 0.05]], np.float32)
    wanted = np.array([[1, 0], [0, 1]], np.float32)
    first = (0.9 - 0.8) ** 2 + 0.5 * (0.3 - 0.1) ** 2
    second = (0.9 - 0.05) ** 2 + 0.5 * (0.95 - 0.1) ** 2
    assert float(MarginLoss()(wanted, lengths)) == pytest.approx((first + second) / 2)


def test_several_classes_may_be_there_at_once() -> None:
    assert float(MarginLoss()(np.ones((1, 3), np.float32), np.full((1, 3), 0.9, np.float32))) == pytest.approx(0)


@pytest.mark.parametrize(("shape", "weight"), [((28, 28, 1), 0.392), ((36, 36, 1), 0.648), ((28, 28, 3), 1.176)])
def test_reconstruction_weighs_the_sum_of_squares_at_every_size(shape: tuple[int, ...], weight: float) -> None:
    random = np.random.default_rng(1)
    true, drawn = (random.random((4, *shape), np.float32) for _ in range(2))
    assert float(ReconstructionLoss()(true, drawn)) == pytest.approx(weight * np.mean((true - drawn) ** 2), rel=1e-4)


@pytest.mark.parametrize("loss", [MarginLoss(0.8, 0.2, 0.7), ReconstructionLoss(0.01)])
def test_configuration_round_trips(loss: MarginLoss | ReconstructionLoss) -> None:
    assert type(loss).from_config(loss.get_config()).get_config() == loss.get_config()
