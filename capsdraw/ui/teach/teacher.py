"""All that explains the window, behind three calls: explain what is in sight, open the glossary, start the tour."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui.teach.faces_in_sight import face_buttons, face_in_sight
from capsdraw.ui.teach.glossary_dialog import GlossaryDialog
from capsdraw.ui.teach.help_panel import HelpPanel
from capsdraw.ui.teach.tour import Tour
from capsdraw.ui.teach.tour_stage import TourStage


class Teacher(QObject):
    """Explains a window.

    Args:
        window: that it explains; tabs: whose faces these are; beside: the column that an explanation may cover.
        stage: the window as the tour uses it.

    Attributes:
        panel: the explanation; glossary: the words; tour: the five cards.

    Signals:
        touring(): the tour is begun.
    """

    touring = Signal()

    def __init__(self, window: QWidget, tabs: QTabWidget, beside: QWidget, stage: TourStage) -> None:
        super().__init__(window)
        self._tabs, self._glimpse = tabs, Glimpse()
        self.panel, self.glossary, self.tour = HelpPanel(window, beside), GlossaryDialog(window), Tour(stage, window)
        self.panel.followed.connect(self.open_glossary)
        self.panel.tour_wanted.connect(self.start_tour)
        self.tour.followed.connect(self.open_glossary)
        tabs.currentChanged.connect(lambda _: self._follow())
        for index in range(tabs.count()):
            self.watch(index)

    def watch(self, index: int) -> None:
        """Follow the faces of that tab, which may have been made just now."""
        for face in face_buttons(self._tabs.widget(index)):
            face.toggled.connect(lambda down: self._follow() if down else None)

    def explain(self) -> None:
        """Explain the face in sight; where that is done already, close the explanation."""
        if self.panel.isVisible():
            self.panel.shut()
        else:
            self.tour.end()
            self.panel.show_face(face_in_sight(self._tabs), self._glimpse)

    def open_glossary(self, word: str = "") -> None:
        """Open the glossary, at a word."""
        self.glossary.open_at(word)

    def start_tour(self) -> None:
        """Begin the tour."""
        self.panel.shut()
        self.touring.emit()
        self.tour.start()

    def see(self, glimpse: Glimpse) -> None:
        """Something was drawn and read, or, of an empty glimpse, nothing is drawn any more."""
        self._glimpse = glimpse
        if glimpse.digit is None:
            self.tour.see_nothing()
        if self.panel.isVisible():
            self.panel.see(glimpse)

    def _follow(self) -> None:
        """Another face is in sight."""
        if self.panel.isVisible():
            self.panel.show_face(face_in_sight(self._tabs), self._glimpse)
