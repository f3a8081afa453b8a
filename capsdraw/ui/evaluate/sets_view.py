"""Several models on many small sets: do they differ, on which sets, and by which images."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from capsdraw.evaluate import error
from capsdraw.evaluate.sets import Found, Pair, Verdict
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.evaluate.examiner import Compared, Draw
from capsdraw.ui.evaluate.gallery import Gallery, Shown
from capsdraw.ui.evaluate.heats import Heats
from capsdraw.ui.evaluate.views import fill, table
from capsdraw.ui.fields import NumberField

# Of each class in all sets together: beyond it there is more to look at than memory for it.
_MOST: Final = 200_000
_COLUMNS: Final = ("Set", "A right", "B right", "Difference", "p, luck", "p, even", "\u2003What it is worth")
_TIPS: Final = (
    "Its number among those drawn; the first line is all of the data", "Images that the first model reads right",
    "Images that the second model reads right", "Positive where the first is better",
    "That any set differs as much where the models are the same, corrected for all that was looked at",
    "That any set strays as far where the difference is spread evenly over the data, corrected likewise",
    "No more than luck; the difference that they have everywhere; or one particular to this set",
)  # fmt: skip
_WHY: Final = (
    "The largest difference over a thousand sets is large even between models that are the same, because it was "
    "looked for. So each is held against what luck alone does, and against the models' difference on all of the data; "
    "p-values are corrected for all that was looked at."
)
_NAME: Final = Qt.ItemDataRole.UserRole


class SetsView(QWidget):
    """What is compared, and then what was found.

    Attributes:
        models: a line each, to be ticked; each, count, seed: how sets are drawn; why: what cannot be compared.
        headline: the verdict; pairs: of models, a line each; about: the chosen pair in words.
        sets: of the chosen pair, those that differ most; only: whose images the gallery shows; gallery: these.
        heats: what spoke for the answers to the image that was clicked.
        change: back to what is compared; keep: saves the chosen set.

    Signals:
        picked(int): the image of that index was clicked.
        kept(object): the set of these images is to be saved.
        changed(): other models were ticked, or another draw chosen.
    """

    picked = Signal(int)
    kept = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, Card] = {}
        self._found: Compared | None = None
        self._make()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._plan())
        self._pages.addWidget(self._findings())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self._connect()

    def offer_models(self, cards: Sequence[Card]) -> None:
        """The models at hand; what was ticked stays so."""
        ticked = {card.name for card in self.ticked()}
        self._cards = {card.name: card for card in cards}
        self.models.blockSignals(True)
        self.models.clear()
        for card in cards:
            item = QListWidgetItem(card.title)
            item.setData(_NAME, card.name)
            item.setCheckState(Qt.CheckState.Checked if card.name in ticked else Qt.CheckState.Unchecked)
            self.models.addItem(item)
        self.models.blockSignals(False)
        self._limit()

    def ticked(self) -> list[Card]:
        """The models to compare."""
        items = [self.models.item(number) for number in range(self.models.count())]
        return [self._cards[one.data(_NAME)] for one in items if one.checkState() == Qt.CheckState.Checked]

    def draw(self) -> Draw | None:
        """How sets are drawn; None where a field cannot be used, which then says why."""
        each, count, seed = (field.value() for field in (self.each, self.count, self.seed))
        self.each.refuse("" if _whole(each, 1, 1000) else "expected 1 to 1,000")
        fits = _whole(count, 1, 10_000)
        many = fits and _whole(each, 1, 1000) and each * count > _MOST
        self.count.refuse(f"at most {_MOST // each:,} of this size" if many else "" if fits else "expected 1 to 10,000")
        self.seed.refuse("" if _whole(seed, 0, 2**31 - 1) else "expected a whole number from 0 on")
        if self.each.reason or self.count.reason or self.seed.reason:
            return None
        return Draw(each, count, seed)

    def ask_again(self) -> None:
        """Show what is compared, to change it."""
        self._pages.setCurrentIndex(0)

    @property
    def chosen(self) -> Found | None:
        """The set whose line is chosen; None for all of the data."""
        pair, line = self._pair(), self.sets.currentRow()
        return pair.found[line - 1] if pair is not None and 0 < line <= len(pair.found) else None

    @property
    def makers(self) -> Found | Pair | None:
        """That whose images make the difference that is shown: a set, or two models on all of the data."""
        return self.chosen or self._pair()

    @property
    def compared(self) -> tuple[int, int] | None:
        """Numbers of the two models that are looked at, among those compared."""
        pair = self._pair()
        return None if pair is None else (pair.first, pair.second)

    def show_found(self, found: Compared) -> None:
        """Show what was found."""
        self._found = found
        self.headline.setText(_verdict(found))
        self.pairs.clear()
        for pair in found.report.pairs:
            self.pairs.addItem(_overall(found, pair))
        line = self.pairs.sizeHintForRow(0) if found.report.pairs else 0
        self.pairs.setFixedHeight(min(len(found.report.pairs), 3) * line + 2 * self.pairs.frameWidth() + 2)
        self.pairs.setCurrentRow(0)
        self._pages.setCurrentIndex(1)

    def _pair(self) -> Pair | None:
        number = self.pairs.currentRow()
        return None if self._found is None or number < 0 else self._found.report.pairs[number]

    def _show_pair(self) -> None:
        pair, found = self._pair(), self._found
        if pair is None or found is None:
            return
        titles = [found.cards[one].title for one in (pair.first, pair.second)]
        self.about.setText(_about(found, pair))
        whole = [int(found.results[one].right.sum()) for one in (pair.first, pair.second)]
        rows = [["all data", f"{whole[0]:,}", f"{whole[1]:,}", f"{whole[0] - whole[1]:+,}", _p(pair.overall_p), "", ""]]
        rows += [_set_row(one) for one in pair.found]
        self.sets.blockSignals(True)
        fill(self.sets, rows)
        for column, title in zip((1, 2), titles, strict=True):
            head = self.sets.horizontalHeaderItem(column)
            assert head is not None
            head.setToolTip(f"Images that {title} reads right")
        # All of the data; or a set that differs in a way of its own, wherever in the list it stands.
        first = next((line for line, one in enumerate(pair.found, 1) if one.verdict == Verdict.HERE), 0)
        self.sets.selectionModel().setCurrentIndex(
            self.sets.model().index(first, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.sets.blockSignals(False)
        self._show_set()

    def _show_set(self) -> None:
        pair, found, chosen = self._pair(), self._found, self.chosen
        if pair is None or found is None:
            return
        makers = chosen or pair
        self.keep.setEnabled(chosen is not None)
        for one, images, model in zip(
            self.only, (makers.first_only, makers.second_only), (pair.first, pair.second), strict=True
        ):
            one.setText(f"Only {found.cards[model].title} right ({len(images):,})")
            # Where one side has all of the images, these are what one comes for.
            if 0 < len(images) == len(makers.first_only) + len(makers.second_only):
                one.setChecked(True)
        self._show_images()

    def _show_images(self) -> None:
        pair, found = self._pair(), self._found
        if pair is None or found is None:
            return
        makers = self.chosen or pair
        first = self.only[0].isChecked()
        images, other = (makers.first_only, pair.second) if first else (makers.second_only, pair.first)
        card, result = found.cards[other], found.results[other]
        names = error.names(card, found.data)
        shown = [
            Shown(one, names[int(result.labels[one])], names[int(result.read[one])], False) for one in images.tolist()
        ]
        digits = found.data.test_images.shape[1:] == (28, 28)
        hint = "Click: what spoke for each answer" + (", and it is on the canvas" if digits else "")
        self.gallery.show_pictures(found.data.test_images, shown, hint)
        self.heats.show_nothing()
        self.heats.setVisible(bool(shown))
        self.under.setText(f"Each with its class → what {card.title} read." if shown else "There are no such images.")

    def _save(self) -> None:
        if self.chosen is not None:
            self.kept.emit(self.chosen.images)

    def _limit(self) -> None:
        """Only models that read the same images into the same classes can be compared."""
        ticked = self.ticked()
        self.models.blockSignals(True)
        for number in range(self.models.count()):
            item = self.models.item(number)
            card = self._cards[item.data(_NAME)]
            same_form = not ticked or card.input == ticked[0].input
            fits = same_form and (not ticked or card.names == ticked[0].names)
            item.setFlags(
                Qt.ItemFlag.ItemIsUserCheckable | (Qt.ItemFlag.ItemIsEnabled if fits else Qt.ItemFlag.NoItemFlags)
            )
            other = "It knows other classes" if same_form else "It reads other images"
            item.setToolTip("" if fits else f"{other} than the models that are ticked")
        self.models.blockSignals(False)
        self.changed.emit()

    def _make(self) -> None:
        self.models = QListWidget()
        self.models.setAccessibleName("Models to compare")
        self.models.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.each = NumberField("each", "Images of each class in a set", True)
        self.count = NumberField("count", "Sets", True)
        self.seed = NumberField("seed", "Seed", True)
        for field, value in ((self.each, 10), (self.count, 1000), (self.seed, 1)):
            field.put(value)
        self.headline, self.about, self.under = QLabel(), caption(), caption()
        self.headline.setFont(theme.large(self))
        self.headline.setWordWrap(True)
        self.pairs = QListWidget()
        self.pairs.setAccessibleName("Pairs of models")
        self.pairs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sets = table(_COLUMNS, _TIPS, "Sets on which they differ most", (0, len(_COLUMNS) - 1))
        self.change = button("Change …", "Choose other models, or other sets")
        self.keep = button(
            "Save set …", "Save the chosen set as data (.npz), to train or measure on anywhere in the app"
        )
        self.only = [button("", "The images that make the difference") for _ in range(2)]
        self.gallery = Gallery("Images that make the difference")
        self.heats = Heats()

    def _plan(self) -> QWidget:
        fields = QFormLayout()
        fields.setHorizontalSpacing(theme.GRID)
        fields.setVerticalSpacing(theme.GRID)
        for field in (self.each, self.count, self.seed):
            field.editor.setMaximumWidth(12 * theme.GRID)
            label = QLabel(field.words)
            label.setBuddy(field.editor)
            fields.addRow(label, field)
        left = QVBoxLayout()
        left.setSpacing(theme.GRID)
        left.addWidget(QLabel("Tick two models or more"))
        self.models.setMinimumHeight(20 * theme.GRID)
        self.models.setMaximumHeight(32 * theme.GRID)
        left.addWidget(self.models)
        both = QHBoxLayout()
        both.setSpacing(4 * theme.GRID)
        both.addLayout(left, 1)
        right = QVBoxLayout()
        right.addLayout(fields)
        right.addStretch(1)
        both.addLayout(right, 1)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(both)
        layout.addWidget(caption(_WHY))
        layout.addStretch(1)
        return page

    def _findings(self) -> QWidget:
        head = self.sets.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.sets.setMinimumHeight(12 * theme.GRID)
        group = QButtonGroup(self)
        for one in self.only:
            one.setCheckable(True)
            group.addButton(one)
        self.only[0].setChecked(True)
        self.headline.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(self.headline, self.change))
        layout.addWidget(self.pairs)
        layout.addWidget(self.about)
        layout.addWidget(self.sets, 4)
        layout.addLayout(row(*self.only, None, self.keep))
        layout.addWidget(self.under)
        beside = row(self.gallery, self.heats)
        beside.setStretch(0, 1)
        layout.addLayout(beside, 5)
        return page

    def _connect(self) -> None:
        self.models.itemChanged.connect(lambda _: self._limit())
        for field in (self.each, self.count, self.seed):
            field.changed.connect(self.changed)
        self.pairs.currentRowChanged.connect(lambda _: self._show_pair())
        self.sets.itemSelectionChanged.connect(self._show_set)
        for one in self.only:
            one.clicked.connect(self._show_images)
        self.gallery.picked.connect(self.picked)
        self.change.clicked.connect(self.ask_again)
        self.keep.clicked.connect(self._save)


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most


def _verdict(found: Compared) -> str:
    report = found.report
    here = sum(any(one.verdict == Verdict.HERE for one in pair.found) for pair in report.pairs)
    differ = sum(pair.differ for pair in report.pairs)
    if not report.signal:
        return "No signal: what differs is no more than luck."
    if len(report.pairs) == 1:
        return (
            "Signal: a set differs in a way of its own."
            if here
            else "Signal: the two models differ, on all of the data."
        )
    said = f"Signal: {differ} of {len(report.pairs)} pairs of models differ on all of the data"
    return f"{said}, {here} on a set in a way of its own." if here else f"{said}."


def _overall(found: Compared, pair: Pair) -> str:
    """A pair of models on all of the data, in one line."""
    (first, wrong), (second, others) = (
        (found.cards[one].title, found.results[one].errors) for one in (pair.first, pair.second)
    )
    if not pair.differ:
        return f"{first} and {second}: {wrong:,} and {others:,} errors, no more than luck (p {_is(pair.overall_p)})"
    better, worse = ((first, wrong), (second, others)) if wrong < others else ((second, others), (first, wrong))
    return f"{better[0]} is better than {worse[0]}: {better[1]:,} errors, not {worse[1]:,} (p {_is(pair.overall_p)})"


def _about(found: Compared, pair: Pair) -> str:
    """What the sets of a pair say, in words."""
    first, second = (found.cards[one].title for one in (pair.first, pair.second))
    largest = int(np.abs(pair.differences).max())
    return (
        f"A is {first}, B is {second}. Over {len(pair.differences):,} sets of {found.sets.shape[1]:,} images they "
        f"differ by at most {largest}. On a set of this size a lead of {pair.expected:+.1f} ± {pair.deviation:.1f} "
        "images is expected. Were the models the same, luck alone would give up to "
        f"{pair.largest_if_same[1]:.0f} (in 95 of 100 cases); their difference on all of the data, drawn at random, "
        f"up to {pair.largest_if_even[1]:.0f}. {error.remark(found.cards[pair.first], found.data)}"
    ).rstrip()


def _set_row(one: Found) -> list[str]:
    return [
        str(one.number + 1), str(one.right[0]), str(one.right[1]), f"{one.difference:+d}",
        _p(one.same_p), _p(one.even_p), str(one.verdict),
    ]  # fmt: skip


def _p(value: float) -> str:
    """A p-value for people."""
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}" if value < 0.01 else f"{value:.2f}"


def _is(value: float) -> str:
    """After "p"."""
    said = _p(value)
    return said if said.startswith("<") else f"= {said}"
