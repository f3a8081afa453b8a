"""What the window remembers: it comes back, and what an earlier version kept runs nothing."""

import base64
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QSettings
from pytestqt.qtbot import QtBot

from capsdraw.ui import settings
from capsdraw.ui.lab.kept_drawing import KeptDrawing
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.morph_memory import as_drawings, as_records
from capsdraw.ui.settings import SessionState, ThemeChoice

KEPT = KeptDrawing(
    np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(28, 28), "capsnet", 3, "3", True, (0.25, -0.5), "5" * 64
)


class Program:
    """Runs when it is unpickled."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self.made),)


def opened(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    return window


def is_restored(window: MainWindow, height: int) -> bool:
    """Whether it is as high as it was, but for what Qt takes off of one larger than the screen; a new one has 800."""
    return abs(window.height() - height) < 10


def by_qt(home: Path, **values: Any) -> bytes:
    """A `settings.ini` as earlier versions wrote it."""
    kept = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
    for name, value in values.items():
        kept.setValue(name, value)
    kept.sync()
    return (home / "settings.ini").read_bytes()


def test_model_and_window_are_remembered(qtbot: QtBot, own_home: Path) -> None:
    first = opened(qtbot)
    first.resize(1111, 777)
    first.use_model("mlp")
    assert first.close()
    second = opened(qtbot)
    assert second.reader.model == "mlp"
    assert is_restored(second, 777)
    assert second.close()
    assert [path.name for path in own_home.iterdir() if path.is_file()] == ["settings.json"]


def test_a_python_object_in_settings_runs_nothing(qtbot: QtBot, own_home: Path) -> None:
    """Qt's reader would unpickle it: whoever can write one file could run any program."""
    content = by_qt(own_home, model=Program(own_home / "ran"), geometry=Program(own_home / "ran"))
    assert b"PyObjectWrapper" in content
    window = opened(qtbot)
    assert window.reader.model == "efficient-capsnet"
    assert window.close()
    assert opened(qtbot).close()
    assert not (own_home / "ran").exists()
    assert (own_home / "settings.ini").read_bytes() == content


def test_settings_of_an_earlier_version_are_taken_over_once(qtbot: QtBot, own_home: Path) -> None:
    first = opened(qtbot)
    first.resize(1111, 777)
    content = by_qt(own_home, model="mlp", geometry=first.saveGeometry())
    assert first.close()
    (own_home / "settings.json").unlink()
    second = opened(qtbot)
    assert second.reader.model == "mlp"
    assert is_restored(second, 777)
    second.use_model("capsnet")
    assert second.close()
    third = opened(qtbot)
    assert third.reader.model == "capsnet"
    assert third.close()
    assert (own_home / "settings.ini").read_bytes() == content


@pytest.mark.parametrize("geometry", [bytes(range(256)) + b'a1\x01f;,="\\()\x009', b"", b"\x00" * 70])
@pytest.mark.parametrize("model", ["mlp", "ein Modell, ü;\\x", 'a "b"', "a\tb"])
def test_all_that_qt_writes_of_texts_and_bytes_is_read(own_home: Path, geometry: bytes, model: str) -> None:
    by_qt(own_home, model=model, geometry=QByteArray(geometry))
    assert settings.read() == (SessionState(model=model, geometry=base64.b64encode(geometry).decode()), "")


@pytest.mark.parametrize(
    "content",
    [
        "[General]\nmodel=@Variant(\\0\\0\\0\\x7f)\ngeometry=@Variant(x)\n", "[General]\nmodel=@Invalid()\n", "",
        "geometry=@ByteArray(\\xffff)\n", "geometry=@ByteArray(\\xffffff)\n", "model=@\n", "geometry=@ByteArray(\n",
        "geometry=@ByteArray(" + "x" * 10_000 + ")\n",
    ],
)  # fmt: skip
def test_what_is_no_text_and_no_bytes_is_passed_over(own_home: Path, content: str) -> None:
    (own_home / "settings.ini").write_text(content)
    assert settings.read() == (SessionState(), "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"), ('{"model": 5}', "model: expected a text, received 5"),
        ('{"geometry": "%"}', "geometry: expected at most 4,000 characters of base64, received"),
    ],
)  # fmt: skip
def test_damaged_settings_are_said_and_keep_the_app_from_nothing(
    qtbot: QtBot, own_home: Path, content: str, says: str
) -> None:
    (own_home / "settings.json").write_text(content)
    window = opened(qtbot)
    assert f"cannot read the settings 'settings.json': {says}" in window.left_out.text()
    assert window.close()
    assert settings.read()[0].model == "efficient-capsnet"


def test_a_newer_versions_settings_are_read(own_home: Path) -> None:
    (own_home / "settings.json").write_text(json.dumps({"model": "mlp", "sound": {"volume": 3}}))
    assert settings.read() == (SessionState(model="mlp"), "")


def test_wrong_entries_are_left_out_one_by_one_and_said_in_one_line(own_home: Path) -> None:
    """What else was set is as it was: one wrong entry once cost them all."""
    (own_home / "settings.json").write_text(
        json.dumps({"model": "mlp", "theme": "pink", "pen": -3, "recent": [1], "faces": {"lab": "Sweep"}, "morph": 1})
    )
    state, said = settings.read()
    assert state == SessionState(model="mlp", faces={"lab": "Sweep"})
    assert said.startswith("cannot read the settings 'settings.json': ")
    for part in (
        'theme: expected "system" or "light" or "dark"', "pen: expected 0, or 1 to 400, received -3",
        "recent[0]: expected a text, received 1", "morph: expected a list, received 1",
    ):  # fmt: skip
        assert part in said
    assert "\n" not in said
    assert said.count("cannot read") == 1


def test_all_that_is_remembered_comes_back() -> None:
    state = SessionState(
        model="mlp", geometry="AAAA", theme=ThemeChoice.DARK, tab="lab", faces={"lab": "Sweep"}, pen=12.5,
        splitters={"main": [400, 800]}, compared=["mlp", "capsnet"], plan={"family": "mlp", "epochs": 3},
        morph=as_records([None, KEPT]),
        recent=["/a/b.json"],
    )  # fmt: skip
    assert settings.write(state) == ""
    assert settings.read() == (state, "")
    assert state.window == b"\0\0\0"


def test_drawings_that_are_kept_for_a_morph_come_back() -> None:
    assert settings.write(SessionState(morph=as_records([None, KEPT]))) == ""
    first, second = as_drawings(settings.read()[0].morph)
    assert first is None
    assert second is not None
    assert np.array_equal(second.digit, KEPT.digit)
    assert (second.model, second.label, second.name, second.chosen, second.offsets, second.net) == (
        "capsnet", 3, "3", True, (0.25, -0.5), "5" * 64
    )  # fmt: skip
    assert as_records([None, None]) == []
    assert as_drawings([]) == [None, None]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"shape": [2, 3]}, "morph: expected at most 2 ends, each whole"), ({"shape": [10**9, 10**9]}, "each whole"),
        ({"pixels": "%"}, "each whole"), ({"pixels": "AACAfw=="}, "each whole"), ({"label": "x"}, "label: expected"),
    ],
)  # fmt: skip
def test_an_end_of_the_walk_that_is_not_whole_is_left_out(own_home: Path, changed: dict[str, Any], says: str) -> None:
    [end] = as_records([KEPT])
    assert end is not None
    (own_home / "settings.json").write_text(json.dumps({"model": "mlp", "morph": [None, asdict(end) | changed]}))
    state, said = settings.read()
    assert (state.model, state.morph) == ("mlp", [])
    assert says in said


def test_the_ten_newest_files_are_recent() -> None:
    recent: list[str] = []
    for number in [*range(12), 5]:
        recent = settings.with_recent(recent, Path(f"/files/{number}.json"))
    assert [Path(name).stem for name in recent] == ["5", "11", "10", "9", "8", "7", "6", "4", "3", "2"]


def test_settings_that_cannot_be_written_are_said_to_be(own_home: Path) -> None:
    own_home.rmdir()
    own_home.write_text("a file")
    assert settings.write(SessionState()).startswith("cannot keep the settings in 'settings.json': ")


@pytest.mark.slow
def test_a_bad_card_is_said_in_one_quiet_line_and_all_else_works(qtbot: QtBot, own_home: Path) -> None:
    card = json.loads((Path("trained") / "mlp.json").read_text())
    (own_home / "models").mkdir()
    for name, wrong in (("low", {"test_error_percent": "low"}), ("five", {"title": 5}), ("four", {"options": 4})):
        (own_home / "models" / f"{name}.json").write_text(json.dumps(card | {"name": name} | wrong))
    window = opened(qtbot)
    with qtbot.waitSignal(window.reader.answered, timeout=60_000):
        window.show()
    says = "cannot read the model card 'five.json': title: expected a text, received 5 (and 2 more)"
    assert window.left_out.text() == says
    assert "'low.json': test_error_percent" in window.left_out.toolTip()
    qtbot.waitUntil(window.left_out.isVisible, timeout=60_000)  # the example's name stands there for some seconds
    assert not window.message.isVisible()
    names = [window.picker.itemData(row) for row in range(len(window.picker.names))]
    assert "mlp" in names
    assert not {"low", "five", "four"} & set(names)
    (own_home / "models" / "five.json").unlink()
    window.tabs.setCurrentWidget(window.evaluate)
    qtbot.waitUntil(lambda: "'four.json'" in window.left_out.text(), timeout=60_000)
    assert window.close()
