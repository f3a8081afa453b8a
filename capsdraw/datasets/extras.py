"""Libraries that only some forms of data need: imported when one of them is read, and named where they are missing."""

import importlib
from typing import Any

from capsdraw.errors import CapsDrawError


def library(module: str, package: str, where: str) -> Any:
    """A module that reads one form of data.

    Args:
        module: its name, "scipy.io"; package: that holds it; where: how an error calls the file.

    Raises:
        CapsDrawError: it is not installed; the message says how that is done.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CapsDrawError(
            f"cannot read {where} without {package}, which is not installed: run "
            f"'python -m pip install {package.lower()}'"
        ) from None
