"""Counting errors, against a plain loop."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capsdraw.evaluate.error import evaluate


def test_errors_and_confusion_agree_with_a_plain_count() -> None:
    random = np.random.default_rng(0)
    scores = random.random((500, 4)).astype(np.float32)
    labels = random.integers(0, 4, 500).astype(np.uint8)
    model: Any = SimpleNamespace(name="m", classes=4, scores=lambda _: scores)
    result = evaluate(model, np.zeros((500, 2, 2), np.uint8), labels, "d")
    confusion = np.zeros((4, 4), int)
    for true, row in zip(labels, scores, strict=True):
        confusion[true, row.argmax()] += 1
    assert np.array_equal(result.confusion, confusion)
    assert result.errors == 500 - np.trace(confusion)
    assert result.error_percent == pytest.approx(result.errors / 5)
