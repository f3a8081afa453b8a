"""The plan of a fit: a net, its data, three ready-made plans as cards, and behind Details all that can be chosen."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from capsdraw.datasets.sources import SYNTHETIC
from capsdraw.fit import check, presets, start
from capsdraw.fit.adapt import with_steps
from capsdraw.fit.presets import Preset
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES
from capsdraw.ui import plain_text, theme
from capsdraw.ui.controls import row
from capsdraw.ui.data_field import DataField, at_hand
from capsdraw.ui.form_fields import ChoiceField, FormField
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label, tip, unmarked
from capsdraw.ui.train import entries
from capsdraw.ui.train.details import Details
from capsdraw.ui.train.form_room import FormBody, FormRoom
from capsdraw.ui.train.plan_card import PlanCard, tint

# The card that is chosen first, whose plan is made to take a minute.
_QUICK: Final = 0


class Form(Guarded, QWidget):
    """What is trained, and how.

    Attributes:
        cards: the ready-made plans; presets: what chooses each.
        details: opens and closes the fields; fields: by entry of the recipe.
        note: the user's words for the run, which is begun with them.
        status: time and memory that the plan of the fields would take; wrong: which field is wrong and why, a click
            leads there; start: begins the plan of the fields.

    Signals:
        changed(): the plan is another.
        started(): the plan that the fields show now is to be trained.
        sought(): the user wants to see what is wrong, which may be in order by now.
    """

    changed = Signal()
    started = Signal()
    sought = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = Details()
        self.note = self._details.note
        self.fields: dict[str, FormField] = self._details.fields
        self._models: dict[str, Card] = {}
        self._base = presets.of(next(iter(FAMILIES)))[_QUICK].recipe
        self._ready: tuple[str, list[Preset]] | None = None  # a family's ready-made plans
        self._wrong: dict[str, str] = {}
        self._free = True
        self._pick: tuple[int, Recipe] | None = None  # the card that was chosen last, and its plan
        self._own_data = False  # whether the data is the user's choice, which stays with every net
        self._size: tuple[int, int] | None = None  # images and epochs that a quick look is to have here
        self._name = presets.QUICK
        # Images of an epoch of the other cards' plans, and of a batch, where that is known.
        self._images: dict[int, tuple[int, int]] = {}
        self.cards = [PlanCard() for _ in presets.of("mlp")]
        self.presets = [card.title for card in self.cards]
        self.details, self.wrong, self.start = QToolButton(), QPushButton(), QPushButton("Start")
        self.status = LiveText(theme.tabular(self.font()), quiet=False, lines=2)
        self._lay_out()
        self._connect()
        # A machine without a network has pen digits all the same.
        self._first_data = "mnist" if at_hand("mnist") else SYNTHETIC
        self.put(replace(presets.of("efficient-capsnet")[_QUICK].recipe, data=self._first_data))
        self.use_preset(_QUICK)

    @property
    def chosen(self) -> int | None:
        """The card whose plan the fields show, or None where that is the user's own."""
        return next((index for index, title in enumerate(self.presets) if title.isChecked()), None)

    def recipe(self) -> Recipe | None:
        """The plan of the fields; None where one cannot be used, which then says why."""
        recipe = self._recipe()
        wrong = self._problems(recipe)
        self.refuse(wrong)
        return None if wrong else recipe

    def recipe_in_order(self) -> Recipe | None:
        """The same, and the fields say what they said before."""
        recipe = self._recipe()
        return None if self._problems(recipe) else recipe

    def plan(self, index: int, sized: bool = True) -> Recipe:
        """The plan of a card: data and seed are those of the fields; the quick look's is made to take a minute.

        `sized`: and each has enough epochs of what are few images.
        """
        chosen = self._presets()[index].recipe
        if sized and index == _QUICK and self._size is not None:
            chosen = replace(chosen, limit=self._size[0], epochs=self._size[1])
        elif sized and index in self._images:
            chosen = with_steps(chosen, *self._images[index])
        # As the fields have them: the base is older where another field is wrong.
        recipe = replace(
            chosen, data=self.fields["data"].value(), seed=self.fields["seed"].value(),
            transposed=self.fields["transposed"].value(),
        )  # fmt: skip
        wrong = check.problems(recipe)
        keeps = "data" not in wrong and (self._own_data or _alike(recipe, chosen))
        data = recipe.data if keeps else chosen.data
        recipe = replace(recipe, data=data, seed=self._base.seed if "seed" in wrong else recipe.seed)
        # Where its model does not go with the data, it begins with random weights.
        return replace(recipe, start="") if self._start_problem(recipe) else recipe

    def put(self, recipe: Recipe) -> None:
        """Show a plan in the fields; a card's stays its own. Data that the form itself would not show is the user's."""
        ready = presets.of(recipe.family)[_QUICK].recipe
        self._own_data = recipe.data not in (self._first_data, ready.data) or not _alike(recipe, ready)
        self._show(recipe)

    def use_preset(self, index: int) -> None:
        """Show the plan of card `index` in the fields; data and seed stay."""
        plan, self._pick = self.plan(index), None
        self._show(plan)
        self._pick = index, self._recipe()
        self._tell()

    def fit_minute(self, name: str, limit: int, epochs: int) -> None:
        """What the quick look is called, and with how many images and epochs, for the net and data of now."""
        if (name, (limit, epochs)) == (self._name, self._size):
            return
        follows = self.chosen == _QUICK
        self._name, self._size = name, (limit, epochs)
        if follows:
            self.use_preset(_QUICK)
        else:
            self._show_cards()

    def fit_images(self, index: int, images: int, batch: int) -> None:
        """How many images an epoch of another card's plan has here, and a batch: of few there are more epochs."""
        if self._images.get(index) == (images, batch):
            return
        self._images[index] = images, batch
        if self.chosen == index:
            self.use_preset(index)
        else:
            self._show_cards()

    def forget_minute(self) -> None:
        """Nobody knows any more how much of it a minute is, nor how many images there are."""
        self._name, self._size, self._images = presets.QUICK, None, {}

    def refuse(self, wrong: dict[str, str]) -> None:
        """Show why entries cannot be used, each at its field; {} where all can. While one cannot, nothing starts."""
        self._wrong = wrong
        self._details.refuse(wrong)
        for name in ("family", "data"):
            self.fields[name].refuse(wrong.get(name, ""))
        if wrong:
            self.status.setText(" ")
        first, *more = [f"{self.name(entry)}: {reason}" for entry, reason in wrong.items()] or [""]
        self.wrong.setText(unmarked(f"{first} (and {len(more)} more)" if more else first))
        self.wrong.setToolTip(tip("\n".join([first, *more])))
        self.wrong.setVisible(bool(wrong))
        self.status.setHidden(bool(wrong))
        self._colour()
        self.allow(self._free)

    def name(self, entry: str) -> str:
        """What an entry's field is called."""
        return self.fields[entry].words if entry in self.fields else entry

    def allow(self, on: bool) -> None:
        """Whether a fit may be started; not while another is under way."""
        self._free = on
        self.start.setEnabled(on and not self._wrong)
        for card in self.cards:
            card.allow(on)

    def offer_models(self, models: Sequence[Card]) -> None:
        """Offer those of the models at hand to start from that the plan can start from."""
        self._models = {card.name: card for card in models}
        self._offer_starts()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _recipe(self) -> Recipe:
        values = {name: field.value() for name, field in self.fields.items()}
        moves = {entry.name: values.pop(entry.name) for entry in fields(Augmentation) if entry.name in values}
        options = {option_field.entry: values.pop(option_field.entry) for option_field in self._details.options}
        family = FAMILIES[values["family"]]
        changed = {
            name: value
            for name, value in options.items()
            if (option := family.option(name)) and value != option.default
        }
        kept = {name: value for name, value in self._base.options.items() if name in family.others}
        # Chosen for so many epochs, and for no others.
        restarts = self._chosen.restarts if values["epochs"] == self._chosen.epochs else ()
        return replace(
            self._base, **values, restarts=restarts, average=self._chosen.average and bool(restarts),
            name=values["family"], title=family.title, options=kept | changed,
            augmentation=replace(self._base.augmentation, **moves),
        )  # fmt: skip

    def _show(self, recipe: Recipe) -> None:
        self._base = self._chosen = recipe
        self._details.show_options(recipe)
        self._chain()
        for name, field in self.fields.items():
            holder = recipe if hasattr(recipe, name) else recipe.augmentation
            if not any(field is option_field for option_field in self._details.options):
                field.put(getattr(holder, name))
        self._offer_starts()
        self.refuse(self._start_problem(recipe))
        self._tell()

    def _problems(self, recipe: Recipe) -> dict[str, str]:
        return check.problems(recipe) or self._start_problem(recipe)

    def _presets(self) -> list[Preset]:
        family = self.fields["family"].value()
        if self._ready is None or self._ready[0] != family:
            self._ready = family, presets.of(family)  # read from files: not with each key
        return self._ready[1]

    def _offer_starts(self) -> None:
        """A model that was chosen stays, though the plan has changed: the field says why it does not fit."""
        field = self.fields["start"]
        assert isinstance(field, ChoiceField)
        chosen = field.value()
        fit = [card for card in self._models.values() if card.name == chosen or not start.problem(self._base, card)]
        field.offer([("", "Random weights"), *((card.name, card.title) for card in fit)])

    def _start_problem(self, recipe: Recipe) -> dict[str, str]:
        card = self._models.get(recipe.start)
        reason = "" if card is None else start.problem(recipe, card)
        return {"start": reason} if reason else {}

    def _change_family(self) -> None:
        self.forget_minute()
        self.use_preset(self.chosen or _QUICK)

    def _edit(self) -> None:
        recipe = self.recipe()
        if recipe is not None:
            self._base = recipe
            self._offer_starts()
        self._tell()

    def _tell(self) -> None:
        """The plan is another: it may be a card's."""
        self._show_cards()
        self.changed.emit()

    def _show_cards(self) -> None:
        own = self._pick is None or self._recipe() != self._pick[1]
        for index, (card, preset) in enumerate(zip(self.cards, self._presets(), strict=True)):
            plan = self.plan(index)
            about = f"{preset.about} {preset.begun}" if preset.begun and plan.start else preset.about
            card.show_plan(self._name if index == _QUICK else preset.name, about, plan)
            card.choose(not own and self._pick is not None and index == self._pick[0])
        self._show_foot()

    def _show_foot(self) -> None:
        """What the plan of the fields costs, where they are seen or the plan is no card's."""
        self._foot.setVisible(self.details.isChecked() or self.chosen is None)

    def _turn(self, opened: bool) -> None:
        """Details are opened or closed; they stay so as long as the window is there."""
        self.details.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._details.setVisible(opened)
        self._show_foot()

    def _lead(self) -> None:
        """To the field that is wrong."""
        self.details.setChecked(True)
        entry = next((name for name in self._wrong if name in self.fields), None)
        self.sought.emit()
        if entry is not None:
            field = self.fields[entry]
            self._lines.activate()  # fields that were hidden have no place before
            self._room.ensureWidgetVisible(field, 0, 6 * theme.GRID)
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _start_card(self, index: int) -> None:
        self.use_preset(index)
        self.started.emit()

    def _chain(self) -> None:
        """Tab goes from above to beneath."""
        cards = [widget for card in self.cards for widget in (card.title, card.start)]
        above = [self.fields["family"].editor, self.fields["data"].editor, *cards, self.details]
        for before, after in pairwise([*above, *self._details.editors(), self.wrong, self.start]):
            QWidget.setTabOrder(before, after)

    def _colour(self) -> None:
        tint(self.wrong, True)

    def _connect(self) -> None:
        for name, form_field in self.fields.items():
            if name in ("family", "data"):
                form_field.changed.connect(self._change_family if name == "family" else self._change_data)
        self._details.edited.connect(self._edit)
        for index, card in enumerate(self.cards):
            card.chosen.connect(lambda index=index: self.use_preset(index))
            card.started.connect(lambda index=index: self._start_card(index))
        self.details.toggled.connect(self._turn)
        self.wrong.clicked.connect(self._lead)
        self.start.clicked.connect(self.started)

    def _change_data(self) -> None:
        self._own_data = True
        self.forget_minute()
        if self.chosen is not None:
            self.use_preset(self.chosen)
        else:
            self._edit()

    def _lay_out(self) -> None:
        net = ChoiceField("family", "Net", [(name, net_family.title) for name, net_family in FAMILIES.items()])
        data = DataField("data", "Images to train on")
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        for field, sentence in ((net, entries.NET), (data, entries.IMAGES)):
            label = Label(field.words)
            label.setBuddy(field.editor)
            field.setToolTip(plain_text.tip(sentence))
            self.fields[field.entry] = field
            label.setFixedHeight(field.editor.sizeHint().height())
            for widget, stretch in ((label, 0), (field, 1)):
                head.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)
        cards = row(*self.cards)
        for index in range(len(self.cards)):
            cards.setStretch(index, 1)
        self.details.setText("Details")
        self.details.setToolTip("All that can be chosen of the plan")
        self.details.setCheckable(True)
        self.details.setAutoRaise(True)
        self.details.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._body = FormBody()
        body = self._lines = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.GRID)
        body.addLayout(head)
        body.addLayout(cards)
        body.addWidget(self.details, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._details)
        body.addStretch(1)
        self._room, self._foot = FormRoom(self._body), QWidget()
        self.wrong.setStyleSheet("border: none; text-align: left; text-decoration: underline;")
        self.wrong.setCursor(Qt.CursorShape.PointingHandCursor)
        self.wrong.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.start.setAccessibleName("Start this plan")
        foot = row(self.status, self.wrong, self.start)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setStretch(0, 1)
        foot.setStretch(1, 1)
        self._foot.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        # Cards and fields take more room than the least window has.
        layout.addWidget(self._room)
        layout.addWidget(self._foot)
        layout.addStretch(1)
        self._turn(False)


def _alike(first: Recipe, other: Recipe) -> bool:
    """Whether the data of both is of one kind: digits, or photographs."""
    return (first.data == "cifar10") == (other.data == "cifar10")
