"""Sentences with links to words of the glossary, as the texts of this room write them."""

import re
from typing import Final, NamedTuple

# "[vote]" or "[votes|vote]".
_LINK: Final = re.compile(r"\[([^\[\]|]+)(?:\|([^\[\]|]+))?\]")


class Span(NamedTuple):
    """Some words of a sentence, and the word of the glossary that they lead to, or ""."""

    text: str
    word: str = ""


def spans(text: str) -> tuple[Span, ...]:
    """A sentence, taken apart where links begin and end; "[votes|vote]" shows "votes" and leads to "vote"."""
    found: list[Span] = []
    end = 0
    for link in _LINK.finditer(text):
        found.append(Span(text[end : link.start()]))
        found.append(Span(link[1], link[2] or link[1]))
        end = link.end()
    found.append(Span(text[end:]))
    return tuple(span for span in found if span.text)


def plain_words(text: str) -> str:
    """The sentence as it is read aloud."""
    return "".join(span.text for span in spans(text))
