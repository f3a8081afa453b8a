"""Starts the app's own modules in a process of its own."""

import os
import sys

from capsdraw.paths import PACKAGE


def command(module: str, *words: str) -> list[str]:
    """What runs a module of the app with these words.

    Without `-P` Python would look for modules in the current folder first: in a folder of somebody else's, a
    `tensorflow.py` there would be run.
    """
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The process' environment: a checkout that is not installed is found, too."""
    places = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
