"""The choice of data: what a user picks in the dialog is chosen, and a dialog that is closed changes nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import known
from capsdraw.ui.data_field import DataField, at_hand


def pick(field: DataField, words: str) -> None:
    """As a user picks a line of the list."""
    row = field.box.findText(words)
    field.box.setCurrentIndex(row)
    field.box.activated.emit(row)


@pytest.mark.parametrize(
    ("words", "dialog", "answer"),
    [
        ("A file …", "getOpenFileName", ("/somewhere/far/digits.npz", "")),
        ("A folder …", "getExistingDirectory", "/somewhere/far"),
    ],
)
def test_a_path_that_is_asked_for_is_chosen_and_shown_by_its_name(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, words: str, dialog: str, answer: object
) -> None:
    field = DataField("data", "Images")
    qtbot.addWidget(field)
    changes: list[str] = []
    field.changed.connect(lambda: changes.append(field.value()))
    monkeypatch.setattr(QFileDialog, dialog, lambda *_: answer)
    pick(field, words)
    path = answer[0] if isinstance(answer, tuple) else answer
    assert changes == [path]
    assert field.box.currentText() == Path(str(path)).name
    pick(field, words)
    assert changes == [path, path]  # the same chosen anew: other images may lie there now


@pytest.mark.parametrize(
    ("words", "dialog", "answer"),
    [("A file …", "getOpenFileName", ("", "")), ("A folder …", "getExistingDirectory", "")],
)
@pytest.mark.parametrize("before", ["fashion-mnist", "/somewhere/digits.npz", ""])
def test_a_dialog_that_is_closed_leaves_the_choice_as_it_was(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, before: str, words: str, dialog: str, answer: object
) -> None:
    field = DataField("data", "Images")
    qtbot.addWidget(field)
    field.put(before)
    shown = field.box.currentText()
    changes: list[str] = []
    field.changed.connect(lambda: changes.append(field.value()))
    monkeypatch.setattr(QFileDialog, dialog, lambda *_: answer)
    pick(field, words)
    assert (field.value(), field.box.currentText(), changes) == (before, shown, [])


def test_a_set_that_has_been_fetched_is_no_longer_called_fetched(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The archive of CIFAR-10 lies in Keras' cache; the choice stays."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    view = QWidget()
    qtbot.addWidget(view)
    field = DataField("data", "Images")
    field.setParent(view)
    field.put("cifar10")
    view.show()
    assert field.box.currentText() == "CIFAR-10 (download)"
    assert not at_hand("cifar10")
    (remote,) = known.SETS["cifar10"].files
    path = tmp_path / "datasets" / remote.file
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(remote.size)
    view.hide()
    view.show()
    assert (field.box.currentText(), field.value()) == ("CIFAR-10", "cifar10")
    assert at_hand("cifar10")


def test_the_wheel_over_the_list_is_not_meant_for_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It chose what came next, and opened a dialog at the end of the list."""
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: asked.append("file") or ("", ""))
    view = QWidget()
    qtbot.addWidget(view)
    field = DataField("data", "Images")
    field.setParent(view)
    view.show()
    before, changes = field.value(), []
    field.changed.connect(lambda: changes.append(field.value()))
    for _ in range(9):
        event = QWheelEvent(
            QPointF(9, 9), QPointF(9, 9), QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field.box, event)
        assert not event.isAccepted()  # what is around it scrolls
    assert (field.value(), changes, asked) == (before, [], [])


@pytest.mark.qt_log_ignore("This plugin does not support")  # of a list that opens
@pytest.mark.parametrize(("key", "words"), [(Qt.Key.Key_Down, "A folder …"), (Qt.Key.Key_F, "Fashion-MNIST")])
def test_by_keyboard_a_choice_is_made_in_the_open_list(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: Qt.Key, words: str
) -> None:
    """Arrows went no further than "A file …", whose dialog put the choice back."""
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: asked.append("file") or ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: asked.append("folder") or "/far/digits")
    view = QWidget()
    qtbot.addWidget(view)
    field = DataField("data", "Images")
    field.setParent(view)
    view.show()
    before = field.value()
    qtbot.keyClick(field.box, key)
    assert field.box.view().isVisible()
    assert field.value() == before
    if key == Qt.Key.Key_Down:
        qtbot.keyClick(field.box.view(), Qt.Key.Key_End)
    assert field.value() == before
    assert field.box.view().currentIndex().data().startswith(words)
    qtbot.keyClick(field.box.view(), Qt.Key.Key_Return)
    assert asked == (["folder"] if words == "A folder …" else [])
    assert field.value() == ("/far/digits" if words == "A folder …" else "fashion-mnist")


def test_pen_strokes_can_be_chosen_where_they_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    without = DataField("data", "Images")
    qtbot.addWidget(without)
    assert without.box.findData("pen-strokes") < 0
    (tmp_path / "pen-strokes.npz").touch()
    field = DataField("data", "Images")
    qtbot.addWidget(field)
    pick(field, "Pen strokes")
    assert field.value() == "pen-strokes"
