"""What a layer makes of the drawing: feature maps, numbers, or primary capsules as arrows and lengths."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from capsdraw.formatting import signed
from capsdraw.lab.anatomy import LayerInfo, of_classes
from capsdraw.lab.arithmetic import ValueSum
from capsdraw.lab.receptive_fields import ReceptiveField, enlarged
from capsdraw.nets.reading import Floats
from capsdraw.ui.controls import button, combo, one_of
from capsdraw.ui.inside.arrows import Arrows
from capsdraw.ui.inside.asking import Maps
from capsdraw.ui.inside.choices import offer_layers
from capsdraw.ui.inside.detail import DetailPicture
from capsdraw.ui.inside.layer_view import LayerView
from capsdraw.ui.inside.sum_view import SumView
from capsdraw.ui.inside.tiles import Tiles

_VALUE: Final = (
    "How one value of {} comes about: what lies under the kernel, times the kernel, cell by cell; all of it added up."
)


class MapsView(LayerView):
    """Tiles or arrows, and the map that is looked at.

    Attributes:
        scales: the buttons for each map's own scale, and a common one.
        forms: the buttons for lengths and arrows, of primary capsules; kind: type of capsules.
        arrows: the pictures, where they are no tiles; current: the newest maps, or None.
        sum: in their place, how one value comes about; opened_value: which map's, and where in it (None: where that
            is largest); None while it is not open.

    Signals:
        value_wanted(): how the value comes about that was opened.
    """

    value_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            combo("Layer", "Any layer of the net", 18),
            Tiles("Maps", "Map"),
            button("Kernels", "The filters of this layer"),
            parent,
        )
        self.current: Maps | None = None
        self._layers: dict[str, LayerInfo] = {}
        self._of_classes: frozenset[str] = frozenset()  # of the layers, those with something for each class
        self._names: tuple[str, ...] = ()
        self.scales = one_of(
            button("Own scale", "Each map has its own scale: see what it looks for"),
            button("Common scale", "All maps share one scale: see how strong they are"),
            first=True,
        )
        self.forms = one_of(
            button("Arrows", "The two main directions of each type of capsules"),
            button("Lengths", "How sure each capsule is that what it looks for is there"),
            first=True,
        )
        self.kind = combo("Type of capsules", "All types at once, or one", 7)
        self.arrows = Arrows()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tiles)
        self._stack.addWidget(self.arrows)
        self.sum = SumView()
        self.opened_value: tuple[int, tuple[int, int] | None] | None = None
        self._stack.addWidget(self.sum)
        self.sum.closed.connect(self._leave_value)
        self.detail.picked.connect(lambda row, column: self.open_value(self.tiles.at, (row, column)))
        self.lay_out(self._stack, *self.scales, *self.forms, self.kind)
        for scale_button in self.scales:
            scale_button.clicked.connect(self.wanted)
        for form_button in self.forms:
            form_button.clicked.connect(self._show)
        self.kind.activated.connect(self._show)

    @property
    def common(self) -> bool:
        """Whether all maps share a scale."""
        return self.scales[1].isChecked()

    def offer(self, parts: Sequence[LayerInfo], names: tuple[str, ...]) -> None:
        """Let the user choose among the layers of a net, whose classes are called `names`."""
        layers = [layer for layer in parts if layer.kind != "image"]
        self._layers, self._names = {layer.name: layer for layer in layers}, names
        self._of_classes = of_classes(parts) if parts else frozenset()
        offer_layers(self.layer, layers, next((layer.name for layer in layers if layer.maps), None))
        self.show_maps(None)
        self._fit()

    def show_maps(self, maps: Maps | None) -> None:
        """Show maps, or none."""
        before = None if self.current is None else self.current.outputs.layer
        self.current = maps
        if maps is None:
            self.status.setText("")
        elif before != maps.outputs.layer:
            self._fit()
        self._show()

    def show_nothing(self) -> None:
        self.close_value()
        self.show_maps(None)

    def open_value(self, index: int, at: tuple[int, int] | None) -> None:
        """Show how a value of map `index` comes about: the one in that row and column, or the largest."""
        self.opened_value = index, at
        self.tiles.current = index
        self.value_wanted.emit()

    def show_value(self, shown: ValueSum) -> None:
        """Show the arithmetic that was asked for."""
        if self.opened_value is None or shown.layer != self.layer.currentData():
            return
        # Where it was largest, there it is followed while the drawing changes.
        self.opened_value = shown.index, (shown.row, shown.column)
        inside = self.sum.isVisible()
        self.sum.show_sum(shown)
        self._show()
        if not inside:
            self.sum.grids.setFocus()

    def say_of_value(self, why: str) -> None:
        """There is no arithmetic to show, and why."""
        self.close_value()
        self.status.setText(why)

    def close_value(self) -> None:
        """Show the maps again."""
        if self.opened_value is not None:
            self.opened_value = None
            self.sum.show_sum(None)
            self._show()

    def _leave_value(self) -> None:
        """As the user wants it: the keyboard is where it came from."""
        self.close_value()
        self.detail.setFocus()

    def turned(self) -> None:
        self.opened_value = None
        self.tiles.choose_first()
        self.show_maps(None)
        self._fit()
        super().turned()

    def _fit(self) -> None:
        """The controls that mean something for this layer."""
        layer = self._layers.get(self.layer.currentData() or "")
        primary = None if self.current is None else self.current.primary
        for form_button in self.forms:
            form_button.setVisible(primary is not None)
        for scale_button in self.scales:
            scale_button.setVisible(layer is not None and layer.maps and primary is None)
        self.kind.setVisible(primary is not None and primary.field is not None)
        self.open.setVisible(layer is not None and layer.filters)
        if primary is not None and self.kind.count() != primary.lengths.shape[2] + 1:
            self.kind.clear()
            self.kind.addItem("all types", None)
            for capsule_type in range(primary.lengths.shape[2]):
                self.kind.addItem(f"type {capsule_type + 1}", capsule_type)

    def _show(self) -> None:
        maps = self.current
        primary = None if maps is None else maps.primary
        as_arrows = primary is not None and self.forms[0].isChecked()
        opened = self.opened_value is not None and self.sum.shown is not None
        self._stack.setCurrentIndex(2 if opened else 1 if as_arrows else 0)
        self.kind.setEnabled(as_arrows)
        self.detail.setVisible(not as_arrows)
        if maps is None:
            self.tiles.show_pictures(None)
            self.arrows.show_capsules(None, None, None)
        else:
            named = self._names
            classes = not maps.outputs.are_maps and maps.outputs.layer in self._of_classes
            self.tiles.what = _called(maps, classes)
            self.tiles.show_pictures(maps.pictures, named if classes else ())
            if as_arrows:
                self.arrows.show_capsules(primary, maps.digit, self.kind.currentData())
            self.status.setText(
                _VALUE.format(self.tiles.name(self.tiles.chosen)) if opened else in_words(maps, self.common, as_arrows)
            )
        self.show_detail()

    def show_detail(self) -> None:
        current = self.current
        if current is None or current.pictures.shape[0] <= self.tiles.at:
            self.detail.show_pictures((), ())
            return
        at, name = self.tiles.at, self.tiles.name(self.tiles.at)
        values = current.outputs.values[at]
        if current.primary is not None:
            lengths = current.primary.lengths[..., at]
            self._show_one(name, lengths, current.primary.field, "lengths")
        elif current.outputs.are_maps:
            self._show_one(name, values, self._field(current), "answers")
        elif values.ndim:
            self.detail.show_pictures((), (name, f"Length {float(np.linalg.norm(values)):.2f}"))
        else:
            self.detail.show_pictures((), (name, signed(float(values))))

    def _show_one(self, name: str, values: Floats, field: ReceptiveField | None, what: str) -> None:
        assert self.current is not None
        lines = (name, f"{what.capitalize()} {signed(float(values.min()))} to {signed(float(values.max()))}")
        pictures = []
        shown = None if self.opened_value is None else self.sum.shown
        if values.size > 1:
            # Said where it is done: nobody would try it else.
            opens = what == "answers" and self._has_kernels()
            name_of_map = "On its own: click a value" if opens else "On its own"
            cell = None if shown is None else (shown.row, shown.column, shown.row + 1, shown.column + 1)
            pictures.append(DetailPicture(name_of_map, self.current.pictures[self.tiles.at], opens=opens, frame=cell))
        if field is not None:
            amounts: Floats = np.abs(values)
            rows, columns = self.current.digit.shape[:2]
            over = enlarged(amounts / np.float32(max(float(amounts.max()), 1e-9)), field, rows, columns)
            seen = None if shown is None else _edges(field, shown)
            pictures.append(DetailPicture("Over the image", np.float32(0.55) * self.current.digit, over, frame=seen))
        self.detail.show_pictures(pictures, lines)

    def _has_kernels(self) -> bool:
        """Whether each map of the layer is made by a kernel of its own: not so of a separable convolution's."""
        layer = self._layers.get(self.layer.currentData() or "")
        return layer is not None and layer.kind == "convolution" and layer.filters

    def _field(self, maps: Maps) -> ReceptiveField | None:
        layer = self._layers.get(maps.outputs.layer)
        return None if layer is None else layer.field


def _edges(field: ReceptiveField, shown: ValueSum) -> tuple[float, float, float, float]:
    """Top, left, bottom and right edge of what a value sees of the image."""
    top, left, bottom, right = (edge + 0.5 for edge in field.box(shown.row, shown.column))
    return top, left, bottom, right


def _called(maps: Maps, classes: bool) -> str:
    """What one of the pictures is."""
    if maps.primary is not None:
        return "Type" if maps.primary.field is not None else "Capsule"
    if maps.outputs.are_maps:
        return "Map"
    return "Capsule" if maps.outputs.values.ndim == 2 else "Class" if classes else "Number"


def in_words(maps: Maps, common: bool, as_arrows: bool) -> str:
    """What is seen."""
    primary, values = maps.primary, maps.outputs.values
    if primary is not None:
        rows, columns, kinds = primary.lengths.shape
        where = (
            f"{kinds} capsules, each of which sees the whole image: they have no grid"
            if primary.field is None
            else f"{rows} × {columns} places, {kinds} capsules each, where they look at the image"
        )
        if not as_arrows:
            return f"{where}. White is the longest, {primary.lengths.max():.2f}."
        size = primary.vectors.shape[3]
        return f"{where}. Arrows show the 2 main directions of {size} numbers, {primary.kept:.0%} of all."
    if not maps.outputs.are_maps:
        zero = "mid grey is 0" if values.min() < 0 else "black is 0"
        each = "capsules, a line of numbers each" if values.ndim == 2 else "numbers"
        return f"{len(values):,} {each}: {zero}, white the largest amount, {signed(float(np.abs(values).max()))}."
    of = "of all" if common else "of each"
    zero = "Mid grey is 0, white the largest amount" if values.min() < 0 else "Black is 0, white the largest number"
    silent = int((np.abs(values).max((1, 2)) == 0).sum())
    rest = f" {silent} are zero everywhere." if silent else ""
    return f"{len(values)} maps of {values.shape[1]} × {values.shape[2]} places. {zero} {of}.{rest}"
