"""Pickles of arrays are read, and nothing else of them: no name is looked up, no code runs, no memory is promised."""

import io
import os
import pickle
import struct
import time
import tracemalloc
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import strict_pickle
from capsdraw.errors import CapsDrawError

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 12)).astype(np.uint8)


def load(content: bytes) -> Any:
    return strict_pickle.load(lambda: io.BytesIO(content), "'own'")


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "array", [PIXELS, PIXELS / 255, np.asfortranarray(PIXELS), PIXELS.astype(">i4"), PIXELS > 9, PIXELS[:0]]
)
def test_arrays_lists_and_strings_are_read(protocol: int, array: np.ndarray) -> None:
    value = {b"data": array, b"labels": [1, 2, 3], b"names": ["a", b"b"], "n": np.int64(7), "x": 0.5, "none": None}
    found = load(pickle.dumps(value, protocol))
    assert np.array_equal(found.pop(b"data"), array)
    value.pop(b"data")
    assert found == value
    pair = load(pickle.dumps(((array, array), [array]), protocol))
    assert all(np.array_equal(entry, array) for entry in (*pair[0], *pair[1]))


class _Calls:
    def __init__(self, what: Any, *arguments: Any) -> None:
        self.what, self.arguments = what, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.what, self.arguments


def named(module: str, name: str, *parts: bytes) -> bytes:
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + b"".join(parts) + b"."


def stacked(module: str, name: str, tail: bytes = b"") -> bytes:
    return (
        b"\x80\x04"
        + b"".join(b"\x8c" + bytes([len(text)]) + text.encode() for text in (module, name))
        + b"\x93"
        + tail
        + b"."
    )


RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
DTYPE = b"cnumpy\ndtype\nU\x02u1\x85R"


def claims(shape: bytes, raw: bytes = b"") -> bytes:
    """An array of one axis that claims to be so long."""
    state = b"(K\x01" + shape + b"\x85" + DTYPE + b"\x89" + b"U" + bytes([len(raw)]) + raw + b"t"
    return b"\x80\x02" + RECONSTRUCT + b"K\x00\x85U\x01b\x87R" + state + b"b."


HOSTILE = {
    "runs a command": pickle.dumps(_Calls(os.system, "touch ran")),
    "evaluates": pickle.dumps(_Calls(eval, "open('ran', 'w')")),
    "by its old name": named("__builtin__", "eval", b"(S\"open('ran', 'w')\"\ntR"),
    "names and no more": named("os", "system"),
    "by a name on the stack": stacked("os", "system"),
    "by a dotted name": stacked("numpy", "ndarray.tofile"),
    "another class of NumPy": stacked("numpy", "memmap"),
    "NumPy's loader": stacked("numpy", "load"),
    "getattr": named("builtins", "getattr", b"(cnumpy\nndarray\nS'tofile'\ntR"),
    "an ordered dict": pickle.dumps(OrderedDict(a=1), 2),
    "a set": pickle.dumps({1, 2}, 4),
    "an object": pickle.dumps(Path("ran"), 4),
    "an old instance": b"(ios\nsystem\n(S'touch ran'\nt.",
    "something outside": b"Pran\n.",
    "an extension": b"\x80\x02\x82\x01.",
    "the constructor": b"\x80\x02cnumpy\nndarray\n(J\xff\xff\xff\x7ftR.",
    "a dtype of objects": b"\x80\x02cnumpy\ndtype\nU\x02O8\x85R.",
    "a dtype of records": b"\x80\x02cnumpy\ndtype\n(U\x0210u1,f8\x85R.",
    "changes what it names": b"\x80\x02cnumpy\nndarray\nN}U\x08__call__K\x01s\x86b.",
    "changes a function": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nN}U\x0c__defaults__K\x01s\x86b.",
    "an array without bytes": b"\x80\x02" + RECONSTRUCT + b"K\x00\x85U\x01b\x87R.",
    "an array of two billion": claims(b"J\xff\xff\xff\x7f", b"few"),
    "an array of a negative size": claims(b"J\xff\xff\xff\xff", b"few"),
    "more bytes than its shape": claims(b"K\x01", b"many bytes"),
    "a memo for two billion": b"\x80\x02]r\xff\xff\xff\x7f.",
    "a string of eight exabytes": b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b"few.",
    "a frame of eight exabytes": b"\x80\x04\x95" + struct.pack("<Q", 2**62) + b"N.",
    "a number of a million digits": b"L" + b"9" * 1_000_000 + b"L\n.",
    "nothing": b"",
    "text": b"no pickle at all",
    "a list within": pickle.dumps([_Calls(os.system, "touch ran")]),
    "a key": pickle.dumps({_Calls(os.system, "touch ran"): 1}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_array_is_refused_and_costs_nothing(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(CapsDrawError, match="cannot read 'own': ") as refused:
        strict_pickle.load_plain(content, "'own'")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300
    assert not (tmp_path / "ran").exists()
    assert peak < 20_000_000
    assert time.process_time() - begun < 5


def test_what_it_names_is_not_what_it_says() -> None:
    """Nothing of a table entry can be changed for whoever reads next."""
    for content in (HOSTILE["changes what it names"], HOSTILE["changes a function"]):
        with pytest.raises(CapsDrawError, match="it wants to change what it names"):
            load(content)
    assert np.array_equal(load(pickle.dumps(PIXELS)), PIXELS)


def test_a_key_of_tuples_within_tuples_does_not_take_for_ever() -> None:
    """A tuple of a tuple twice, of a tuple twice, …: its hash is counted by all of its two to the sixtieth leaves."""
    content = (
        b"\x80\x02}" + b")" + b"".join(b"q" + bytes([n]) + b"h" + bytes([n]) + b"\x86" for n in range(60)) + b"K\x01s."
    )
    with pytest.raises(CapsDrawError, match="60 tuples beside a dict"):
        load(content)


def test_lists_within_lists_are_not_unfolded() -> None:
    """As a label: an array of it would have two to the sixtieth entries."""
    nested: Any = [1]
    for _ in range(60):
        nested = [nested, nested]
    found = load(pickle.dumps({b"labels": nested, b"data": PIXELS}, 2))
    assert strict_pickle.numbers(found[b"labels"]).dtype == object


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_cut_or_damaged_file_is_one_line(protocol: int) -> None:
    whole = pickle.dumps({b"data": PIXELS, b"labels": [1, 2, 3, 4]}, protocol)
    random = np.random.default_rng(1)
    for attempt in range(300):
        damaged = bytearray(whole[: random.integers(1, len(whole))] if attempt % 3 == 0 else whole)
        damaged[random.integers(0, len(damaged))] = random.integers(0, 256)
        message = ""
        try:
            found = load(bytes(damaged))
        except CapsDrawError as error:
            message, found = str(error), None
        assert "\n" not in message
        assert isinstance(found, dict | list | tuple | str | bytes | int | float | None | np.ndarray)
