"""Drawings that are no digit: seeded, in two parts that share nothing."""

import numpy as np
import pytest

from capsdraw.datasets import letter_templates, non_digits
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.sketch import SIDE
from capsdraw.paths import resource

PARTS = (non_digits.SETTING, non_digits.MEASURING)


@pytest.mark.parametrize("part", PARTS)
def test_a_seed_s_drawings_are_always_the_same(part: str) -> None:
    images, kinds = non_digits.images(40, part, 7)
    again, _ = non_digits.images(40, part, 7)
    assert (images.shape, images.dtype) == ((40, 28, 28), np.uint8)
    assert np.array_equal(images, again)
    assert set(kinds) == set(non_digits.KINDS)
    assert not np.array_equal(images, non_digits.images(40, part, 8)[0])
    assert (images.reshape(40, -1).max(1) > 100).all()  # something was drawn


def test_the_two_parts_share_no_form_and_no_drawing() -> None:
    for one, other in (
        (letter_templates.SETTING, letter_templates.MEASURING), *[tuple(letter_templates.MARKS[part] for part in PARTS)]
    ):  # fmt: skip
        assert not set(one.values()) & set(other.values())
    first, second = (non_digits.images(300, part, 1)[0].reshape(300, -1) for part in PARTS)
    both = np.concatenate([np.unique(first, axis=0), np.unique(second, axis=0)])
    # Dots are alike wherever they come from, but for the pen.
    assert len(np.unique(both, axis=0)) == len(both)


@pytest.mark.parametrize("part", PARTS)
def test_all_letters_have_a_form_and_those_like_digits_are_left_out(part: str) -> None:
    forms = {non_digits.SETTING: letter_templates.SETTING, non_digits.MEASURING: letter_templates.MEASURING}[part]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert set(forms) == set(alphabet + alphabet.lower())
    for template in forms.values():
        for points in non_digits.parsed(template):
            assert all(0 <= value <= 1 for point in points for value in point)
    drawn = []

    def taken(template: str) -> list[list[tuple[float, float]]]:
        drawn.append(template)
        return real(template)

    real = non_digits.parsed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(non_digits, "parsed", taken)
        random = np.random.default_rng(1)
        for _ in range(600):
            non_digits.letter(random, part)
        kept = set(drawn)
        assert kept == {form for name, form in forms.items() if name not in letter_templates.ALIKE}
        drawn.clear()
        non_digits.alike(200, part)
        assert set(drawn) == {forms[name] for name in letter_templates.ALIKE}


def test_a_corner_is_a_point_that_stands_twice() -> None:
    assert non_digits.parsed("0.0 50.100! 100.7 | 3.4") == [[(0, 0), (0.5, 1), (0.5, 1), (1, 0.07)], [(0.03, 0.04)]]


def test_several_digits_stand_side_by_side() -> None:
    for seed in range(20):
        drawing = non_digits.several(np.random.default_rng(seed), digits=(1, 0))
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        gaps = np.diff(np.sort(points[:, 0]))
        assert gaps.max() > 5


@pytest.mark.parametrize(("part", "seed"), [("both", 1), (non_digits.SETTING, -1), (non_digits.SETTING, 1 << 16)])
def test_what_there_is_not_is_said(part: str, seed: int) -> None:
    with pytest.raises(CapsDrawError, match="no drawings of part"):
        non_digits.images(1, part, seed)


def test_the_examples_are_what_the_templates_draw() -> None:
    """Else: strokes.save(drawing, …) for each of `non_digits.examples()`."""
    made = non_digits.examples()
    assert set(made) == {"letter", "forty-two", "scribble"}
    for name, drawing in made.items():
        kept = strokes.load(resource("assets") / "examples" / f"{name}.json")
        assert len(kept.strokes) == len(drawing.strokes)
        for one, other in zip(kept.strokes, drawing.strokes, strict=True):
            assert one.points == pytest.approx(other.points, abs=0.2)
            assert one.width == pytest.approx(other.width)
        points = np.concatenate([stroke.points for stroke in kept.strokes])
        assert points.min() > 0
        assert points.max() < SIDE
