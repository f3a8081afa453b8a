"""What the command line prints: results on stdout, errors and notes on stderr; TensorFlow's notes are not."""

import argparse
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from capsdraw.errors import CapsDrawError, plain, short

# Characters of a quoted name that are printed; paths are seldom as long.
_LONGEST_NAME: Final = 200
# A quoted name that has more; an apostrophe after a letter opens none.
_LONG_NAME: Final = re.compile(rf"(?<!\w)'([^']{{{_LONGEST_NAME + 1},}})'")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option `--json`, the same for each command."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def prepare() -> None:
    """Have names printed that hold characters which the terminal cannot show; without a terminal, nowhere."""
    for handle in (0, 1, 2):
        # Closed ones would be given to files that are opened next, and what is printed would go there.
        with suppress(OSError):
            os.fstat(handle)
            continue
        os.open(os.devnull, os.O_RDWR)
    # A process without a console has no streams.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line of the result; raises CapsDrawError where it cannot be written."""
    with _writing():
        print(plain(text))


def print_json(value: Any) -> None:
    """Print the result as JSON; raises CapsDrawError where it cannot be written."""
    with _writing():
        print(json.dumps(value, indent=2))


def flush() -> None:
    """Have all of the result written; raises CapsDrawError where it cannot be."""
    with _writing():
        sys.stdout.flush()


def note(text: str) -> None:
    """Print a line on stderr, beside the result."""
    # The terminal may have put ^C at the line's beginning.
    begin = "\r" if sys.stderr.isatty() else ""
    print(f"{begin}{plain(text)}", file=sys.stderr, flush=True)


def fail(message: str) -> int:
    """Say in one line what could not be done; the exit code for it."""
    note(f"capsdraw: {with_short_names(message)}")
    return 1


def with_short_names(message: str) -> str:
    """The message with long quoted names cut: of what somebody pasted by mistake, the beginning tells enough."""
    return _LONG_NAME.sub(lambda name: f"'{short(name[1], _LONGEST_NAME)}'", message)


def forget_output() -> None:
    """What is still held for stdout cannot be written; Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep TensorFlow's start-up notes off the terminal; where something unexpected fails, they are shown.

    It writes them to the file descriptor itself, before any of its own settings are read.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            yield
        except (CapsDrawError, OSError, KeyboardInterrupt):  # told in a line
            raise
        except BaseException:
            notes.seek(0)
            os.write(kept, notes.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextmanager
def _writing() -> Iterator[None]:
    """Around each write to stdout: a full disk names no file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_output()
        raise CapsDrawError(f"cannot write to the standard output: {error.strerror or error}") from None
