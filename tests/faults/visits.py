"""What a monkey does at parts of the window that random clicks seldom come upon: each is one thing that a user does."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QMenu, QWidget

from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.rooms import CAPSULE, READ, TRAIN
from capsdraw.ui.teach.linked_text import LinkedText

_LEFT = Qt.MouseButton.LeftButton
_WORDS = ["", "capsule", "vote", "zzz", "rou", "<b>", "(", "x" * 200]


class Visits:
    """Things that are done to known parts of a window; each gives words for what it did.

    Args:
        window: shown.
        chance: from which it chooses.
        pictures: files of one digit each; data: folders and files that can be trained on, broken ones among them.
        lap: called between two events of which each is timed by itself.

    Attributes:
        seen: how often each part was visited.
    """

    def __init__(
        self,
        window: MainWindow,
        chance: random.Random,
        pictures: Sequence[Path],
        data: Sequence[Path],
        lap: Callable[[], object],
    ) -> None:
        self.window, self.random, self._lap = window, chance, lap
        self._pictures, self._data = list(pictures), list(data)
        self.seen: Counter[str] = Counter()

    @property
    def all(self) -> list[tuple[Callable[[], str], int]]:
        """All of them, and how often each is done among them."""
        return [
            (self.menu, 5), (self.recent, 2), (self.model, 4), (self.glance, 2), (self.explain, 5), (self.link, 4),
            (self.look_up, 3), (self.tour, 6), (self.card, 2), (self.face, 5), (self.film, 4), (self.edge, 3),
            (self.crop, 4), (self.banner, 3), (self.plan, 3), (self.drop_many, 3), (self.close_dialog, 3),
            (self.invite, 1), (self.timeline, 3),
        ]  # fmt: skip

    def visit(self) -> str:
        """One of them."""
        kinds = self.all
        act = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        said = act()
        self.seen[act.__name__ if said else f"{act.__name__}, not there"] += 1
        return f"{act.__name__} {said}"

    def menu(self) -> str:
        """Open a menu, and choose in it by keys."""
        menus = self.window.commands.menus
        menu = self.random.choice([menus.file, menus.edit, menus.view, menus.model, menus.help, menus.theme])
        return self._choose_in(menu)

    def recent(self) -> str:
        """Open what was opened of late."""
        return self._choose_in(self.window.commands.menus.recent)

    def model(self) -> str:
        """Choose a model where it is chosen."""
        picker = self.window.picker
        name = self.random.choice(picker.names)
        picker.setCurrentIndex(picker.findData(name))
        picker.activated.emit(picker.currentIndex())
        return name

    def glance(self) -> str:
        """Point at the answer beneath the canvas."""
        view = self.random.choice(list(self.window.panel.glance.findChildren(QWidget)))
        QTest.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
        QTest.mouseClick(view, _LEFT)
        return type(view).__name__

    def explain(self) -> str:
        """Press "?", or a button of what it shows."""
        panel = self.window.teaching.teacher.panel
        if panel.isVisible() and self.random.random() < 0.5:
            return self._press_within(panel)
        QTest.mouseClick(self.window.teaching.question_mark, _LEFT)
        return "?"

    def link(self) -> str:
        """Follow a word of an explanation."""
        texts = [text for text in self.window.findChildren(LinkedText) if text.isVisible() and text.links]
        if not texts:
            return ""
        text = self.random.choice(texts)
        number = self.random.randrange(len(text.links))
        if self.random.random() < 0.5:
            QTest.mouseClick(text, _LEFT, pos=text.place(number).center().toPoint())
        else:
            text.setFocus()
            QTest.keyClick(text, self.random.choice([Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return]))
        return text.links[min(number, len(text.links) - 1)] if text.links else "another"

    def look_up(self) -> str:
        """Look for a word in the glossary."""
        glossary = self.window.teaching.teacher.glossary
        if not glossary.isVisible():
            self.window.teaching.teacher.open_glossary(self.random.choice(_WORDS))
            return "opened"
        if self.random.random() < 0.3:
            return self._press_within(glossary)
        word = self.random.choice(_WORDS)
        glossary.search.setText(word)
        QTest.keyClick(glossary.search, self.random.choice([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return]))
        return f"'{word[:20]}'"

    def tour(self) -> str:
        """Start the tour, or press a button of its card."""
        tour = self.window.teaching.teacher.tour
        if not tour.running:
            self.window.teaching.teacher.start_tour()
            return "started"
        tour.pause = 50
        return self._press_within(tour.card)

    def card(self) -> str:
        """Drag a floating card, move it by keys, or close it by Escape."""
        teacher = self.window.teaching.teacher
        cards = [card for card in (teacher.panel, teacher.tour.card) if card.isVisible()]
        if not cards:
            return ""
        card = self.random.choice(cards)
        if self.random.random() < 0.2:
            QTest.keyClick(card, Qt.Key.Key_Escape)
            return "Escape"
        if self.random.random() < 0.4:
            QTest.keyClick(card, self.random.choice([Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down]))
            return "keys"
        self._drag(card, QPoint(12, 12), QPoint(self._far(), self._far()))
        return "dragged"

    def face(self) -> str:
        """Turn to a tab, and to a face of it."""
        index = self.random.randrange(self.window.tabs.count())
        self.window.tabs.setCurrentIndex(index)
        self._lap()
        faces: list[QAbstractButton] = list(getattr(self.window.tabs.view(index), "faces", ()))
        if faces:
            QTest.mouseClick(self.random.choice(faces), _LEFT)
        return self.window.tabs.tabText(index)

    def film(self) -> str:
        """Routing's film: play it, go to a step, choose a place, another number of rounds."""
        self.window.tabs.setCurrentIndex(CAPSULE)
        self._lap()
        lab = self.window.lab
        QTest.mouseClick(next(face for face in lab.faces if face.text() == "Routing"), _LEFT)
        self._lap()
        routing = lab.routing
        match self.random.randrange(5):
            case 0:
                QTest.mouseClick(routing.bar.play, _LEFT)
            case 1:
                routing.step.setValue(self.random.randint(0, max(0, routing.step.maximum())))
            case 2:
                routing.count.setValue(self.random.randint(0, routing.count.maximum()))
            case 3:
                QTest.mouseClick(self.random.choice(routing.modes), _LEFT)
            case _:
                view = self.random.choice([routing.map, routing.film])
                place = QPoint(
                    self.random.randrange(max(1, view.width())), self.random.randrange(max(1, view.height()))
                )
                QTest.mouseMove(view, place)
                QTest.mouseClick(view, _LEFT, pos=place)
        return "at the film"

    def timeline(self) -> str:
        """Read's timeline: play it, go to a moment by mouse or by keys, click into the curves."""
        self.window.tabs.setCurrentIndex(READ)
        self._lap()
        tab = self.window.tabs.read
        QTest.mouseClick(tab.faces[1], _LEFT)
        self._lap()
        face = tab.timeline
        match self.random.randrange(4):
            case 0:
                QTest.mouseClick(face.play, _LEFT)
            case 1:
                QTest.keyClick(face.scrubber, self.random.choice([Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End]))
            case 2:
                self._drag(face.scrubber, QPoint(face.scrubber.width() // 2, 9), QPoint(self._far(), 0))
            case _:
                QTest.mouseClick(face, _LEFT, pos=QPoint(face.width() // 3, face.height() // 2))
        return "at the timeline"

    def edge(self) -> str:
        """Drag the edge between drawing and views."""
        handle = self.window.sides.handle(1)
        self._drag(handle, QPoint(handle.width() // 2, handle.height() // 2), QPoint(self._far(), 0))
        return f"{self.window.sides.sizes()}"

    def crop(self) -> str:
        """Take hold of the box on an opened picture, by a corner or by an edge; without one, open a picture."""
        canvas = self.window.panel.canvas
        box = canvas.sketch.box
        if box is None:
            self.window.files.open(self.random.choice(self._pictures))
            return "a picture opened"
        scale = min(canvas.width(), canvas.height()) / 392
        left, top, width, height = (side * scale for side in box)
        place = self.random.choice(
            [(left, top), (left + width, top + height), (left + width, top), (left + width / 2, top)]
        )
        self._drag(canvas, QPointF(*place).toPoint(), QPoint(self._far(), self._far()))
        return f"{box}"

    def banner(self) -> str:
        """A message, and its end; or a button of what lies over the foot of the views."""
        banners = self.window.banners
        if not banners.isVisible():
            self.window.message.say("something is wrong " * self.random.choice([1, 60]))
            return "said"
        if self.random.random() < 0.3:
            QTest.keyClick(self.window, Qt.Key.Key_Escape)
            return "Escape"
        return self._press_within(banners)

    def invite(self) -> str:
        """The offer of a tour that the first start makes."""
        self.window.teaching.invitation.show()
        return "invited"

    def plan(self) -> str:
        """A card of the plans for a fit, its details, or a field."""
        self.window.tabs.setCurrentIndex(TRAIN)
        self._lap()
        QTest.mouseClick(self.window.train.faces[0], _LEFT)
        form = self.window.train.form
        card = self.random.choice(form.cards)
        button = self.random.choice([card.title, card.title, card.start, form.details, form.start])
        if not button.isEnabled() or not button.isVisible():
            return ""
        QTest.mouseClick(button, _LEFT)
        return f"'{button.text()}'"

    def drop_many(self) -> str:
        """Drop several pictures, a folder, or a file of data."""
        chosen = self.random.choice([self._pictures, self._data])
        several = chosen is self._pictures or self.random.random() < 0.2
        paths = self.random.sample(chosen, self.random.randint(1, len(chosen))) if several else []
        paths = paths or [self.random.choice(chosen)]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, _LEFT, Qt.KeyboardModifier.NoModifier)
        self.window.dropEvent(event)
        return ", ".join(path.name for path in paths)

    def close_dialog(self) -> str:
        """Close a window that stands beside the main one, as a user does sooner or later."""
        dialogs = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        if not dialogs:
            return ""
        dialog = self.random.choice(dialogs)
        dialog.close()
        return dialog.windowTitle()

    def _choose_in(self, menu: QMenu) -> str:
        menu.popup(self.window.mapToGlobal(QPoint(20, 20)))
        actions = [action for action in menu.actions() if self._can_be_chosen(action)]
        if not actions or self.random.random() < 0.2:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return f"{menu.title()}: nothing"
        action = self.random.choice(actions)
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        menu.close()
        return f"{menu.title()}: '{action_text(action)}'"

    @staticmethod
    def _can_be_chosen(action: QAction) -> bool:
        ends = action.text() in ("&Quit", "…")
        return action.isEnabled() and not action.isSeparator() and action.menu() is None and not ends

    def _press_within(self, part: QWidget) -> str:
        buttons = [
            each
            for each in part.findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled() and each.width()
        ]
        if not buttons:
            return ""
        button = self.random.choice(buttons)
        words = button.text() or button.accessibleName()
        QTest.mouseClick(button, _LEFT, pos=QPoint(button.width() // 2, button.height() // 2))
        return f"'{words[:30]}'"

    def _drag(self, view: QWidget, begin: QPoint, by: QPoint) -> None:
        QTest.mousePress(view, _LEFT, pos=begin)
        for part in (0.3, 0.7, 1.0):
            QTest.mouseMove(view, begin + by * part)
            self._lap()
        QTest.mouseRelease(view, _LEFT, pos=begin + by)

    def _far(self) -> int:
        return self.random.randint(-300, 300)


def action_text(action: QAction) -> str:
    """What stands in the menu, if that is still there."""
    try:
        return action.text()[:40]
    except RuntimeError:  # its menu was filled anew by what it did
        return "another list"
