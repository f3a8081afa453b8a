"""The way through Several fits: the plan, a wrong value, fits under way and done, the picture over each field."""

from face_walks import Faces, Walker
from first_minutes import rest
from PySide6.QtWidgets import QComboBox

from capsdraw.ui.tab_bar import READ, TRAIN
from capsdraw.ui.train.several import Several


def several_faces(walker: Walker) -> Faces:
    """Train: many small fits, from their plan to the picture of all fields."""
    walker.begin()
    walker.turn(TRAIN)
    tab = walker.window.train
    several, view = tab.several, tab.several.page.view
    walker.face(tab, 4)
    yield "first"
    form = several.form
    form.put_typed({"recipe": "mlp,tutorial-cnn", "data": "synthetic", "learning_rate": "0.1, 7", "seed": "1, 2"})
    yield "wrong"
    form.put_typed(
        {
            "recipe": "mlp,tutorial-cnn", "data": "synthetic", "limit": "1000", "held_out": "500", "epochs": "4",
            "learning_rate": "0.0005, 0.005", "seed": "1, 2",
        }
    )  # fmt: skip
    walker.until(lambda: "about" in form.status.text(), "how long the fits take")
    yield "plan"
    walker.click(form.start)
    walker.until(several.page.isVisible, "the fits' page")
    _await_fits(walker, several, 2)
    view.choose(0)
    yield "running"
    walker.turn(READ)
    yield "running-read"
    walker.turn(TRAIN)
    _await_fits(walker, several, len(view.results))
    walker.until(lambda: not several.busy, "the end of all fits")
    rest(500)
    yield "done"
    _choose(view.figure, 1)
    for index in range(view.field.count()):
        _choose(view.field, index)
        rest(400)
        yield f"over-{index + 1}"
    walker.click(several.page.back)
    walker.until(form.look.isVisible, "the list of those begun before")
    yield "again"


def _await_fits(walker: Walker, several: Several, count: int) -> None:
    """Until so many are done: one after the other, for each is a process that imports TensorFlow."""

    def done() -> int:
        return sum(one.epochs_done == one.epochs for one in several.page.view.results)

    for many in range(1, count + 1):
        walker.until(lambda many=many: done() >= many, f"fit {many}")


def _choose(box: QComboBox, index: int) -> None:
    box.setCurrentIndex(index)
    box.activated.emit(index)
