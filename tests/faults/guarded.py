"""A process of its own for files that may do harm: what it starts, asks for or writes elsewhere is kept on record.

`limit_memory` lets it grow to so many bytes at most, `watched` keeps the record; both hold until it ends.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

# Of `sys.addaudithook`: other programs, the network, and Python's own ways to run what a file says.
FORBIDDEN = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn",
    "os.startfile", "webbrowser.open", "socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request",
    "pickle.find_class", "marshal.loads", "shutil.unpack_archive", "ftplib.connect", "smtplib.connect",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
GIGABYTE = 1 << 30


def limit_memory(most: int = GIGABYTE) -> None:
    """Let this process have no more than so many bytes of memory of its own, those that it has now among them."""
    import resource

    now = psutil.Process().memory_info()
    # What libraries have reserved and not used does not count.
    resource.setrlimit(resource.RLIMIT_DATA, (now.data + max(0, most - now.rss),) * 2)


def watched(folder: Path) -> list[str]:
    """What is done from now on that reading a file never does: started, asked for, or written outside `folder`."""
    record: list[str] = []
    inside = str(folder.resolve()) + os.sep

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN) and not _is_an_import():
            record.append(f"{event} {arguments!r}"[:200])
        elif event == "open" and isinstance(arguments[0], str | bytes):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 (a Path would be opened in turn)
            if flags & _WRITES and not path.startswith((inside, "/dev/")) and not path.endswith(".pyc"):
                record.append(f"open {path} to write")

    sys.addaudithook(hook)
    return record


def _is_an_import() -> bool:
    """Whether Python itself reads the code of a module that the app imports."""
    frame = sys._getframe(2)
    return "importlib" in frame.f_code.co_filename


def peak() -> int:
    """The most memory, in bytes, that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says of a child begins with what its parent had
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def quietly(work: Callable[[], object]) -> str:
    """What the app says of a file: the line of its own error, "" where there is none. Anything else is a fault."""
    from capsdraw.errors import CapsDrawError

    try:
        work()
    except CapsDrawError as error:
        return str(error)
    return ""
