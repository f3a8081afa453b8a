"""Chunks of HDF5's arrays: what each unpacks to is held against what it says, before HDF5 takes memory for it."""

import zlib
from typing import Any, Final

from capsdraw.errors import CapsDrawError

# Bytes of a chunk: HDF5 holds all of one. Its own makers advise a megabyte, and some writers make one of a whole set.
_MOST: Final = 1 << 28
# Beside its filter's worst case, a packed chunk has no more than so many bytes above what it holds.
_MORE: Final = 1 << 16
# Times that gzip and LZF can pack; chunks that so become no larger than this need not be looked at.
_GZIP, _LZF, _HARMLESS = 1032, 90, 1 << 26
_PIECE = 1 << 20
# By the numbers that HDF5 gives to filters.
_DEFLATE, _SHUFFLE, _FLETCHER, _LZF_CODE = 1, 2, 3, 32000
_KNOWN: Final = {_DEFLATE, _SHUFFLE, _FLETCHER, _LZF_CODE}


def require_sound(entry: Any, where: str) -> None:
    """A chunk of the array unpacks to what its form says, and no chunk is too large to be held.

    HDF5 itself unpacks a chunk to its end, however much comes out of it.

    Raises:
        CapsDrawError: otherwise, or it is packed by another method than gzip or LZF; `where` is how it calls the array.
    """
    holds = entry.dtype.itemsize
    for side in entry.chunks:
        holds *= int(side)
    if holds > _MOST:
        raise CapsDrawError(
            f"cannot use {where}: its chunks claim {holds >> 20:,} MiB each: at most {_MOST >> 20} are read"
        )
    created = entry.id.get_create_plist()
    filters = [created.get_filter(number)[0] for number in range(created.get_nfilters())]
    if not set(filters) <= _KNOWN or filters.count(_DEFLATE) + filters.count(_LZF_CODE) > 1:
        raise CapsDrawError(f"cannot use {where}: it is packed by another method than gzip or LZF")
    times = _GZIP if _DEFLATE in filters else _LZF if _LZF_CODE in filters else 1
    large: list[tuple[int, ...]] = []

    def look(stored: Any) -> None:
        if stored.size > holds + holds // 50 + _MORE:
            raise CapsDrawError(f"cannot use {where}: a chunk of it is longer than what it is to hold")
        if stored.size * times > max(_HARMLESS, holds):
            large.append(stored.chunk_offset)

    entry.id.chunk_iter(look)
    if large and times != _GZIP:
        raise CapsDrawError(f"cannot use {where}: its chunks are packed by LZF and large: pack them by gzip")
    for place in large:
        _inflate(entry.id.read_direct_chunk(place), holds, where)


def _inflate(chunk: tuple[int, bytes], holds: int, where: str) -> None:
    """Unpack a chunk and keep nothing of it; CapsDrawError where more comes out than it is to hold."""
    mask, data = chunk
    if mask:
        raise CapsDrawError(f"cannot use {where}: a chunk of it is packed in another way than the others")
    stream, held = zlib.decompressobj(), 0
    while data:
        held += len(stream.decompress(data, _PIECE))
        if held > holds + _MORE:
            raise CapsDrawError(f"cannot use {where}: more comes out of a chunk than it is to hold")
        data = stream.unconsumed_tail
