"""The one reader of small files: JSON and TOML into typed records, with every fault told in one line.

It is `msgspec` that holds a document against a record's types and says where it does not fit. JSON and TOML
are read by Python's own parsers: those can be told to refuse a key that is there twice, a number that is none,
and one of thousands of digits, where others take the last of the two keys without a word.
"""

import json
import math
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar, get_type_hints

from capsdraw.errors import CapsDrawError, refusal

T = TypeVar("T")

# Bytes of a file that are read, unless its reader says otherwise: the largest card has 100 kB.
MOST_BYTES = 2**20
# Bytes of a TOML file: Python's parser takes the square of a dotted key's length.
MOST_TOML_BYTES = 2**16
# Lists and objects within each other.
MOST_NESTED = 32

# A dotted key of so many names is refused before TOML's parser sees it.
_LONG_KEY = rf"""(?<![\w.-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_NESTED}}}"""
# Control characters, ends of lines, halves of characters, and what turns the direction of writing or is not seen.
_CONTROLS = r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
# Of "Expected `int`, got `str` - at `$.labels[0]`".
_PLACE = r" - at (?:`key` in )?`\$\.?([^`]*)`$"

# What msgspec calls the kinds of values, and what people do.
_KINDS = {
    "int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false", "array": "a list",
    "object": "an object", "null": "null",
}  # fmt: skip


class MissingFileError(CapsDrawError):
    """There is no file of that name."""


class _RefusedError(ValueError):
    """What a document may not hold though its grammar allows it; the message says what."""


def read_json(path: Path, kind: type[T], what: str = "", most: int = MOST_BYTES) -> T:
    """The record that a JSON file holds; keys that the record does not have are passed over.

    Args:
        path: of the file; a byte order mark at its beginning is skipped.
        kind: a dataclass, `dict[str, str]` or whatever else msgspec converts to.
        what: it is, for messages: "the model card", say.
        most: bytes that are read.

    Raises:
        MissingFileError: there is no such file.
        CapsDrawError: it cannot be read, or is not such a record; one line that names the file, and within it
            the field, what was expected there and what was received.
    """
    return convert(parse_json(read_bytes(path, what, most), called(path), what), kind, called(path), what)


def read_toml(path: Path, kind: type[T], what: str = "", most: int = MOST_TOML_BYTES) -> T:
    """As `read_json`, of a TOML file."""
    return convert(parse_toml(read_bytes(path, what, most), called(path), what), kind, called(path), what)


def read_bytes(path: Path, what: str = "", most: int = MOST_BYTES) -> bytes:
    """All of a file.

    Raises:
        MissingFileError: there is none.
        CapsDrawError: it cannot be read, is no file, or has more than `most` bytes.
    """
    with open_file(path, what) as file:
        data = file.read(most + 1)
    if len(data) > most:
        _fail(called(path), what, f"it has more than {most:,} bytes, which is all that is read")
    return data


@contextmanager
def open_file(path: Path, what: str = "") -> Iterator[BinaryIO]:
    """A file that is one: no folder, and no pipe or device, for which its reader would wait for ever.

    Raises:
        MissingFileError: there is none.
        CapsDrawError: it cannot be opened or read, or is no file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                _fail(called(path), what, f"it is a {'pipe' if stat.S_ISFIFO(mode) else 'device'}, not a file")
            yield file
    except FileNotFoundError as error:
        raise MissingFileError(_line(called(path), what, refusal(error))) from None
    except OSError as error:
        # Which systems refuse in different words; `path.is_dir` raises where the name is too long.
        folder = os.path.isdir(path)  # noqa: PTH112
        _fail(called(path), what, "it is a folder, not a file" if folder else refusal(error))
    except ValueError as error:  # a name with a zero byte in it
        _fail(called(path), what, str(error))


def parse_json(data: bytes, name: str, what: str = "") -> Any:
    """What some JSON says, in dicts, lists, texts and numbers; raises CapsDrawError with the file's `name`."""
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_object, parse_float=_float, parse_int=_int,
            parse_constant=_float,
        )  # fmt: skip
        _require_plain(document)
    except _RefusedError as error:
        _fail(name, what, str(error))
    except UnicodeDecodeError as error:
        _fail(name, what, f"not UTF-8 text (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        _fail(name, what, f"not JSON (line {error.lineno}, column {error.colno}: {error.msg.removesuffix(' at')})")
    except RecursionError:
        _fail(name, what, _DEEP)
    return document


def parse_toml(data: bytes, name: str, what: str = "") -> dict[str, Any]:
    """What some TOML says; raises CapsDrawError with the file's `name`."""
    import tomllib

    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if re.search(_LONG_KEY, text):
            raise _RefusedError(_DEEP)
        document = tomllib.loads(text, parse_float=_float)
        _require_plain(document)
    except _RefusedError as error:
        _fail(name, what, str(error))
    except UnicodeDecodeError as error:
        _fail(name, what, f"not TOML (not UTF-8 text, byte {error.start + 1})")
    except RecursionError:
        _fail(name, what, _DEEP)
    except ValueError as error:  # of the parser's own kind, or that of a number or a date it made
        reason = str(error)
        _fail(name, what, _HUGE if reason.startswith("Exceeds the limit") else f"not TOML ({reason})")
    return document


def convert(document: Any, kind: type[T], name: str, what: str = "") -> T:
    """The record that a document describes; raises CapsDrawError with the file's `name`."""
    import msgspec

    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        _fail(name, what, _in_words(str(error), document, kind))


def wrong(name: str, what: str, field: str, expected: str, received: Any) -> CapsDrawError:
    """A value of the right type that cannot be right, to be raised: in the words of the others."""
    return CapsDrawError(_line(name, what, f"{field}: expected {expected}, received {abbreviated(received)}"))


def called(path: Path) -> str:
    """What a message calls a file: its name; "." and "/" have none, and stand for themselves."""
    return path.name or str(path)


def abbreviated(value: Any, most: int = 40) -> str:
    """A value in a line, cut where it is long."""
    if isinstance(value, dict | list | tuple):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool | None) else str(value)
    return one_line(text if len(text) <= most else f"{text[: most - 2]} …")


def one_line(text: str) -> str:
    """The text with its line breaks and other control characters escaped: what a file says may hold any."""
    return re.sub(_CONTROLS, lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


_HUGE = "a whole number in it has more than 18 digits"
_DEEP = f"lists or objects lie in each other more than {MOST_NESTED} deep"


def _called(path: Path) -> str:
    """What a message calls a file; "." has no other name."""
    return path.name or str(path)


def _fail(name: str, what: str, why: str) -> NoReturn:
    raise CapsDrawError(_line(name, what, why)) from None


def _line(name: str, what: str, why: str) -> str:
    return one_line(f"cannot read {what + ' ' if what else ''}'{name}': {why}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise _RefusedError(f"{abbreviated(twice)} is there twice: leave one of them out")
    return made


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _RefusedError(f"{abbreviated(text)} is not a finite number")
    return value


def _int(text: str) -> int:
    if len(text) > 20:
        raise _RefusedError(_HUGE)
    return int(text)


def writable(text: str) -> str:
    """The text without what no file can hold, and no reader takes: bytes of an argument that are no UTF-8."""
    return text if text.isprintable() else re.sub(r"[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def _require_plain(document: Any) -> None:
    """No deeper, no larger and no other than what every system can show and write again."""
    level = [document]
    for _ in range(MOST_NESTED + 1):
        for value in level:
            if type(value) is int and not -(10**18) < value < 10**18:
                raise _RefusedError(_HUGE)
            for text in value if isinstance(value, dict) else (value,) if isinstance(value, str) else ():
                if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
                    raise _RefusedError(f"{abbreviated(text)} holds half of a character")
        level = [inner for value in level for inner in _within(value)]
        if not level:
            return
    raise _RefusedError(_DEEP)


def _within(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _in_words(text: str, document: Any, kind: Any) -> str:
    """What msgspec says of a value that does not fit, as the app says it."""
    text = text.splitlines()[0]
    place = re.search(_PLACE, text)
    field = place[1] if place else ""
    text = re.sub(_PLACE, "", text)
    if missing := re.fullmatch(r"Object missing required field `(.*)`", text):
        return f"{field + '.' if field else ''}{missing[1]} is missing"
    if text.startswith("Invalid enum value"):
        text = f"Expected {_choices(kind, field)}"
    text = re.sub(
        r"`([^`]*)`",
        lambda match: " or ".join(_KINDS.get(kind_name, kind_name) for kind_name in match[1].split(" | ")),
        text,
    )
    received = _at(document, field)
    if received is not None and text.startswith("Expected") and "length" not in text:
        text = f"{text.partition(', got')[0]}, received {abbreviated(received)}"
    text = text.replace(", got ", ", received ")
    text = text[:1].lower() + text[1:]
    # Of a table of the user's own keys, msgspec does not say which.
    field = re.sub(r"(.*)\[\.\.\.\]$", lambda match: f"an entry of {match[1]}" if match[1] else "an entry", field)
    return f"{field}: {text}" if field else text


def _choices(kind: Any, field: str) -> str:
    """The words that a field of a record can be."""
    try:
        choices = get_type_hints(kind)[field]
    except (KeyError, TypeError, NameError):
        return "another word"
    words = [str(choice.value) for choice in choices] if isinstance(choices, type) and issubclass(choices, Enum) else []
    return " or ".join(f'"{choice}"' for choice in words) or "another word"


def _at(document: Any, field: str) -> Any:
    """The value at a place as msgspec names it, "labels[0]" say; None where it names none."""
    for key, index in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", field):
        try:
            document = document[int(index)] if index else document[key]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return document
