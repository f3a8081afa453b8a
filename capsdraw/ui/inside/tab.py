"""The "Inside" view: a net, its filters, what its layers make of the drawing or an image, and what decided."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.ink.normalize import Digit
from capsdraw.lab.anatomy import Anatomy
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, combo, one_of, row
from capsdraw.ui.inside.filters_view import FiltersView
from capsdraw.ui.inside.heat_view import HeatView
from capsdraw.ui.inside.image_picker import ImagePicker
from capsdraw.ui.inside.inside_questions import InsideQuestions
from capsdraw.ui.inside.maps_view import MapsView
from capsdraw.ui.inside.net_view import NetView
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.questions import Desk
from capsdraw.ui.readout import with_article

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
# Of "Net", the one that the canvas is for.
_READS: Final = "reads your drawing"


class InsideTab(QWidget):
    """Looks into the model that reads the drawing, or, with an image, into one that reads no drawings.

    Attributes:
        net, filters, maps, heat: the four faces; faces: the buttons that choose among them.
        nets: the choice of a net; images: where images for one that reads no drawings come from.
        anatomy: of the model, or None as long as it is not known; questions: what is asked of it.

    Signals:
        wanted(str): the user would like that model to answer.
        opened(str): an image is looked at; what it is, in words.
    """

    wanted = Signal(str)
    opened = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader: Card | None = None
        self._models: list[Card] = []
        self._drawn: tuple[Reading, Digit] | None = None
        self._chosen: Card | None = None  # reads no drawings
        self._others: dict[str, Card] = {}
        # What is looked at: of an image, what is read comes later.
        self._card: Card | None = None
        self._words = ""
        self._reading: Reading | None = None
        self._digit: Digit | None = None
        self.anatomy: Anatomy | None = None
        self.net, self.filters, self.maps, self.heat = NetView(), FiltersView(), MapsView(), HeatView()
        self.headline, self._about = QLabel(), caption()
        self.questions = InsideQuestions(
            desk, self.net, self.filters, self.maps, self.heat, self._show_anatomy, self._show_read, self._about.setText
        )
        self.faces = one_of(*(button(name, tip) for name, tip in _FACES))
        self.nets = combo("Net", "The net that reads your drawing, or one that reads other images", 18)
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
        """Lay out for the model that reads the drawing from now on; `models` are all that could."""
        self._reader, self._models, self._drawn = card, models, None
        if self._chosen is None:
            self._lay_open(card)

    def offer_models(self, models: list[Card]) -> None:
        """Let the user look into those of the models that read no drawings, too; the choice stays.

        One that is looked into and was replaced meanwhile is laid open anew.
        """
        self._others = {card.name: card for card in models if not card.reads_digits}
        chosen = self._chosen
        if chosen is not None:
            self._others.setdefault(chosen.name, chosen)
            self._look_into(self._others[chosen.name])
        with QSignalBlocker(self.nets):
            self.nets.clear()
            self.nets.addItem(_READS)
            for card in self._others.values():
                self.nets.addItem(card.title, card.name)
            self.nets.setCurrentIndex(0 if self._chosen is None else self.nets.findData(self._chosen.name))
        for widget in (self.nets, self._nets_title):
            widget.setVisible(bool(self._others))

    def look_at(self, card: Card, image: Digit, words: str) -> None:
        """Look into a net that reads no drawings, and what it does with an image.

        Args:
            card: of the model.
            image: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour, of the size that it reads.
            words: what it is; what the net reads is added.
        """
        if card.name not in self._others:
            self.offer_models([*self._others.values(), card])
        with QSignalBlocker(self.nets):
            self.nets.setCurrentIndex(self.nets.findData(card.name))
        self._look_into(card)
        self._see_image(image, words)

    def show_nothing(self) -> None:
        """Nothing is drawn; the net and its filters stay."""
        self._drawn = None
        if self._chosen is None:
            self._show_nothing()

    def show_reading(self, reading: Reading, digit: Digit) -> None:
        """Look into what the net does with a new drawing, unless it is another net that is looked at."""
        self._drawn = reading, digit
        if self._chosen is None:
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing was asked while nobody looked.
        self._ask_all()

    def _show_anatomy(self, anatomy: Anatomy) -> None:
        assert self._card is not None
        self.anatomy = anatomy
        self._describe_face()
        layers = len(anatomy.layers) - 1
        self.headline.setText(f"Inside {self._card.title}: {layers} layers, {anatomy.parameters:,} parameters")
        self.net.show_anatomy(anatomy, self._card.labels)
        self.filters.offer(anatomy.layers)
        self.maps.offer(anatomy.layers, self._card.labels)
        self.heat.offer(anatomy)
        if self._digit is None:
            self._show_nothing()
        self._ask_all()

    def _look_into(self, card: Card | None) -> None:
        """Look into a net that reads no drawings, or, None, into the one that does."""
        if card == self._chosen:
            return
        self._chosen = self.questions.net.net = card
        self.images.setVisible(card is not None)
        self.images.describe(card)
        if card is not None:
            self._lay_open(card)
            self._show_nothing()
        elif self._reader is not None:
            self._lay_open(self._reader)
            if self._drawn is not None:
                self.show_reading(*self._drawn)

    def _lay_open(self, card: Card) -> None:
        self._card, self.anatomy = card, None
        self._reading = self._digit = None
        self.questions.net.forget()
        self.headline.setText(f"Inside {card.title}: {card.parameters:,} parameters")
        self._describe_face()
        self.net.show_anatomy(None)
        self.filters.offer(())
        self.maps.offer((), card.labels)
        # Another net would read the drawing, which is not looked at here.
        self.heat.describe(card, self._models if self._chosen is None else [])
        self._ask_all()

    def _see_image(self, image: Digit, words: str) -> None:
        self._reading, self._digit, self._words = None, image, words
        self.questions.drawing.forget()
        self.images.status.setText(words)
        self.opened.emit(words)
        self._ask_drawn()

    def _show_read(self, reading: Reading) -> None:
        """What the net reads in the image: now all else can be asked."""
        assert self._card is not None
        self._reading = reading
        name, score = self._card.label(reading.label), float(reading.scores[reading.label])
        self.images.status.setText(f"{self._words}; read as {with_article(name)}, {score:.2f}")
        self._ask_drawn()

    def _show_nothing(self) -> None:
        self._reading = self._digit = None
        self.questions.drawing.forget()
        self.net.show_trace(None)
        do = "Draw a digit" if self._chosen is None else "Take a test image, or open an image,"
        self.maps.say(f"{do} to see what this layer makes of it.")
        self.heat.say(f"{do} to see what speaks for {'it' if self._chosen is None else 'a class'}.")

    def _describe_face(self) -> None:
        if self._card is not None and self.anatomy is None:
            self._about.setText(f"Loading {self._card.title} …")
            return
        own = self._chosen is None
        subject, meanwhile = ("your drawing", " while you draw") if own else ("the image", "")
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
        if self.anatomy is None or self._digit is None or not self.isVisible():
            return
        asked, digit = self.questions, self._digit
        if self._reading is None:
            asked.reading.put(digit)
        elif self._face == NET:
            asked.trace.put(digit)
        elif self._face == MAPS:
            asked.maps.put(digit, self.maps.layer.currentData(), self.maps.common)
        elif self._face == HEAT and self.heat.able:
            self._ask_heat(digit, self._reading.label)

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
        self.headline.setFont(theme.large(self))
        self._stack = QStackedWidget()
        for face in (self.net, self.filters, self.maps, self.heat):
            self._stack.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.headline)
        layout.addWidget(self._about)
        self._nets_title = QLabel("Net")
        self._nets_title.setBuddy(self.nets)
        layout.addLayout(row(*self.faces, None, self._nets_title, self.nets))
        layout.addWidget(self.images)
        self.images.hide()
        self.offer_models([])
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        self.nets.activated.connect(lambda _: self._look_into(self._others.get(self.nets.currentData())))
        self.images.chosen.connect(self._see_image)
        self.net.picked.connect(self.open_layer)
        self.filters.opened.connect(self.open_maps)
        self.filters.wanted.connect(self._ask_filters)
        self.maps.opened.connect(self.open_filters)
        self.maps.wanted.connect(self._ask_drawn)
        self.heat.wanted.connect(self._ask_drawn)
        self.heat.none.wanted.connect(self.wanted)
