"""The glossary by keys and by mouse: search, read, follow a link, go back."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.teach import glossary
from capsdraw.ui.teach.glossary_dialog import GlossaryDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of windows of their own


def opened(qtbot: QtBot, word: str = "") -> GlossaryDialog:
    dialog = GlossaryDialog()
    qtbot.addWidget(dialog)
    dialog.open_at(word)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_a_word_is_looked_for_and_read_by_keys_alone(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    assert dialog.search.hasFocus()
    qtbot.keyClicks(dialog.search, "rout")
    assert dialog.title.text() == "Routing"
    assert "Paik" in dialog.source.text()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    second = dialog.words.item(1)
    assert dialog.shown is not None
    assert second is not None
    assert dialog.shown.word == second.text() != "routing"
    qtbot.keyClick(dialog.search, Qt.Key.Key_Up)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.text.hasFocus()
    assert dialog.text.links[0] == "vote"
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    assert dialog.title.text() == "Vote"
    qtbot.keyClick(dialog.text, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert dialog.title.text() == "Routing"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_it_opens_at_a_word_by_any_of_its_names(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "Grad-CAM")
    assert dialog.title.text() == "Heat"
    current = dialog.words.currentItem()
    assert current is not None
    assert current.text() == "heat"
    assert dialog.words.count() == len(glossary.entries())


def test_every_link_of_every_entry_is_clicked_and_leads_there(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    for entry in glossary.entries():
        dialog.open_at(entry.word)
        for number, word in enumerate(dialog.text.links):
            place = dialog.text.place(number).center().toPoint()
            qtbot.mouseClick(dialog.text, Qt.MouseButton.LeftButton, pos=place)
            assert dialog.shown is glossary.find(word)
            qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
            assert dialog.shown is entry


def test_nothing_that_fits_is_said(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    qtbot.keyClicks(dialog.search, "zebra")
    assert dialog.none.isVisible()
    assert not dialog.title.isVisible()
    dialog.search.clear()
    assert dialog.title.isVisible()
