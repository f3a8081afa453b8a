"""The parser of the command line: wrong use is told in one line, as everything else that cannot be done."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from capsdraw.cli.terminal import fail, with_short_names
from capsdraw.errors import short
from capsdraw.paths import expanded

# Characters of what was wrong: of words that nobody expected, the beginning.
_LONGEST: Final = 500
_KINDS: Final = {"int": "a whole number", "float": "a number"}
_NEGATIVE: Final = re.compile(r"-\.?\d")
_NO_NUMBER: Final = re.compile(r"argument (\S+): invalid (int|float) value: (.*)", re.DOTALL)


def not_empty(text: str) -> str:
    """An option's word, for argparse: what stands for nothing (an unset variable, say) is not passed over."""
    if not text.strip():
        raise argparse.ArgumentTypeError("nothing is named: leave it out, or give a name")
    return text


def named_path(text: str) -> Path:
    """A file or folder, for argparse; "" is none, and not the current folder."""
    return expanded(not_empty(text))


class CommandParser(argparse.ArgumentParser):
    """An argparse parser without the usage on top of its errors; those of commands are of this class, too."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        # What begins like a negative number is a value, and no option: argparse itself asks for all of one, and -1..1
        # is a range of pixels.
        self._negative_number_matcher = _NEGATIVE
        # A file among the words whose name begins as an option does.
        self._dashed = ""

    def error(self, message: str) -> NoReturn:
        """Say in one line what was wrong and where help is; exit with 2."""
        if wrong := _NO_NUMBER.fullmatch(message):
            message = f"{wrong[1]}: expected {_KINDS[wrong[2]]}, not {wrong[3]}"
        if self._dashed:
            message = f"{message}; a file of such a name is './{self._dashed}'"
        message = short(with_short_names(message.removeprefix("argument ")), _LONGEST)
        fail(f"{message}; '{self.prog} --help' says what it takes")
        sys.exit(2)

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """As argparse does it, but what a command does not know it says itself, and names its own help."""
        words = sys.argv[1:] if args is None else args
        # As `Path.is_file`, which raises where a word is too long for the system.
        self._dashed = next((word for word in words if word.startswith("-") and os.path.isfile(word)), "")  # noqa: PTH113
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unknown here: {' '.join(rest)}")
        return found, rest
