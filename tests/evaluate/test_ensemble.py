"""Several models as one: the mean of their voices, each as loud as the other."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets.sources import FASHION_CLASSES
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import ensemble
from capsdraw.evaluate.ensemble import Ensemble
from capsdraw.nets import cards


class Says:
    """A model that gives the scores it was made with."""

    name = "one"
    classes = 3

    def __init__(self, *scores: list[float]) -> None:
        self._scores = np.array(scores, np.float32)

    def scores(self, _: Any) -> Any:
        return self._scores


def test_each_member_has_one_voice() -> None:
    """Long capsules do not outvote a classifier: 2.7 in all against 1."""
    loud, quiet = Says([0.9, 0.95, 0.85]), Says([0.7, 0.2, 0.1])
    members: Any = [loud, quiet]
    scores = Ensemble("both", members).scores(np.zeros((1, 2, 2), np.uint8))
    assert scores == pytest.approx(np.array([[0.9 / 2.7 + 0.7, 0.95 / 2.7 + 0.2, 0.85 / 2.7 + 0.1]]) / 2)
    assert scores.argmax() == 0


def test_a_member_that_sees_nothing_has_no_voice() -> None:
    members: Any = [Says([0.0, 0.0, 0.0]), Says([0.1, 0.8, 0.1])]
    scores = Ensemble("both", members).scores(np.zeros((1, 2, 2), np.uint8))
    assert np.isfinite(scores).all()
    assert scores.argmax() == 1


def test_members_are_found_by_name() -> None:
    assert [card.name for card in ensemble.find("keras-cnn")] == ["keras-cnn"]
    assert [card.name for card in ensemble.find("keras-cnn+efficient-capsnet")] == ["keras-cnn", "efficient-capsnet"]
    assert len(ensemble.find("ensemble")) == len(ensemble.MEMBERS) > 1
    with pytest.raises(CapsDrawError, match="unknown model 'nobody'"):
        ensemble.find("keras-cnn+nobody")


def test_models_of_other_images_do_not_answer_as_one(colour_model: cards.Card) -> None:
    with pytest.raises(CapsDrawError, match="'keras-cnn' and 'photographs' cannot be combined"):
        ensemble.find(f"keras-cnn+{colour_model.name}")


def test_models_of_other_classes_do_not_answer_as_one(own_home: Path) -> None:
    """Or the mean of a trouser and a 1 would be read as either."""
    digits = tuple("0123456789")
    for name, labels in (("fashion", FASHION_CLASSES), ("turned", digits[::-1]), ("digits", digits)):
        card = replace(cards.find("mlp"), name=name, labels=labels)
        cards.write(card, own_home / "models" / f"{name}.json")
    with pytest.raises(CapsDrawError, match="'fashion' cannot be combined: what is '0' for one is 'T-shirt/top' for"):
        ensemble.find("mlp+fashion")
    with pytest.raises(CapsDrawError, match="what is '0' for one is '9' for the other"):
        ensemble.find("digits+turned")
    assert len(ensemble.find("mlp+digits")) == 2
