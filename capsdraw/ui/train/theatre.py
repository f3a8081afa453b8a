"""The same few digits, read and redrawn by the net while it is trained: from its first batch to its last."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from capsdraw.fit.events import Floats, Snapshot
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.digit_view import grey_image
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label
from capsdraw.ui.train.snapshot_store import SnapshotStore
from capsdraw.ui.train.stage import Stage

_ABOUT = "While a net is trained, it reads and redraws ten images that it never learns from, and your own drawing."
_ABOUT_LEARNT = (
    "While a net is trained, it reads and redraws ten of the images that it learns from (none is held out), "
    "and your own drawing."
)
# Of a kernel's picture, pixels.
_LARGEST = 12 * theme.GRID


class Theatre(QWidget):
    """What the net in training makes of digits, at any time since its fit began.

    Attributes:
        looks: those that are kept, in their order; stage: digits and redrawn digits; scrubber: which look is shown.
        before, now: the first convolution's kernels; status: epoch, right ones, dead capsules.
        since: what the scrubber's left end is called.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.looks = SnapshotStore()
        self.stage = Stage()
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setAccessibleName("Time since the fit began")
        self.before, self.now = KernelsView("First-layer filters before"), KernelsView("First-layer filters now")
        self.status, self.since = Label(" "), Label("Start")
        self._origin: Floats | None = None  # the filters that the run began with, where no look saw them
        self._lay_out()
        self.scrubber.valueChanged.connect(self._show)
        self.clear()

    def clear(self, learnt: bool = False) -> None:
        """A new fit begins; `learnt`: nothing is held out, so it learns from the digits that are looked at."""
        self.looks.clear()
        self._origin = None
        self._about.setText(_ABOUT_LEARNT if learnt else _ABOUT)
        self._show()

    def prepare(self, names: Sequence[str], origin: Floats | None) -> None:
        """A fit begins.

        Args:
            names: what its classes are called; () where their numbers speak for themselves.
            origin: the filters (F, rows, columns) that a run began with which is gone on with, where they are known.
        """
        self.stage.call(names)
        self._origin = origin
        self._show()

    def add(self, look: Snapshot) -> None:
        """Take in a look; shown at once where the newest was shown."""
        shown_look = self.look
        follows = shown_look is None or shown_look is self.looks[len(self.looks) - 1]
        self.looks.add(look)
        last = len(self.looks) - 1
        with QSignalBlocker(self.scrubber):
            self.scrubber.setRange(0, last)
            # Others may have gone: who looks back goes on seeing the same.
            self.scrubber.setValue(last if follows or shown_look is None else self.looks.nearest(shown_look))
        self._show()

    @property
    def look(self) -> Snapshot | None:
        """The one that is shown."""
        return self.looks[min(self.scrubber.value(), len(self.looks) - 1)] if len(self.looks) else None

    def _show(self) -> None:
        look = self.look
        self.stage.show_look(look)
        self.scrubber.setEnabled(len(self.looks) > 1)
        self._about.setVisible(look is None)
        self._time.setVisible(look is not None)
        self._filters.setVisible(look is not None and look.filters is not None)
        if look is None:
            self.status.setText(" ")
            return
        self._show_before()
        self.now.show_kernels(look.filters)
        self.status.setText(_words(look))

    def _show_before(self) -> None:
        """What the run began with, or else what is the first that is known of it, and is called so."""
        first = self.looks[0]
        begun = (first.epoch, first.batch) == (1, 0)
        self.since.setText("Start" if begun else f"Epoch {first.epoch}")
        is_origin = begun or self._origin is not None
        self._before_head.setText("First-layer filters " + ("before" if is_origin else f"in epoch {first.epoch}"))
        self.before.show_kernels(first.filters if begun or self._origin is None else self._origin)

    def _lay_out(self) -> None:
        self._about = caption(_ABOUT)
        self._filters = QWidget()
        filters = QHBoxLayout(self._filters)
        filters.setContentsMargins(0, 0, 0, 0)
        filters.setSpacing(4 * theme.GRID)
        heads = [Label(view.accessibleName()) for view in (self.before, self.now)]
        self._before_head = heads[0]
        for view, head in zip((self.before, self.now), heads, strict=True):
            column = QVBoxLayout()
            column.setSpacing(theme.GRID // 2)
            head.setFont(theme.small(self))
            column.addWidget(head)
            column.addWidget(view, 1)
            filters.addLayout(column, 1)
        self._time = QWidget()
        way = QHBoxLayout(self._time)
        way.setContentsMargins(0, 0, 0, 0)
        way.setSpacing(theme.GRID)
        for widget in (self.since, self.scrubber, Label("Now")):
            way.addWidget(widget, 1 if widget is self.scrubber else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addWidget(self.stage)
        layout.addWidget(self._time)
        layout.addWidget(self.status)
        layout.addWidget(self._filters, 4)
        layout.addStretch(1)


class KernelsView(Guarded, QWidget):
    """Small pictures of kernels, mid grey where they are 0, all on one scale."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kernels: Floats | None = None
        self.setAccessibleName(name)
        self.setMinimumHeight(80)

    def show_kernels(self, kernels: Floats | None) -> None:
        """Show (F, rows, columns) from now on."""
        self.kernels = kernels
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.kernels is None:
            return
        painter = QPainter(self)
        count = len(self.kernels)
        across, cell = _best_grid(count, self.width(), self.height())
        top = max(float(np.abs(self.kernels).max()), 1e-9)
        for index, kernel in enumerate(self.kernels):
            place = QRect(index % across * cell, index // across * cell, cell - 2, cell - 2)
            if place.bottom() > self.height():
                break
            painter.drawImage(place, grey_image(0.5 + 0.5 * kernel / top))
        painter.end()


def _best_grid(count: int, width: int, height: int) -> tuple[int, int]:
    """How many squares in a row, and their side, so that `count` fill a place."""
    best = max(range(1, count + 1), key=lambda across: min(width // across, height // -(-count // across)))
    return best, max(min(width // best, height // -(-count // best), _LARGEST), 4)


def _words(look: Snapshot) -> str:
    labelled = look.labels >= 0
    right = int(look.right[labelled].sum())
    when = f"after epoch {look.epoch}" if look.batch == look.batches else f"epoch {look.epoch}, batch {look.batch:,}"
    if look.batch == 0:
        when = f"before epoch {look.epoch}"
    dead = "" if look.dead is None else f"   ·   dead primary capsules {look.dead:,} of {look.primary:,}"
    return f"{when[0].upper()}{when[1:]}   ·   {right} of {int(labelled.sum())} right{dead}"
