"""Two drawings kept, and the way between their capsules: by a slider, or played."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.kept_drawing import KeptDrawing, KeptEnds, MorphEnd
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label
from capsdraw.ui.play_button import PlayButton

FRAMES: Final = 41
_EVERY: Final = 50  # milliseconds
_EMPTY: Final = "Draw, then keep it as {}"
_BETWEEN: Final = "Keep two drawings: those between them appear here"
# Of the picture on the way, pixels at least; and of those of the ends.
_LEAST: Final = 17 * theme.GRID
_LEAST_END, _LARGEST_END = 12 * theme.GRID, 40 * theme.GRID


class MorphSide(QWidget):
    """One of the two drawings.

    Attributes:
        view: the picture; text: which capsule it is; keep: the button that keeps what is held now.
    """

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.keep = DigitView(letter, 1), QPushButton(f"Keep as {letter}")
        self.view.set_empty(_EMPTY.format(letter))
        self.text = LiveText(theme.small(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for widget in (self.view, self.text, self.keep):
            layout.addWidget(widget)


class MorphView(Guarded, QWidget):
    """A walk from A to B.

    The drawings stay when another net answers: it is asked about them.

    Attributes:
        drawings: the two that are kept, each a `KeptDrawing` or None.
        ends: what the net that answers makes of them, each a `MorphEnd`, or None while that is not known.
        sides: where they are shown; keep: the two buttons.
        place: the slider; play: the button; between: the picture on the way.
        frames: (N, rows, columns) of the way, or None.

    Signals:
        wanted(int): the user wants to keep what is held now as A (0) or B (1).
        walked(object, object): both ends are kept: the frames between the two are wanted.
    """

    wanted = Signal(int)
    walked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawings: list[KeptDrawing | None] = [None, None]
        self.ends: list[MorphEnd | None] = [None, None]
        self.frames: Floats | None = None
        self.between = DigitView("On the way", 1)
        self.between.set_smooth(True)
        self.between.set_empty(_BETWEEN)
        self.sides = [MorphSide("A"), MorphSide("B")]
        self.keep = [side.keep for side in self.sides]
        self.place, self.play = QSlider(Qt.Orientation.Horizontal), PlayButton(_EVERY)
        self._status = LiveText(theme.tabular(theme.small(self)))
        self._waiting = ""
        self._step = 1
        self._lay_out()
        self._connect()
        self._refresh()

    def put(self, end: int, drawing: KeptDrawing, kept: MorphEnd) -> None:
        """Keep a drawing as A (0) or B (1), as it is held now."""
        self.drawings[end], self.ends[end] = drawing, kept
        self._know()

    def restore(self, drawings: Sequence[KeptDrawing | None]) -> None:
        """Keep two drawings that were kept before; a net is still to be asked about them."""
        self.drawings = list(drawings)
        self.forget("")

    def forget(self, waiting: str) -> None:
        """Another net answers: the drawings stay, what the last one made of them goes; `waiting` says for whom."""
        self.ends, self.frames, self._waiting = [None, None], None, waiting
        self._refresh()

    @property
    def unasked(self) -> list[KeptDrawing]:
        """The drawings of which it is not known what the net that answers makes of them."""
        return [
            drawing
            for drawing, end in zip(self.drawings, self.ends, strict=True)
            if drawing is not None and end is None
        ]

    def take(self, kept: KeptEnds, refused: str) -> None:
        """What the net makes of drawings that are still kept; `refused` says why it makes nothing of one."""
        for drawing, end in kept:
            for place, mine in enumerate(self.drawings):
                if mine is drawing:
                    self.ends[place] = end
        self._waiting = refused
        self._know()

    def _know(self) -> None:
        self.frames = None
        self._refresh()
        if None not in self.ends:
            self.walked.emit(*self.ends)

    def show_frames(self, frames: Floats) -> None:
        """Show the way, (N, rows, columns), at the slider's place."""
        self.frames = frames
        # What was on screen when a drawing was kept may have been of other numbers: these are its own.
        for end, picture in enumerate((frames[0], frames[-1])):
            kept = self.ends[end]
            self.ends[end] = None if kept is None else replace(kept, picture=picture)
        self._refresh()

    def _connect(self) -> None:
        for end, button in enumerate(self.keep):
            button.clicked.connect(lambda _, end=end: self.wanted.emit(end))
        self.place.valueChanged.connect(self._show)
        self.play.due.connect(self._advance)

    def _advance(self) -> None:
        if not 0 <= self.place.value() + self._step <= self.place.maximum():
            self._step = -self._step
        self.place.setValue(self.place.value() + self._step)

    def _show(self) -> None:
        if self.frames is not None:
            self.between.show_digit(self.frames[self.place.value()])
            self._status.setText(f"{100 * self.place.value() / self.place.maximum():.0f}% of the way")

    def _refresh(self) -> None:
        for side, drawing, kept in zip(self.sides, self.drawings, self.ends, strict=True):
            if kept is not None:
                side.view.show_digit(kept.picture)
                side.text.setText(f"capsule {kept.name}")
            else:
                side.view.show_digit(None if drawing is None else drawing.digit)
                side.text.setText("" if drawing is None else self._waiting)
        ready = self.frames is not None
        for widget in (self.place, self.play):
            widget.setEnabled(ready)
        if ready:
            self._show()
        else:
            self.play.setChecked(False)
            self.between.show_digit(None)
            self._status.setText("")

    def _lay_out(self) -> None:
        self.place.setRange(0, FRAMES - 1)
        self.place.setAccessibleName("Place between A and B")
        way = QHBoxLayout()
        way.setSpacing(theme.GRID)
        for widget in (Label("A"), self.place, Label("B"), self.play):
            way.addWidget(widget, 1 if widget is self.place else 0)
        middle = QVBoxLayout()
        middle.setSpacing(theme.GRID)
        middle.addWidget(self.between)
        middle.addLayout(way)
        middle.addWidget(self._status)
        middle.addStretch()
        ends = QVBoxLayout()
        ends.setSpacing(theme.GRID)
        for side in self.sides:
            ends.addWidget(side)
        ends.addStretch()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(3 * theme.GRID)
        columns.addLayout(ends)
        columns.addLayout(middle, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_END + _LEAST + 3 * theme.GRID, 2 * (_LEAST_END + self._beneath()) + theme.GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The ends, one beneath the other, as large as a fifth of the width; the digit between them as there is room.
        width, height = event.size().width(), event.size().height()
        end = min(max(width // 5, _LEAST_END), _LARGEST_END, (height - theme.GRID) // 2 - self._beneath())
        for side in self.sides:
            side.view.setFixedSize(end, end)
        between = max(min(width - end - 3 * theme.GRID, height - self._beneath()), _LEAST)
        self.between.setFixedSize(between, between)
        super().resizeEvent(event)

    def _beneath(self) -> int:
        """Height of what stands beneath a picture, pixels."""
        return self._status.sizeHint().height() + self.play.sizeHint().height() + 2 * theme.GRID


def parts() -> np.ndarray:
    """(FRAMES,) from 0 to 1."""
    return np.linspace(0, 1, FRAMES)
