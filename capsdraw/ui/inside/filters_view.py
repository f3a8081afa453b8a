"""The kernels of a layer: as they are, as they were before training, and what training added."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from capsdraw.lab.anatomy import Part
from capsdraw.lab.filters import grey
from capsdraw.ui.controls import button, combo, one_of
from capsdraw.ui.inside.asking import Shown
from capsdraw.ui.inside.choices import offer_layers
from capsdraw.ui.inside.detail import Picture
from capsdraw.ui.inside.layer_view import LayerView
from capsdraw.ui.inside.tiles import Tiles

_KINDS: Final = (
    ("After", "The kernels as training left them"),
    ("Before", "The kernels that its training began with"),
    ("Change", "After minus before: what training added"),
)


class FiltersView(LayerView):
    """Tiles, and the one that is looked at three times.

    Attributes:
        channel: of the layer that is shown; kinds: the buttons After, Before and Change.
        shown: the newest kernels, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            combo("Layer whose kernels are shown", "A layer whose weights are pictures", 8),
            Tiles("Kernels", "Kernel"),
            button("Its maps", "What this layer makes of your drawing"),
            parent,
        )
        self.shown: Shown | None = None
        self.channel = combo("Input whose kernels are shown", "A kernel has a picture for each map that it reads", 8)
        self.kinds = one_of(*(button(*kind) for kind in _KINDS), first=True)
        self.lay_out(self.tiles, self.channel, *self.kinds)
        self.channel.activated.connect(lambda _: self.wanted.emit())
        for one in self.kinds:
            one.clicked.connect(self._show)

    def offer(self, parts: Sequence[Part]) -> None:
        """Let the user choose among the layers of a net that have pictures."""
        found = [part for part in parts if part.filters]
        offer_layers(self.layer, found, None)
        self.show_kernels(None)
        with QSignalBlocker(self.channel):
            self.channel.clear()

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

    def show_nothing(self) -> None:
        self.show_kernels(None)

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
        self.show_detail()

    def show_detail(self) -> None:
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


def _towards(shown: Shown) -> str:
    if shown.inputs == 1:
        return ""
    return f", the mean over {shown.inputs} inputs" if shown.channel is None else f" towards input {shown.channel + 1}"
