"""Classes from the names of files: `7_001`, `cat.12`, `scan-3`, `img001-00005`, `7 (12)`."""

import re
from collections import Counter

from capsdraw.errors import CapsDrawError

_SEPARATORS = re.compile(r"[_\-. ()\[\]]+")
# What Windows counts files of one name by.
_COUNTER = re.compile(r" *\(\d+\)$")
# `img001-00005`, `digit7`: a word and a number that belong together.
_WORD_AND_NUMBER = re.compile(r"([A-Za-z]+)0*(\d+)")
# A name that is taken for a class has so many files at least, in the mean over all classes.
_EACH = 2


def classes(stems: list[str], where: str) -> list[str]:
    """The class of each file, by the first or the last word of its name.

    Words are parted by `_`, `-`, `.`, a space or a bracket; a number in brackets at the end of all names counts. Where
    all names are a single digit, it is the class: ten files called 0 to 9 are a digit each. Where the last word could
    count the files of a class that stands in the middle, as in `digit_7_01`, the one of both that is a digit is taken.

    Args:
        stems: names without their endings.
        where: what an error calls the folder.

    Raises:
        CapsDrawError: no word repeats so that it could be a class, or several do.
    """
    counted = all(map(_COUNTER.search, stems))
    stems = [_COUNTER.sub("", stem) for stem in stems] if counted else stems
    words = [_SEPARATORS.split(stem.strip("_-. ()[]")) for stem in stems]
    alone = all(len(parts) == 1 for parts in words)
    if alone and all(stem.isdigit() and len(stem) == 1 for stem in stems):
        return stems
    if any(len(parts) < 2 for parts in words) and not (alone and counted):
        single = next(stem for stem, parts in zip(stems, words, strict=True) if len(parts) < 2)
        raise _refused(where, f"'{single}' has one word only")
    first, last = ([] if alone and place else _candidate([parts[place] for parts in words]) for place in (0, -1))
    chosen = [candidate for candidate in (first, last) if candidate]
    if not chosen:
        raise _refused(where, f"neither the first nor the last words, as in '{stems[0]}', repeat like classes")
    if not first:
        return _last_or_middle(words, last, where)
    if len(chosen) == 2:
        # A word and a number that counts: the word.
        named = [candidate for candidate in chosen if not any(word.isdigit() for word in candidate)]
        chosen = named if len(named) == 1 else chosen
    if len(chosen) == 2:
        raise _refused(
            where, f"both the first words ({_few(chosen[0])}) and the last ones ({_few(chosen[1])}) could be classes"
        )
    return chosen[0]


def _last_or_middle(words: list[list[str]], last: list[str], where: str) -> list[str]:
    """The last words, or those in the middle where the last ones may but count; refused where that is open."""
    if len({tuple(parts[:-1]) for parts in words}) == len(words):
        return last
    places = range(1, min(map(len, words)) - 1)
    middle = [candidate for place in places if (candidate := _candidate([parts[place] for parts in words]))]
    if not middle:
        return last
    numbers = all(word.isdecimal() for candidate in (*middle, last) for word in candidate)
    digits = [candidate for candidate in (*middle, last) if numbers and all(int(word) < 10 for word in candidate)]
    if len(digits) != 1:
        raise _refused(
            where, f"both the words in the middle ({_few(middle[0])}) and the last ones ({_few(last)}) could be classes"
        )
    return digits[0]


def _candidate(words: list[str]) -> list[str]:
    """The words, where they repeat like classes; [] where they do not."""
    counts = Counter(words)
    if len(counts) < 2 or len(words) < _EACH * len(counts):
        return []
    matches = [_WORD_AND_NUMBER.fullmatch(word) for word in words]
    stems = {match[1] for match in matches if match}
    if all(matches) and len(stems) == 1:
        return [match[2] for match in matches if match]
    return words


def _few(words: list[str]) -> str:
    names = sorted(set(words))
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")


def _refused(where: str, why: str) -> CapsDrawError:
    return CapsDrawError(
        f"cannot use '{where}': its pictures lie in no class folders, and their names say no classes ({why}): "
        "expected a folder for each class, a table of file names and labels, or names like '7_001.png'"
    )
