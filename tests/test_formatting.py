"""One way to write a class, a shape and a figure."""

import pytest

from capsdraw.formatting import class_name, many, signed, times


def test_a_class_without_a_name_is_its_number() -> None:
    assert [class_name(("cat", "dog"), index) for index in range(3)] == ["cat", "dog", "2"]
    assert class_name((), 7) == "7"


def test_a_shape_is_its_sides() -> None:
    assert times((28, 28, 1)) == "28 × 28 × 1"
    assert times((1152, 8)) == "1152 × 8"
    assert times((1152, 8), grouped=True) == "1,152 × 8"
    assert times((10,)) == "10"


def test_one_is_not_several() -> None:
    assert [many(count, "map") for count in (0, 1, 2, 1152)] == ["0 maps", "1 map", "2 maps", "1,152 maps"]


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(-0.314, 2, "−0.31"), (0.314, 1, "0.3"), (-38.2, 0, "−38"), (-0.001, 2, "0.00")]
)
def test_a_minus_is_as_wide_as_a_plus_and_zero_has_none(value: float, digits: int, text: str) -> None:
    assert signed(value, digits) == text


def test_what_is_added_has_its_sign() -> None:
    assert [signed(value, plus=True) for value in (-0.25, -0.001, 0.0, 0.05)] == ["−0.25", "+0.00", "+0.00", "+0.05"]
