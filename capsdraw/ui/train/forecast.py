"""What plans would cost here, and what only their data or this machine says against them: before a fit starts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from capsdraw.datasets.sources import KNOWN, has_collection
from capsdraw.fit import presets
from capsdraw.fit.cost import Estimate
from capsdraw.fit.duration import duration, roughly
from capsdraw.fit.recipe import Recipe
from capsdraw.nets.cards import Card
from capsdraw.ui.data_field import at_hand
from capsdraw.ui.train.fitter import Fitter
from capsdraw.ui.train.form import Form
from capsdraw.ui.train.several import Several

# Milliseconds after the last change of the plan until it is timed; and from one answer to the next question.
_SETTLED: Final = 700
_NEXT: Final = 50
_TIMING: Final = "Timing a few steps …"
_LATER: Final = "Timed after this fit"
_AFTER_ALL: Final = "Timed after these fits"


class Forecast(QObject):
    """Has plans timed while nothing else is, that of the fields first, then each card's; the form says the answers.

    The first card is then given as many images and epochs as a minute has here.

    Args:
        form: of the plan; fitter: does the timing; several: fits that are under way, or timed, beside it.
        view: nothing is timed while it is not seen.

    Signals:
        answered(): the plan that was asked about was timed, or could not be.
    """

    answered = Signal()

    def __init__(self, form: Form, fitter: Fitter, several: Several, view: QWidget) -> None:
        super().__init__(view)
        self._form, self._fitter, self._several, self._view = form, fitter, several, view
        self._question = 0
        self._asked: Recipe | None = None  # the plan of that question
        self._estimates: dict[tuple[object, ...], Estimate] = {}
        self._refusals: dict[str, dict[str, str]] = {}
        self._stale: set[str] = set()  # refusals that may not hold any more
        self._broken = ""  # data that could not be read
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._ask)
        form.changed.connect(self.update)
        form.sought.connect(lambda: self.recheck(broken=True))
        fitter.estimated.connect(self._estimated)
        fitter.refused.connect(self._refused)
        fitter.failed.connect(self._failed)
        # A model that is put among those at hand breaks the timing off.
        fitter.adopted.connect(self._adopted)

    @property
    def asking(self) -> bool:
        """Whether a plan is being timed."""
        return self._question != 0

    def update(self) -> None:
        """Say what the plans cost: at once where that is known, else after they were timed."""
        if self._busy and self._question:
            self._fitter.forget()  # it would be timed wrong
            self._question, self._asked = 0, None
        if self._fitter.busy:
            self._form.status.setText(_LATER)
            self._show_cards()
        elif self._view.isVisible():
            self._show()
            if not self._busy and next(self._unknown(), None) is not None:
                self._settle.start(_SETTLED)

    def recheck(self, broken: bool = False) -> None:
        """Ask again of what was refused, `broken` also of data that could not be read: both may be others by now."""
        self._stale, self._broken = set(self._refusals), "" if broken else self._broken
        if broken:  # drawings are kept beside every tab
            self._estimates = {key: known for key, known in self._estimates.items() if not has_collection(str(key[2]))}
        self.update()

    def refuses(self, recipe: Recipe) -> bool:
        """Whether the plan was refused for its data or for want of memory; then its fields say why again."""
        wrong = self._refusals.get(repr(recipe))
        if wrong is not None:
            self._form.refuse(wrong)
            self.recheck()
        return wrong is not None

    def stop(self) -> None:
        """Ask nothing any more."""
        self._settle.stop()

    def _unknown(self) -> Iterator[Recipe]:
        """Plans that nothing is known of."""
        own = self._form.recipe_in_order()
        cards = [self._form.plan(index, sized=False) for index in range(len(self._form.cards))]
        for recipe in [*([] if own is None else [own]), *cards]:
            said = repr(recipe)
            known = _key(recipe) in self._estimates or (said in self._refusals and said not in self._stale)
            if not known and recipe.data != self._broken and not _to_fetch(recipe):
                yield recipe

    @property
    def _busy(self) -> bool:
        return self._fitter.busy or self._several.busy

    def _ask(self) -> None:
        recipe = next(self._unknown(), None)
        if recipe is not None and not (self._busy or self._several.timing) and self._view.isVisible():
            self._asked = recipe
            self._question = self._fitter.estimate(recipe)

    def _estimated(self, question: int, estimate: Estimate) -> None:
        if question == self._question and self._asked is not None:
            self._estimates[_key(self._asked)] = estimate
            self._refusals.pop(repr(self._asked), None)
            self._go_on()

    def _refused(self, question: int, wrong: dict[str, str]) -> None:
        if question == self._question and self._asked is not None:
            said = repr(self._asked)
            self._refusals[said] = wrong
            self._stale.discard(said)
            self._go_on()

    def _failed(self, _: str) -> None:
        """Of the question, if there is one: it is not asked again by itself."""
        if self._question and self._asked is not None:
            self._broken = self._asked.data
            self._go_on()

    def _adopted(self, _: Card | None) -> None:
        asked, self._question = self._question, 0
        self.update()
        if asked:
            self.answered.emit()

    def _go_on(self) -> None:
        """With the next question, if there is one."""
        self._question, self._asked = 0, None
        if not self._busy:
            self._show()
            if self._view.isVisible() and next(self._unknown(), None) is not None:
                self._settle.start(_NEXT)
        self.answered.emit()

    def _show(self) -> None:
        self._size_minute()
        self._size_others()
        self._show_cards()
        self._show_own()

    def _show_cards(self) -> None:
        for index, card in enumerate(self._form.cards):
            recipe = self._form.plan(index)
            wrong, estimate = self._refusals.get(repr(recipe)), self._known(recipe)
            if wrong is not None:
                card.refuse(next(f"{self._form.name(entry)}: {reason}" for entry, reason in wrong.items()))
            elif estimate is not None:
                card.show_time(f"About {roughly(estimate.seconds(recipe.epochs))} here")
            else:
                card.show_time(self._unknown_words(recipe, "Downloads its data first"))

    def _show_own(self) -> None:
        """Of the plan that the fields show."""
        own = self._form.recipe()
        if own is None:
            return
        wrong, estimate = self._refusals.get(repr(own)), self._known(own)
        if wrong is not None:
            self._form.refuse(wrong)
        elif estimate is None:
            self._form.status.setText(
                self._unknown_words(
                    own, "The data is downloaded when the fit starts; the time left is shown from the first batches on."
                )
            )
        else:
            self._form.status.setText(
                f"About {duration(estimate.seconds(own.epochs))} on this machine, at "
                f"{estimate.images_per_second:,.0f} images a second; at least "
                f"{max(estimate.memory / 2**20, 1):,.0f} MB of memory."
            )

    def _size_minute(self) -> None:
        recipe = self._form.plan(0, sized=False)
        estimate = self._estimates.get(_key(recipe))
        if estimate is not None:
            sized = presets.in_a_minute(recipe, estimate)
            seconds = _for(sized, estimate).seconds(sized.epochs)
            self._form.fit_minute(presets.name_for(seconds), sized.limit, sized.epochs)

    def _size_others(self) -> None:
        for index in range(1, len(self._form.cards)):
            estimate = self._known(self._form.plan(index, sized=False))
            if estimate is not None:
                self._form.fit_images(index, estimate.images, estimate.batch)

    def _known(self, recipe: Recipe) -> Estimate | None:
        estimate = self._estimates.get(_key(recipe))
        return None if estimate is None else _for(recipe, estimate)

    def _unknown_words(self, recipe: Recipe, to_fetch: str) -> str:
        if recipe.data == self._broken:
            return "Could not be timed"
        if _to_fetch(recipe):
            return to_fetch
        return _LATER if self._fitter.busy else _AFTER_ALL if self._several.busy else _TIMING


def _to_fetch(recipe: Recipe) -> bool:
    """Whether its data is not on this machine: nothing is timed beforehand, for that would fetch it."""
    return recipe.data in KNOWN and not at_hand(recipe.data)


def _for(recipe: Recipe, estimate: Estimate) -> Estimate:
    """An estimate of a plan of that key, for so many images as this one has."""
    if recipe.pen_digits:
        return estimate
    return replace(estimate, images=min(recipe.limit or estimate.available, estimate.available))


def _key(recipe: Recipe) -> tuple[object, ...]:
    """Of a plan, what its speed depends on; how many images there are only where pen digits are among them."""
    return (
        recipe.family, str(recipe.options), recipe.data, recipe.batch, recipe.precision, recipe.augmentation,
        recipe.held_out, recipe.start, recipe.synthetic, recipe.strokes, recipe.moving_average, recipe.transposed,
        recipe.overlaid, recipe.alone, recipe.limit if recipe.pen_digits else None,
    )  # fmt: skip
