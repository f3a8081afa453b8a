"""ZIP archives from anywhere: what their members claim to be is held against what can be, before memory is taken."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from capsdraw import records
from capsdraw.errors import CapsDrawError

# Bytes of an archive's directory: that of a thousand members. Python makes an object of a kilobyte of each entry.
_MOST_DIRECTORY: Final = 1 << 17
# Where a directory's end is looked for, and what it looks like; also that of archives beyond 4 GB.
_TAIL: Final = (1 << 16) + 22
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
# Bytes that may be unpacked of any file, and how many times its own size of a larger one. Images of ink become a
# tenth when packed; a thousandth, which is what the method can do, is of nothing but zeros.
SMALL: Final = 1 << 28
_TIMES: Final = 16
# What an entry's flags say of it: encrypted, patched, strongly encrypted. Python reads none of these.
_UNREADABLE: Final = 0x01 | 0x20 | 0x40


def most(packed: int) -> int:
    """Bytes that a file of so many may be unpacked to."""
    return max(SMALL, _TIMES * packed)


@contextmanager
def opened(path: Path, what: str = "") -> Iterator[zipfile.ZipFile]:
    """An archive, in which names are unique and members are stored or deflated.

    Args:
        path: of the archive; what: it is, for messages.

    Raises:
        CapsDrawError: there is none, it cannot be read, or is none; one line that names the file.
    """
    with records.open_file(path, what) as file:
        try:
            if _directory(file) > _MOST_DIRECTORY:
                raise CapsDrawError("its list of members is longer than that of any file that is read here")
            archive = zipfile.ZipFile(file)
        except CapsDrawError as error:
            raise _refused(path, what, str(error)) from None
        except Exception as error:  # a broken archive ends in any of a dozen
            why = str(error) or type(error).__name__
            if why == "File is not a zip file":
                why = "it is not a zip file: cut short on its way, or of another kind"
            raise _refused(path, what, why) from None
        with archive:
            names = [member.filename for member in archive.infolist()]
            if len(set(names)) < len(names):
                raise _refused(path, what, "a name is in it twice")
            if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                   or member.flag_bits & _UNREADABLE for member in archive.infolist()):  # fmt: skip
                raise _refused(path, what, "it is encrypted, or packed by another method than deflate")
            yield archive


def read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """All of a member.

    Raises:
        CapsDrawError: there is none, or it claims more than `limit` bytes; zipfile's own errors where it is damaged.
    """
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise CapsDrawError(f"it holds no '{name}'") from None
    if member.file_size > limit:
        raise CapsDrawError(f"'{name}' in it claims {member.file_size:,} bytes: at most {limit:,} are read")
    return archive.read(member)


def _directory(file: BinaryIO) -> int:
    """Bytes of the directory of members: the most that an end in the file claims, of which Python takes one."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail, claimed = file.read(), 0
    for mark, place, length in ((_END, 12, 4), (_END_64, 40, 8)):
        at = tail.find(mark)
        while at >= 0:
            field = int.from_bytes(tail[at + place : at + place + length], "little")
            claimed = max(claimed, field if field != 0xFFFFFFFF else 0)
            at = tail.find(mark, at + 1)
    file.seek(0)
    return claimed


def _refused(path: Path, what: str, why: str) -> CapsDrawError:
    return CapsDrawError(records.one_line(f"cannot read {what + ' ' if what else ''}'{path.name}': {why}"))
