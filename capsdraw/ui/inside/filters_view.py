"""The kernels of a layer: as they are, as they were before training, and what training added."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capsdraw.lab.anatomy import Part
from capsdraw.lab.filters import grey
from capsdraw.ui import theme
from capsdraw.ui.controls import button, combo, one_of, row
from capsdraw.ui.inside.asking import Shown
from capsdraw.ui.inside.choices import choose_layer, offer_layers
from capsdraw.ui.inside.detail import Detail, Picture
from capsdraw.ui.inside.tiles import Tiles
from capsdraw.ui.live_text import LiveText

_KINDS: Final = (
    ("After", "The kernels as training left them"),
    ("Before", "The kernels that its training began with"),
    ("Change", "After minus before: what training added"),
)


class FiltersView(QWidget):
    """Tiles, and the one that is looked at three times.

    Attributes:
        layer, channel: what is shown; kinds: the buttons After, Before and Change.
        tiles: the kernels; detail: the one that is looked at; said: what is seen; open: to its maps.
        shown: the newest kernels, or None.

    Signals:
        wanted(): other kernels; opened(str): the maps of that layer.
    """

    wanted = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Shown | None = None
        self.layer = combo("Layer whose kernels are shown", "A layer whose weights are pictures", 8)
        self.channel = combo("Input whose kernels are shown", "A kernel has a picture for each map that it reads", 8)
        self.kinds = one_of(*(button(*kind) for kind in _KINDS), first=True)
        self.open = button("Its maps", "What this layer makes of your drawing")
        self.tiles = Tiles("Kernels", "Kernel")
        self.detail = Detail()
        self.said = LiveText(theme.tabular(theme.small(self)), lines=2)
        self._lay_out()
        self.layer.activated.connect(lambda _: self.wanted.emit())
        self.channel.activated.connect(lambda _: self.wanted.emit())
        self.open.clicked.connect(lambda: self.opened.emit(self.layer.currentData()))
        self.tiles.looked.connect(self._show_detail)
        for one in self.kinds:
            one.clicked.connect(self._show)

    def offer(self, parts: Sequence[Part]) -> None:
        """Let the user choose among the layers of a net that have pictures."""
        found = [part for part in parts if part.filters]
        offer_layers(self.layer, found, None)
        self.show_kernels(None)
        with QSignalBlocker(self.channel):
            self.channel.clear()

    def choose(self, layer: str) -> None:
        """Show the kernels of that layer."""
        choose_layer(self.layer, layer)
        self.wanted.emit()

    def show_kernels(self, shown: Shown | None) -> None:
        """Show kernels, or none."""
        self.shown = shown
        if shown is not None:
            self._fill_channels(shown)
            known = shown.before is not None
            for one in self.kinds[1:]:
                one.setEnabled(known)
            if not known:
                self.kinds[0].setChecked(True)
        self._show()

    def say(self, text: str) -> None:
        """Something went wrong."""
        self.show_kernels(None)
        self.said.setText(text)

    def kernels(self) -> np.ndarray | None:
        """(F, rows, columns) of the kind that is chosen."""
        if self.shown is None:
            return None
        kind = next(number for number, one in enumerate(self.kinds) if one.isChecked())
        return (self.shown.after, self.shown.before, self.shown.change)[kind]

    def _fill_channels(self, shown: Shown) -> None:
        with QSignalBlocker(self.channel):
            if self.channel.count() != shown.inputs + 1:
                self.channel.clear()
                self.channel.addItem(f"mean of {shown.inputs}", None)
                for number in range(shown.inputs):
                    self.channel.addItem(f"input {number + 1}", number)
            self.channel.setCurrentIndex(max(self.channel.findData(shown.channel), 0))
        self.channel.setVisible(shown.inputs > 1)

    def _show(self) -> None:
        weights = self.kernels()
        self.tiles.show_pictures(None if weights is None else grey(weights))
        if self.shown is None:
            self.said.setText("")
        else:
            self.said.setText(
                f"{len(self.shown.after)} kernels{_towards(self.shown)}, each on its own scale: mid grey is 0, white "
                f"its largest weight if above, black if below. {self.shown.why}."
            )
        self._show_detail()

    def _show_detail(self) -> None:
        shown = self.shown
        if shown is None:
            self.detail.show_pictures((), ())
            return
        at = self.tiles.at
        three = (("After", shown.after), ("Before", shown.before), ("Change", shown.change))
        there = [(name, weights[at]) for name, weights in three if weights is not None]
        # One scale for the three: they are to be compared.
        peak = max(float(np.abs(one).max()) for _, one in there)
        lines = [f"{self.tiles.name(at)}, largest {peak:.3f}"]
        if shown.bias is not None:
            lines.append(f"Bias {shown.bias[at]:+.3f}".replace("-", "−"))
        if shown.moved is not None:
            lines.append(f"Moved {shown.moved[at]:.2f} × its own size")
        self.detail.show_pictures([Picture(name, grey(one, peak)) for name, one in there], lines)

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(2 * theme.GRID)
        both.addWidget(self.tiles, 1)
        both.addWidget(self.detail)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(self.layer, self.channel, *self.kinds, None, self.open))
        layout.addWidget(self.said)
        layout.addLayout(both, 1)


def _towards(shown: Shown) -> str:
    if shown.inputs == 1:
        return ""
    return f", the mean over {shown.inputs} inputs" if shown.channel is None else f" towards input {shown.channel + 1}"
