"""An axis of epochs: what is counted in wholes is marked at wholes. Needs pyqtgraph, which takes long to import."""

import pyqtgraph as pg

from capsdraw.ui.guard import guard_library

guard_library(pg.__name__)

Levels = list[tuple[float, float]]


class EpochAxis(pg.AxisItem):  # type: ignore[misc]
    """The axis beneath a plot; parts of an epoch are marked only where less than one is in sight."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setLabel("epoch")
        self.enableAutoSIPrefix(False)  # a thousandth of an epoch is no unit of anybody's

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> Levels:  # noqa: N803 (pyqtgraph's own names)
        """Distances of ticks and where each kind begins, the widest first."""
        levels: Levels = super().tickSpacing(minVal, maxVal, size)
        whole = [(spacing, begin) for spacing, begin in levels if spacing == int(spacing)]
        return whole or ([(1.0, 0.0)] if maxVal - minVal >= 1 else levels)
