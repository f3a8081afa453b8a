"""`capsdraw` without a command: the window."""

from capsdraw.cli import terminal


def run() -> int:
    """Open the window; returns its exit code when it is closed, or 2 where it cannot be opened."""
    from capsdraw.ui import collector, preflight

    collector.rest()
    problem = preflight.problem()
    if problem:
        terminal.fail(problem)
        return 2
    from capsdraw.ui.app import run as open_window

    return open_window()
