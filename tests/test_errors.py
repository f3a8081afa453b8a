"""What goes wrong is told in one line, whatever an exception of Python's or of a library's says, or does not say."""

import errno
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.datasets import fetch
from capsdraw.errors import CapsDrawError, first_line, plain, refusal
from capsdraw.fit import adopt, checkpoint, loop, recipes, runs
from capsdraw.fit.plan import Plan
from capsdraw.nets import cards, keras_file, zoo
from capsdraw.ui.worker import in_words

# Message, and what is told of a ValueError with it.
MESSAGES = {
    "": "ValueError",
    "\n": "ValueError",
    " \r\n\t\n\x0b": "ValueError",
    "\x1b[1m\x1b[0m": "ValueError",
    "\n\n  too small\nand more": "too small",
    "\x1b[1mtoo\x1b[0m\tsmall\x07": "too small\N{REPLACEMENT CHARACTER}",
    "x" * 10_000: "x" * 499 + "…",
}


@pytest.mark.parametrize(("message", "told"), MESSAGES.items(), ids=range(len(MESSAGES)))
def test_an_exception_is_told_in_one_line(message: str, told: str) -> None:
    assert first_line(ValueError(message)) == told
    named = first_line(ValueError(message), named=True)
    assert named == (told if told == "ValueError" else f"ValueError: {told}"[:499] + "…" * (len(told) == 500))


def test_an_error_of_two_values_is_told_too() -> None:
    assert first_line(OSError()) == "OSError"
    assert first_line(KeyError("input")) == "'input'"
    assert first_line(FileNotFoundError(2, "No such file", "a\nb")) == "[Errno 2] No such file: 'a\\nb'"


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066])
def test_a_terminal_obeys_nothing_in_plain_text(code: int) -> None:
    made = plain(f"a{chr(code)}b")
    assert len(made.splitlines()) == 1
    assert not any(unicodedata.category(one) == "Cc" or unicodedata.bidirectional(one) == "RLO" for one in made)
    assert (made[0], made[-1]) == ("a", "b")


def test_plain_text_keeps_what_people_write() -> None:
    assert plain("Ziffern, größer als 5 × 5 – “数字” 🖊️ [bold]") == "Ziffern, größer als 5 × 5 – “数字” 🖊️ [bold]"


def load(_: Path) -> None:
    zoo.load(cards.find("mlp"))


def resume(folder: Path) -> None:
    recipe = recipes.load("mlp")
    (folder / runs.CONFIG).write_text(recipes.to_toml(recipe))
    (folder / checkpoint.LAST).touch()
    checkpoint.start_or_resume(Plan.of(recipe, np.zeros((1, 28, 28), np.uint8), np.zeros(1, int)), folder)


def keep(folder: Path) -> None:
    (folder / checkpoint.BEST).touch()
    run = runs.Run(folder, recipes.load("mlp"), "Mine", "", "finished", (), 0.0)
    adopt.adopt(run, "Mine", np.zeros((0, 28, 28), np.uint8), np.zeros(0, int))


@pytest.mark.parametrize("message", ["", "\n", "x" * 10_000], ids=["empty", "newline", "long"])
@pytest.mark.parametrize("read", [load, resume, keep])
def test_a_model_that_keras_cannot_read_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], None], message: str
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(message)

    monkeypatch.setattr(keras.saving, "load_model", broken)
    monkeypatch.setattr(keras_file, "require_sound", lambda _: 0)
    with pytest.raises(CapsDrawError) as raised:
        read(tmp_path)
    told = str(raised.value)
    assert len(told.splitlines()) == 1
    assert ("ValueError" in told) == (not message.strip())
    assert len(told) < 700


@pytest.mark.parametrize(
    "told",
    [
        lambda error: in_words(error),
        lambda error: loop._why(error, Path()),
        lambda error: fetch._reason(error),
    ],
    ids=["window", "fit", "network"],
)
@pytest.mark.parametrize("message", MESSAGES, ids=range(len(MESSAGES)))
def test_what_nobody_expected_is_told_in_one_line(told: Callable[[Exception], str], message: str) -> None:
    line = told(ValueError(message))
    assert line == plain(line)
    assert len(line.splitlines()) == 1
    assert len(line) < 600
    assert "ValueError" in line or message.strip()


@pytest.mark.parametrize(
    ("number", "saving", "text"),
    [
        (errno.ENOENT, False, "it was moved, renamed or removed"), (errno.ENOSPC, True, "choose another disk"),
        (errno.EACCES, True, "choose another folder"), (errno.EISDIR, False, "choose a file, not a folder"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_is_said_with_what_to_do(number: int, saving: bool, text: str) -> None:
    said = refusal(OSError(number, os.strerror(number)), saving)
    assert said.startswith(f"{os.strerror(number)}: ")
    assert text in said


def test_what_the_system_refuses_in_its_own_words_stays_so() -> None:
    assert refusal(OSError("odd")) == "odd"
    assert refusal(OSError(errno.EPIPE, "Broken pipe")) == "Broken pipe"
