"""Measures and meanings, on ink whose thickness, slant and size are known."""

import numpy as np
import pytest

from capsdraw.ink.raster import render
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.lab import meaning, measures
from capsdraw.lab.measures import NAMES, measure
from capsdraw.nets.ranges import Ranges, from_card, of, to_card

Points = list[tuple[float, float]]
RING: Points = [(14 + 6 * np.cos(a), 14 + 6 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)]
SEVEN: Points = [(8.0, 6.0), (19.0, 6.0), (14.0, 22.0)]


def drawn(points: Points, width: float = 2.5) -> np.ndarray:
    return render(Drawing((stroke(points, width),)), (28, 28), width)


def one(points: Points, width: float = 2.5) -> dict[str, float]:
    return dict(zip(NAMES, measure(drawn(points, width)[None])[0], strict=True))


@pytest.mark.parametrize("points", [RING, SEVEN], ids=["ring", "seven"])
@pytest.mark.parametrize("width", [2.0, 3.0, 4.0])
def test_thickness_is_the_pen_s(points: Points, width: float) -> None:
    assert one(points, width)["thickness"] == pytest.approx(width, rel=0.2)


@pytest.mark.parametrize("slant", [-0.4, -0.2, 0.0, 0.3])
def test_slant_is_the_shear(slant: float) -> None:
    leaning = [(x + slant * (14 - y), y) for x, y in [(14.0, 5.0), (14.0, 23.0)]]
    assert one(leaning)["slant"] == pytest.approx(slant, abs=0.03)


def test_width_and_height_follow_the_size_and_slant_does_not_widen() -> None:
    plain = one(RING)
    wide = one([(14 + 1.5 * (x - 14), y) for x, y in RING])
    tall = one([(x, 14 + 1.5 * (y - 14)) for x, y in RING])
    leaning = one([(x + 0.4 * (14 - y), y) for x, y in RING])
    assert wide["width"] / plain["width"] == pytest.approx(1.5, abs=0.1)
    assert wide["height"] == pytest.approx(plain["height"], rel=0.08)
    assert tall["height"] / plain["height"] == pytest.approx(1.5, abs=0.1)
    assert leaning["width"] == pytest.approx(plain["width"], rel=0.1)


def test_a_loop_is_paper_closed_in() -> None:
    assert one(RING)["loop"] == pytest.approx(np.pi * 4.75**2 / 15**2, abs=0.08)
    assert one(SEVEN)["loop"] == 0
    assert one(RING[:45])["loop"] == 0


def test_position_is_the_centre_s() -> None:
    moved = one([(x + 3, y - 2) for x, y in RING])
    still = one(RING)
    assert moved["position across"] - still["position across"] == pytest.approx(3, abs=0.05)
    assert moved["position down"] - still["position down"] == pytest.approx(-2, abs=0.05)


def test_a_blank_picture_measures_nothing() -> None:
    assert np.array_equal(measure(np.zeros((2, 28, 28), np.float32)), np.zeros((2, len(NAMES))))


def by_hand(flat: np.ndarray) -> np.ndarray:
    """A decoder whose numbers are known: thickness, slant, position, and one that does nothing."""
    pictures = []
    for row in flat:
        thick, slant, across, _ = row[4:8]
        points = [(x + 6 * across + slant * (14 - y), y) for x, y in [(14.0, 5.0), (14.0, 23.0)]]
        pictures.append(drawn(points, 3 + 2 * thick))
    return np.stack(pictures)[..., None]


RANGES = Ranges(*(np.full((2, 4), value, np.float32) for value in (-0.5, 0.0, 0.5)))


def test_numbers_are_named_by_what_they_do() -> None:
    found = meaning.meanings(by_hand, np.zeros((2, 4), np.float32), 1, RANGES)
    assert [number.name for number in found] == ["thickness", "slant", "position across", None]
    assert [number.rises for number in found[:3]] == [True, True, True]
    assert found[0].changes[0] == pytest.approx(2, rel=0.2)
    assert found[1].changes[1] == pytest.approx(1, rel=0.1)
    assert found[2].changes[5] == pytest.approx(6, rel=0.05)
    assert found[3].strength == pytest.approx(0, abs=1e-6)


def rings(flat: np.ndarray) -> np.ndarray:
    """Another decoder whose numbers are known: width and height; two do nothing."""
    return np.stack([
        drawn([(14 + (1 + across) * (x - 14), 14 + (1 + down) * (y - 14)) for x, y in RING])
        for across, down, _, _ in flat[:, 4:8]
    ])[..., None]  # fmt: skip


def test_width_and_height_are_named_by_their_side_and_direction() -> None:
    low, high = np.full((2, 4), -0.2, np.float32), np.full((2, 4), 0.2, np.float32)
    found = meaning.meanings(rings, np.zeros((2, 4), np.float32), 1, Ranges(low, np.zeros_like(low), high))
    assert [number.name for number in found] == ["width", "height", None, None]

    def spread(across: float) -> float:
        """Four standard deviations of a ring's line drawn so much wider, by its pieces' lengths."""
        points = np.array(RING) * (1 + across, 1)
        lengths = np.hypot(*np.diff(points, axis=0).T)
        x = points[:-1, 0] - np.average(points[:-1, 0], weights=lengths)
        return 4 * float(np.sqrt(np.average(x**2, weights=lengths)))

    known = spread(0.2) - spread(-0.2)
    assert found[0].changes[2] == pytest.approx(known, rel=0.05)
    assert found[1].changes[3] == pytest.approx(known, rel=0.05)
    assert found[0].strength == pytest.approx(found[0].changes[2] / 1.5)
    # The same turned the other way narrows it.
    turned = meaning.meanings(
        lambda flat: rings(flat * np.float32(-1)), np.zeros((2, 4), np.float32), 1, Ranges(low, low, high)
    )
    assert (turned[0].name, turned[0].rises, found[0].rises) == ("width", False, True)


def test_a_meaning_is_told_with_its_direction_and_unit() -> None:
    thinner = meaning.Meaning("thickness", 4.2, False, (-2.1, *[0.0] * 6))
    assert thinner.sentence() == "Thickness falls by 2.1 pixels over its range: 4.2 times a just visible change"
    loop = meaning.Meaning("loop", 2.0, True, (0.0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0))
    assert loop.sentence() == "Loop grows by 10 % of the ink's box over its range: 2.0 times a just visible change"
    slant = meaning.Meaning("slant", 3.0, True, (0.0, 0.3, *[0.0] * 5))
    assert slant.sentence() == "Slant grows by 0.30 pixels a row over its range: 3.0 times a just visible change"
    assert (
        meaning.Meaning(None, 0.5, True, (0.0,) * 7).sentence()
        == "No single property of the ink stands out over its range"
    )


def test_without_known_ranges_the_paper_s_are_taken() -> None:
    found = meaning.meanings(by_hand, np.zeros((2, 4), np.float32), 1, None)
    assert found[2].changes[5] == pytest.approx(3, rel=0.05)


def test_two_changes_as_strong_as_each_other_give_no_name() -> None:
    along = np.linspace(0, 1, 9)
    measured = np.zeros((9, len(NAMES)))
    measured[:, 0], measured[:, 1] = along, 0.21 * along
    assert meaning._meaning(measured).name is None
    measured[:, 1] = 0
    assert meaning._meaning(measured).name == "thickness"


def test_ranges_are_percentiles_of_each_class_and_survive_a_card() -> None:
    random = np.random.default_rng(0)
    capsules, labels = random.normal(0, 1, (4000, 3, 5)).astype(np.float32), np.arange(4000) % 3
    capsules[labels == 2, 2, 4] += 10
    ranges = of(capsules, labels)
    assert ranges.low.shape == (3, 5)
    assert ranges.middle[2, 4] == pytest.approx(10, abs=0.1)
    assert ranges.high[0] == pytest.approx(1.645, abs=0.15)
    back = from_card(to_card(ranges), 3, 5)
    assert back is not None
    assert back.high == pytest.approx(ranges.high, abs=1e-4)
    assert from_card(to_card(ranges), 3, 6) is None
    assert from_card((), 3, 5) is None
    assert from_card((((1.0,), (1.0, 2.0)),), 3, 5) is None


def test_every_measure_has_a_name() -> None:
    assert measures.measure(np.ones((1, 28, 28), np.float32)).shape == (1, len(NAMES))
