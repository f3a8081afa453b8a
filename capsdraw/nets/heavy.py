"""Keras and TensorFlow, imported by one thread at a time: two that import at once can see half a module."""

import threading

from capsdraw.nets import gentle

_lock = threading.Lock()


def load() -> None:
    """Import what asks and trains nets, unless that was done; takes seconds the first time."""
    with _lock, gentle.importing():
        import capsdraw.nets.session  # noqa: F401
