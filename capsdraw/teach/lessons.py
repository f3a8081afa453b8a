"""What is said of each face of the window: `lessons.toml`, read once."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from capsdraw.records import read_toml


@dataclass(frozen=True)
class FaceLesson:
    """What one face shows.

    Attributes:
        face: "capsule/sheet": tab and face as the window calls them, in small letters; "compare" of one without faces.
        sentences: three, with links (`linked.spans`).
        picture: its name, for who paints it.
        caption: what the picture shows.
    """

    face: str
    sentences: tuple[str, ...]
    picture: str
    caption: str

    @property
    def title(self) -> str:
        """As a heading: "Capsule: sheet"."""
        tab, _, face = self.face.partition("/")
        return f"{tab.capitalize()}: {face}" if face else tab.capitalize()


@dataclass(frozen=True)
class _Document:
    lesson: tuple[FaceLesson, ...] = field(default_factory=tuple)


@cache
def lessons() -> tuple[FaceLesson, ...]:
    """All of them, as the tabs stand in the window."""
    return read_toml(Path(__file__).with_name("lessons.toml"), _Document, "the explanations").lesson


def face_id(tab: str, face: str = "") -> str:
    """What a face is called here: "capsule/sheet"; ampersands that mark a key are left out."""
    words = [word.replace("&", "").strip().casefold() for word in (tab, face) if word]
    return "/".join(words)


def lesson_of(face: str) -> FaceLesson:
    """What is said of a face; of one that nothing is said of, what is said of the first of its tab.

    Raises:
        KeyError: a tab of which nothing is said.
    """
    by_face = {lesson.face: lesson for lesson in lessons()}
    if face in by_face:
        return by_face[face]
    tab = face.partition("/")[0]
    for lesson in lessons():
        if lesson.face.partition("/")[0] == tab:
            return lesson
    raise KeyError(face)
