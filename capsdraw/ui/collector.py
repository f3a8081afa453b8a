"""Python's garbage collector rests while the window comes: going through what is imported takes a tenth of the time."""

import gc

_resting = False


def rest() -> None:
    """Collect nothing until `resume`."""
    global _resting
    _resting = gc.isenabled()
    gc.disable()


def resume() -> None:
    """What is there now lives as long as the app, and is left alone; from now on it is collected again, if it was."""
    global _resting
    if _resting:
        _resting = False
        gc.freeze()
        gc.enable()
