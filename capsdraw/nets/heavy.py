"""Keras and TensorFlow, imported by one thread at a time: two that import at once can see half a module."""

import threading

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.ink.road import import_finding
from capsdraw.nets import gentle

_lock = threading.Lock()


def load() -> None:
    """Import what asks and trains nets, unless that was done; takes seconds the first time.

    Raises:
        CapsDrawError: it cannot be imported.
    """
    import_finding()
    with _lock, gentle.importing():
        try:
            import capsdraw.nets.session  # noqa: F401
        except ImportError as error:
            raise CapsDrawError(
                f"TensorFlow cannot be loaded: {first_line(error)}: install it anew (python -m pip install "
                "--force-reinstall tensorflow)"
            ) from None
        except MemoryError:
            raise CapsDrawError(
                "TensorFlow cannot be loaded: too little memory is free: close other programs"
            ) from None
