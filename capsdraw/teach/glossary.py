"""The words that the window explains, each with where it comes from: `glossary.toml`, read once."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from capsdraw.records import read_toml


@dataclass(frozen=True)
class Word:
    """One word.

    Attributes:
        word: as it is listed.
        brief: what it is, in a phrase; stands in GLOSSARY.md, too.
        text: two or three sentences, with links (`linked.spans`).
        source: where word or thing comes from, with the year.
        also: other words that lead here.
    """

    word: str
    brief: str
    text: str
    source: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Document:
    entry: tuple[Word, ...] = field(default_factory=tuple)


@cache
def entries() -> tuple[Word, ...]:
    """All words, in alphabetical order."""
    document = read_toml(Path(__file__).with_name("glossary.toml"), _Document, "the glossary")
    return tuple(sorted(document.entry, key=lambda entry: entry.word.casefold()))


def find(word: str) -> Word | None:
    """The entry of a word, or of one that leads to it, whatever its capitals; None where there is none."""
    wanted = word.strip().casefold()
    by_word = {entry.word.casefold(): entry for entry in entries()}
    by_other = {other.casefold(): entry for entry in entries() for other in entry.also}
    return by_word.get(wanted) or by_other.get(wanted)


def search(text: str) -> tuple[Word, ...]:
    """Entries that a user looks for, the best first: whose word begins so, then holds it, then whose text does."""
    wanted = text.strip().casefold()
    if not wanted:
        return entries()
    ranked = [(_rank(entry, wanted), entry) for entry in entries()]
    # In alphabetical order among equals: sorting keeps it.
    return tuple(entry for _, entry in sorted((pair for pair in ranked if pair[0] < _ABSENT), key=lambda pair: pair[0]))


_ABSENT = 4


def _rank(entry: Word, wanted: str) -> int:
    word, others = entry.word.casefold(), [other.casefold() for other in entry.also]
    if word.startswith(wanted):
        return 0
    if any(other.startswith(wanted) for other in others):
        return 1
    if wanted in word or any(wanted in other for other in others):
        return 2
    return 3 if wanted in f"{entry.brief} {entry.text}".casefold() else _ABSENT
