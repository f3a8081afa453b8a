"""Which models are compared, and which curve is whose."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui.compare.column import CURVES
from capsdraw.ui.plain_text import tip, unmarked

# Beyond these, bars would have no room, and curves no colour.
MOST: Final = len(CURVES)


class ModelMenu(QToolButton):
    """A button with a menu of the models.

    Signals:
        chosen(str, bool): the model of that name is compared from now on, or no more.
    """

    chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Models")
        self.setToolTip(tip(f"Choose the models to compare, up to {MOST}"))
        self.setAutoRaise(True)
        self.setMenu(QMenu(self))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def offer(self, models: Sequence[Card], names: Sequence[str]) -> None:
        """These can be chosen; those of these names are."""
        menu = self.menu()
        menu.clear()
        for card in models:
            action = QAction(unmarked(card.title), menu, checkable=True)
            action.setData(card.name)
            action.setToolTip(tip(card.title))
            action.triggered.connect(lambda on, name=card.name: self.chosen.emit(name, on))
            menu.addAction(action)
        self.show_chosen(names)

    def show_chosen(self, names: Sequence[str], current: str = "") -> None:
        """Those of these names are chosen; the one that reads on all tabs stays, and there is room for so many."""
        for action in self.menu().actions():
            is_chosen = action.data() in names
            action.setChecked(is_chosen)
            fits = len(names) > 1 if is_chosen else len(names) < MOST
            action.setEnabled(fits and action.data() != current)


def compared(cards: Sequence[Card], chosen: Sequence[str], current: str, ticked: bool) -> list[Card]:
    """The model that reads, and those that were chosen; of those that nobody ticked, the ones that know its classes."""
    reads = next((card for card in cards if card.name == current), None)

    def fits(card: Card) -> bool:
        return ticked or reads is None or not set(card.names).isdisjoint(reads.names)

    return [card for card in cards if card is reads or (card.name in chosen and fits(card))]


class CurveNumbers:
    """Whose curve has which colour and dashes: a model keeps its own while others come and go."""

    def __init__(self) -> None:
        self._now: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def of(self, names: Sequence[str]) -> dict[str, int]:
        """The number of each model's curve; one that comes back has the one that it had, where that is free."""
        now = {name: self._now[name] for name in names if name in self._now}
        for name in names:
            if name not in now:
                free = [curve for curve in range(MOST) if curve not in now.values()] or [0]
                now[name] = self._last[name] if self._last.get(name) in free else free[0]
        self._now = now
        self._last |= now
        return now
