"""What masks of digits are learnt from is what it says; the net learns from it, and LiteRT answers as it does."""

from pathlib import Path

import numpy as np
import pytest

from capsdraw.nets.digit_masks import WINDOW, DigitMasks
from tests.datasets.test_pen_strokes import arrays
from training import mask_net, mask_windows
from training.mask_windows import Windows


@pytest.fixture
def learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Windows:
    """Windows of rows of made-up strokes and images."""
    random = np.random.default_rng(1)
    given = arrays()
    np.savez(tmp_path / "pen-strokes.npz", **given)
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    images = np.zeros((50, 28, 28), np.uint8)
    for image in images:
        column = int(random.integers(6, 20))
        image[4:24, column : column + 3] = 255
    monkeypatch.setattr(mask_windows, "_mnist", lambda: images)
    return mask_windows.windows(120, 1, range(1, 4))


def test_windows_are_of_the_size_that_the_net_knows_and_the_same_for_a_seed(learnt: Windows) -> None:
    assert learnt.seen.shape == learnt.masks.shape == (len(learnt.centred), *WINDOW)
    again = mask_windows.windows(120, 1, range(1, 4))
    assert (again.seen == learnt.seen).all()
    assert (again.masks == learnt.masks).all()
    other = mask_windows.windows(120, 2, range(1, 4))
    assert other.seen.shape != learnt.seen.shape or (other.seen != learnt.seen).any()


def test_a_digit_in_the_middle_has_ink_and_a_mask_of_it(learnt: Windows) -> None:
    assert 0.3 < learnt.centred.mean() < 0.9
    assert (learnt.masked[learnt.centred == 1] == 1).all()
    own = (learnt.masks / 255.0 * learnt.seen).sum((1, 2))
    assert (own[learnt.centred == 1] > 0).mean() > 0.95
    # Most of them have neighbours, whose ink is not theirs.
    others = ((255 - learnt.masks) / 255.0 * learnt.seen).sum((1, 2))
    assert 0.2 < (others[learnt.centred == 1] > 100).mean() < 1


def test_the_net_learns_and_litert_answers_as_it_does(learnt: Windows) -> None:
    model = mask_net.net()
    fit = mask_net.Fit(model, 40)
    few = Windows(*(np.resize(each, (mask_net.BATCH, *each.shape[1:])) for each in
                    (learnt.seen, learnt.masks, learnt.centred, learnt.masked)))  # fmt: skip
    losses = [fit.over(few) for _ in range(12)]
    assert losses[-1] < 0.7 * losses[0]
    light = DigitMasks(mask_net.for_litert(model))
    window = few.seen[:1, ..., None].astype(np.float32) / 255
    told = model(window, training=False)
    centred, mask = light.look(window)
    assert centred == pytest.approx(float(told["centred"][0, 0]), abs=1e-3)
    assert mask == pytest.approx(1 / (1 + np.exp(-np.asarray(told["mask"])[0, ..., 0])), abs=1e-3)
