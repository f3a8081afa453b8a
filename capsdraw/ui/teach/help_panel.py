"""What "?" opens: the explanation of the face in sight, beside it."""

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QWidget

from capsdraw.teach.glimpse import Glimpse
from capsdraw.teach.lessons import FaceLesson, lesson_of
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.teach.floating import FloatingCard
from capsdraw.ui.teach.lesson_picture import LessonPicture
from capsdraw.ui.teach.linked_text import LinkedText

_EXAMPLE = "An example: draw, and this is your digit. "


class HelpPanel(FloatingCard):
    """Three sentences and a picture, over what is not explained: it lies on the column of the canvas until it is moved.

    Args:
        window: over which it lies.
        beside: what it may cover: the column beside the tabs.

    Attributes:
        lesson: what is shown, or None; picture, text, caption: its parts; words, tour: the buttons beneath.

    Signals:
        followed(str): a link was; the word that it leads to, "" for the glossary itself.
        tour_wanted(): the user would like the tour.
    """

    followed = Signal(str)
    tour_wanted = Signal()

    def __init__(self, window: QWidget, beside: QWidget) -> None:
        super().__init__(window)
        self._beside = beside
        self.lesson: FaceLesson | None = None
        self.picture = LessonPicture()
        self.caption = LiveText(theme.small(self), lines=2)
        self.text = LinkedText("Explanation")
        self.words = button("Glossary", "All words, and where they come from")
        self.tour = button("Tour", "Five cards on the live window")
        for widget in (self.picture, self.caption, self.text):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.body.addLayout(row(self.words, self.tour, None))
        self.setAccessibleName("Explanation of what is shown")
        self.text.followed.connect(self.followed)
        self.words.clicked.connect(lambda: self.followed.emit(""))
        self.tour.clicked.connect(self.tour_wanted)

    def show_face(self, face: str, glimpse: Glimpse) -> None:
        """Explain a face ("capsule/sheet", `teach.lessons.face_id`), with pictures of what was drawn.

        Where it is open already, the focus stays where it is, and so does a place that the user chose.

        Raises:
            KeyError: a face of a tab of which nothing is said.
        """
        lesson = lesson_of(face)
        opens = self.isHidden()
        if lesson != self.lesson:
            self.lesson = lesson
            self.title.setText(lesson.title)
            self.text.show_texts(lesson.sentences)
        self.see(glimpse)
        self.appear()
        self.resettle()
        if opens:
            (self.text if self.text.links else self.close_button).setFocus()

    def see(self, glimpse: Glimpse) -> None:
        """Something else was drawn or read: the picture is of that from now on."""
        if self.lesson is not None:
            words = self.lesson.caption if glimpse.digit is not None else f"{_EXAMPLE}{self.lesson.caption}"
            self.caption.setText(words)
            self.picture.show_picture(self.lesson.picture, glimpse, words)

    def resettle(self) -> None:
        """Where it stands: as wide as the column, at its foot; or where the user put it."""
        column = QRect(self._beside.mapTo(self.over, QPoint(0, 0)), self._beside.size())
        width = self.width() if self.moved_by_hand else min(max(column.width(), 46 * theme.GRID), 60 * theme.GRID)
        height = self.height_for(width)
        corner = self.pos() if self.moved_by_hand else QPoint(column.left(), column.bottom() - height + 1)
        self.stand(QRect(corner.x(), corner.y(), width, height))
