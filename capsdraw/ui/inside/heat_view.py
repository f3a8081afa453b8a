"""Grad-CAM over the digit, and beside it what the routing sends."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSlider, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.formatting import signed
from capsdraw.ink.normalize import Digit
from capsdraw.lab.anatomy import Anatomy
from capsdraw.lab.heat import Heat
from capsdraw.lab.steps import sent
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import combo, row
from capsdraw.ui.coupling_map import CouplingMap
from capsdraw.ui.inside.asking import RoutedDrawing
from capsdraw.ui.inside.choices import offer_layers
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.no_capsules import NoCapsules
from capsdraw.ui.overlay import HeatPicture
from capsdraw.ui.plain_text import Label

_SHOWS: Final = (
    "Blue places are those whose answers raise the score of the class, added over all maps of the layer. It says where "
    "the layer found support; not what it saw there, nor what spoke against the class."
)


class HeatView(QWidget):
    """The heat of one class in one convolution.

    Attributes:
        label: the class, data None for the one that is read; layer: the convolution; opacity: the slider.
        picture: the heat; status: its figures; routing: what the capsules send; none: where there is no convolution.

    Signals:
        wanted(): another class or convolution.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self._heat: Heat | None = None
        self.label = combo("Class", "The class to explain", 11)
        self.layer = combo("Convolution", "The convolution to look at", 10)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(90)
        self.opacity.setPageStep(10)
        self.opacity.setMinimumWidth(8 * theme.GRID)
        self.opacity.setAccessibleName("Opacity")
        self.opacity.setToolTip("How much of the image the heat hides")
        self.picture, self.routing = HeatPicture(), CouplingMap()
        self.status, self._sends = LiveText(theme.tabular(theme.small(self)), lines=2), caption()
        self.none = NoCapsules("No convolutions")
        self._lay_out()
        self.label.activated.connect(lambda _: self.wanted.emit())
        self.layer.activated.connect(lambda _: self.wanted.emit())
        self.opacity.valueChanged.connect(lambda value: self.picture.set_opacity(value / 100))
        self.picture.set_opacity(self.opacity.value() / 100)

    @property
    def able(self) -> bool:
        """Whether the net has a convolution to ask."""
        return self.layer.count() > 0

    def describe(self, card: Card, models: Sequence[Card]) -> None:
        """Lay out for a model; `models` are all that could answer."""
        self._card = card
        with QSignalBlocker(self.label):
            self.label.clear()
            self.label.addItem("the class it reads", None)
            for label in range(card.classes):
                self.label.addItem(card.label(label), label)
        capsule = card.kind == NetKind.CAPSULE
        for widget in (self.routing, self._routing_title, self._sends):
            widget.setVisible(capsule)
        self._both.setColumnStretch(1, 1 if capsule else 0)
        self.none.describe(card, list(models))
        self.none.why.setText(
            f"{card.title} has no convolutions: each unit sees the whole image at once, so there are no places to "
            "highlight. The weights of its first layer can be shown all the same: see Filters."
        )
        self.layer.clear()
        self._stack.setCurrentIndex(0)
        self.show_nothing()

    def offer(self, anatomy: Anatomy) -> None:
        """Let the user choose among a net's convolutions; the last one that has places to begin with."""
        convolutions = [layer for layer in anatomy.layers if layer.kind == "convolution"]
        wide = [layer for layer in convolutions if layer.shape[0] * layer.shape[1] > 1] or convolutions
        offer_layers(self.layer, convolutions, wide[-1].name if wide else None)
        self._stack.setCurrentIndex(0 if convolutions else 1)

    def show_heat(self, digit: Digit, heat: Heat, read: int) -> None:
        """Show heat; `read` is what the net reads."""
        assert self._card is not None
        name, layer = self._card.label(heat.label), self.layer.itemText(self.layer.findData(heat.layer))
        score = f"its score before the {heat.before}" if heat.before else "its score"
        what = "the length of its capsule" if self._card.kind == NetKind.CAPSULE else score
        figures = f"{layer}, for {name}{'' if heat.label == read else f' (read: {self._card.label(read)})'}"
        self._heat = heat
        if heat.peak == 0:
            self.picture.show_heat(digit, heat, f"Nowhere in {layer} did anything speak for {name}")
            self.status.setText(f"{figures}: {what} is {signed(heat.score)}; the map is zero everywhere.")
            return
        self.picture.show_heat(digit, heat)
        few = heat.small.shape[0] * heat.small.shape[1] == 1
        rest = " It has one place only, which sees everything: this does not say where." if few else ""
        self.status.setText(f"{figures}: {what} is {signed(heat.score)}.{rest}")

    def show_sent(self, routed: RoutedDrawing, label: int) -> None:
        """Show what the primary capsules send to a class."""
        votes = routed.votes
        if votes.grid is None:
            self.routing.show_step(routed.digit, votes, routed.step.coupling, label)
            sends = (
                "Each primary capsule (rows) sees the whole image; how it divides itself among the classes (columns)"
            )
        else:
            heat = sent(routed.step, votes)[..., label]
            self.routing.show_step(routed.digit, votes, heat / max(float(heat.max()), 1e-9), label)
            sends = "How much of all the primary capsules' activity each place sends to the class, after the last round"
        if sends != self._sends.text():
            self._sends.setText(sends)

    def say_of_routing(self, text: str) -> None:
        """What the capsules send is not known, and why."""
        self.routing.show_step(None, None, None, 0)
        self._sends.setText(text)

    def say(self, text: str) -> None:
        """It could not be done, and why."""
        self.show_nothing()
        self.status.setText(text)

    def show_nothing(self) -> None:
        """Nothing is drawn."""
        self._heat = None
        self.picture.show_heat(None, None)
        self.routing.show_step(None, None, None, 0)
        self.status.setText("")

    def _lay_out(self) -> None:
        self._routing_title = Label("What the routing sends")
        title = Label("What speaks for the class")
        for label in (self._routing_title, title):
            label.setFont(theme.small(self))
        self._sends.setFont(theme.small(self))
        self._sends.setMinimumHeight(2 * self._sends.fontMetrics().lineSpacing())
        self._sends.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid = self._both = QGridLayout()
        grid.setHorizontalSpacing(2 * theme.GRID)
        grid.setVerticalSpacing(theme.GRID // 2)
        for column, widgets in enumerate(
            ((title, self.status, self.picture), (self._routing_title, self._sends, self.routing))
        ):
            for line, widget in enumerate(widgets):
                grid.addWidget(widget, line, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(2, 1)
        heat = QWidget()
        inner = QVBoxLayout(heat)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.GRID)
        inner.addLayout(row(self.label, self.layer, Label("Opacity"), self.opacity, None))
        inner.addWidget(caption(_SHOWS))
        inner.addLayout(grid, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(heat)
        self._stack.addWidget(self.none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
