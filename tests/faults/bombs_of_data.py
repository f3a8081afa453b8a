"""Small files of data that claim to be large ones, or become so: HDF5, MATLAB's, Parquet, NPY, packed tables, …"""

import gzip
import io
import pickle
import struct
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from capsdraw.datasets.opening import open_data

from .bombs import archive, deflated, npy, of_bytes

_MB = 1 << 20
_LABELS = np.zeros(1000, np.uint8)


def gzipped(begin: bytes, fill: bytes, pieces: int) -> bytes:
    """`begin`, then so many megabytes of one byte, as gzip has them."""
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + deflated(begin, fill, pieces) + bytes(8)


def hdf5(fill: Callable[[h5py.File], Any]) -> Callable[[], bytes]:
    """An HDF5 file of a thousand labels, and images that `fill` makes."""

    def content() -> bytes:
        held = io.BytesIO()
        with h5py.File(held, "w") as file:
            file["y"] = _LABELS
            fill(file)
        return held.getvalue()

    return content


def zeros(file: h5py.File) -> None:
    """Two gigabytes of zeros, honestly packed: each chunk is the same bytes."""
    images = file.create_dataset("x", (1000, 2 * _MB), "u1", chunks=(2, 2 * _MB), compression="gzip")
    chunk = zlib.compress(bytes(4 * _MB), 9)
    for row in range(0, 1000, 2):
        images.id.write_direct_chunk((row, 0), chunk)


def large_chunk(file: h5py.File) -> None:
    """A thousand small images in one chunk of two gigabytes."""
    images = file.create_dataset(
        "x", (1000, 64), "u1", chunks=(1000, 2 * _MB), maxshape=(1000, None), compression="gzip"
    )
    images.id.write_direct_chunk((0, 0), deflated(b"", b"\0", 2000))


def lying_chunk(file: h5py.File) -> None:
    """A chunk that is to hold a megabyte, and unpacks to two gigabytes."""
    images = file.create_dataset("x", (1000, 1024), "u1", chunks=(1000, 1024), compression="gzip")
    packed = deflated(b"", b"\0", 970)  # as zlib has it: two bytes before it, a sum behind it
    images.id.write_direct_chunk((0, 0), b"\x78\xda" + packed + b"\0\0\0\1")


def long_texts(file: h5py.File) -> None:
    """Labels that all point to one text of eight megabytes."""
    del file["y"]
    file.create_dataset("x", (1000, 64), "u1")[:] = 1
    texts = file.create_dataset("y", (1000,), h5py.string_dtype())
    texts[0] = "a" * 8 * _MB
    begun = texts.id.get_offset()
    file.flush()
    held = bytearray(file.id.get_file_image())
    held[begun : begun + 16_000] = held[begun : begun + 16] * 1000
    long_texts.image = bytes(held)  # type: ignore[attr-defined]


def texts_image() -> bytes:
    """The file of `long_texts`, all of whose labels were made to point to the first."""
    hdf5(long_texts)()
    return long_texts.image  # type: ignore[attr-defined, no-any-return]


def element(kind: int, content: bytes) -> bytes:
    """An element of a MATLAB file."""
    return struct.pack("<II", kind, len(content)) + content + bytes(-len(content) % 8)


def matlab(begin: bytes, fill: bytes, pieces: int) -> bytes:
    """A MATLAB file of one compressed array, which begins so and goes on for so many megabytes."""
    packed = b"\x78\xda" + deflated(begin, fill, pieces) + struct.pack(">I", zlib.adler32(begin))
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<HH", 0x0100, 0x4D49)
    return head + struct.pack("<II", 15, len(packed)) + packed


def matrix(kind: int, axes: tuple[int, ...], length: int) -> bytes:
    """How an array "x" of that class begins, up to its values."""
    inside = (
        element(6, struct.pack("<II", kind, 0)) + element(5, struct.pack(f"<{len(axes)}i", *axes)) + element(1, b"x")
    )
    return struct.pack("<II", 14, len(inside) + length) + inside


def table(images: pa.Array, codec: str) -> bytes:
    """A Parquet file."""
    held = io.BytesIO()
    labels = pa.array(np.zeros(len(images), np.int64))
    pq.write_table(pa.table({"image": images, "label": labels}), held, compression=codec)
    return held.getvalue()


def repeated_picture() -> bytes:
    """A hundred thousand rows that point to one picture of a megabyte."""
    rows = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, np.int32)), pa.array([bytes(_MB)]))
    return table(rows, "zstd")


def large_pictures() -> bytes:
    """Two gigabytes of pictures that are nothing but zeros, each another by its first bytes."""
    one = bytes(20 * _MB)
    held = io.BytesIO()
    schema = pa.schema({"image": pa.binary(), "label": pa.int64()})
    with pq.ParquetWriter(held, schema, compression="zstd", use_dictionary=False) as writer:
        for number in range(100):
            picture = number.to_bytes(4, "little") + one
            writer.write_table(pa.table({"image": pa.array([picture]), "label": pa.array([1])}, schema))
    return held.getvalue()


def endless_lists() -> bytes:
    """Pictures that are lists of numbers: two thousand of two hundred thousand each."""
    numbers = pa.array(np.zeros(200_000, np.uint8))
    rows = pa.ListArray.from_arrays(pa.array([0, 200_000]), numbers)
    held, one = io.BytesIO(), pa.table({"image": rows, "label": pa.array([1])})
    with pq.ParquetWriter(held, one.schema, compression="zstd") as writer:
        writer.write_table(one)
        for _ in range(20):
            writer.write_table(pa.concat_tables([one] * 100))
    return held.getvalue()


def pickled() -> bytes:
    """An array of two gigabytes, as a pickle."""
    images = np.zeros((1, 1 << 20), np.uint8)
    small = pickle.dumps([(images, _LABELS[:1]), (images, _LABELS[:1])], protocol=3)
    place = small.index(b"B" + struct.pack("<I", _MB))
    return gzipped(small[: place + 1] + struct.pack("<I", 2000 * _MB), b"\0", 2000)


def tar(pax: bool) -> bytes:
    """CIFAR's archive, of which a file, or what only describes one, has two gigabytes."""
    member = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
    member.size = 2000 * _MB
    if pax:
        member.type = tarfile.XHDTYPE
    return gzipped(member.tobuf(tarfile.GNU_FORMAT), b"\0", 2000)


ROW = ("1," + ",".join("0" * 784) + "\n").encode()
HEAD = "label," + ",".join(f"pixel{place}" for place in range(784)) + "\n"

BOMBS_OF_DATA: dict[str, Callable[[Path], None]] = {
    "hdf5 of zeros": of_bytes("x.h5", hdf5(zeros), open_data),
    "hdf5 of a large chunk": of_bytes("x.h5", hdf5(large_chunk), open_data),
    "hdf5 of a chunk that lies": of_bytes("x.h5", hdf5(lying_chunk), open_data),
    "hdf5 of one long text": of_bytes("x.h5", texts_image, open_data),
    "matlab's 7.3 of zeros": of_bytes("x.mat", hdf5(zeros), open_data),
    "mat of zeros": of_bytes(
        "x.mat", lambda: matlab(matrix(9, (784, 2 * _MB), 1600 * _MB) + struct.pack("<II", 2, 1600 * _MB), b"\0", 1600),
        open_data,
    ),
    "mat of many cells": of_bytes(
        "x.mat", lambda: matlab(matrix(1, (1, 1000), 200 * _MB), struct.pack("<II", 14, 0), 25), open_data
    ),
    "mat of a cell without end": of_bytes(
        "x.mat", lambda: matlab(matrix(1, (50_000, 10_000), 0), b"", 0), open_data
    ),
    "parquet of one picture": of_bytes("x.parquet", repeated_picture, open_data),
    "parquet of large pictures": of_bytes("x.parquet", large_pictures, open_data),
    "parquet of lists": of_bytes("x.parquet", endless_lists, open_data),
    "npy that claims": of_bytes("x.npy", lambda: npy((60_000, 28, 28)) + bytes(99), lambda path: (
        np.save(path.with_name("y.npy"), np.zeros(60_000, np.uint8)), open_data(path))),
    "csv.gz of zeros": of_bytes(
        "x.csv.gz", lambda: gzip.compress(HEAD.encode()) + gzip.compress(ROW * 1000, 9) * 900, open_data),
    "csv.gz of empty lines": of_bytes("x.csv.gz", lambda: gzipped(HEAD.encode() + ROW, b"\n", 1400), open_data),
    "csv.gz of one line": of_bytes("x.csv.gz", lambda: gzipped(b"", b"1", 1400), open_data),
    "csv in a zip": of_bytes("x.zip", lambda: archive(**{"x.csv": (HEAD.encode() + ROW, b"\n", 1400)}), open_data),
    "pickle of zeros": of_bytes("x.pkl.gz", pickled, open_data),
    "cifar of zeros": of_bytes("cifar-10-python.tar.gz", lambda: tar(False), open_data),
    "cifar of a description": of_bytes("cifar-10-python.tar.gz", lambda: tar(True), open_data),
}  # fmt: skip
