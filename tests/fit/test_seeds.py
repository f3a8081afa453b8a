"""No model is read from a file beside a net that is being built from a seed: it would take some of its random row."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.fit import runs
from capsdraw.fit.adopt import adopt
from capsdraw.nets import cards, zoo

from .conftest import IMAGES, LABELS, fit


def resumed(folder: Path) -> None:
    fit(folder)


def adopted(folder: Path) -> None:
    adopt(runs.read(folder), "Mine", IMAGES, LABELS)


def loaded(_: Path) -> None:
    zoo.load(cards.find("mlp"))


@pytest.mark.slow
@pytest.mark.parametrize("read", [resumed, adopted, loaded])
def test_a_model_is_read_only_when_no_net_is_being_built_from_a_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], None]
) -> None:
    """Of two threads, one of them the window's fit, the other builds the net of "before training"."""
    if read is not loaded:
        fit(tmp_path, stop_after=1)
    alone = zoo.fresh("mlp", 7, hidden=4).get_weights()
    built: list[list[np.ndarray]] = []
    real = keras.saving.load_model

    def meanwhile(*given: Any, **named: Any) -> keras.Model:
        """A net is asked for while the model is read: it is begun before or after, not in between."""
        other = threading.Thread(target=lambda: built.append(zoo.fresh("mlp", 7, hidden=4).get_weights()))
        other.start()
        other.join(1)
        assert other.is_alive(), "it was built while a model is read"
        waiting.append(other)
        return real(*given, **named)

    waiting: list[threading.Thread] = []
    monkeypatch.setattr(keras.saving, "load_model", meanwhile)
    read(tmp_path)
    assert waiting
    for thread in waiting:
        thread.join(60)
    for weights in built:
        assert all(map(np.array_equal, alone, weights))
