"""The box on a picture, while the mouse or a key moves it: all of that is one step."""

from capsdraw.ink.sketch import Sketch
from capsdraw.ui.crop_box import Grip, dragged

Place = tuple[float, float]


class BoxDrag:
    """What is held of the box, in canvas units.

    Attributes:
        sketch: the picture with its box where it is by now; None while nothing is held.
    """

    def __init__(self) -> None:
        self.sketch: Sketch | None = None
        self._held: tuple[Grip, Place] | None = None

    def hold(self, sketch: Sketch, held: tuple[Grip, Place] | None = None) -> None:
        """Begin: with what of the sketch's box is held and where, or with keys, which say so each time."""
        self.sketch, self._held = sketch, held

    def drag(self, to: Place) -> bool:
        """Move what is held to there; whether there was something."""
        if self._held is None:
            return False
        grip, (x, y) = self._held
        self._held = grip, to
        return self.move(grip, (to[0] - x, to[1] - y))

    def move(self, grip: Grip, by: Place) -> bool:
        """Move that of the box by so much; whether there was something."""
        if self.sketch is None or self.sketch.box is None:
            return False
        self.sketch = self.sketch.with_box(dragged(self.sketch.box, grip, by))
        return True

    def let_go(self) -> Sketch | None:
        """End; the sketch as it was moved, None where nothing was held."""
        moved, self.sketch, self._held = self.sketch, None, None
        return moved
