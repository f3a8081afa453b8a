"""What "?" says: three sentences a face, with links that lead somewhere."""

import re

import pytest

from capsdraw.teach import glossary
from capsdraw.teach.lessons import FaceLesson, face_id, lesson_of, lessons
from capsdraw.teach.linked import Span, plain_words, spans


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.face)
def test_three_sentences_with_links_to_the_glossary(lesson: FaceLesson) -> None:
    assert len(lesson.sentences) == 3
    links = [span.word for text in lesson.sentences for span in spans(text) if span.word]
    assert all(glossary.find(word) for word in links), links
    for text in (*lesson.sentences, lesson.caption):
        assert text[-1] in ".)?"
        assert len(plain_words(text)) <= 210
        assert not re.search(r"[\[\]|]", plain_words(text))


def test_most_faces_lead_to_the_glossary() -> None:
    without = [
        lesson.face for lesson in lessons() if not any(span.word for text in lesson.sentences for span in spans(text))
    ]
    assert without == []


def test_links_are_taken_apart() -> None:
    assert spans("A [vote] or [votes|vote].") == (
        Span("A "), Span("vote", "vote"), Span(" or "), Span("votes", "vote"), Span("."),
    )  # fmt: skip


def test_a_face_that_nothing_is_said_of_is_explained_as_its_tab() -> None:
    assert lesson_of(face_id("Capsule", "&Sheet")).face == "capsule/sheet"
    assert lesson_of("capsule/unheard-of").face == "capsule/sliders"
    with pytest.raises(KeyError):
        lesson_of("nowhere")
