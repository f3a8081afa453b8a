"""Files that may be compressed, unpacked while they are read, and refused where more comes out than they can mean."""

import gzip
import io
from pathlib import Path
from typing import Any, BinaryIO, Final

from capsdraw import archives
from capsdraw.datasets.data import MAX_BYTES
from capsdraw.errors import CapsDrawError

GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20


def require_unpacked(held: int, packed: int, head: str) -> None:
    """A file of `packed` bytes may hold `held`; else CapsDrawError, which begins with `head`, as "cannot use 'x': "."""
    most = min(archives.most(packed), MAX_BYTES)
    if held > most:
        raise CapsDrawError(
            f"{head}more than {most >> 20:,} MiB come out of a file of {max(packed >> 20, 1):,}: "
            "no data is packed so well"
        )


class Unpacked(io.RawIOBase):
    """What is in a file, gzip's packing taken off; nothing of it is held.

    Args:
        path: of the file; head: how an error begins.
    """

    def __init__(self, path: Path, head: str = "") -> None:
        self._raw = path.open("rb")
        compressed = self._raw.read(2) == GZIP
        self._raw.seek(0)
        self._file: Any = gzip.GzipFile(fileobj=self._raw) if compressed else self._raw
        self._held, self._head = 0, head
        self._size = path.stat().st_size if compressed else MAX_BYTES

    @property
    def place(self) -> int:
        """Bytes of the file on the disk that are read."""
        return self._raw.tell()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; raises CapsDrawError where they are more than `require_unpacked` allows."""
        # A little at a time: gzip makes a copy of what it is asked for.
        count: int = self._file.readinto(memoryview(buffer)[:_CHUNK])
        self._held += count
        require_unpacked(self._held, self._size, self._head)
        return count

    def tell(self) -> int:
        """Unpacked bytes that were given."""
        return self._held

    def close(self) -> None:
        """The file itself, too."""
        if not self.closed:
            self._raw.close()
        super().close()


def opened(path: Path, head: str = "") -> BinaryIO:
    """A file for readers that want small pieces; raises as `Unpacked` while it is read."""
    return io.BufferedReader(Unpacked(path, head), _CHUNK)
