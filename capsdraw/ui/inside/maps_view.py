"""What a layer makes of the drawing: feature maps, numbers, or primary capsules as arrows and lengths."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QWidget

from capsdraw.formatting import signed
from capsdraw.lab.anatomy import Part
from capsdraw.lab.fields import Field, enlarged
from capsdraw.nets.reading import Floats
from capsdraw.ui.controls import button, combo, one_of
from capsdraw.ui.inside.arrows import Arrows
from capsdraw.ui.inside.asking import Maps
from capsdraw.ui.inside.choices import offer_layers
from capsdraw.ui.inside.detail import Picture
from capsdraw.ui.inside.layer_view import LayerView
from capsdraw.ui.inside.tiles import Tiles


class MapsView(LayerView):
    """Tiles or arrows, and the map that is looked at.

    Attributes:
        scales: the buttons for each map's own scale, and a common one.
        forms: the buttons for lengths and arrows, of primary capsules; kind: type of capsules.
        arrows: the pictures, where they are no tiles; shown: the newest maps, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            combo("Layer whose maps are shown", "Any layer of the net", 18),
            Tiles("Maps", "Map"),
            button("Its kernels", "The filters of this layer"),
            parent,
        )
        self.shown: Maps | None = None
        self._parts: dict[str, Part] = {}
        self._names: tuple[str, ...] = ()
        self.scales = one_of(
            button("Own scale", "Each map's largest number is white: what it looks for is seen"),
            button("Common scale", "The largest number of all maps is white: how strong they are is seen"),
            first=True,
        )
        self.forms = one_of(
            button("Arrows", "The two directions in which the capsules of a type reach furthest"),
            button("Lengths", "How sure each capsule is that what it looks for is there"),
            first=True,
        )
        self.kind = combo("Type of capsules", "All types at once, or one", 7)
        self.arrows = Arrows()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tiles)
        self._stack.addWidget(self.arrows)
        self.lay_out(self._stack, *self.scales, *self.forms, self.kind)
        for one in self.scales:
            one.clicked.connect(self.wanted)
        for one in self.forms:
            one.clicked.connect(self._show)
        self.kind.activated.connect(self._show)

    @property
    def common(self) -> bool:
        """Whether all maps share a scale."""
        return self.scales[1].isChecked()

    def offer(self, parts: Sequence[Part], names: tuple[str, ...]) -> None:
        """Let the user choose among the layers of a net, whose classes are called `names`."""
        layers = [part for part in parts if part.kind != "image"]
        self._parts, self._names = {part.name: part for part in layers}, names
        offer_layers(self.layer, layers, next((part.name for part in layers if part.maps), None))
        self.show_maps(None)
        self._fit()

    def show_maps(self, shown: Maps | None) -> None:
        """Show maps, or none."""
        before = None if self.shown is None else self.shown.outputs.layer
        self.shown = shown
        if shown is None:
            self.said.setText("")
        elif before != shown.outputs.layer:
            self._fit()
        self._show()

    def show_nothing(self) -> None:
        self.show_maps(None)

    def turned(self) -> None:
        self.tiles.choose_first()
        self.show_maps(None)
        self._fit()
        super().turned()

    def _fit(self) -> None:
        """The controls that mean something for this layer."""
        part = self._parts.get(self.layer.currentData() or "")
        primary = None if self.shown is None else self.shown.primary
        for one in self.forms:
            one.setVisible(primary is not None)
        for one in self.scales:
            one.setVisible(part is not None and part.maps and primary is None)
        self.kind.setVisible(primary is not None and primary.field is not None)
        self.open.setVisible(part is not None and part.filters)
        if primary is not None and self.kind.count() != primary.lengths.shape[2] + 1:
            self.kind.clear()
            self.kind.addItem("all types", None)
            for number in range(primary.lengths.shape[2]):
                self.kind.addItem(f"type {number + 1}", number)

    def _show(self) -> None:
        shown = self.shown
        primary = None if shown is None else shown.primary
        as_arrows = primary is not None and self.forms[0].isChecked()
        self._stack.setCurrentIndex(1 if as_arrows else 0)
        self.kind.setEnabled(as_arrows)
        self.detail.setVisible(not as_arrows)
        if shown is None:
            self.tiles.show_pictures(None)
            self.arrows.show_capsules(None, None, None)
        else:
            values = shown.outputs.values
            named = self._names or tuple(map(str, range(10)))
            classes = not shown.outputs.are_maps and len(values) == len(named)
            self.tiles.what = _called(shown, classes)
            self.tiles.show_pictures(shown.pictures, named if classes else ())
            if as_arrows:
                self.arrows.show_capsules(primary, shown.digit, self.kind.currentData())
            self.said.setText(in_words(shown, self.common, as_arrows))
        self.show_detail()

    def show_detail(self) -> None:
        shown = self.shown
        if shown is None or shown.pictures.shape[0] <= self.tiles.at:
            self.detail.show_pictures((), ())
            return
        at, name = self.tiles.at, self.tiles.name(self.tiles.at)
        values = shown.outputs.values[at]
        if shown.primary is not None:
            lengths = shown.primary.lengths[..., at]
            self._show_one(name, lengths, shown.primary.field, "lengths")
        elif shown.outputs.are_maps:
            self._show_one(name, values, self._field(shown), "answers")
        elif values.ndim:
            self.detail.show_pictures((), (name, f"Length {float(np.linalg.norm(values)):.2f}"))
        else:
            self.detail.show_pictures((), (name, signed(float(values))))

    def _show_one(self, name: str, values: Floats, field: Field | None, what: str) -> None:
        assert self.shown is not None
        lines = (name, f"{what.capitalize()} {signed(float(values.min()))} to {signed(float(values.max()))}")
        pictures = []
        if values.size > 1:
            pictures.append(Picture("As it is", self.shown.pictures[self.tiles.at]))
        if field is not None:
            amounts: Floats = np.abs(values)
            rows, columns = self.shown.digit.shape[:2]
            over = enlarged(amounts / np.float32(max(float(amounts.max()), 1e-9)), field, rows, columns)
            pictures.append(Picture("Where it looks", np.float32(0.55) * self.shown.digit, over))
        self.detail.show_pictures(pictures, lines)

    def _field(self, shown: Maps) -> Field | None:
        part = self._parts.get(shown.outputs.layer)
        return None if part is None else part.field


def _called(shown: Maps, classes: bool) -> str:
    """What one of the pictures is."""
    if shown.primary is not None:
        return "Type" if shown.primary.field is not None else "Capsule"
    if shown.outputs.are_maps:
        return "Map"
    return "Capsule" if shown.outputs.values.ndim == 2 else "Class" if classes else "Number"


def in_words(shown: Maps, common: bool, as_arrows: bool) -> str:
    """What is seen."""
    primary, values = shown.primary, shown.outputs.values
    if primary is not None:
        rows, columns, kinds = primary.lengths.shape
        where = (
            f"{kinds} capsules, each of which sees the whole image: they have no grid"
            if primary.field is None
            else f"{rows} × {columns} places, {kinds} capsules each, where they look at the image"
        )
        if not as_arrows:
            return f"{where}. White is the longest, {primary.lengths.max():.2f}."
        return f"{where}. An arrow shows 2 of its {primary.vectors.shape[3]} numbers, {primary.kept:.0%} of all here."
    if not shown.outputs.are_maps:
        zero = "mid grey is 0" if values.min() < 0 else "black is 0"
        each = "capsules, a line of numbers each" if values.ndim == 2 else "numbers"
        return f"{len(values):,} {each}: {zero}, white the largest amount, {signed(float(np.abs(values).max()))}."
    of = "of all" if common else "of each"
    zero = "Mid grey is 0, white the largest amount" if values.min() < 0 else "Black is 0, white the largest number"
    silent = int((np.abs(values).max((1, 2)) == 0).sum())
    rest = f" {silent} do not answer at all." if silent else ""
    return f"{len(values)} maps of {values.shape[1]} × {values.shape[2]} places. {zero} {of}.{rest}"
