"""Several models on many small sets: do they differ, on which sets, and by which images."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from capsdraw.evaluate import error
from capsdraw.evaluate.sets import ModelPair, SetDifference, SetVerdict
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.evaluate import sets_words
from capsdraw.ui.evaluate.examiner import Comparison, Draw
from capsdraw.ui.evaluate.gallery import Gallery, GalleryItem
from capsdraw.ui.evaluate.heats import HeatPair
from capsdraw.ui.evaluate.views import fill, table
from capsdraw.ui.form_fields import NumberField
from capsdraw.ui.plain_text import Label, tip, unmarked

# Of each class in all sets together: beyond it there is more to look at than memory for it.
_MOST: Final = 200_000
_WHY: Final = (
    "The largest difference over a thousand sets is large even between models that are the same, because it was "
    "picked. So each is compared with what luck alone does, and with the models' difference on all of the data; "
    "p-values are corrected for multiple tests."
)
_NAME: Final = Qt.ItemDataRole.UserRole


class SetsView(QWidget):
    """What is compared, and then what was found.

    Attributes:
        models: a line each, to be ticked; each, count, seed: how sets are drawn; why: what cannot be compared.
        headline: the verdict; pairs: of models, a line each; about: the chosen pair in words.
        sets: of the chosen pair, those that differ most; only: whose images the gallery shows; gallery: these.
        heats: what spoke for the answers to the image that was clicked.
        explain: shows what the columns mean; change: back to what is compared; keep: saves the chosen set.

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
        self._comparison: Comparison | None = None
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
        with QSignalBlocker(self.models):
            self.models.clear()
            for card in cards:
                item = QListWidgetItem(card.title)
                item.setData(_NAME, card.name)
                item.setCheckState(Qt.CheckState.Checked if card.name in ticked else Qt.CheckState.Unchecked)
                self.models.addItem(item)
        self._limit()

    def ticked(self) -> list[Card]:
        """The models to compare."""
        items = [self.models.item(index) for index in range(self.models.count())]
        return [self._cards[item.data(_NAME)] for item in items if item.checkState() == Qt.CheckState.Checked]

    def draw(self) -> Draw | None:
        """How sets are drawn; None where a field cannot be used, which then says why."""
        each, count, seed = (field.value() for field in (self.each, self.count, self.seed))
        self.each.refuse("" if _whole(each, 1, 1000) else "expected 1 to 1,000")
        fits = _whole(count, 1, 10_000)
        many = fits and _whole(each, 1, 1000) and each * count > _MOST
        self.count.refuse(f"at most {_MOST // each:,} of this size" if many else "" if fits else "expected 1 to 10,000")
        self.seed.refuse("" if _whole(seed, 0, 2**31 - 1) else "expected a whole number, 0 or more")
        if self.each.reason or self.count.reason or self.seed.reason:
            return None
        return Draw(each, count, seed)

    def ask_again(self) -> None:
        """Show what is compared, to change it."""
        self._pages.setCurrentIndex(0)

    @property
    def chosen(self) -> SetDifference | None:
        """The set whose line is chosen; None for all of the data."""
        pair, line = self._pair(), self.sets.currentRow()
        return pair.top_sets[line - 1] if pair is not None and 0 < line <= len(pair.top_sets) else None

    @property
    def makers(self) -> SetDifference | ModelPair | None:
        """That whose images make the difference that is shown: a set, or two models on all of the data."""
        return self.chosen or self._pair()

    @property
    def compared(self) -> tuple[int, int] | None:
        """Numbers of the two models that are looked at, among those compared."""
        pair = self._pair()
        return None if pair is None else (pair.first, pair.second)

    def show_found(self, comparison: Comparison) -> None:
        """Show what was found."""
        self._comparison = comparison
        self.headline.setText(sets_words.verdict(comparison))
        self.pairs.clear()
        for pair in comparison.report.pairs:
            self.pairs.addItem(sets_words.overall(comparison, pair))
        line = self.pairs.sizeHintForRow(0) if comparison.report.pairs else 0
        self.pairs.setFixedHeight(min(len(comparison.report.pairs), 3) * line + 2 * self.pairs.frameWidth() + 2)
        self.pairs.setCurrentRow(0)
        self._pages.setCurrentIndex(1)

    def _pair(self) -> ModelPair | None:
        index = self.pairs.currentRow()
        return None if self._comparison is None or index < 0 else self._comparison.report.pairs[index]

    def _show_pair(self) -> None:
        pair, comparison = self._pair(), self._comparison
        if pair is None or comparison is None:
            return
        titles = [comparison.cards[model].title for model in (pair.first, pair.second)]
        self.about.setText(sets_words.about(comparison, pair))
        right_on_all = [int(comparison.results[model].right.sum()) for model in (pair.first, pair.second)]
        rows = [
            [
                "all data",
                f"{right_on_all[0]:,}",
                f"{right_on_all[1]:,}",
                f"{right_on_all[0] - right_on_all[1]:+,}",
                sets_words.p_value(pair.overall_p),
                "",
                "",
            ]
        ]
        rows += [sets_words.set_row(drawn) for drawn in pair.top_sets]
        with QSignalBlocker(self.sets):
            self._fill_sets(pair, rows, titles)
        self._show_set()

    def _fill_sets(self, pair: ModelPair, rows: list[list[str]], titles: Sequence[str]) -> None:
        fill(self.sets, rows)
        for column, title in zip((1, 2), titles, strict=True):
            head = self.sets.horizontalHeaderItem(column)
            assert head is not None
            head.setToolTip(tip(f"Images that {title} reads right"))
        # All of the data; or a set that differs in a way of its own, wherever in the list it stands.
        first = next((line for line, drawn in enumerate(pair.top_sets, 1) if drawn.verdict == SetVerdict.HERE), 0)
        self.sets.selectionModel().setCurrentIndex(
            self.sets.model().index(first, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )

    def _show_set(self) -> None:
        pair, comparison, chosen = self._pair(), self._comparison, self.chosen
        if pair is None or comparison is None:
            return
        makers = chosen or pair
        self.keep.setEnabled(chosen is not None)
        for side_button, images, model in zip(
            self.only, (makers.first_only, makers.second_only), (pair.first, pair.second), strict=True
        ):
            side_button.setText(unmarked(f"Only {comparison.cards[model].title} right ({len(images):,})"))
            # Where one side has all of the images, these are what one comes for.
            if 0 < len(images) == len(makers.first_only) + len(makers.second_only):
                side_button.setChecked(True)
        self._show_images()

    def _show_images(self) -> None:
        pair, comparison = self._pair(), self._comparison
        if pair is None or comparison is None:
            return
        makers = self.chosen or pair
        first = self.only[0].isChecked()
        images, other = (makers.first_only, pair.second) if first else (makers.second_only, pair.first)
        card, result = comparison.cards[other], comparison.results[other]
        names = error.names(card, comparison.data)
        items = [
            GalleryItem(index, names[int(result.labels[index])], names[int(result.read[index])], False)
            for index in images.tolist()
        ]
        digits = all(card.reads_digits for card in comparison.cards)
        hint = "Click to see what spoke for each answer" + (", and put it on the canvas" if digits else "")
        self.gallery.show_pictures(comparison.data.test_images, items, hint)
        self.heats.show_nothing()
        self.heats.setVisible(bool(items))
        self.under.setText(f"Each with its class → what {card.title} read." if items else "There are no such images.")

    def _save(self) -> None:
        if self.chosen is not None:
            self.kept.emit(self.chosen.images)

    def _limit(self) -> None:
        """Only models that read the same images into the same classes can be compared."""
        ticked = self.ticked()
        with QSignalBlocker(self.models):
            for index in range(self.models.count()):
                item = self.models.item(index)
                card = self._cards[item.data(_NAME)]
                same_form = not ticked or card.input == ticked[0].input
                fits = same_form and (not ticked or card.names == ticked[0].names)
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | (Qt.ItemFlag.ItemIsEnabled if fits else Qt.ItemFlag.NoItemFlags)
                )
                other = "It knows other classes" if same_form else "It reads other images"
                item.setToolTip(tip("" if fits else f"{other} than the ticked models"))
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
        self.headline, self.about, self.under = Label(), caption(), caption()
        self.headline.setFont(theme.large(self))
        self.headline.setWordWrap(True)
        self.pairs = QListWidget()
        self.pairs.setAccessibleName("Pairs of models")
        self.pairs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sets = table(
            sets_words.COLUMNS, sets_words.TIPS, "Sets on which they differ most", (0, len(sets_words.COLUMNS) - 1)
        )
        self.change = button("Change …", "Choose other models, or other sets")
        self.keep = button("Save set …", "Save the chosen set as data (.npz), to train or test on anywhere in the app")
        self.only = [button("", "The images that make the difference") for _ in range(2)]
        self.explain = button("What the columns mean", "Explain the columns of the table, beneath it")
        self.explain.setCheckable(True)
        self.explained = caption(sets_words.EXPLAINED)
        self.explained.hide()
        self.gallery = Gallery("Images that make the difference")
        self.heats = HeatPair()

    def _plan(self) -> QWidget:
        fields = QFormLayout()
        fields.setHorizontalSpacing(theme.GRID)
        fields.setVerticalSpacing(theme.GRID)
        for field in (self.each, self.count, self.seed):
            field.editor.setMaximumWidth(12 * theme.GRID)
            label = Label(field.words)
            label.setBuddy(field.editor)
            fields.addRow(label, field)
        left = QVBoxLayout()
        left.setSpacing(theme.GRID)
        left.addWidget(Label("Tick two models or more"))
        self.models.setMinimumHeight(20 * theme.GRID)
        self.models.setMaximumHeight(32 * theme.GRID)
        left.addWidget(self.models)
        columns = QHBoxLayout()
        columns.setSpacing(4 * theme.GRID)
        columns.addLayout(left, 1)
        right = QVBoxLayout()
        right.addLayout(fields)
        right.addStretch(1)
        columns.addLayout(right, 1)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(columns)
        layout.addWidget(caption(_WHY))
        layout.addStretch(1)
        return page

    def _findings(self) -> QWidget:
        head = self.sets.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(len(sets_words.COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.sets.setMinimumHeight(12 * theme.GRID)
        group = QButtonGroup(self)
        for side_button in self.only:
            side_button.setCheckable(True)
            group.addButton(side_button)
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
        layout.addWidget(self.explained)
        layout.addLayout(row(*self.only, None, self.explain, self.keep))
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
        for side_button in self.only:
            side_button.clicked.connect(self._show_images)
        self.gallery.picked.connect(self.picked)
        self.change.clicked.connect(self.ask_again)
        self.keep.clicked.connect(self._save)
        self.explain.toggled.connect(self.explained.setVisible)


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most
