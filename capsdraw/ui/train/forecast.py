"""What a plan would cost here, and what only its data or this machine says against it: before its fit starts."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from capsdraw.datasets.sources import KNOWN
from capsdraw.fit.duration import duration
from capsdraw.fit.recipe import Recipe
from capsdraw.ui.data_field import at_hand
from capsdraw.ui.train.fitter import Fitter
from capsdraw.ui.train.form import Form

if TYPE_CHECKING:
    from capsdraw.fit.estimate import Estimate

# Milliseconds after the last change of the plan until it is timed.
_SETTLED: Final = 700


class Forecast(QObject):
    """Has each new plan timed while no fit is under way, and writes the answer into the form.

    Args:
        form: of the plan; fitter: does the timing.
        view: nothing is timed while it is not seen.
    """

    def __init__(self, form: Form, fitter: Fitter, view: QWidget) -> None:
        super().__init__(view)
        self._form, self._fitter, self._view = form, fitter, view
        self._question = 0
        self._question_recipe: Recipe | None = None  # the plan of that question
        self._estimate: Estimate | None = None
        self._timed: tuple[object, ...] | None = None  # what the estimate was for
        self._wrong: tuple[Recipe, dict[str, str]] | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLED)
        self._settle.timeout.connect(self._ask)
        form.changed.connect(self.update)
        fitter.estimated.connect(self._estimated)
        fitter.refused.connect(self._refused)
        # A model that is put among those at hand breaks the timing off.
        fitter.adopted.connect(self.update)

    def update(self) -> None:
        """Say what the plan costs: at once where that is known, else after it was timed."""
        if self._fitter.busy:
            self._form.status.setText(" ")
        elif self._view.isVisible() and (recipe := self._form.recipe()) is not None:
            if self._timed == _key(recipe):
                self._say(recipe)
            else:
                self._form.status.setText("Timing a few steps on this machine …")
                self._settle.start()

    def refuses(self, recipe: Recipe) -> bool:
        """Whether the plan was refused for its data or for want of memory; then its fields say why again."""
        if self._wrong is None or self._wrong[0] != recipe:
            return False
        self._form.refuse(self._wrong[1])
        self._settle.start()  # the memory that is free may be another by now
        return True

    def stop(self) -> None:
        """Ask nothing any more."""
        self._settle.stop()

    def _ask(self) -> None:
        recipe = self._form.recipe()
        if recipe is None or self._fitter.busy:
            return
        if recipe.data in KNOWN and not at_hand(recipe.data):
            self._form.status.setText(
                "The data is downloaded when the fit starts; the time left is shown from the first batches on."
            )
        else:
            self._timed, self._question_recipe = None, recipe
            self._question = self._fitter.estimate(recipe)

    def _estimated(self, question: int, estimate: "Estimate") -> None:
        recipe = self._form.recipe()
        # An answer about a plan that was changed since is no answer.
        if question == self._question and recipe is not None and self._question_recipe is not None:
            self._wrong = None
            self._estimate, self._timed = estimate, _key(self._question_recipe)
            if self._timed == _key(recipe):
                self._say(recipe)

    def _refused(self, question: int, wrong: dict[str, str]) -> None:
        recipe = self._form.recipe()
        if question == self._question and recipe is not None and recipe == self._question_recipe:
            self._wrong = recipe, wrong
            self._form.refuse(wrong)

    def _say(self, recipe: Recipe) -> None:
        if self._estimate is None:
            return
        estimate = self._estimate
        self._form.status.setText(
            f"About {duration(estimate.seconds(recipe.epochs))} on this machine, at {estimate.images_per_second:,.0f} "
            f"images a second; at least {max(estimate.memory / 2**20, 1):,.0f} MB of memory."
        )


def _key(recipe: Recipe) -> tuple[object, ...]:
    """Of a plan, what its speed depends on."""
    return (
        recipe.family, str(recipe.options), recipe.data, recipe.batch, recipe.precision, recipe.augmentation,
        recipe.held_out, recipe.start, recipe.synthetic, recipe.strokes, recipe.limit, recipe.moving_average,
    )  # fmt: skip
