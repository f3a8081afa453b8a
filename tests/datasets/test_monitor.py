"""A listener is told often enough to see it move, and not so often that it stutters."""

import threading
import time

import pytest

from capsdraw.datasets.monitor import NO_MONITOR, Cancelled, ReadMonitor


def test_a_listener_is_told_some_twenty_times_a_second_and_of_the_end() -> None:
    told: list[tuple[int, int]] = []
    watch = ReadMonitor(lambda *far: told.append(far))
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < 0.3:
        count += 1
        watch.tell(count, 10**9)
    watch.tell(10**9, 10**9)
    assert 2 <= len(told) <= 8
    assert told[0] == (1, 10**9)
    assert told[-1] == (10**9, 10**9)


def test_cancel_is_heard_at_every_step() -> None:
    cancel = threading.Event()
    watch = ReadMonitor(cancel=cancel)
    watch.tell(1, 2)
    cancel.set()
    with pytest.raises(Cancelled, match="stopped before all of the data was read"):
        watch.tell(1, 2)
    NO_MONITOR.tell(1, 2)
