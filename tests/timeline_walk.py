"""The way through the face "Timeline", with real content: what `every_face.py` takes pictures of."""

from face_walks import PHOTOGRAPHS, Faces, Walker
from first_minutes import rest

from capsdraw.ui.read.tab import ANSWER, TIMELINE
from capsdraw.ui.tab_bar import READ


def timeline_faces(walker: Walker) -> Faces:
    """Timeline: of both kinds of net, of a scribble; a picture, nothing, a net of photographs."""
    window, tab = walker.window, walker.window.tabs.read
    face = tab.timeline

    def shown(what: str) -> None:
        rest(400)
        walker.until(lambda: walker.read() and face.timeline is not None and not tab.asker.busy, what)
        face.scrubber.setValue(face.scrubber.maximum() // 2)

    walker.turn(READ)
    walker.face(tab, TIMELINE)
    for model in ("keras-cnn", "efficient-capsnet"):
        walker.begin(model, 9)
        shown("the timeline")
        yield model
    walker.press("A scribble")
    shown("a scribble's timeline")
    yield "scribble"
    walker.test("Test digit")
    yield "picture"
    walker.click(window.panel.tools.clear)
    yield "empty"
    walker.begin(PHOTOGRAPHS, 9)
    shown("a timeline of a net of photographs")
    yield "photographs"
    walker.click(window.panel.tools.clear)
    walker.face(tab, ANSWER)
