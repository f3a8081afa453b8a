"""Where a file is saved: the dialog adds the ending that belongs to the form."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.nets.cache import SessionCache
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.save_dialog import ask_where
from capsdraw.ui.train.curves import Curves

FORMS = ("JSON (*.json)", "Table (*.csv)")


def answer(monkeypatch: pytest.MonkeyPatch, path: Path, form: str = "") -> None:
    """The user types a path without an ending, and may choose another form before."""

    def exec_(dialog: QFileDialog) -> int:
        if form:
            dialog.selectNameFilter(form)
            dialog.filterSelected.emit(form)
        dialog.selectFile(str(path))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", exec_)


def test_the_ending_is_that_of_the_form_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    answer(monkeypatch, tmp_path / "mine")
    assert ask_where(parent, "Numbers", "capsule", FORMS) == tmp_path / "mine.json"
    assert ask_where(parent, "Numbers", "capsule", FORMS, first=1) == tmp_path / "mine.csv"
    answer(monkeypatch, tmp_path / "mine", FORMS[1])
    assert ask_where(parent, "Numbers", "capsule", FORMS) == tmp_path / "mine.csv"
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 0)
    assert ask_where(parent, "Numbers", "capsule", FORMS) is None


def test_a_name_with_dots_gets_its_ending_too(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Qt takes what follows a dot for an ending: the app's own suggestion, "digits.v2-sets", was refused."""
    parent = QWidget()
    qtbot.addWidget(parent)
    answer(monkeypatch, tmp_path / "run 1.5")
    assert ask_where(parent, "Numbers", "capsule", FORMS) == tmp_path / "run 1.5.json"
    for typed in ("own.csv", "own.CSV", "own.jpg"):  # of another form, or of others that are taken
        answer(monkeypatch, tmp_path / typed)
        assert ask_where(parent, "Numbers", "capsule", FORMS, others=("jpg",)) == tmp_path / typed
    offered: list[str] = []

    def accept(dialog: QFileDialog) -> int:
        offered.append(Path(dialog.selectedFiles()[0]).name)
        return 1

    monkeypatch.setattr(QFileDialog, "exec", accept)
    ask_where(parent, "Numbers", "digits.v2-sets", FORMS, first=1)
    assert offered == ["digits.v2-sets.csv"]


def test_a_file_that_has_the_name_with_its_ending_is_asked_about(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (tmp_path / "run 1.5.json").write_text("old")
    answer(monkeypatch, tmp_path / "run 1.5")
    asked: list[str] = []

    def question(_: object, __: str, words: str) -> QMessageBox.StandardButton:
        asked.append(words)
        return QMessageBox.StandardButton.Yes if len(asked) > 1 else QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    assert ask_where(parent, "Numbers", "capsule", FORMS) == tmp_path / "run 1.5.json"
    assert asked == 2 * ["'run 1.5.json' is there already. Replace it?"]  # after No, the dialog is there again


def test_curves_and_comparisons_get_an_ending_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their dialogs took the name as it was typed, and the file was refused or had no ending."""
    saved: list[str] = []
    answer(monkeypatch, tmp_path / "seen")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "seen"), ""))
    for view in (CompareTab(SessionCache()), Curves()):
        qtbot.addWidget(view)
        view.saved.connect(saved.append)
        view.failed.connect(saved.append)
        if isinstance(view, CompareTab):
            view.export.click()
        else:
            view.export.findChild(QMenu).actions()[1].trigger()
    assert saved == ["Saved seen.png", "Saved seen.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seen.csv", "seen.png"]
