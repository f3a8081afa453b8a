"""Pickles of arrays, strings, lists and dicts, as old data sets were published: read, and nothing in them is run.

A pickle is a program. This one may name a closed table of things, none of which is what it names: an array is put
together here from its bytes, whose number is held against its shape, so that no constructor of NumPy is ever reached.
Its instructions are looked through first: what arrays, strings, lists and dicts do not need is refused, and so is what
would take memory that the file does not fill.
"""

import io
import pickle
import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import MAX_BYTES
from capsdraw.errors import CapsDrawError

# Values that arrays have, by the letters and bytes that pickles give.
_KINDS = {f"{kind}{size}" for kind, sizes in (("u", "1248"), ("i", "1248"), ("f", "248"), ("b", "1")) for size in sizes}
# What arrays, strings, numbers, lists, tuples and dicts are made by, in every protocol.
_ALLOWED = {
    "PROTO", "FRAME", "STOP", "MARK", "POP", "POP_MARK", "DUP",
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "NONE", "NEWTRUE", "NEWFALSE",
    "STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8",
    "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "EMPTY_LIST", "LIST", "APPEND", "APPENDS", "EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3",
    "EMPTY_DICT", "DICT", "SETITEM", "SETITEMS",
    "PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "GET", "BINGET", "LONG_BINGET",
    "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD",
}  # fmt: skip
_TUPLES = {"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"}
# A tuple of tuples of tuples … takes for ever as a dict's key. These files have one array in a dict, or six and none.
_MOST_TUPLES = 24
# How deep arrays lie in lists, tuples and dicts, and how many entries these have.
_DEPTH, _SHORT = 3, 16
# Instructions: a batch of CIFAR-10 has some 40,000, two for each label and file name.
_MOST_STEPS = 4_000_000


def load(opened: Callable[[], BinaryIO], where: str) -> Any:
    """What is pickled: dicts, lists, tuples, strings (bytes, of Python 2), numbers, arrays.

    Args:
        opened: gives the file, from its beginning; called twice, for it is looked through before it is read.
        where: how an error calls it.

    Raises:
        CapsDrawError: it is cut off, damaged, or asks for something else; one line says what.
    """
    try:
        with opened() as file:
            _look_through(file)
        with opened() as file:
            value = _Unpickler(file, encoding="bytes").load()
        return _unwrapped(value, _DEPTH)
    except (CapsDrawError, MemoryError) as error:
        raise CapsDrawError(f"cannot read {where}: {error or 'it claims more than memory can hold'}") from None
    except Exception as error:  # a damaged pickle ends in any of a dozen
        raise CapsDrawError(f"cannot read {where}: not a whole pickle of arrays ({_line(error)})") from None


def numbers(labels: Any) -> NDArray[Any]:
    """Labels that a pickle holds, an array or a list of whole numbers, as an array; anything else is one of objects."""
    if isinstance(labels, np.ndarray):
        return labels
    plain = isinstance(labels, list) and all(type(label) is int and abs(label) < 2**31 for label in labels)
    return np.array(labels, np.int64) if plain else np.empty(0, object)


def load_plain(content: bytes, where: str) -> dict[str, Any]:
    """The dict that is pickled, its keys as text; raises CapsDrawError where it is none."""
    value = load(lambda: io.BytesIO(content), where)
    if not isinstance(value, dict) or not all(isinstance(key, bytes | str) for key in value):
        raise CapsDrawError(f"cannot read {where}: expected a dict of names, received {type(value).__name__}")
    return {key.decode("latin-1") if isinstance(key, bytes) else str(key): entry for key, entry in value.items()}


def _look_through(file: BinaryIO) -> None:
    """Refuse what no such file holds, before anything of it is made."""
    puts = tuples = dicts = 0
    for step, (code, argument, _) in enumerate(pickletools.genops(file)):
        if code.name not in _ALLOWED:
            raise CapsDrawError(f"it holds the instruction {code.name}, which arrays and lists do not need")
        if step > _MOST_STEPS:
            raise CapsDrawError(f"it has more than {_MOST_STEPS:,} instructions")
        puts += "PUT" in code.name or code.name == "MEMOIZE"
        if code.name in ("PUT", "BINPUT", "LONG_BINPUT") and int(argument or 0) > 2 * puts + 16:
            raise CapsDrawError(f"it keeps something as number {argument:,}, though it has kept {puts:,} things")
        if code.name == "GLOBAL":
            _allowed(*str(argument).split(" ", 1))
        tuples += code.name in _TUPLES
        dicts += code.name in ("EMPTY_DICT", "DICT")
    if dicts and tuples > _MOST_TUPLES:
        raise CapsDrawError(f"it holds {tuples} tuples beside a dict: expected one array")


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]


class _Kind:
    """Stands for a dtype."""

    def __init__(self, code: Any = b"", *_: Any) -> None:
        self.code = code.decode("latin-1") if isinstance(code, bytes) else str(code)
        self.order = "|"
        if self.code not in _KINDS:
            raise CapsDrawError(f"it holds an array of '{self.code[:20]}': expected numbers")

    def __setstate__(self, state: Any) -> None:
        order = state[1]
        self.order = order.decode("latin-1") if isinstance(order, bytes) else str(order)
        if self.order not in ("<", ">", "|", "=") or any(entry is not None for entry in state[2:5]):
            raise CapsDrawError("it holds an array of records: expected numbers")

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype itself, one of numbers."""
        return np.dtype(f"{self.order if self.order in '<>' else ''}{self.code}")


class _Array:
    """Stands for an array, until its bytes are there."""

    value: NDArray[Any] | None = None

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, fortran, raw = state
        self.value = _from_bytes(raw, kind, shape, bool(fortran))


class _StandIn:
    """Stands for something that is named: it can be called, and nothing of it be changed."""

    __slots__ = ("_make",)
    _make: Callable[..., Any]

    def __init__(self, make: Callable[..., Any]) -> None:
        object.__setattr__(self, "_make", make)

    def __call__(self, *arguments: Any) -> Any:
        return self._make(*arguments)

    def __setattr__(self, name: str, value: Any) -> None:
        raise CapsDrawError("it wants to change what it names")

    def __setstate__(self, state: Any) -> None:
        raise CapsDrawError("it wants to change what it names")


def _from_bytes(raw: Any, kind: Any, shape: Any, fortran: bool) -> NDArray[Any]:
    if not isinstance(kind, _Kind) or not isinstance(raw, bytes | bytearray) or not isinstance(shape, tuple):
        raise CapsDrawError("it holds an array without its bytes: expected numbers")
    if len(shape) > 8 or not all(type(side) is int and 0 <= side <= MAX_BYTES for side in shape):
        raise CapsDrawError("it holds an array of no shape")
    wanted = kind.dtype.itemsize
    for side in shape:
        wanted *= side
    if wanted != len(raw):
        raise CapsDrawError(f"an array in it claims {wanted:,} bytes: there are {len(raw):,}")
    return np.frombuffer(raw, kind.dtype).reshape(shape, order="F" if fortran else "C")


def _reconstruct(*_: Any) -> _Array:
    return _Array()


def _nothing(*_: Any) -> None:
    raise CapsDrawError("it makes an array without its bytes")


def _frombuffer(raw: Any, kind: Any, shape: Any, order: Any) -> NDArray[Any]:
    return _from_bytes(raw, kind, shape, order in (b"F", "F"))


def _scalar(kind: Any, raw: Any) -> Any:
    return _from_bytes(raw, kind, (), False).item()


def _encode(text: Any, encoding: Any) -> bytes:
    if not isinstance(text, str) or encoding not in (b"latin1", "latin1", b"latin-1", "latin-1"):
        raise CapsDrawError("it holds text in an unknown encoding")
    return text.encode("latin-1")


def _empty(*arguments: Any) -> bytes:
    """What protocols 0 to 2 of Python 3 call for bytes that are none."""
    if arguments:
        raise CapsDrawError("it makes bytes of something")
    return b""


# All that may be named, and what stands for it: NumPy's under its old names and its new ones.
_TABLE: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _StandIn(_nothing),
    ("numpy", "dtype"): _StandIn(_Kind),
    ("_codecs", "encode"): _StandIn(_encode),
    ("__builtin__", "bytes"): _StandIn(_empty),
    **{
        (f"numpy.{core}.{module}", name): _StandIn(make)
        for core in ("core", "_core")
        for module, name, make in (
            ("multiarray", "_reconstruct", _reconstruct),
            ("multiarray", "scalar", _scalar),
            ("numeric", "_frombuffer", _frombuffer),
        )
    },
}


def _allowed(module: str, name: str) -> Any:
    if (module, name) not in _TABLE:
        raise CapsDrawError(f"it asks for {module[:40]}.{name[:40]}, which no data set of arrays holds")
    return _TABLE[module, name]


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """What stands for that name, of the closed table."""
        return _allowed(module, name)


def _unwrapped(value: Any, depth: int) -> Any:
    """Arrays for what stands for them, in what these files hold: short lists and tuples in each other, and dicts."""
    if isinstance(value, _Array):
        if value.value is None:
            raise CapsDrawError("an array in it has no bytes")
        return value.value
    if isinstance(value, _Kind | _StandIn):
        raise CapsDrawError("it holds the name of something instead of an array")
    if depth and isinstance(value, dict):
        return {key: _unwrapped(entry, depth - 1) for key, entry in value.items()}
    if depth and isinstance(value, tuple) and len(value) <= _SHORT:
        return tuple(_unwrapped(entry, depth - 1) for entry in value)
    if depth and isinstance(value, list) and len(value) <= _SHORT:
        return [_unwrapped(entry, depth - 1) for entry in value]
    return value
