"""The one choice of a model, for all tabs: in the toolbar and in the menu, grouped by what the models are."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.ui import plain_text, theme

# In the order in which they are offered.
_CAPSULES: Final = "Capsule nets"
_CLASSIFIERS: Final = "Classifiers"
_PAIRS: Final = "Two digits at once"
_PHOTOGRAPHS: Final = "Photographs"
_YOURS: Final = "Yours"


class ModelChoice(QComboBox):
    """Models under the headings of their groups.

    Signals:
        wanted(str): the user chose the model of that name.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []
        self.setToolTip(
            "The net that reads what lies on the canvas, on every tab; its error on the test images of its data"
        )
        self.setAccessibleName("Model")
        self.setMaxVisibleItems(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(26)
        self.activated.connect(self._choose)

    @property
    def names(self) -> list[str]:
        """Of all models that can be chosen, in the order in which they are offered."""
        return [self.itemData(index) for index in range(self.count()) if self.itemData(index) is not None]

    def offer(self, cards: Iterable[Card], chosen: str) -> None:
        """These can be chosen; the one of that name is."""
        self._cards = list(cards)
        self.clear()
        for title, group in grouped(self._cards):
            self.addItem(title)
            model = self.model()
            assert isinstance(model, QStandardItemModel)
            heading = model.item(self.count() - 1)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(theme.small(self))
            for card in group:
                self.addItem(in_words(card), card.name)
        self.pick(chosen)

    def pick(self, name: str) -> None:
        """Show that one as the one that was chosen."""
        self.setCurrentIndex(self.findData(name))

    def fill(self, menu: QMenu) -> None:
        """Put the same choice into a menu that is about to be shown."""
        menu.clear()
        only_one = QActionGroup(menu)
        for title, group in grouped(self._cards):
            menu.addSection(title)
            for card in group:
                action = QAction(plain_text.unmarked(in_words(card)), menu)
                action.setCheckable(True)
                action.setChecked(card.name == self.currentData())
                action.triggered.connect(lambda _=False, name=card.name: self.wanted.emit(name))
                only_one.addAction(action)
                menu.addAction(action)

    def _choose(self, index: int) -> None:
        name = self.itemData(index)
        if name is not None:
            self.wanted.emit(name)


def grouped(cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """The models by group, in the order in which they came; groups that have none are left out."""
    groups: dict[str, list[Card]] = {title: [] for title in (_CAPSULES, _CLASSIFIERS, _PAIRS, _PHOTOGRAPHS, _YOURS)}
    for card in cards:
        groups[_group(card)].append(card)
    return [(title, group) for title, group in groups.items() if group]


def _group(card: Card) -> str:
    if not card.bundled:
        return _YOURS
    if card.reads_pairs:
        return _PAIRS
    if not card.reads_digits:
        return _PHOTOGRAPHS
    return _CAPSULES if card.kind == NetKind.CAPSULE else _CLASSIFIERS


def in_words(card: Card) -> str:
    """Its title, and its error where that was measured."""
    error = "" if card.test_error_percent is None else f" · {card.test_error_percent:.2f}% error"
    return f"{card.title}{error}"
