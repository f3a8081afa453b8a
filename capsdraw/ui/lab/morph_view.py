"""Two drawings kept, and the way between their capsules: by a slider, or played."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import StackedDigit, caption
from capsdraw.ui.digit_view import DigitView

FRAMES: Final = 41
_EVERY: Final = 50  # milliseconds


@dataclass(frozen=True)
class MorphEnd:
    """A drawing's capsule, kept for the walk.

    Attributes:
        model: whose; label: of which class; name: what that is called.
        capsules: (C, K), the user's offsets included.
        picture: (rows, columns) that the decoder made of it.
    """

    model: str
    label: int
    name: str
    capsules: Floats
    picture: Floats


class MorphView(QWidget):
    """A walk from A to B.

    Attributes:
        ends: the two kept drawings, each a `MorphEnd` or None.
        keep: the two buttons; place: the slider; play: the button; between: the picture on the way.
        frames: (N, rows, columns) of the way, or None.

    Signals:
        wanted(int): the user wants to keep what is held now as A (0) or B (1).
        walked(object, object): both ends are kept: the frames between the two are wanted.
    """

    wanted = Signal(int)
    walked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ends: list[MorphEnd | None] = [None, None]
        self.frames: Floats | None = None
        self.between = DigitView("On the way", 10)
        self.between.set_smooth(True)
        self.sides = [StackedDigit("A", 4), StackedDigit("B", 4)]
        self.keep = [QPushButton("Keep as A"), QPushButton("Keep as B")]
        self.place, self.play = QSlider(Qt.Orientation.Horizontal), QPushButton("Play")
        self._status = QLabel(" ")
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._step = 1
        self._lay_out()
        self._connect()
        self._refresh()

    def put(self, end: int, kept: MorphEnd) -> None:
        """Keep a drawing as A (0) or B (1); one of another model's is let go."""
        self.ends[end] = kept
        other = self.ends[1 - end]
        if other is not None and (other.model, other.capsules.shape) != (kept.model, kept.capsules.shape):
            self.ends[1 - end] = None
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

    def clear(self) -> None:
        """Let both drawings go: another model answers now."""
        self.ends, self.frames = [None, None], None
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.play.setChecked(False)
        super().hideEvent(event)

    def _connect(self) -> None:
        for end, button in enumerate(self.keep):
            button.clicked.connect(lambda _, end=end: self.wanted.emit(end))
        self.place.valueChanged.connect(self._show)
        self.play.toggled.connect(self._play)
        self._timer.timeout.connect(self._advance)

    def _play(self, on: bool) -> None:
        self.play.setText("Pause" if on else "Play")
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def _advance(self) -> None:
        if not 0 <= self.place.value() + self._step <= self.place.maximum():
            self._step = -self._step
        self.place.setValue(self.place.value() + self._step)

    def _show(self) -> None:
        if self.frames is not None:
            self.between.show_digit(self.frames[self.place.value()])
            self._status.setText(f"{100 * self.place.value() / self.place.maximum():.0f}% of the way")

    def _refresh(self) -> None:
        for side, kept, letter in zip(self.sides, self.ends, "AB", strict=True):
            side.view.show_digit(None if kept is None else kept.picture)
            side.text.setText("" if kept is None else f"capsule {kept.name}")
            side.title.setText(letter)
        ready = self.frames is not None
        for widget in (self.place, self.play):
            widget.setEnabled(ready)
        if ready:
            self._show()
        else:
            self.play.setChecked(False)
            self.between.show_digit(None)
            self._status.setText(" ")

    def _lay_out(self) -> None:
        self.play.setCheckable(True)
        self.place.setRange(0, FRAMES - 1)
        self.place.setAccessibleName("Place between A and B")
        self._status.setFont(theme.tabular(theme.small(self)))
        columns = QHBoxLayout()
        columns.setSpacing(3 * theme.GRID)
        for side, button in zip(self.sides, self.keep, strict=True):
            column = QVBoxLayout()
            column.setSpacing(theme.GRID)
            column.addWidget(side)
            column.addWidget(button)
            column.addStretch()
            columns.addLayout(column)
        middle = QVBoxLayout()
        middle.setSpacing(theme.GRID)
        middle.addWidget(self.between, 0, Qt.AlignmentFlag.AlignHCenter)
        way = QHBoxLayout()
        way.setSpacing(theme.GRID)
        for widget in (QLabel("A"), self.place, QLabel("B"), self.play):
            way.addWidget(widget, 1 if widget is self.place else 0)
        middle.addLayout(way)
        middle.addWidget(self._status, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch()
        columns.insertLayout(1, middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(
            caption("Draw a digit and keep it as A, another as B: the slider shows the digits between them.")
        )
        layout.addLayout(columns, 1)


def parts() -> np.ndarray:
    """(FRAMES,) from 0 to 1."""
    return np.linspace(0, 1, FRAMES)
