"""Nothing that a file says is taken for HTML, fills the window, or breaks a line of it."""

import ast
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from capsdraw.errors import plain
from capsdraw.fit import recipes, runs
from capsdraw.lab.names import Names
from capsdraw.nets import cards
from capsdraw.ui import plain_text
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.main_window import MainWindow

from .conftest import SOON

UI = Path(plain_text.__file__).parent
IMAGE = "<img src='/nowhere/pipe'>"
HOSTILE = f"{IMAGE}&amp; <b>bold</b> "
LONG = "x" * 5000


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def is_the_apps_own(node: ast.expr) -> bool:
    """A literal, or what `tip` made."""
    if isinstance(node, ast.Call):
        return (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) == "tip"
    return isinstance(node, ast.Constant)


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: str(path.relative_to(UI)))
def test_labels_are_plain_and_tool_tips_are_escaped(path: Path) -> None:
    for name, call in calls(path):
        assert name not in ("QLabel", "setHtml", "QTextDocument", "QTextBrowser", "QTextEdit", "QStaticText"), name
        if name == "setToolTip":
            assert is_the_apps_own(call.args[-1]), f"line {call.lineno}: a tool tip that `tip` has not seen"
        if name == "showText":
            assert is_the_apps_own(call.args[1]), f"line {call.lineno}: a tool tip that `tip` has not seen"
    assert path.name == "plain_text.py" or "(QLabel" not in path.read_text(encoding="utf-8")


def test_a_tool_tip_shows_what_stands_there() -> None:
    assert plain_text.tip("a plain one & more") == "a plain one & more"
    escaped = plain_text.tip(HOSTILE)
    assert "<img" not in escaped
    assert "&lt;img src='/nowhere/pipe'&gt;&amp;amp;" in escaped


def test_a_label_is_no_longer_than_can_be_read(qtbot: QtBot) -> None:
    label = plain_text.Label(f"{HOSTILE}\x1b[31m\n\u202e{LONG}")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert len(label.text()) <= 2000
    assert "\x1b" not in label.text()
    assert "\u202e" not in label.text()


@pytest.fixture
def hostile_home(own_home: Path) -> None:
    """A model, a run and a name, whose words are what they should not be."""
    labels = tuple(f"{label}{HOSTILE}{'y' * 400}" for label in range(10))
    for name in ("mlp", "efficient-capsnet"):
        card = cards.find(name)
        wrong = replace(card, name=f"{IMAGE[:4]}{name}", title=f"{HOSTILE}{'z' * 400}", labels=labels)
        cards.write(wrong, own_home / "models" / f"hostile-{name}.json")
        shutil.copy(card.weights, own_home / "models" / f"{wrong.name}.keras")
    folder = runs.create(replace(recipes.load("mlp"), title=HOSTILE))
    (folder / "log.csv").write_text(f"epoch,loss,accuracy,val_accuracy,{IMAGE}\n1,0.5,0.9,0.8,1\n2,0.4,0.9,0.9,1\n")
    about = json.loads((folder / "run.json").read_text())
    about |= {"title": HOSTILE + "\n\x1b[31m\u202e" + LONG, "note": HOSTILE + LONG + "\n" + LONG, "labels": labels}
    (folder / "run.json").write_text(json.dumps(about))
    (folder / "events.jsonl").write_text(
        json.dumps({"event": "Ended", "time": 1e9, "how": "failed", "message": f"{HOSTILE}\n{LONG}"}) + "\n"
    )
    Names().put("efficient-capsnet", 3, 4, IMAGE)


def texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """All words in a window, with where they stand; tool tips as the plain text that they say."""
    for widget in [window, *window.findChildren(QWidget)]:
        where = type(widget).__name__
        yield f"{where} name", widget.accessibleName()
        yield f"{where} title", widget.windowTitle()
        if isinstance(widget, QLabel | LiveText | QAbstractButton):
            yield where, widget.text()
        if isinstance(widget, QComboBox):
            yield from ((where, widget.itemText(index)) for index in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((where, text) for text in items(widget.model()))
    for action in window.findChildren(QAction):
        yield "action", action.text()


def items(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    root = parent or QModelIndex()
    for row in range(min(model.rowCount(root), 50)):
        # Of a list, Qt keeps the count of columns to itself.
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(root)):
            yield str(model.index(row, column, root).data() or "")


def tips(window: QWidget) -> Iterator[tuple[str, str]]:
    for widget in [window, *window.findChildren(QWidget)]:
        yield type(widget).__name__, widget.toolTip()
        model = widget.model() if isinstance(widget, QAbstractItemView | QComboBox) else None
        if model is not None:
            for row in range(min(model.rowCount(), 50)):
                for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
                    yield type(widget).__name__, str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")
    for action in window.findChildren(QAction):
        yield "action", action.toolTip()


def require_plain(window: MainWindow) -> None:
    for where, text in texts(window):
        lines = text.split("\n")
        assert all(plain(line) == line for line in lines), (where, text[:200])
        assert all(len(line) <= 1000 for line in lines), (where, text[:200])
    for where, text in tips(window):
        assert IMAGE not in text, (where, text)
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()[:200]
    for view in window.findChildren(QGraphicsView):
        for item in view.scene().items():
            if isinstance(item, QGraphicsTextItem):
                assert "<img" not in item.toHtml(), item.toPlainText()
    # What is said of files must fit into the window as it opens.
    assert window.minimumSizeHint().width() <= 1280


@pytest.mark.usefixtures("hostile_home")
def test_no_name_in_a_file_is_html_anywhere_in_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    """An `<img src=…>` in a card's title made the window wait for ever on a pipe."""
    window = MainWindow()
    qtbot.addWidget(window)
    assert f"{IMAGE[:4]}mlp" in window.models.of_digits
    window.show()
    for name in ("efficient-capsnet", "mlp"):
        window.use_model(f"{IMAGE[:4]}{name}")
        qtbot.waitUntil(lambda: window.readout.bars.scores is not None, timeout=60_000)
        for index in range(window.tabs.count()):
            window.tabs.setCurrentIndex(index)
            qtbot.wait(20)
            require_plain(window)
    window.tabs.setCurrentWidget(window.train)
    qtbot.waitUntil(lambda: bool(window.train.shelf.listed), timeout=SOON)
    run = window.train.shelf.listed[0]
    window.train.runs.tick(run.folder, True)
    window.train.shelf._compare([run.folder])
    bad = tmp_path / f"{IMAGE.replace('/', '_')}\n\x1b[31m.png"
    bad.write_bytes(b"no picture")
    with qtbot.waitSignal(window.files.failed, timeout=SOON):
        window.files.open(bad)
    qtbot.waitUntil(lambda: bool(window.train.shelf._laid), timeout=SOON)
    window.train.turn(1)
    qtbot.wait(50)
    require_plain(window)
    assert window.message.text.startswith("cannot read '<img src=")
    window.close()
