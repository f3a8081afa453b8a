"""Arrays as MATLAB has them: put in order within their own memory, to the same numbers."""

import tracemalloc

import numpy as np
import pytest

from capsdraw.datasets import axes
from capsdraw.datasets.axes import image_after_image

RANDOM = np.random.default_rng(3)


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axes, "_LARGE", 1)


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("kind", [np.uint8, np.float64])
@pytest.mark.parametrize("shape", [(7, 7), (5, 9), (1, 4), (60, 16), (67, 16), (1500, 9), (3000, 8, 8, 3), (5, 6, 4)])
def test_every_image_stays_what_it_was(shape: tuple[int, ...], kind: type) -> None:
    images = (255 * RANDOM.random(shape)).astype(kind)
    # As a whole in MATLAB's order; and as SVHN's: images along the last axis, MATLAB's order before it.
    by_columns = np.asfortranarray(images)
    along_the_last = np.moveaxis(np.asfortranarray(np.moveaxis(images, 0, -1)), -1, 0)
    for stored in (images.copy(), by_columns, along_the_last):
        ordered = image_after_image(stored)
        assert ordered.flags.c_contiguous
        assert np.array_equal(ordered, images)


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("shape", [(40_003, 64), (10_000, 8, 8, 3)])
def test_there_is_no_second_copy(shape: tuple[int, ...]) -> None:
    stored = np.moveaxis(np.asfortranarray(np.zeros((*shape[1:], shape[0]), np.uint8)), -1, 0)
    stored = np.asfortranarray(np.zeros(shape, np.uint8)) if len(shape) == 2 else stored
    tracemalloc.start()
    try:
        image_after_image(stored)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 0.5 * stored.nbytes + 1_000_000


def test_what_cannot_be_written_to_is_copied() -> None:
    stored = np.asfortranarray(RANDOM.random((30, 4)))
    stored.flags.writeable = False
    assert image_after_image(stored).flags.c_contiguous
