"""`capsdraw models` in a process of its own, which can be ended: what others made is not read in the window's."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Final

from capsdraw import own_python
from capsdraw.errors import CapsDrawError

# Seconds that an answer is waited for: CapsNet's ONNX takes one minute.
PATIENCE: Final = 600.0
# Seconds between two looks at whether it is still wanted, and that it has to tidy up when it is not.
_LOOK: Final = 0.2
_TIDY: Final = 2.0


class UnknownSight(CapsDrawError):  # noqa: N818 (nothing broke)
    """How a net sees pictures is neither said nor can it be measured.

    Attributes:
        unknown: of it, "pixels", "ink" or both; found: what was measured, in words; colour: whether it reads colours.
    """

    def __init__(self, line: str, unknown: tuple[str, ...], found: str, colour: bool) -> None:
        super().__init__(line)
        self.unknown, self.found, self.colour = unknown, found, colour


class ModelsProcess:
    """One question to `capsdraw models`; `ask` waits on its own thread, the others end it from any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._unwanted: float | None = None  # since then

    @property
    def process(self) -> subprocess.Popen[str] | None:
        """What was started, if it was."""
        return self._process

    def ask(self, *words: str) -> dict[str, Any]:
        """What it answers to these words.

        Raises:
            UnknownSight: as the name says. CapsDrawError: its line where it fails, or that it was ended.
        """
        if not sys.executable:
            raise CapsDrawError("this app has no Python to do that in: use the command line, capsdraw models")
        process = self._start(own_python.command("capsdraw", "models", *words, "--json"))
        printed, said = self._waited(process)
        if process.returncode == 0:
            answer: dict[str, Any] = json.loads(printed)
            return answer
        line = next(reversed([line for line in said.splitlines() if line.strip()]), "the other process was ended")
        line = line.removeprefix("capsdraw: ")
        if printed.strip():
            asked = json.loads(printed)
            raise UnknownSight(line, tuple(asked["unknown"]), asked["found"], asked["input"][2] == 3)
        raise CapsDrawError(line)

    def stop(self) -> None:
        """It is not wanted any more: it has a moment to take back what it has begun."""
        with self._lock:
            self._unwanted = self._unwanted or time.monotonic()
            process = self._process
        if process is not None and os.name == "posix":
            with contextlib.suppress(OSError):
                process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it at once."""
        with self._lock:
            self._unwanted = self._unwanted or time.monotonic()
            process = self._process
        if process is not None:
            process.kill()

    def _start(self, command: list[str]) -> "subprocess.Popen[str]":
        with self._lock:
            if self._unwanted is not None:
                raise CapsDrawError("it was given up")
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                encoding="utf-8", errors="replace", env=own_python.environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
            return self._process

    def _waited(self, process: "subprocess.Popen[str]") -> tuple[str, str]:
        """What it printed, and what it said besides."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return process.communicate(timeout=_LOOK)
            except subprocess.TimeoutExpired:
                now = time.monotonic()
                if now > until or (self._unwanted is not None and now > self._unwanted + _TIDY):
                    process.kill()
                    process.communicate()
                    raise CapsDrawError(f"it took more than {PATIENCE:.0f} seconds") from None
