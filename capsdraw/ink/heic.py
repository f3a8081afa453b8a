"""HEIC, the photographs of many telephones: read through pillow-heif where that is installed."""

from contextlib import suppress
from typing import IO, Final

# What Pillow calls the format.
HEIC: Final = "HEIF"
WITHOUT_HEIC: Final = (
    "a HEIC photograph, which is read only where pillow-heif is installed: run 'pip install pillow-heif', "
    "or save it as JPEG"
)
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def register_heic() -> None:
    """Have Pillow open HEIC, where pillow-heif is installed."""
    with suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()


def is_heic(file: IO[bytes]) -> bool:
    """Whether a file says of itself that it is HEIC."""
    file.seek(0)
    head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS
