"""A ready-made plan as a card: what it is, how long it takes here, and its Start."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QRadioButton, QVBoxLayout, QWidget

from capsdraw.fit.recipe import Recipe
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import tip, unmarked


class PlanCard(Guarded, QFrame):
    """Chosen by a click anywhere on it; its plan is then what Details show.

    Attributes:
        title: chooses it; start: begins its fit; time, facts: how long that takes, and with how much.
        reason: why it cannot be started, or "".

    Signals:
        chosen(), started().
    """

    chosen = Signal()
    started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = self._words = ""
        self._free, self._tinted = True, False
        self.title, self.start = QRadioButton(), QPushButton("Start")
        self.title.setFont(theme.large(self))
        self.title.setAutoExclusive(False)  # none is chosen where the plan is the user's own
        self.time = LiveText(theme.tabular(self.font()), quiet=False)
        self.facts = LiveText(theme.tabular(theme.small(self)))
        self._about = caption()
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.setFont(theme.small(self))
        self._about.setWordWrap(True)
        self._about.setMinimumHeight(3 * self._about.fontMetrics().lineSpacing())  # so that another net moves nothing
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.GRID] * 4)
        layout.setSpacing(theme.GRID // 2)
        for widget in (self.title, self.time, self.facts, self._about):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.start)
        # A click is one, whatever it says now.
        self.title.clicked.connect(self.chosen)
        self.start.clicked.connect(self.started)

    def show_plan(self, name: str, about: str, recipe: Recipe) -> None:
        """What the card is called, a sentence about it, and how much its recipe trains on."""
        self.title.setText(unmarked(name))
        self._words = about
        self._explain()
        images = f"{recipe.limit:,} images" if recipe.limit else "All images"
        self.facts.setText(f"{images} · {recipe.epochs:,} epoch{'s' if recipe.epochs > 1 else ''}")
        self.start.setAccessibleName(f"Start: {name}")

    def show_time(self, words: str) -> None:
        """How long it takes, or why nobody knows."""
        self.reason = ""
        self.time.setText(words)
        self._explain()
        self.allow(self._free)

    def refuse(self, reason: str) -> None:
        """It cannot be started with the data that is chosen, or not here."""
        self.reason = reason
        self.time.setText("Cannot be started")
        self._explain()
        self.allow(self._free)

    def allow(self, on: bool) -> None:
        """Whether a fit may be started at all."""
        self._free = on
        self.start.setEnabled(on and not self.reason)

    def choose(self, on: bool) -> None:
        """Mark it as the plan that Details show."""
        self.title.setChecked(on)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._explain()

    def _explain(self) -> None:
        """What the plan is, or in red why it cannot be."""
        self._about.setText(self.reason or self._words)
        self.start.setToolTip(tip(self.reason))
        if bool(self.reason) != self._tinted or self.reason:
            self._tinted = bool(self.reason)
            tint(self._about, self._tinted)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        now, painter = theme.of(self), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Not by a style sheet, which would keep its colours when the system turns dark.
        painter.setPen(QPen(now.quiet if self.title.isChecked() else now.line, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()


def tint(label: QWidget, wrong: bool) -> None:
    """Give words the colour of what is wrong, or take it from them."""
    palette, role = QPalette(), label.foregroundRole()
    if wrong:
        palette.setColor(role, theme.of(label).wrong)
    label.setPalette(palette)
