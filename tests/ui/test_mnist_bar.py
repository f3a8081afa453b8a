"""MNIST is offered for download where it is not: asked for, told of, stopped at once, never by itself."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.known import SETS
from capsdraw.datasets.sources import local_data
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.mnist_bar import MnistBar
from tests.datasets.conftest import Server, server

__all__ = ["server"]  # the fixture

SOON = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def published(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A small MNIST on a server of this machine, which has no data yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    images, labels = synthetic.digits(60, 3)
    file = io.BytesIO()
    np.savez(file, x_train=images[:40], y_train=labels[:40], x_test=images[40:], y_test=labels[40:])
    server.files["/mnist.npz"] = content = file.getvalue()
    [remote] = SETS["mnist"].files
    digest = hashlib.sha256(content).hexdigest()
    small = replace(remote, url=server.url("/mnist.npz"), size=len(content), sha256=digest)
    monkeypatch.setitem(SETS, "mnist", replace(SETS["mnist"], files=(small,), train=40, test=20))
    return server


@pytest.fixture
def bar(published: Server, qtbot: QtBot) -> Iterator[MnistBar]:
    jobs, host = Jobs(), QWidget()
    made = MnistBar(jobs, host)
    qtbot.addWidget(host)
    host.resize(900, 60)
    made.resize(900, 60)
    host.show()
    assert not made.isVisible()
    made.offer()
    assert published.asked == []
    yield made
    made.stop()
    jobs.close()


def test_it_is_fetched_when_the_user_asks_for_it(qtbot: QtBot, bar: MnistBar) -> None:
    assert bar.isVisible()
    assert "people wrote" in bar.words.text()
    with qtbot.waitSignal(bar.fetched, timeout=SOON):
        qtbot.mouseClick(bar.download, LEFT)
        assert not bar.download.isVisible()
        assert bar.cancel.isVisible()
    assert local_data("mnist") is not None
    assert not bar.isVisible()


def test_it_tells_how_far_it_is_and_a_cancel_leaves_nothing(
    qtbot: QtBot, bar: MnistBar, published: Server, tmp_path: Path
) -> None:
    published.stalled.add("/mnist.npz")
    qtbot.mouseClick(bar.download, LEFT)
    qtbot.waitUntil(lambda: bar.bar.maximum() > 0 and bar.bar.value() > 0, timeout=SOON)
    assert bar.bar.value() < bar.bar.maximum()
    assert bar.words.text().startswith("Downloading MNIST: 0.")
    bar.offer()  # another test digit is asked for meanwhile
    assert bar.cancel.isVisible()
    qtbot.mouseClick(bar.cancel, LEFT)
    qtbot.waitUntil(bar.download.isVisible, timeout=SOON)
    assert "people wrote" in bar.words.text()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert local_data("mnist") is None


def test_what_went_wrong_is_said_and_it_can_be_tried_again(qtbot: QtBot, bar: MnistBar, published: Server) -> None:
    content = published.files.pop("/mnist.npz")
    qtbot.mouseClick(bar.download, LEFT)
    qtbot.waitUntil(lambda: "could not be downloaded" in bar.words.text(), timeout=SOON)
    published.files["/mnist.npz"] = content
    with qtbot.waitSignal(bar.fetched, timeout=SOON):
        qtbot.mouseClick(bar.download, LEFT)


def test_who_declines_is_not_asked_again(qtbot: QtBot, bar: MnistBar, published: Server) -> None:
    qtbot.mouseClick(bar.close_button, LEFT)
    bar.offer()
    assert not bar.isVisible()
    assert published.asked == []
