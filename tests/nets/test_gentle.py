"""The window goes on painting while TensorFlow is imported beside it."""

import json
import os
import subprocess
import sys

import pytest

# A thread imports; the main one, as the window's, asks for Python every millisecond. Told are, in milliseconds: the
# longest time that the import computed while it was waited for, and a whole collection before and after.
SCRIPT = """
import gc, json, sys, threading, time
sys.setswitchinterval(0.0005)
from capsdraw.nets import heavy

start = threading.Event()
def work():
    start.wait()
    heavy.load()

thread = threading.Thread(target=work)
thread.start()
clock = time.pthread_getcpuclockid(thread.ident) if hasattr(time, "pthread_getcpuclockid") else time.CLOCK_MONOTONIC
start.set()
longest = before = time.clock_gettime(clock)
while thread.is_alive():
    time.sleep(0.001)
    try:
        now = time.clock_gettime(clock)
    except OSError:  # it has ended
        break
    longest, before = max(longest, now - before), now
    before = time.clock_gettime(clock) if thread.is_alive() else before
thread.join()
collecting = gc.isenabled()
begun = time.process_time()
gc.collect()
print(json.dumps([1000 * longest, 1000 * (time.process_time() - begun), collecting, "tensorflow" in sys.modules]))
"""


@pytest.mark.slow
def test_no_step_of_the_import_holds_python_for_long() -> None:
    """Without care it is half a second; a whole collection after it a fifth, at any time from then on."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    longest, collection, collecting, imported = json.loads(done.stdout.splitlines()[-1])
    assert imported
    assert collecting
    assert longest < 100
    assert collection < 30
