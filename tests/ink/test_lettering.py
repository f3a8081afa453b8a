"""Words on saved pictures are read as in the window, whatever letters they have."""

import pytest

from capsdraw.ink import lettering
from capsdraw.ink.lettering import typeface


def test_what_pillow_has_is_written_as_ever() -> None:
    own, other = typeface("number 7: −0.3".replace("−", "-"), 13), typeface("größe", 13)
    assert own.getname() == typeface("", 13).getname() != other.getname()  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["größe", "é è ñ œ Š Ł", "Ж щ", "λ Ω"])
def test_no_letter_is_a_box(text: str) -> None:
    font = typeface(text, 13)
    assert lettering._lacking(font, text) == 0
    assert abs(font.getbbox("x")[3] - typeface("x", 13).getbbox("x")[3]) <= 3


def test_where_no_other_typeface_is_here_pillow_s_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_opened", lambda _: None)
    assert typeface("größe", 13).getname() == typeface("x", 13).getname()  # type: ignore[union-attr]
