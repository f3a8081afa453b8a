"""The left column: canvas, tools, and beneath them what the net sees of the drawing, whatever tab is open."""

import numpy as np
from PySide6.QtWidgets import QWidget

from capsdraw.formatting import times
from capsdraw.ink.intake import Ground, Road
from capsdraw.ink.normalize import Digit
from capsdraw.nets.cards import Card
from capsdraw.nets.verdict import Kind, relative_error
from capsdraw.ui.answers import Answer
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.glance import Glance
from capsdraw.ui.its_a import ItsA
from capsdraw.ui.number_boxes import NumberBoxes
from capsdraw.ui.number_row import of_number
from capsdraw.ui.paper_column import PaperColumn
from capsdraw.ui.tools import Tools
from capsdraw.ui.wording import invitation, of_ink

_OTHER = "The canvas centred and scaled it: the net does not see exactly the test image."
_DIFFERS = "What it redraws misses {}: it knows nothing quite like this."
_DOUBTFUL = "Doubtful: {}. Drag the box to what is meant: its corners, or all of it by an edge."


class DrawingPanel(PaperColumn):
    """Where the user draws.

    Attributes:
        canvas: the paper; tools: beneath it; glance: the answer; its_a: what the user says it is.
        boxes: on the paper, around the digits of a number.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        canvas, glance, its_a = Canvas(), Glance(), ItsA()
        tools = Tools(canvas)
        super().__init__(canvas, tools, glance, its_a, parent=parent)
        self.canvas, self.tools, self.glance, self.its_a = canvas, tools, glance, its_a
        self.boxes = NumberBoxes(canvas)
        self._digits, self._words = True, ""

    def describe(self, card: Card) -> None:
        """Say how the model that answers from now on sees what lies on the canvas."""
        self._digits, self._words = card.reads_digits, "" if card.reads_digits else _words(card)
        self.canvas.invite(invitation(card))
        self.tools.offer_inks(card.reads_pairs)
        self.tools.tell_width(seen=card.intake.road == Road.PIXELS)
        self.glance.describe(card)
        self.boxes.show_number(None)
        self.its_a.describe(card.names)
        self.its_a.setVisible(not card.reads_pairs)  # what is kept has one class
        if not self.canvas.sketch:
            self.glance.show_nothing()
        self.glance.show_note(self._words)

    def show_digit(self, digit: Digit | None) -> None:
        """Show what the net sees; an image of known class that came out as another picture is said to have."""
        if digit is None:
            self.boxes.show_number(None)
        self.glance.show_picture(digit)
        self._show_note(digit)

    def _show_note(self, digit: Digit | None) -> None:
        sketch = self.canvas.sketch
        image = None if sketch.label is None else sketch.picture
        if self._digits and digit is not None and sketch.doubts:
            self.glance.show_note(_DOUBTFUL.format(", ".join(sketch.doubts)), stands_out=True)
        elif self._digits and digit is not None and image is not None and not np.array_equal(image, digit):
            self.glance.show_note(_OTHER, stands_out=True)
        else:
            self.glance.show_note(self._words)

    def show_nothing(self) -> None:
        """The canvas is empty."""
        self.glance.show_nothing()
        self.show_digit(None)

    def show_answer(self, answer: Answer) -> None:
        """What the net says of the drawing."""
        self.glance.show_reading(answer.reading, answer.verdict, answer.number)
        self.boxes.show_number(answer.number)
        redrawn, digit = answer.reading.reconstruction, answer.digit
        # What was said of an earlier stroke, whose answer came late, is of that alone.
        self._show_note(digit)
        if answer.number is not None:
            boxed = self.canvas.sketch.box is not None
            self.glance.show_note(of_number(answer.number, boxed), stands_out=bool(answer.number.doubts))
            return
        if answer.verdict.kind in (Kind.SURE, Kind.PAIR) or self.canvas.sketch.doubts or redrawn is None:
            return
        if redrawn.shape == digit.shape:
            self.glance.show_note(_DIFFERS.format(of_ink(relative_error(redrawn, digit))))

    def spare(self, height: int) -> None:
        """The glance takes it."""
        self.glance.grow(height)


def _words(card: Card) -> str:
    """How a net of other pictures than MNIST's digits sees what lies on the canvas."""
    if card.reads_pairs:
        return "Draw one digit, press Space, draw another over it. The net sees grey alone."
    size = f"{times(card.input[:2])} pixels, {'in colour' if card.input[2] == 3 else 'in grey'}"
    if card.intake.road == Road.INK:
        light = "dark ink on white" if card.intake.ground == Ground.LIGHT else "light ink on black"
        return f"{size}: the ink alone, {light}, as large as in the pictures that this net learnt from."
    return f"{size}: a picture's middle, scaled, as in the pictures that this net learnt from."
