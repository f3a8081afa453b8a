"""Files with something wrong in them: a seeded mutator for text, for bytes, and for what lies in an archive."""

import gzip
import io
import random
import re
import zipfile

VALUES = (
    "null", "true", "-1", "5", "1e999", "NaN", "-Infinity", "nan", "inf", '"many"', '""', "[]", "{}", "[[[1]]]",
    '{"a": {"b": 1}}', "9" * 30, "9" * 5000, "0.5", "1e300", '"\\ud800"', '"\\u0000"', '"a\\nb"', "1979-05-27",
    "[" * 3000, "[" * 3000 + "]" * 3000, '{"a":' * 3000, "''", '"' + "x" * 600 + '"', '"../../x"',
)  # fmt: skip
_VALUE = re.compile(rb'"(?:[^"\\\n]|\\.)*"|-?\d[\d.e+-]*|true|false|null')
_MARKS = (b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b"\r", b'"', b"\\", b",", b"=")
# What sizes, counts and offsets in binary files may become.
_NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x01", b"\x01\0\0\0")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes, lines or values of it exchanged, cut, doubled, nested or blown up."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place = chance.randrange(len(data) + 1)
        lines = data.split(b"\n")
        line = chance.randrange(len(lines))
        how = chance.randrange(10)
        if how == 0 and place < len(data):
            data = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        elif how == 1:
            data = data[:place]
        elif how == 2:
            data = data[:place] + data[chance.randrange(len(data) + 1) :]
        elif how == 3:
            data = b"\n".join(lines[: line + 1] + lines[line:])
        elif how == 4:
            data = data[:place] + chance.choice(_MARKS) + data[place:]
        elif how == 5:
            data = chance.choice((b"\xef\xbb\xbf", b"", b"[[a.b]]\n", b"a = 1\n")) + data
        elif how == 6:
            deep = ["[" + ".".join("a" * 3000) + "]", "a.b = 1", "x = " + "[" * 3000][chance.randrange(3)].encode()
            data = b"\n".join(lines[:line] + deep.splitlines() + lines[line:])
        elif values := list(_VALUE.finditer(data)):
            value = chance.choice(values)
            data = data[: value.start()] + chance.choice(VALUES).encode() + data[value.end() :]
    return data


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes exchanged, cut, doubled or set to the ends of what a number can be."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        # Headers are where most goes wrong.
        place = chance.randrange(min(len(data), chance.choice((64, 512, len(data)))) + 1)
        how = chance.randrange(6)
        if how <= 1 and place < len(data):
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        elif how == 2:
            number = chance.choice(_NUMBERS)[: chance.choice((1, 2, 4))]
            data = data[:place] + number + data[place + len(number) :]
        elif how == 3:
            data = data[:place]
        elif how == 4:
            data = data[:place] + data[chance.randrange(len(data) + 1) :]
        else:
            data = data[:place] + data[max(0, place - chance.randrange(1, 4000)) :]
    return data


def mutated_packed(data: bytes, chance: random.Random) -> bytes:
    """A .gz file with something wrong in it, or in what is packed in it while the packing is whole."""
    if chance.random() < 0.2:
        return mutated_bytes(data, chance)
    return gzip.compress(mutated_bytes(gzip.decompress(data), chance), 1)


def mutated_archive(data: bytes, chance: random.Random) -> bytes:
    """A ZIP file with something wrong in it, or in one of its members while the archive itself is whole."""
    if chance.random() < 0.3:
        return mutated_bytes(data, chance)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(held, "w") as after:
        names = before.namelist()
        wrong = chance.choice(names)
        for name in names:
            content = before.read(name)
            if name == wrong:
                text = name.endswith(".json")
                content = mutated(content, chance) if text else mutated_bytes(content, chance)
            if name != wrong or chance.random() < 0.95:
                after.writestr(chance.choice(names) if chance.random() < 0.02 else name, content)
    return held.getvalue()
