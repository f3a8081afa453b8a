"""The experiments measure what they say."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.fit import loop
from training.experiments import affine, few_images


def data(count: int) -> Data:
    images, labels = synthetic.digits(count, 1)
    return Data("made", images, labels, *synthetic.digits(300, 2))


@pytest.mark.parametrize(("count", "seen"), [(50, 3000), (1000, 3000)])
def test_a_net_sees_so_many_different_images_and_so_many_in_all(
    monkeypatch: pytest.MonkeyPatch, count: int, seen: int
) -> None:
    shown: list[np.ndarray] = []
    run = loop.run

    def watched(plan: object, images: np.ndarray, labels: np.ndarray, *rest: object) -> object:
        shown.extend([images] * plan.epochs)  # type: ignore[attr-defined]
        return run(plan, images, labels, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "run", watched)
    error = few_images.error_after("mlp", count, 1, data(1000), seen)
    assert 0 < error < 80
    together = np.concatenate(shown)
    assert len(together) == seen
    assert len(np.unique(together, axis=0)) == pytest.approx(count, abs=2)


def test_the_affine_test_is_the_shifted_one_and_more() -> None:
    digits = synthetic.digits(50, 3)[0]
    shifted, affined = affine.shifted(digits), affine.affined(digits)
    assert shifted.shape == affined.shape == (50, 40, 40)
    ink = digits.astype(np.float32).sum((1, 2)) / 255
    assert shifted.sum((1, 2)) == pytest.approx(ink, rel=0.02)
    assert np.abs(affined.sum((1, 2)) / ink - 1).mean() > 0.05
