"""Small files that claim to be large ones, made without ever holding what they claim."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capsdraw.datasets.opening import open_data
from capsdraw.fit import log
from capsdraw.ink import strokes
from capsdraw.ink.images import read_image
from capsdraw.nets import keras_file, light_file

from .kinds import zipped

_PIECE = 1 << 20


def deflated(begin: bytes, fill: bytes, pieces: int) -> bytes:
    """`begin`, then so many megabytes of one byte, as a deflate stream of a thousandth."""
    packer = zlib.compressobj(9, wbits=-15)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(fill * _PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * pieces + packer.flush(zlib.Z_FINISH)


def archive(**members: tuple[bytes, bytes, int]) -> bytes:
    """A ZIP file of members as `deflated` takes them."""
    body, directory = b"", b""
    for name, (begin, fill, pieces) in members.items():
        packed, size, called = deflated(begin, fill, pieces), len(begin) + pieces * _PIECE, name.encode()
        sum_of = 0 if pieces else zlib.crc32(begin)
        entry = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, sum_of, len(packed), size, len(called), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + entry + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + called
        body += b"PK\3\4" + entry + called + packed
    count = len(members)
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)


def npy(shape: tuple[int, ...], dtype: str = "|u1") -> bytes:
    """The header of an array."""
    text = str({"descr": dtype, "fortran_order": False, "shape": shape}).encode() + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


def of_bytes(name: str, content: Callable[[], bytes], read: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Writes such a file and reads it."""

    def run(folder: Path) -> None:
        path = folder / name
        path.write_bytes(content())
        read(path)

    return run


def thin_png() -> bytes:
    """1 × 64,000,000 pixels."""
    head = struct.pack(">IIBBBBB", 1, 64_000_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def idx_gz() -> bytes:
    """1.4 GB of images in 1.4 MB."""
    head = bytes([0, 0, 8, 3]) + struct.pack(">III", 1400 * _PIECE // 784, 28, 28)
    return b"\x1f\x8b\x08" + bytes(7) + deflated(head, b"\0", 1400) + bytes(8)


def weights(**options: Any) -> bytes:
    """An HDF5 file with one array that nothing was ever written to: it has no bytes, and claims to have many."""
    import io

    import h5py

    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file.create_dataset("layers/dense/vars/0", options.pop("shape", (100_000, 100_000)), "f4", **options)
    return held.getvalue()


def many_members() -> bytes:
    """An archive of a hundred thousand empty members, which would be as many Python objects."""
    entry = b"PK\1\2" + struct.pack("<H", 20) + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0)
    directory = (entry + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a") * 100_000
    return directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0, 0, len(directory), 0, 0)


ABOUT = json.dumps({"keras_version": "3.15.1"}).encode()
BLANKS = {"metadata.json": (ABOUT, b"", 0), "config.json": (b"{", b" ", 1500), "model.weights.h5": (b"", b"", 0)}
CLAIMING = {"metadata.json": ABOUT, "config.json": b"{}"}
LABELS = (npy((10,)) + bytes(10), b"", 0)


def _labelled(images: Path) -> Path:
    (images.parent / "labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1]) + struct.pack(">I", 10) + bytes(10))
    return images


def _events(path: Path) -> None:
    folder = path.parent
    log.last_event(folder, "Started", "Ended")
    log.read_events(folder, "BatchEnded", 3000)
    log.begun(folder)


BOMBS: dict[str, Callable[[Path], None]] = {
    "npz of zeros": of_bytes(
        "x.npz", lambda: archive(**{"x.npy": (npy((1400 * _PIECE // 784, 28, 28)), b"\0", 1400), "y.npy": LABELS}),
        open_data,
    ),
    "npz of large images": of_bytes(
        "x.npz", lambda: archive(**{"x.npy": (npy((200, 1024, 1024)), b"\1", 200), "y.npy": LABELS}), open_data
    ),
    "npz of many parts": of_bytes(
        "x.npz", lambda: archive(**{
            f"{part}_{which}.npy": (npy((240 * _PIECE,)), b"\0", 240) for part in "xy" for which in ("train", "test")
        }), open_data,
    ),
    "npy header of blanks": of_bytes(
        "x.npz", lambda: archive(**{
            "x.npy": (b"\x93NUMPY\2\0" + struct.pack("<I", 2000 * _PIECE), b" ", 2000), "y.npy": LABELS
        }), open_data,
    ),
    "npy values of a gigabyte": of_bytes(
        "x.npz", lambda: archive(**{"x.npy": (npy((2,), "|V1000000000"), b"\0", 1900), "y.npy": LABELS}), open_data
    ),
    "npz of class names": of_bytes(
        "x.npz", lambda: archive(**{
            "x.npy": (npy((10, 28, 28)), b"\1", 1), "y.npy": LABELS,
            "names.npy": (npy((50 * _PIECE,), "<U1"), b"\0", 200),
        }), open_data,
    ),
    "archive of many members": of_bytes("x.npz", many_members, open_data),
    "idx.gz": of_bytes("images-idx3-ubyte.gz", idx_gz, lambda path: open_data(_labelled(path))),
    "thin picture": of_bytes("x.png", thin_png, read_image),
    "csv of long lines": of_bytes("x.csv", lambda: (b"1," * 500_000 + b"1\n") * 20, open_data),
    "strokes of lists": of_bytes(
        "x.json", lambda: b'{"version":1,"strokes":[' + b"[]," * 1_390_000 + b"1]}", strokes.load
    ),
    "events of empty lines": of_bytes("events.jsonl", lambda: b"\n" * (1 << 26), _events),
    "events that are none": of_bytes("events.jsonl", lambda: b'"Ended""event"\n' * (1 << 22), _events),
    "log of short rows": of_bytes(
        "log.csv", lambda: b"epoch\n" + b"1\n" * (1 << 20), lambda path: log.read_rows(path.parent)
    ),
    "model of blanks": of_bytes("x.keras", lambda: archive(**BLANKS), keras_file.require_sound),
    "weights that claim": of_bytes(
        "x.keras", lambda: zipped(**CLAIMING, **{"model.weights.h5": weights()}), keras_file.require_sound
    ),
    "weights that are packed": of_bytes(
        "x.keras", lambda: zipped(**CLAIMING, **{
            "model.weights.h5": weights(shape=(300 * _PIECE,), chunks=(_PIECE,), compression="gzip")
        }), keras_file.require_sound,
    ),
    "light file of blanks": of_bytes(
        "x.light", lambda: archive(**{"light.json": (b"{", b" ", 480), "answers.tflite": (b"", b"\0", 480)}),
        light_file.read,
    ),
}  # fmt: skip
