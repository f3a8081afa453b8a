"""`capsdraw` without a command: the window."""

import argparse

from capsdraw.cli import terminal


def run(_: argparse.Namespace) -> int:
    """Open the window; returns its exit code when it is closed, or 2 where it cannot be opened."""
    from capsdraw.ui import preflight

    problem = preflight.problem()
    if problem:
        terminal.fail(problem)
        return 2
    from capsdraw.ui.app import run as open_window

    return open_window()
