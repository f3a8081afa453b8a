"""Reconstructions are what the lab shows of the same digit, all at once."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import pairs
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards
from capsdraw.nets.session import Session


def test_each_reconstruction_is_the_one_that_a_single_reading_gives() -> None:
    session = Session.open(cards.find("efficient-capsnet"))
    images, _ = synthetic.digits(12, 4)
    found = pairs.reconstruct(session, images)
    readings = [session.read(image) for image in from_bytes(images)]
    assert found.read.tolist() == [one.label for one in readings]
    assert np.array_equal(found.real, from_bytes(images))
    for made, one in zip(found.reconstructed, readings, strict=True):
        assert one.reconstruction is not None
        assert made == pytest.approx(one.reconstruction, abs=1e-4)
    assert found.error == pytest.approx(np.mean([one.error for one in readings if one.error]), abs=1e-4)


def test_a_classifier_is_refused_by_name() -> None:
    session = Session.open(cards.find("mlp"))
    with pytest.raises(CapsDrawError, match="model 'mlp' has no capsules: it cannot reconstruct images"):
        pairs.reconstruct(session, synthetic.digits(1, 4)[0])
