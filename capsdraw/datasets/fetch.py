"""Fetches a file over the network: told how far it is, stopped at once, checked, and placed whole or not at all."""

import hashlib
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.errors import CapsDrawError, first_line, plain
from capsdraw.paths import replacing

# Seconds that a server may be silent, and between two looks at whether to stop.
_SILENCE, _LOOK = 20.0, 0.05
# Seconds after which a temporary file belongs to no download that is still going on.
_STALE = 3600.0
_CHUNK = 1 << 16
# Chunks that the network may be ahead of the disk.
_AHEAD = 16


def fetch(url: str, target: Path, check: Callable[[Path], None], at_most: int, watch: ReadMonitor = NO_MONITOR) -> None:
    """What lies at `url`, in place of `target`, where it is what it should be.

    The file appears under its name only when all of it is there and `check` has passed; until
    then, and whatever goes wrong, `target` is left as it was. `watch` is obeyed within a tenth of a
    second, even while the server is silent.

    Args:
        url: of the file.
        target: its folder is made.
        check: raises CapsDrawError where the file is not what it should be, and says what it is.
        at_most: bytes; more are not taken.
        watch: is told of bytes.

    Raises:
        CapsDrawError: the network, the server, the disk or the check failed; Cancelled: stopped.
    """
    watch.check()  # before anything is asked of the network
    host = urlsplit(url).hostname
    try:
        _sweep(target.parent)
        with replacing(target) as temporary:
            with temporary.open("wb") as file, closing(_chunks(url, watch)) as chunks:
                done = 0
                for chunk, total in chunks:
                    done += file.write(chunk)
                    if done > at_most:
                        raise CapsDrawError(f"{host} sent more than {at_most:,} bytes for '{target.name}'")
                    watch.tell(done, total)
            check(temporary)
    except OSError as error:
        raise CapsDrawError(f"cannot write '{target}': {error.strerror or error}") from None


def _sweep(folder: Path) -> None:
    """Remove what downloads that were killed have left: unseen, and up to 170 MB each."""
    for path in folder.glob(".capsdraw-*"):
        if time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)


def sha256_check(digest: str) -> Callable[[Path], None]:
    """A check for `fetch`: the file has that SHA-256."""

    def check(path: Path) -> None:
        if not has_sha256(path, digest):
            raise CapsDrawError("the downloaded file is not the expected one (its SHA-256 differs)")

    return check


def has_sha256(path: Path, digest: str) -> bool:
    """Whether the file is the one with that SHA-256; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _chunks(url: str, watch: ReadMonitor) -> Generator[tuple[bytes, int], None, None]:
    """The bytes at `url`, piece by piece, each with how many there will be in all (0: unknown).

    A thread of its own waits for the network, so that this one can stop whenever it is asked to;
    what it left waiting ends by itself when the server answers, or has been silent for too long.
    """
    line = _Connection()
    thread = threading.Thread(target=line.run, args=(url,), name="capsdraw-fetch", daemon=True)
    thread.start()
    try:
        while True:
            watch.check()
            try:
                item = line.items.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(item, Exception):
                raise CapsDrawError(f"{urlsplit(url).hostname}: {_reason(item)}") from None
            if not item[0]:
                return
            yield item
    finally:
        line.left.set()


class _Connection:
    """The network's end of a download.

    Attributes:
        items: pieces with the total, an empty piece at the end, or what went wrong.
        left: set when nobody takes them any more.
    """

    def __init__(self) -> None:
        self.items: queue.Queue[tuple[bytes, int] | Exception] = queue.Queue(_AHEAD)
        self.left = threading.Event()

    def run(self, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=_SILENCE) as response:
                length = response.headers.get("Content-Length", "")
                total = int(length) if length.isdigit() else 0
                done = 0
                while not self.left.is_set() and (piece := response.read1(_CHUNK)):
                    done += len(piece)
                    self._put((piece, total))
            if total and done < total:
                raise EOFError(f"the connection ended after {done:,} of {total:,} bytes")
            self._put((b"", total))
        except urllib.error.HTTPError as error:
            # A refusal is a page, too, with a connection that must be closed.
            error.close()
            self._put(error)
        except Exception as error:  # passed on to the thread that waits for it
            self._put(error)

    def _put(self, item: tuple[bytes, int] | Exception) -> None:
        while not self.left.is_set():
            try:
                self.items.put(item, timeout=_LOOK)
                return
            except queue.Full:
                continue


def _reason(error: Exception) -> str:
    """What went wrong on the network, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return plain(f"HTTP {error.code} {error.reason}")
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        error = error.reason
    if isinstance(error, TimeoutError):
        return f"no answer for {_SILENCE:.0f} seconds"
    if isinstance(error, HTTPException):
        return f"the connection was broken ({type(error).__name__})"
    return error.strerror if isinstance(error, OSError) and error.strerror else first_line(error)
