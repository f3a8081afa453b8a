"""What the window remembers from one start to the next, part by part: `ui.keeper` keeps it, here is what it is."""

import base64
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray

from capsdraw.ink.sketch import Sketch
from capsdraw.ui.first_look import SIDES
from capsdraw.ui.keeper import DRAWING, Keeper
from capsdraw.ui.settings import KeptEnd
from capsdraw.ui.tab_bar import CAPSULE, COLLECTION, COMPARE, EVALUATE, INSIDE, READ, TITLES, TRAIN

if TYPE_CHECKING:
    from capsdraw.fit.recipe import Recipe
    from capsdraw.ui.main_window import MainWindow

# Tabs with several faces.
_FACED: Final = (READ, CAPSULE, INSIDE, TRAIN, EVALUATE, COLLECTION)


class Remembering:
    """Restores a window's parts, and has them kept from then on.

    Args:
        window: not yet shown.
        keeper: that read the last session.
    """

    def __init__(self, window: "MainWindow", keeper: Keeper) -> None:
        self._window, self._keeper = window, keeper
        # Of tabs that are made later, and kept as they were until then.
        self._faces = dict(keeper.state.faces)
        self._compared, self._plan = list(keeper.state.compared), dict(keeper.state.plan)
        self._morph, self._several = list(keeper.state.morph), dict(keeper.state.several)
        self._kept: tuple[tuple[object, ...], list[KeptEnd | None]] | None = None
        self._planned: tuple[Recipe, dict[str, Any]] | None = None
        self._restore()
        window.tabs.made.connect(self._restore_tab)
        self._watch()

    def _restore(self) -> None:
        window, keeper = self._window, self._keeper
        keeper.restore("theme", window.appearance.choose)
        if not window.looked.geometry:  # else it had it from its first picture on, and may have been moved since
            keeper.restore("geometry", lambda _: window.restoreGeometry(QByteArray(keeper.state.window)))
        keeper.restore("pen", window.panel.canvas.set_pen_width)
        keeper.restore("splitters", lambda _: window.sides.restore(keeper.state.splitters.get(SIDES, [])))
        keeper.restore("recent", lambda names: window.files.put_recent([Path(name) for name in names]))
        keeper.restore(DRAWING, self._put_drawing)
        keeper.restore("tab", lambda title: window.tabs.setCurrentIndex(TITLES.index(title)))

    def _put_drawing(self, sketch: Sketch) -> None:
        if sketch:
            self._window.panel.canvas.show_sketch(sketch)

    def _restore_tab(self, index: int) -> None:
        """A tab was made just now."""
        window, keeper = self._window, self._keeper
        title = TITLES[index]
        if title in self._faces and index in _FACED:
            keeper.attempt(title, lambda: window.tabs.turn(title, self._faces.pop(title)))
        if index == CAPSULE and self._morph:
            ends, self._morph = self._morph, []
            keeper.attempt("morph", lambda: self._put_morph(ends))
        if index == COMPARE and self._compared:
            compared, self._compared = self._compared, []
            keeper.attempt("models to compare", lambda: window.compare.choose_all(compared))
        if index == TRAIN and self._plan:
            plan, self._plan = self._plan, {}
            keeper.attempt("plan", lambda: self._put_plan(plan))
        if index == TRAIN and self._several:
            typed, self._several = self._several, {}
            keeper.attempt("plan of several fits", lambda: window.train.several.form.put_typed(typed))

    def _put_morph(self, ends: list[KeptEnd | None]) -> None:
        from capsdraw.ui import morph_memory

        self._window.lab.morph.restore(morph_memory.as_drawings(ends))
        self._window.lab.ask_kept()

    def _put_plan(self, plan: dict[str, Any]) -> None:
        from capsdraw.fit import recipes

        self._window.train.form.put(recipes.parse(plan, "the last plan"))

    def _watch(self) -> None:
        window, keeper = self._window, self._keeper
        canvas = window.panel.canvas
        keeper.watch(DRAWING, lambda: canvas.kept)
        keeper.watch("model", lambda: window.reader.model)
        keeper.watch("theme", lambda: window.appearance.look)
        keeper.watch("geometry", lambda: base64.b64encode(window.saveGeometry().data()).decode("ascii"))
        keeper.watch("pen", lambda: float(canvas.pen_width))
        keeper.watch("splitters", lambda: {SIDES: [window.sides.chosen]} if window.sides.chosen else {})
        keeper.watch("recent", lambda: [str(path) for path in window.files.recent])
        keeper.watch("tab", lambda: TITLES[window.tabs.currentIndex()])
        keeper.watch("faces", self._faces_now)
        keeper.watch("compared", self._compared_now)
        keeper.watch("plan", self._plan_now)
        keeper.watch("several", self._several_now)
        keeper.watch("morph", self._morph_now)

    def _faces_now(self) -> dict[str, str]:
        faces = dict(self._faces)
        for index in _FACED:
            if self._window.tabs.has(index):
                view: Any = self._window.tabs.view(index)
                faces[TITLES[index]] = next((button.text() for button in view.faces if button.isChecked()), "")
        return faces

    def _compared_now(self) -> list[str]:
        return self._window.compare.chosen if self._window.tabs.has(COMPARE) else self._compared

    def _plan_now(self) -> dict[str, Any]:
        """The plan as a recipe's file has it; what it was where the form cannot be used now.

        Made anew only where the plan is another, and asked of the form without a word: it may say what data or machine
        have against a plan that is in order by itself.
        """
        if not self._window.tabs.has(TRAIN):
            return self._plan
        from capsdraw.fit import recipes

        recipe = self._window.train.form.recipe_in_order()
        if recipe is None:
            return self._keeper.state.plan
        if self._planned is None or self._planned[0] != recipe:
            self._planned = recipe, tomllib.loads(recipes.to_toml(recipe))
        return self._planned[1]

    def _several_now(self) -> dict[str, str]:
        return self._window.train.several.form.typed() if self._window.tabs.has(TRAIN) else self._several

    def _morph_now(self) -> list[KeptEnd | None]:
        """Made anew only where other drawings are kept: it is asked for every two seconds."""
        if not self._window.tabs.has(CAPSULE):
            return self._morph
        from capsdraw.ui import morph_memory

        drawings = tuple(self._window.lab.morph.drawings)
        if self._kept is None or self._kept[0] != drawings:
            self._kept = drawings, morph_memory.as_records(drawings)
        return self._kept[1]
