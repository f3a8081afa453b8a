"""A measurement tells what it could not measure, and has figures of everything else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from capsdraw.bench import benchmark, children, hand, machine, operations
from capsdraw.bench.driven import DrivenWindow
from capsdraw.cli.main import main
from capsdraw.errors import CapsDrawError
from capsdraw.nets import zoo

_SPREAD = machine.spread(range(1, 101))
_START = {"window_ms": 500.0, "parts_ms": 550.0, "answer_ms": 600.0, "memory_window": 90.0, "memory_answer": 130.0}
_SHARE = {"ms": 10.0, "share_of_one_thread": 0.5, "share_of_all_cores": 0.25}
_MACHINE = {"cores": 2, "product_ms": 4.0, "peak_one_thread": 70.0, "peak_all_cores": 140.0, "python": "3.11"}


def said(part: str, *words: str, **_: Any) -> Any:
    """What a child would say."""
    match part:
        case "starting":
            if words == ("bare",):
                return {"window_ms": 400.0, "memory_window": 60.0}
            return _START | ({"memory_answer": 780.0} if words == ("heavy",) else {})
        case "hand":
            figures = dict.fromkeys(("pen", "slider", "loop"), _SPREAD)
            return {"model": words[0], "beside": words[3], "product_ms": 4.0, "memory": 130.0} | figures
    net = {"model": words[0], "operations": 4e8, "light": None, "step": None}
    return {"machine": _MACHINE, "nets": [net | {"heavy": {"batch_1": _SHARE, "batch_100": _SHARE}}]}


@pytest.fixture
def children_say(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    def say(ask: Callable[..., Any]) -> None:
        monkeypatch.setattr(children, "ask", ask)
        monkeypatch.setattr(children, "forget", lambda _: True)
        monkeypatch.setattr(benchmark, "make_light", lambda *_: None)

    return say


def test_the_table_has_a_line_for_each_figure(
    children_say: Callable[[Callable[..., Any]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    children_say(said)
    assert main(["bench", "--quick"]) == 0
    printed, fault = capsys.readouterr()
    assert fault == ""
    for line in (
        "window over bare window: 1.25", "first answer over window: 1.20",
        "first answer over window with all its parts: 1.09",
        "memory after the first answer, over Keras': 0.17", "2 cores; product of two 512 x 512 matrices",
    ):  # fmt: skip
        assert line in printed
    for beside in ("", ", beside busy processes", ", beside a CapsNet fit"):
        assert f"pen to answer, efficient-capsnet{beside} " in printed
        assert f"slider to picture, capsnet{beside} " in printed


def test_a_part_that_fails_is_one_line_and_stops_no_other(
    children_say: Callable[[Callable[..., Any]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(part: str, *words: str, **how: Any) -> Any:
        if part == "hand" and words[0] == "capsnet" and words[3] == "busy":
            raise CapsDrawError("the answer to a pen's move did not come within 20 s")
        return said(part, *words, **how)

    children_say(ask)
    assert main(["bench", "--quick", "--json"]) == 1
    printed, fault = capsys.readouterr()
    line = "pen and slider, capsnet, busy: the answer to a pen's move did not come within 20 s"
    assert fault == f"capsdraw: {line}\n"
    result = json.loads(printed)
    assert result["failed"] == [line]
    assert len(result["hands"]) == 5
    assert {net["model"] for net in result["nets"]} == {"capsnet", "efficient-capsnet"}


def test_the_user_s_own_settings_and_models_are_left_alone(
    own_home: Path, children_say: Callable[[Callable[..., Any]], None]
) -> None:
    homes = []

    def ask(part: str, *words: str, home: Path, **how: Any) -> Any:
        homes.append(home)
        return said(part, *words, **how)

    children_say(ask)
    assert main(["bench", "--quick"]) == 0
    assert homes
    assert own_home not in homes
    assert list(own_home.iterdir()) == []
    assert not any(home.exists() for home in homes)


def test_a_child_that_takes_too_long_or_fails_has_no_figures() -> None:
    with pytest.raises(CapsDrawError, match=r"^it took longer than its 0 s$"):
        children.ask("starting", "bare", seconds=0.02)
    with pytest.raises(CapsDrawError, match="No module named"):
        children.ask("nothing", seconds=60)


def test_an_answer_that_does_not_come_is_no_figure(qtbot: QtBot) -> None:  # noqa: ARG001 (an application)
    awake = QTimer()
    awake.start(10)
    with pytest.raises(CapsDrawError, match=r"^the answer did not come within 0 s$"):
        DrivenWindow.until(None, lambda: False, "the answer", 0.05)  # type: ignore[arg-type]


def test_moves_that_ask_for_nothing_are_no_figures() -> None:
    with pytest.raises(CapsDrawError, match="the pen asked for an answer in 40 of 120 moves"):
        hand._enough([0.1] * 40, 100, "the pen")
    assert hand._enough([9.0] * 20 + [1.0] * 95, 100, "the pen") == [1.0] * 95


def test_operations_are_counted_from_the_layers() -> None:
    assert operations.forward(zoo.build("mlp")) == 2 * (784 * 50 + 50 * 10)
    net = zoo.build("capsnet")
    convolutions = 2 * (81 * 256 * 400 + 81 * 256 * 256 * 36)
    capsules = 2 * 1152 * 10 * 16 * (8 + 5)
    assert operations.forward(net) == convolutions + capsules
    assert operations.step(net) == 3 * (convolutions + capsules + 2 * (160 * 512 + 512 * 1024 + 1024 * 784))


def test_a_spread_says_of_how_many() -> None:
    assert machine.spread(np.arange(101.0)) == {"median": 50, "p95": 95, "p99": 99, "max": 100, "count": 101}


@pytest.mark.slow
def test_start_and_hand_are_measured_in_the_real_window(own_home: Path) -> None:
    bare = children.ask("starting", "bare", seconds=120, home=own_home)
    start = children.ask("starting", "light", seconds=200, home=own_home)
    assert bare["window_ms"] > 0
    assert 0 < start["window_ms"] <= start["parts_ms"] <= start["answer_ms"]
    figures = children.ask("hand", "efficient-capsnet", "20", "0.2", "busy", seconds=300, home=own_home)
    assert figures["pen"]["count"] >= 18
    assert figures["slider"]["count"] >= 18
    assert figures["loop"]["count"] > 0
    assert figures["memory"] > 20
