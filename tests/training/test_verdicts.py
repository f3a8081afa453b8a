"""The rules of doubt are what their experiment says they are."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import non_digits, synthetic
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.reading import Reading
from training import report
from training.experiments import store, verdicts
from training.experiments.verdicts import Asked, Drawings, logistic, rule_of


def bundled() -> list[Card]:
    return [card for card in cards.list_cards() if card.bundled and card.reads_digits]


def test_the_rates_that_are_told_are_of_the_models_that_are_bundled() -> None:
    """Else: python -m training.experiments.verdicts, then python -m training.report."""
    models = store.read("verdicts")["models"]
    assert {name: kept["sha256"] for name, kept in models.items()} == {card.name: card.sha256 for card in bundled()}
    for card in bundled():
        assert card.verdict is not None
        rates = models[card.name]["rates"]["rule"]
        assert card.verdict.digits_doubted_percent == rates["digits"]
        assert card.verdict.non_digits_doubted_percent == rates["none"]
        assert (card.verdict.digits, card.verdict.non_digits) == (2000, 2000)


def test_the_report_names_those_that_miss() -> None:
    def kept(digits: float, none: float) -> dict[str, object]:
        rates = dict.fromkeys((*non_digits.KINDS, "alike"), 50.0) | {"digits": digits, "none": none}
        told = {"sure": 1, "unsure": 2, "several": 0, "none": 1}
        return {
            "rates": dict.fromkeys(("rule", "net", "plain"), rates),
            "misread": told,
            "set_on": {"held out": 1.5},
            "rival": 0.6,
        }

    measured = {"digits": 2000, "non_digits": 2000, "models": {"good": kept(3, 80), "trusting": kept(1, 79.9)}}
    assert "`trusting` misses it" in report.verdict(measured)
    assert "3 of 4" in report.verdict(measured)
    assert "| `good` | 1.50 | 0.00 | 0.00 | 0.6 |" in report.verdict(measured)
    measured["models"]["doubting"] = kept(3.05, 95)
    assert "`trusting` and `doubting` miss it" in report.verdict(measured)
    measured["models"] = {"good": kept(2.9, 95)}
    assert "no net misses it" in report.verdict(measured)


def test_a_logistic_regression_finds_what_decides() -> None:
    random = np.random.default_rng(1)
    table = random.normal(size=(4000, 2))
    wanted = (random.uniform(size=4000) < 1 / (1 + np.exp(-(2 * table[:, 0] - 1)))).astype(np.float64)
    found = logistic(np.column_stack([table, np.ones(4000)]), wanted, np.ones(4000))
    assert found == pytest.approx([2, 0, -1], abs=0.2)


def test_a_limit_leaves_room_for_what_is_doubted_anyway() -> None:
    doubt, weights = np.arange(100.0), np.ones(100)
    anyway = doubt < 4
    assert verdicts._limit(doubt, anyway, weights, 0.1) == 93  # the six above it, and the four
    assert verdicts._limit(doubt, anyway, weights, 0.04) == verdicts._limit(doubt, anyway, weights, 0.01) == 99
    assert verdicts._limit(doubt, ~anyway & (doubt > 3), weights, 0.1) == 3


def test_doubt_of_a_drawing_is_found_without_it() -> None:
    """Where measures say nothing, a regression knows its own drawings by heart, and no others."""
    random = np.random.default_rng(2)
    terms, none = np.column_stack([random.normal(size=(120, 30)), np.ones(120)]), np.arange(120) % 2 == 0
    by_heart = terms @ logistic(terms, none.astype(np.float64), np.ones(120))
    by_others = verdicts._doubt_by_others(terms, none, np.ones(120), np.ones(120, bool))
    assert ((by_heart > 0) == none).mean() > 0.7
    assert ((by_others > 0) == none).mean() < 0.6


def test_rivals_take_a_part_of_the_digits_that_may_be_doubted() -> None:
    def asked(shares: np.ndarray) -> Any:
        return SimpleNamespace(shares=shares, anyway=np.zeros(len(shares), bool), readings=shares)

    shares = np.zeros(1000)
    shares[:20] = np.linspace(0.51, 0.99, 20)
    others = np.array([0.0, 0.95])
    rival, anyway = verdicts._rival([asked(shares), asked(others)])
    assert rival == 0.9
    assert int(anyway[:1000].sum()) == 4
    assert anyway[-1]
    assert verdicts._rival([asked(shares * 0.52), asked(others)])[0] == 0.5


@pytest.mark.slow
def test_a_rule_doubts_about_as_many_digits_as_it_may() -> None:
    card = cards.find(cards.DEFAULT_MODEL)
    half = Light.open(card)

    def asked(images: np.ndarray, labels: np.ndarray | None = None) -> Asked:
        readings = verdicts.readings(half, images)
        return Asked(Drawings.of(images, labels), readings)

    sets = {
        verdicts._FIRST: asked(*synthetic.digits(400, 31)),
        verdicts._NONE: asked(non_digits.images(200, non_digits.SETTING, 5)[0]),
    }
    rule = rule_of(sets, with_drawing=True)
    kinds = {name: of_set.kinds(replace(card, verdict=rule)) for name, of_set in sets.items()}
    doubted = {name: np.mean([kind != "sure" for kind in each]) for name, each in kinds.items()}
    assert 0.005 < doubted[verdicts._FIRST] < 0.04
    assert doubted[verdicts._NONE] > 0.9


def test_readings_of_many_images_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "BATCH", 3)
    half = Light.open(cards.find(cards.DEFAULT_MODEL))
    images, _ = synthetic.digits(7, 4)
    many = verdicts.readings(half, images)

    def same(one: Reading, other: Reading) -> bool:
        assert one.reconstruction is not None
        assert other.reconstruction is not None
        return (
            one.label == other.label
            and np.allclose(one.scores, other.scores)
            and np.allclose(one.reconstruction, other.reconstruction, atol=1e-6)
            and one.error == pytest.approx(other.error)
        )

    assert all(same(one, half.read(from_bytes(image))) for one, image in zip(many, images, strict=True))
