"""The words that the window explains: found as they are written, sourced, and the same as in GLOSSARY.md."""

import re
from collections import Counter
from pathlib import Path

import pytest

from capsdraw.teach import glossary
from capsdraw.teach.linked import plain_words, spans

GLOSSARY = Path(__file__).parents[2] / "GLOSSARY.md"
ENTRIES = glossary.entries()
ASKED_FOR = (
    "capsule", "length", "squash", "vote", "coupling", "routing", "agreement", "reconstruction", "margin", "mask",
    "equivariance", "perturbation", "classifier", "softmax", "probability", "convolution", "kernel", "feature map",
    "Grad-CAM", "calibration", "confidence interval", "epoch", "learning rate", "overfitting", "augmentation",
    "held-out",
)  # fmt: skip


@pytest.mark.parametrize("word", ASKED_FOR)
def test_the_words_that_people_meet_are_explained(word: str) -> None:
    assert glossary.find(word) is not None
    assert glossary.find(word.upper()) is glossary.find(word)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.word)
def test_an_entry_is_short_sourced_and_leads_on(entry: glossary.Word) -> None:
    for span in spans(entry.text):
        if span.word:
            assert glossary.find(span.word) not in (None, entry), span
    sentences = re.findall(r"[.?!](?:\s|\)|$)", plain_words(entry.text))
    assert 2 <= len(sentences) <= 4
    assert re.search(r"\b(1[89]|20)\d\d\b", entry.source) or "CapsDraw" in entry.source
    assert "[" not in plain_words(entry.text)


def test_the_repository_s_glossary_says_the_same() -> None:
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE))
    for entry in ENTRIES:
        assert rows.get(entry.word) == entry.brief, entry.word


def test_no_word_leads_to_two_entries() -> None:
    words = Counter(word.casefold() for entry in ENTRIES for word in (entry.word, *entry.also))
    assert not {word: count for word, count in words.items() if count > 1}


def test_what_is_looked_for_comes_first() -> None:
    assert glossary.search("") == ENTRIES
    assert glossary.search("Grad")[0].word == "heat"
    assert glossary.search("rout")[0].word == "routing"
    assert glossary.search("PYTHAGORAS")[0].word == "length"
    assert glossary.search("no such thing") == ()
