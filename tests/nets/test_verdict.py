"""One line on a reading: sure, unsure between two, several digits, or none."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import non_digits, synthetic
from capsdraw.datasets.sources import CIFAR10_CLASSES
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.normalize import digit_from_drawing
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.signs import signs_of
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.light import Light
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind, Verdict, measures, second_share, verdict_of
from capsdraw.nets.verdict_rule import VerdictRule, Weighed
from capsdraw.paths import resource

from ..made import made_card

DIGITS = tuple("0123456789")


def drawn(name: str) -> np.ndarray:
    return digit_from_drawing(strokes.load(resource("assets") / "examples" / f"{name}.json"))


def own_card(**other: Any) -> Card:
    return made_card(**{"name": "own", "title": "Own", "sha256": "0" * 64, **other})


def reading(kind: NetKind = NetKind.CLASSIFIER, reconstruction: np.ndarray | None = None, **scores: float) -> Reading:
    values = np.full(10, 1e-4, np.float32)
    for name, score in scores.items():
        values[int(name[1:])] = score
    error = None if reconstruction is None else float(np.mean((reconstruction - drawn("seven")) ** 2))
    capsules = None if reconstruction is None else np.zeros((10, 16), np.float32)
    return Reading("own", kind, int(values.argmax()), values, capsules, reconstruction, error, 0.0)


@pytest.mark.parametrize(
    ("verdict", "names", "words"),
    [
        (Verdict(Kind.SURE, 7), DIGITS, "a 7"),
        (Verdict(Kind.SURE, 8), DIGITS, "an 8"),
        (Verdict(Kind.UNSURE, 4, 9), DIGITS, "a 4 or a 9"),
        (Verdict(Kind.UNSURE, 8, 3), DIGITS, "an 8 or a 3"),
        (Verdict(Kind.SEVERAL, 4), DIGITS, "several digits"),
        (Verdict(Kind.NONE, 4), DIGITS, "no digit it knows"),
        (Verdict(Kind.NONE, 4), CIFAR10_CLASSES, "nothing it knows"),
        (Verdict(Kind.UNSURE, 0, 3), CIFAR10_CLASSES, "an airplane or a cat"),
    ],
)
def test_a_verdict_in_words(verdict: Verdict, names: tuple[str, ...], words: str) -> None:
    assert verdict.sentence(names) == words


@pytest.mark.parametrize("score", [0.0, float("nan")])
def test_scores_that_say_nothing_are_no_answer(score: float) -> None:
    """The second of two zeros was divided by the first."""
    nothing = replace(reading(), scores=np.full(10, score, np.float32), label=0)
    assert second_share(nothing) == 0


def test_without_a_rule_scores_decide() -> None:
    card, digit = own_card(), drawn("seven")
    assert verdict_of(reading(_7=0.97), digit, card) == Verdict(Kind.SURE, 7)
    assert verdict_of(reading(_4=0.55, _9=0.44), digit, card) == Verdict(Kind.UNSURE, 4, 9)
    assert verdict_of(reading(_4=0.2, _9=0.01), digit, card) == Verdict(Kind.NONE, 4)


def test_figures_side_by_side_are_several_whatever_the_net_says_and_a_dot_is_none() -> None:
    card, sure = own_card(), reading(_4=0.999)
    two = digit_from_drawing(
        strokes.Drawing((strokes.stroke([(0, 0), (0, 100)]), strokes.stroke([(90, 0), (90, 100)])))
    )
    dot = digit_from_drawing(strokes.Drawing((strokes.stroke([(0, 0)]),)))
    assert verdict_of(sure, two, card).kind == Kind.SEVERAL
    assert verdict_of(sure, dot, card).kind == Kind.NONE
    # Of a net of other things no ink is looked at.
    assert verdict_of(sure, two, replace(card, labels=tuple("abcdefghij"))).kind == Kind.SURE


def rule_on(name: str, middle: float, deviation: float, linear: float, limit: float) -> VerdictRule:
    weighed = Weighed(middle=middle, deviation=deviation, linear=linear, square=0)
    return VerdictRule(weights={name: weighed}, limit=limit)


def test_a_rule_weighs_the_error_of_the_redrawing_against_the_ink() -> None:
    digit = drawn("seven")
    card = own_card(kind=NetKind.CAPSULE, verdict=rule_on("relative", 0.2, 0.1, 1.0, 0.0))
    good, bad = (reading(NetKind.CAPSULE, picture, _7=0.95) for picture in (digit * 0.9, digit * 0))
    assert measures(bad, digit, signs_of(digit))["relative"] == pytest.approx(1)
    assert verdict_of(good, digit, card).kind == Kind.SURE
    assert verdict_of(bad, digit, card).kind == Kind.NONE
    assert verdict_of(bad, digit, replace(card, verdict=None)).kind == Kind.SURE


def test_two_are_named_only_where_the_second_is_near_and_the_doubt_is_small() -> None:
    digit = drawn("seven")
    by_score = own_card(verdict=rule_on("score", 0.9, 0.1, -1.0, 0.0))
    assert verdict_of(reading(_7=0.85, _1=0.14), digit, by_score) == Verdict(Kind.UNSURE, 7, 1)
    assert verdict_of(reading(_7=0.85, _1=0.01), digit, by_score) == Verdict(Kind.NONE, 7)
    assert verdict_of(reading(_7=0.6, _1=0.39), digit, by_score) == Verdict(Kind.NONE, 7)


def test_a_rival_is_named_however_much_the_drawing_looks_like_a_digit() -> None:
    digit = drawn("seven")
    trusting = own_card(verdict=rule_on("score", 0.9, 0.1, -1.0, 100.0))
    assert verdict_of(reading(_7=0.55, _1=0.44), digit, trusting) == Verdict(Kind.UNSURE, 7, 1)
    assert verdict_of(reading(_7=0.9, _1=0.09), digit, trusting) == Verdict(Kind.SURE, 7)


def test_how_near_a_rival_is_the_rule_says() -> None:
    digit, near = drawn("seven"), reading(_7=0.55, _1=0.44)
    trusting = rule_on("score", 0.9, 0.1, -1.0, 100.0)
    assert verdict_of(near, digit, own_card(verdict=replace(trusting, rival=0.7))) == Verdict(Kind.UNSURE, 7, 1)
    assert verdict_of(near, digit, own_card(verdict=replace(trusting, rival=0.9))) == Verdict(Kind.SURE, 7)


def test_a_rule_of_a_newer_version_leaves_the_plain_one() -> None:
    card = own_card(verdict=rule_on("surprise", 0, 1, 1, -100))
    assert verdict_of(reading(_7=0.97), drawn("seven"), card).kind == Kind.SURE


def test_a_measure_far_from_the_usual_counts_no_more_than_four_deviations() -> None:
    weighed = Weighed(middle=1, deviation=0.5, linear=1, square=-0.1)
    assert weighed.doubt(1.5) == pytest.approx(0.9)
    assert weighed.doubt(1e9) == pytest.approx(4 - 1.6)


def test_a_card_keeps_its_rule_and_one_without_has_no_entry(tmp_path: Path) -> None:
    rule = replace(rule_on("score", 0.9, 0.1, -1, 0.5), digits=2000, digits_doubted_percent=2.5)
    for name, kept in (("with", rule), ("without", None)):
        cards.write(own_card(name=name, verdict=kept), tmp_path / f"{name}.json")
        assert cards.read(tmp_path / f"{name}.json").verdict == kept
    assert "verdict" not in json.loads((tmp_path / "without.json").read_text())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"limit": "low"}, "verdict.limit: expected a number"),
        ({"limit": 1e300}, "verdict.limit: expected a number within ±1,000,000"),
        ({"digits_doubted_percent": 101}, "verdict.digits_doubted_percent: expected a number from 0 to 100"),
        ({"rival": 0}, "verdict.rival: expected a number above 0, at most 1"),
        ({"digits": -1}, "verdict.digits: expected a number from 0 to"),
        (
            {"weights": {"score": {"middle": 0, "deviation": 0, "linear": 1, "square": 0}}},
            "verdict.weights.score.deviation: expected a number above 0",
        ),
        ({"weights": {"score": 3}}, "an entry of verdict.weights: expected an object"),
    ],
)
def test_a_rule_that_cannot_be_is_said(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    cards.write(own_card(name="own", verdict=rule_on("score", 0.9, 0.1, -1, 0.5)), tmp_path / "own.json")
    document = json.loads((tmp_path / "own.json").read_text())
    (tmp_path / "own.json").write_text(json.dumps(document | {"verdict": document["verdict"] | changed}))
    with pytest.raises(CapsDrawError, match=says):
        cards.read(tmp_path / "own.json")


def test_every_bundled_digit_net_has_a_rule_of_what_is_measured_here() -> None:
    """Else: python -m training.experiments.verdicts."""
    for card in cards.list_cards():
        if not (card.bundled and card.reads_digits):
            continue
        assert card.verdict is not None, card.name
        assert card.verdict.digits_doubted_percent is not None
        picture = drawn("seven") if card.kind == NetKind.CAPSULE else None
        given = measures(reading(card.kind, picture, _7=0.9), drawn("seven"), signs_of(drawn("seven")))
        assert set(card.verdict.weights) == set(given)


def test_the_default_net_believes_digits_and_doubts_what_is_none() -> None:
    card = cards.find(cards.DEFAULT_MODEL)
    half = Light.open(card)

    def judged(digit: np.ndarray) -> str:
        return verdict_of(half.read(digit), digit, card).sentence(card.names)

    for name, label in {"two": 2, "three": 3, "four": 4, "seven": 7, "eight": 8}.items():
        assert judged(drawn(name)) == f"{'an' if label == 8 else 'a'} {label}"
    assert judged(drawn("forty-two")) == "several digits"
    assert judged(drawn("scribble")) == "no digit it knows"
    assert judged(drawn("letter")) == "no digit it knows"
    digits, labels = synthetic.digits(60, 77)
    sure = [judged(from_bytes(digit)).endswith(f" {label}") for digit, label in zip(digits, labels, strict=True)]
    assert np.mean(sure) > 0.9
    others = non_digits.images(60, non_digits.MEASURING, 77)[0]
    assert np.mean([judged(from_bytes(other)) in [f"a {label}" for label in range(10)] for other in others]) < 0.2


def test_lengths_that_say_nothing_is_there_are_no_answer_of_an_own_net() -> None:
    """Of 26 capsules that were all shorter than 0.07 the two longest were named: "a B or an S"."""
    picture, card = drawn("seven"), own_card(kind="capsule")
    absent = reading(NetKind.CAPSULE, np.zeros((28, 28), np.float32), s2=0.06, s5=0.055)
    assert verdict_of(absent, picture, card) == Verdict(Kind.NONE, 2)
    faint = reading(NetKind.CAPSULE, np.zeros((28, 28), np.float32), s2=0.3, s5=0.28)
    assert verdict_of(faint, picture, card) == Verdict(Kind.UNSURE, 2, 5)
    # Probabilities share 1 among many classes: a small one is not yet none.
    many = reading(s2=0.06, s5=0.055)
    assert verdict_of(many, picture, own_card()) == Verdict(Kind.UNSURE, 2, 5)
