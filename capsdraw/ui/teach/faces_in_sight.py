"""Which face of which tab is in sight, and how one turns to another: of any tabs whose pages have `faces`."""

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget

from capsdraw.teach.lessons import face_id


def face_buttons(page: QWidget | None) -> list[QAbstractButton]:
    """The buttons that choose among a tab's faces: its `faces`; none where it has none."""
    return list(getattr(page, "faces", ()))


def face_in_sight(tabs: QTabWidget) -> str:
    """The face that is shown, as `teach.lessons` calls it: "capsule/sheet", or "compare"."""
    title = tabs.tabText(tabs.currentIndex())
    down = next((each for each in face_buttons(tabs.currentWidget()) if each.isChecked()), None)
    return face_id(title, "" if down is None else down.text())


def all_faces(tabs: QTabWidget) -> Iterator[str]:
    """Every face of every tab."""
    for index in range(tabs.count()):
        buttons = face_buttons(tabs.widget(index))
        yield from (face_id(tabs.tabText(index), each.text()) for each in buttons)
        if not buttons:
            yield face_id(tabs.tabText(index))


def turn_to(tabs: QTabWidget, face: str) -> None:
    """Show that face; nothing happens where there is none of that name."""
    for index in range(tabs.count()):
        title = tabs.tabText(index)
        if face_id(title) == face.partition("/")[0]:
            tabs.setCurrentIndex(index)
            for each in face_buttons(tabs.widget(index)):
                if face_id(title, each.text()) == face:
                    each.click()
