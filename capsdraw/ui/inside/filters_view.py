"""The kernels of a layer: as they are, as they were before training, and what training added."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from capsdraw.lab.anatomy import LayerInfo
from capsdraw.lab.filters import grey
from capsdraw.ui.controls import button, combo, one_of
from capsdraw.ui.inside.asking import KernelPictures
from capsdraw.ui.inside.choices import offer_layers
from capsdraw.ui.inside.detail import DetailPicture
from capsdraw.ui.inside.layer_view import LayerView
from capsdraw.ui.inside.tiles import Tiles

_KINDS: Final = (
    ("After", "The kernels as training left them"),
    ("Before", "The kernels before training"),
    ("Change", "After minus before: what training added"),
)


class FiltersView(LayerView):
    """Tiles, and the one that is looked at three times.

    Attributes:
        channel: of the layer that is shown; kinds: the buttons After, Before and Change.
        current: the newest kernels, or None.

    Signals:
        used(str, int): how that layer's kernel of that number makes a value of its map is to be seen.
    """

    used = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            combo("Layer", "Layers whose kernels can be shown", 8),
            Tiles("Kernels", "Kernel"),
            button("Maps", "What this layer makes of your drawing"),
            parent,
        )
        self.current: KernelPictures | None = None
        self._kinds: dict[str, str] = {}  # of the layers
        self.channel = combo("Input", "A kernel has one picture for each input map", 8)
        self.kinds = one_of(*(button(*kind) for kind in _KINDS), first=True)
        self.lay_out(self.tiles, self.channel, *self.kinds)
        self.channel.activated.connect(lambda _: self.wanted.emit())
        self.detail.picked.connect(lambda *_: self.used.emit(self.layer.currentData(), self.tiles.at))
        for kind_button in self.kinds:
            kind_button.clicked.connect(self._show)

    def offer(self, parts: Sequence[LayerInfo]) -> None:
        """Let the user choose among the layers of a net that have pictures."""
        pictured = [layer for layer in parts if layer.filters]
        self._kinds = {layer.name: layer.kind for layer in pictured}
        offer_layers(self.layer, pictured, None)
        self.show_kernels(None)
        with QSignalBlocker(self.channel):
            self.channel.clear()

    def show_kernels(self, kernels: KernelPictures | None) -> None:
        """Show kernels, or none."""
        self.current = kernels
        if kernels is not None:
            self._fill_channels(kernels)
            has_before = kernels.before is not None
            for kind_button in self.kinds[1:]:
                kind_button.setEnabled(has_before)
            if not has_before:
                self.kinds[0].setChecked(True)
        self._show()

    def show_nothing(self) -> None:
        self.show_kernels(None)

    def kernels(self) -> np.ndarray | None:
        """(F, rows, columns) of the kind that is chosen."""
        if self.current is None:
            return None
        kind = next(index for index, kind_button in enumerate(self.kinds) if kind_button.isChecked())
        return (self.current.after, self.current.before, self.current.change)[kind]

    def _fill_channels(self, kernels: KernelPictures) -> None:
        with QSignalBlocker(self.channel):
            if self.channel.count() != kernels.inputs + 1:
                self.channel.clear()
                self.channel.addItem(f"mean of {kernels.inputs}", None)
                for channel in range(kernels.inputs):
                    self.channel.addItem(f"input {channel + 1}", channel)
            self.channel.setCurrentIndex(max(self.channel.findData(kernels.channel), 0))
        self.channel.setVisible(kernels.inputs > 1)

    def _show(self) -> None:
        weights = self.kernels()
        self.tiles.show_pictures(None if weights is None else grey(weights))
        if self.current is None:
            self.status.setText("")
        else:
            self.status.setText(
                f"{len(self.current.after)} kernels{_towards(self.current)}, each on its own scale: mid grey is 0, "
                f"white is the largest positive weight, black the largest negative one. {self.current.why}."
            )
        self.show_detail()

    def show_detail(self) -> None:
        current = self.current
        if current is None:
            self.detail.show_pictures((), ())
            return
        at = self.tiles.at
        three = (("After", current.after), ("Before", current.before), ("Change", current.change))
        available = [(name, weights[at]) for name, weights in three if weights is not None]
        # One scale for the three: they are to be compared.
        peak = max(float(np.abs(weights).max()) for _, weights in available)
        lines = [f"{self.tiles.name(at)}, largest {peak:.3f}"]
        if current.bias is not None:
            lines.append(f"Bias {current.bias[at]:+.3f}".replace("-", "−"))
        if current.moved is not None:
            lines.append(f"Changed by {current.moved[at]:.2f} × its size")
        convolves = self._kinds.get(current.layer) == "convolution"
        self.detail.show_pictures(
            [
                DetailPicture(
                    f"{name}: click to use it" if convolves and name == "After" else name,
                    grey(weights, peak),
                    opens=convolves and name == "After",
                )
                for name, weights in available
            ],
            lines,
        )


def _towards(kernels: KernelPictures) -> str:
    if kernels.inputs == 1:
        return ""
    return (
        f", the mean over {kernels.inputs} inputs"
        if kernels.channel is None
        else f" towards input {kernels.channel + 1}"
    )
