"""The kernels of a layer: as they are, as they were before training, and what training added."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from capsdraw.formatting import signed
from capsdraw.lab.anatomy import LayerInfo
from capsdraw.lab.arithmetic import COLOURS
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
        self._coloured: set[str] = set()  # layers that read an image in colour
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
        # What a dense layer has pictures of, is the image itself.
        reads = (layer.name for layer in pictured if layer.sources == (0,) or layer.kind == "dense")
        self._coloured = set(reads) if parts and parts[0].shape[-1] == len(COLOURS) else set()
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
            names = [self._input(kernels, channel) for channel in range(kernels.inputs)]
            if [self.channel.itemText(row) for row in range(1, self.channel.count())] != names:
                self.channel.clear()
                self.channel.addItem(f"mean of {kernels.inputs}", None)
                for channel, name in enumerate(names):
                    self.channel.addItem(name, channel)
            self.channel.setCurrentIndex(max(self.channel.findData(kernels.channel), 0))
        self.channel.setVisible(kernels.inputs > 1)

    def _input(self, kernels: KernelPictures, channel: int) -> str:
        """What one of those is called that the kernels read."""
        return COLOURS[channel] if kernels.layer in self._coloured else f"input {channel + 1}"

    def _towards(self, kernels: KernelPictures) -> str:
        if kernels.inputs == 1:
            return ""
        if kernels.channel is None:
            return f", the mean over {kernels.inputs} inputs"
        return f" towards {self._input(kernels, kernels.channel)}"

    def _show(self) -> None:
        weights = self.kernels()
        self.tiles.show_pictures(None if weights is None else grey(weights))
        if self.current is None:
            self.status.setText("")
        else:
            self.status.setText(
                f"{len(self.current.after)} kernels{self._towards(self.current)}, each on its own scale: mid grey is "
                f"0, white is the largest positive weight, black the largest negative one. {self.current.why}."
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
            lines.append(f"Bias {signed(float(current.bias[at]), 3, plus=True)}")
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
