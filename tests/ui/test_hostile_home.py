"""The window opens, whatever lies in the user's own folder in place of what it reads at its start."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.fit import runs
from capsdraw.ui.main_window import MainWindow

from ..faults.mutator import VALUES

OLDER = Path(__file__).parents[1] / "older_files"
RUN = "mlp-2026-11-02-101500"
READ = (
    "settings.json", "settings.ini", "names.json", "models/first.json", "models/bare.json", f"runs/{RUN}/config.toml",
    f"runs/{RUN}/run.json", f"runs/{RUN}/log.csv", f"runs/{RUN}/events.jsonl", f"runs/{RUN}/lock.json",
)  # fmt: skip


def a_folder(path: Path, _: random.Random) -> None:
    path.mkdir()


def a_pipe(path: Path, _: random.Random) -> None:
    os.mkfifo(path)


def a_link_to_itself(path: Path, _: random.Random) -> None:
    path.symlink_to(path)


def a_link_to_nothing(path: Path, _: random.Random) -> None:
    path.symlink_to(path.parent / "nowhere" / "at all")


def endless(path: Path, _: random.Random) -> None:
    path.symlink_to("/dev/zero")


def unreadable_bytes(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(3000))


def a_value(path: Path, chance: random.Random) -> None:
    path.write_text(chance.choice(VALUES))


def three_thousand_lines(path: Path, chance: random.Random) -> None:
    lines = [chance.choice(("y", "[c]", "[[d]]", "{", "1,nan")) for _ in range(3000)]
    path.write_text("\n".join(["[a.b]", "x = 1", *lines]))


def long_numbers(path: Path, _: random.Random) -> None:
    path.write_text(f'{{"model": {"9" * 4301}, "epoch": {"9" * 4301}}}\nepoch,{"9" * 140_000}\n1e999,{"9" * 4301}\n')


WHAT: tuple[Callable[[Path, random.Random], None], ...] = (
    a_folder, a_pipe, a_link_to_itself, a_link_to_nothing, endless, unreadable_bytes, a_value, three_thousand_lines,
    long_numbers,
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="no such files there")
@pytest.mark.parametrize("what", WHAT)
def test_the_window_opens_whatever_lies_in_its_home(
    what: Callable[[Path, random.Random], None], qtbot: QtBot, own_home: Path
) -> None:
    shutil.copytree(OLDER, own_home, dirs_exist_ok=True)
    for name in READ:
        path = own_home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        what(path, random.Random(name))
    window = MainWindow()
    qtbot.addWidget(window)
    assert "mlp" in window.models.of_digits
    assert all(len(line) < 1500 and line.isprintable() for line in window.models.left_out)
    assert runs.list_runs() == []
    window.close()


@pytest.mark.parametrize("place", ["models", "runs", "cache", "names.json/deeper", ""])
def test_the_window_opens_where_a_folder_of_its_home_is_a_file(place: str, qtbot: QtBot, own_home: Path) -> None:
    path = own_home / place
    if not place:
        shutil.rmtree(own_home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file")
    window = MainWindow()
    qtbot.addWidget(window)
    assert "mlp" in window.models.of_digits
    assert runs.list_runs() == []
    window.close()
