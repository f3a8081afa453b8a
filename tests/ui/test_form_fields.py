"""Number fields: what is typed is what is used, or it is refused; never another number."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from capsdraw.ui.form_fields import NumberField


def typed(qtbot: QtBot, text: str, whole: bool) -> object:
    field = NumberField("batch", "Batch", whole)
    qtbot.addWidget(field)
    QTest.keyClicks(field.editor, text)
    return field.value()


@pytest.mark.parametrize(("text", "value"), [("15", 15), (" 60,000 ", 60_000), ("1,234,567", 1_234_567), ("-3", -3)])
def test_whole_numbers_are_read_as_the_app_writes_them(qtbot: QtBot, text: str, value: int) -> None:
    assert typed(qtbot, text, whole=True) == value


@pytest.mark.parametrize("text", ["1,5", "1.5", "1,50", "12,34,567", ",5", "60,00", "ten", ""])
def test_what_is_no_whole_number_is_handed_on_to_be_refused(qtbot: QtBot, text: str) -> None:
    """1,5 once became 15 epochs."""
    assert typed(qtbot, text, whole=True) == text


@pytest.mark.parametrize(("text", "value"), [("0,001", 0.001), ("0.001", 0.001), ("1e-3", 0.001), ("2,5", 2.5)])
def test_a_decimal_comma_is_as_good_as_a_point(qtbot: QtBot, text: str, value: float) -> None:
    assert typed(qtbot, text, whole=False) == value


@pytest.mark.parametrize("text", ["1,000.5", "1,2,3", "half"])
def test_what_is_no_number_is_handed_on_to_be_refused(qtbot: QtBot, text: str) -> None:
    assert typed(qtbot, text, whole=False) == text


def test_why_a_value_is_refused_is_told_to_those_who_cannot_see_it(qtbot: QtBot) -> None:
    field = NumberField("batch", "Batch", whole=True)
    qtbot.addWidget(field)
    field.refuse("0 is not between 1 and 8192")
    assert field.editor.accessibleDescription() == "0 is not between 1 and 8192"
    field.refuse("")
    assert field.editor.accessibleDescription() == ""
