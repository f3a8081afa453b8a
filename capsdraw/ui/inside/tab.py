"""The "Inside" view: a net, its filters, what its layers make of the drawing or an image, and what decided."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capsdraw.ink.normalize import Digit
from capsdraw.lab.anatomy import Anatomy
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.inside.filters_view import FiltersView
from capsdraw.ui.inside.heat_view import HeatView
from capsdraw.ui.inside.image_picker import ImagePicker
from capsdraw.ui.inside.inside_questions import InsideQuestions
from capsdraw.ui.inside.maps_view import MapsView
from capsdraw.ui.inside.net_view import NetView
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.questions import Desk
from capsdraw.ui.wording import invitation

NET, FILTERS, MAPS, HEAT = range(4)
_FACES: Final = (
    ("Net", "All layers, and the way through them"),
    ("Filters", "The kernels that the net has learnt"),
    ("Maps", "What each layer makes of what the net sees"),
    ("Heat", "Which parts of what the net sees spoke for a class"),
)
_ABOUT: Final = (
    "What each layer makes of {it}, its strongest maps first. Click a layer to open it.",
    "What a layer looks for, before training and after.",
    "What a layer makes of {it}{meanwhile}.",
    "Where the net found what speaks for a class (Grad-CAM).",
)


class InsideTab(Guarded, QWidget):
    """Looks into the model that reads what lies on the canvas.

    Attributes:
        net, filters, maps, heat: the four faces; faces: the buttons that choose among them.
        images: where images for a net that reads no drawings come from.
        anatomy: of the model, or None as long as it is not known; questions: what is asked of it.

    Signals:
        wanted(str): the user would like that model to answer.
        pictured(object, str): an image (rows, columns[, 3]) float32 in [0, 1] is to be on the canvas; what it is.
    """

    wanted = Signal(str)
    pictured = Signal(object, str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: list[Card] = []
        self._card: Card | None = None
        self._reading: Reading | None = None
        self._digit: Digit | None = None
        self.anatomy: Anatomy | None = None
        self.net, self.filters, self.maps, self.heat = NetView(), FiltersView(), MapsView(), HeatView()
        self.headline, self._about = LiveText(theme.large(self), quiet=False), caption()
        self.questions = InsideQuestions(
            desk, self.net, self.filters, self.maps, self.heat, self._show_anatomy, self._about.setText
        )
        self.faces = one_of(*(button(name, tip) for name, tip in _FACES))
        self.images = ImagePicker(jobs)
        self._face = NET
        self._lay_out()
        self._connect()
        self.turn(NET)

    @property
    def busy(self) -> bool:
        """Whether the newest of some question is not answered yet."""
        return self.questions.net.awaited

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for the model that answers from now on; `models` are all that could."""
        self._models = models
        self.images.setVisible(not card.reads_drawings)
        self.images.describe(None if card.reads_drawings else card)
        self._lay_open(card)
        self._show_nothing()

    def show_nothing(self) -> None:
        """Nothing is drawn; the net and its filters stay."""
        self._show_nothing()

    def show_reading(self, reading: Reading, digit: Digit) -> None:
        """Look into what the net does with a new drawing or picture."""
        self._reading, self._digit = reading, digit
        self._ask_drawn()

    def turn(self, face: int) -> None:
        """Show the net (0), its filters (1), its maps (2) or heat (3)."""
        self._face = face
        self.faces[face].setChecked(True)
        self._stack.setCurrentIndex(face)
        self._describe_face()
        self._ask_all()

    def open_layer(self, name: str) -> None:
        """Show the filters of a layer, or its maps where it has none."""
        if self.anatomy is None:
            return
        if self.anatomy.find(name).filters:
            self.open_filters(name)
        else:
            self.open_maps(name)

    def open_filters(self, name: str) -> None:
        """Show the kernels of that layer."""
        self.turn(FILTERS)
        self.filters.choose(name)

    def open_maps(self, name: str) -> None:
        """Show what that layer makes of the drawing."""
        self.turn(MAPS)
        self.maps.choose(name)

    def open_value(self, layer: str, index: int) -> None:
        """Show how the largest value of one of that layer's maps comes about."""
        self.open_maps(layer)
        self.maps.open_value(index, None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing was asked while nobody looked.
        self._ask_all()

    @property
    def _draws(self) -> bool:
        """Whether the net reads what is drawn, rather than images."""
        return self._card is None or self._card.reads_drawings

    def _show_anatomy(self, anatomy: Anatomy) -> None:
        assert self._card is not None
        self.anatomy = anatomy
        self._describe_face()
        layers = len(anatomy.layers) - 1
        self.headline.setText(f"Inside {self._card.title}: {layers} layers, {anatomy.parameters:,} parameters")
        self.net.show_anatomy(anatomy, self._card.labels)
        self.filters.offer(anatomy.layers)
        self.maps.offer(anatomy.layers, self._card.names)
        self.heat.offer(anatomy)
        if self._digit is None:
            self._show_nothing()
        self._ask_all()

    def _lay_open(self, card: Card) -> None:
        self._card, self.anatomy = card, None
        self._reading = self._digit = None
        self.questions.net.forget()
        self.questions.net.net = card
        self.headline.setText(f"Inside {card.title}: {card.parameters:,} parameters")
        self._describe_face()
        self.net.show_anatomy(None)
        self.filters.offer(())
        self.maps.offer((), card.names)
        self.heat.describe(card, self._models)
        self._ask_all()

    def _show_nothing(self) -> None:
        self._reading = self._digit = None
        self.questions.drawing.forget()
        self.net.show_trace(None)
        self._invite_to_maps()
        self.heat.say(f"{self._do} to see what speaks for {'it' if self._draws else 'a class'}.")

    @property
    def _do(self) -> str:
        """What is to be done while there is nothing to look into."""
        return invitation(self._card) if self._draws else "Take a test image, or open an image,"

    def _invite_to_maps(self) -> None:
        self.maps.say(f"{self._do} to see what this layer makes of it.")

    def _describe_face(self) -> None:
        if self._card is not None and self.anatomy is None:
            self._about.setText(f"Loading {self._card.title} …")
            return
        subject, meanwhile = ("your drawing", " while you draw") if self._draws else ("the image", "")
        self._about.setText(_ABOUT[self._face].format(it=subject, meanwhile=meanwhile))

    def _ask_all(self) -> None:
        if self._card is None or not self.isVisible():
            return
        if self.anatomy is None:
            self.questions.anatomy.put()
        elif self._face == FILTERS:
            self._ask_filters()
        self._ask_drawn()

    def _ask_drawn(self) -> None:
        """What the face that is shown needs to know of the drawing, or of the image."""
        if self.anatomy is None or self._digit is None or self._reading is None or not self.isVisible():
            return
        questions, digit = self.questions, self._digit
        if self._face == NET:
            questions.trace.put(digit)
        elif self._face == MAPS:
            questions.maps.put(digit, self.maps.layer.currentData(), self.maps.common)
            self._ask_value()
        elif self._face == HEAT and self.heat.able:
            self._ask_heat(digit, self._reading.label)

    def _ask_maps(self) -> None:
        """Other maps are wanted; where nothing is drawn, what to do is said of these, too."""
        if self._digit is None:
            self._invite_to_maps()
        self._ask_drawn()

    def _ask_value(self) -> None:
        """How the value comes about whose arithmetic is open."""
        opened = self.maps.opened_value
        if opened is not None and self._digit is not None and self.anatomy is not None and self.isVisible():
            self.questions.value.put(self._digit, self.maps.layer.currentData(), *opened)

    def _ask_heat(self, digit: Digit, read: int) -> None:
        layer, chosen = self.heat.layer.currentData(), self.heat.label.currentData()
        label = read if chosen is None else chosen
        self.questions.heat.put(digit, label, layer, read)
        if self._card is not None and self._card.kind == NetKind.CAPSULE:
            self.questions.sent.put(digit, label)

    def _ask_filters(self) -> None:
        layer = self.filters.layer.currentData()
        if layer is not None and self.isVisible():
            self.questions.filters.put(layer, self.filters.channel.currentData())

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        for face in (self.net, self.filters, self.maps, self.heat):
            self._stack.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.headline)
        layout.addWidget(self._about)
        layout.addLayout(row(*self.faces, None))
        layout.addWidget(self.images)
        self.images.hide()
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        self.images.chosen.connect(self.pictured)
        self.net.picked.connect(self.open_layer)
        self.filters.opened.connect(self.open_maps)
        self.filters.wanted.connect(self._ask_filters)
        self.filters.used.connect(self.open_value)
        self.maps.opened.connect(self.open_filters)
        self.maps.wanted.connect(self._ask_maps)
        self.maps.value_wanted.connect(self._ask_value)
        self.heat.wanted.connect(self._ask_drawn)
        self.heat.none.wanted.connect(self.wanted)
