"""Sweeps that were begun and cannot be read any more."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from capsdraw.sweep import sweep_folder
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.train.several import Several

SOON = 20_000


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_sweep_that_cannot_be_read_is_listed_and_says_why_when_it_is_to_be_shown(qtbot: QtBot) -> None:
    """It was left out in silence."""
    (sweep_folder.root() / "mine").mkdir(parents=True)
    (sweep_folder.root() / "mine" / sweep_folder.FITS).write_text("[")
    jobs = Jobs()
    face = Several(jobs, lambda: False)
    jobs.setParent(face)  # it ends with it, as a window's does

    def close(_: QWidget) -> None:
        face.close_sweeper()
        jobs.close()

    qtbot.addWidget(face, before_close_func=close)
    face.resize(640, 560)
    face.show()
    qtbot.waitUntil(face.form.look.isVisible, timeout=SOON)
    assert face.form.earlier.currentText() == "mine · cannot be read"
    said: list[str] = []
    face.failed.connect(said.append)
    qtbot.mouseClick(face.form.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said), timeout=SOON)
    assert said[0].startswith("sweep 'mine': cannot read sweep's list 'fits.json'")
    assert said[0].endswith("; delete its folder")
