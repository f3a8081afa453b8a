"""Imports TensorFlow and Keras without keeping other threads from Python: the window goes on painting. No Keras here.

Measured by what the importing thread computes while the window's waits for it: half a second at a time without this,
30 ms with it, on the same machine. Two things hold Python that long: its import loads a library of
600 MB while it holds the lock of the interpreter, and the garbage collector goes through all objects, of which
TensorFlow and Keras make a million, again and again.
"""

import ctypes
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The collector is switched off and on for the whole process.
_lock = threading.Lock()


@contextmanager
def importing() -> Iterator[None]:
    """What is imported within leaves Python to other threads every few milliseconds.

    The collector rests meanwhile, and what there is at the end it leaves alone from then on: going through
    what TensorFlow and Keras are made of would hold the window up for 0.2 s, again and again.
    """
    with _lock:
        if "tensorflow" in sys.modules:
            yield
            return
        _load_libraries()
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            gc.freeze()
            if collecting:
                gc.enable()


def _load_libraries() -> None:
    """Have the system load TensorFlow's libraries by a call into C, which needs no lock; the import finds them there.

    On Windows, where an import looks for libraries in its own way, that is left to it.
    """
    if os.name != "posix":
        return
    package = importlib.util.find_spec("tensorflow")
    if package is None or package.origin is None:
        return
    folder = Path(package.origin).parent
    libc = ctypes.CDLL(None)
    libc.dlopen.restype, libc.dlopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
    # One that does not load now is the import's to complain of.
    for pattern in ("libtensorflow_framework.*", "libtensorflow_cc.*", "python/_pywrap_tensorflow_internal.so"):
        for path in sorted(folder.glob(pattern)):
            libc.dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)
