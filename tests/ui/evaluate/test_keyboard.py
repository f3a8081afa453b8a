"""Evaluate without a mouse: Tab comes through each face and leaves it again."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.evaluate.views import fill, table
from capsdraw.ui.main_window import MainWindow

from ..conftest import walk
from .conftest import Measure, choose, ended
from .test_sets_view import SETS, compare


def test_tab_leaves_a_table(qtbot: QtBot) -> None:
    """It went from cell to cell, a thousand of them, and round again."""
    host, first, last = QWidget(), QLineEdit(), QLineEdit()
    qtbot.addWidget(host)
    rows = table(("One", "Two"), ("", ""), "Rows")
    fill(rows, [["a", "b"]] * 5)
    layout = QVBoxLayout(host)
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    for widget in (first, rows, last):
        layout.addWidget(widget)
    with qtbot.waitExposed(host):
        host.show()
    assert walk(qtbot, first) == [rows, last, first]
    assert walk(qtbot, first, back=True) == [last, rows, first]


def test_the_focus_stays_in_the_room_from_start_to_the_end(
    qtbot: QtBot, tab: EvaluateTab, measure: Measure, digits: Path
) -> None:
    """Start is off while a model is measured, and the focus went to the window's other side."""
    measure("mlp")
    tab.start.setFocus()
    qtbot.keyClick(tab.start, Qt.Key.Key_Space)
    assert tab.examiner.busy
    assert QApplication.focusWidget() is tab.cancel
    ended(qtbot, tab)
    assert QApplication.focusWidget() is tab.start
    choose(tab, "efficient-capsnet", digits)
    qtbot.keyClick(tab.start, Qt.Key.Key_Space)
    qtbot.keyClick(tab.cancel, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is tab.faces[0]
    ended(qtbot, tab)


@pytest.mark.slow
def test_tab_goes_through_every_face_and_leaves(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path
) -> None:
    canvas = window.panel.canvas
    measure("mlp")
    for face, shown in enumerate((tab.result.table, tab.confusion.matrix, tab.mistakes.gallery.wall)):
        qtbot.mouseClick(tab.faces[face], Qt.MouseButton.LeftButton)
        walked = walk(qtbot, canvas)
        assert shown in walked
        assert tab.start in walked
        assert set(walk(qtbot, canvas, back=True)) == set(walked)
    compare(qtbot, tab, digits, "mlp", "keras-cnn")
    assert tab.faces[SETS].isChecked()
    walked = walk(qtbot, canvas)
    assert {tab.sets.sets, tab.sets.explain, tab.sets.pairs, tab.start} <= set(walked)
    assert set(walk(qtbot, canvas, back=True)) == set(walked)
    # The columns are explained where one has no pointer to rest on their heads, too.
    assert not tab.sets.explained.isVisible()
    tab.sets.explain.setFocus()
    qtbot.keyClick(tab.sets.explain, Qt.Key.Key_Space)
    assert tab.sets.explained.isVisible()
    assert "p, luck: how often" in tab.sets.explained.text()
