"""The command line: opens the app, or answers one question and exits.

Exit codes: 0 done, 1 could not be done, 2 words that the parser refuses, or no display. One clear line on
stderr, no traceback.
"""

import errno
import os
import sys
from collections.abc import Callable, Sequence

from capsdraw import __version__
from capsdraw.cli import terminal, window
from capsdraw.errors import CapsDrawError, first_line, refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    terminal.prepare()
    words = sys.argv[1:] if arguments is None else arguments
    try:
        # The window waits for no command's imports; those may fail, or take long enough for Ctrl-C.
        code = _command(words)() if words else window.run()
        terminal.flush()
        return code
    except CapsDrawError as error:
        return terminal.fail(str(error))
    except KeyboardInterrupt:
        return terminal.fail("stopped")
    except BrokenPipeError:
        # The reader of our output went away (`capsdraw … | head`): not a fault.
        terminal.forget_output()
        return 0
    except OSError as error:
        return terminal.fail(_in_words(error))
    except ImportError as error:
        return terminal.fail(f"a part of the app cannot be loaded: {first_line(error)}: install CapsDraw anew")
    except MemoryError:
        return terminal.fail("too little memory is free: close other programs")


def _command(words: Sequence[str]) -> Callable[[], int]:
    from capsdraw.cli import (
        bench,
        classify,
        collection,
        evaluate,
        kept_runs,
        learn,
        models,
        perturb,
        run_job,
        share,
        sweep,
        train,
    )  # fmt: skip
    from capsdraw.cli.command_parser import CommandParser

    parser = CommandParser(
        prog="capsdraw", description="Draw a digit, watch a capsule network see it. Without a command, the app opens."
    )
    parser.add_argument(
        "--version", action="version", version=f"capsdraw {__version__}", help="print the version and exit"
    )
    parser.set_defaults(run=lambda _: window.run())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in (
        models, classify, evaluate, perturb, train, sweep, run_job, kept_runs, collection, learn, share, bench,
    ):  # fmt: skip
        name = getattr(command, "NAME", command.__name__.rpartition(".")[2])
        own = commands.add_parser(name, help=command.HELP, description=f"{command.HELP[0].upper()}{command.HELP[1:]}.")
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    options = parser.parse_args(words)
    return lambda: options.run(options)


def _in_words(error: OSError) -> str:
    """Which file it was, and what was wrong with it."""
    # Two where one was to take the other's place; a number where it was open already.
    names = dict.fromkeys((error.filename, error.filename2))
    files = [f"'{os.fsdecode(name)}'" for name in names if isinstance(name, str | bytes)]
    reason = refusal(error) if error.errno == errno.ENAMETOOLONG else error.strerror or first_line(error)
    return f"cannot use {' and '.join(files)}: {reason}" if files else f"could not be done: {reason}"
