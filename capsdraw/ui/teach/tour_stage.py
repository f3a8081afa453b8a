"""What the tour needs of the window that it leads through."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QAbstractSlider, QTabWidget, QWidget

from capsdraw.ink.sketch import Sketch
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.teach import faces_in_sight

# What cards point at: the canvas, the bars of the scores, the picture that the decoder drew of the drawing as read, the
# slider that is called slant, the digit as that redraws it, and the choice of a model.
PLACES: Final = ("canvas", "bars", "reconstruction", "slant", "redrawn", "model")


class TourStage(Protocol):
    """The live window, as far as the tour uses it."""

    @property
    def canvas(self) -> Canvas:
        """Where the user draws."""

    @property
    def model(self) -> str:
        """The name of the model that answers."""

    @property
    def reads_digits(self) -> bool:
        """Whether what that model tells apart are digits: the tour is about them."""

    @property
    def answered(self) -> SignalInstance:
        """Emits number, `nets.reading.Reading`, digit and the classes' names of each answer that is shown."""

    def place_of(self, name: str) -> QWidget | None:
        """The widget of that name (`PLACES`), or None while there is none; "slant" is a slider."""

    def draw(self, sketch: Sketch) -> None:
        """Put that on the canvas, as a step that can be undone."""

    def use_model(self, name: str) -> None:
        """Let that model answer, in all tabs."""

    def turn_to(self, face: str) -> None:
        """Show a face: "compare", "capsule/sliders"."""


class WindowStage:
    """A `TourStage` made of a window's parts.

    Args:
        canvas: where the user draws.
        answered: the signal of answers.
        tabs: whose pages are turned to.
        model: says which model answers; reads_digits: whether it tells digits apart.
        use_model: lets another one answer.
        places: for each name of `PLACES` what says which widget that is now.
    """

    def __init__(
        self,
        canvas: Canvas,
        answered: SignalInstance,
        tabs: QTabWidget,
        model: Callable[[], str],
        reads_digits: Callable[[], bool],
        use_model: Callable[[str], None],
        places: Mapping[str, Callable[[], QWidget | None]],
    ) -> None:
        self._canvas, self._answered, self._tabs = canvas, answered, tabs
        self._model, self._use_model, self._places = model, use_model, places
        self._reads_digits = reads_digits

    @property
    def canvas(self) -> Canvas:
        """As `TourStage` has it."""
        return self._canvas

    @property
    def model(self) -> str:
        """As `TourStage` has it."""
        return self._model()

    @property
    def reads_digits(self) -> bool:
        """As `TourStage` has it."""
        return self._reads_digits()

    @property
    def answered(self) -> SignalInstance:
        """As `TourStage` has it."""
        return self._answered

    def place_of(self, name: str) -> QWidget | None:
        """As `TourStage` has it."""
        place = self._places.get(name)
        return None if place is None else place()

    def draw(self, sketch: Sketch) -> None:
        """As `TourStage` has it."""
        self._canvas.show_sketch(sketch)

    def use_model(self, name: str) -> None:
        """As `TourStage` has it."""
        self._use_model(name)

    def turn_to(self, face: str) -> None:
        """As `TourStage` has it."""
        faces_in_sight.turn_to(self._tabs, face)


def slider_called(name: str, sliders: Sequence[QAbstractSlider]) -> QAbstractSlider | None:
    """The slider of that name that is measured to change most; the first of all where none has the name."""
    called = [slider for slider in sliders if name in slider.accessibleName()]
    if not called:
        return sliders[0] if sliders else None
    return max(called, key=lambda slider: getattr(getattr(slider, "meaning", None), "strength", 0.0))
