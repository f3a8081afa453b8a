"""The way through the faces with a net of 26 letters, for `every_face.py`.

It wants that net among the user's own: `capsdraw train --model efficient-capsnet --data synthetic-letters … --keep-as
Letters`, with CAPSDRAW_HOME as `every_face.py --home` has it.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from face_walks import Faces, Walker
from first_minutes import rest

from capsdraw.datasets import letters
from capsdraw.fit import presets
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ui.tab_bar import CAPSULE, COLLECTION, COMPARE, EVALUATE, INSIDE, READ, TRAIN

LETTERS: Final = "letters"


def letters_faces(walker: Walker) -> Faces:
    """The tabs that look at one drawing."""
    walker.window.use_model(LETTERS)
    _draw(walker, "R")
    walker.turn(READ)
    yield "read"
    yield from _capsule(walker)
    yield from _inside(walker)


def many_letters_faces(walker: Walker) -> Faces:
    """The tabs that compare, measure, keep and train."""
    walker.window.use_model(LETTERS)
    _draw(walker, "R")
    yield from _compare(walker)
    yield from _evaluate(walker)
    yield from _collection(walker)
    yield from _train(walker)


def _draw(walker: Walker, name: str) -> None:
    drawing = fitted(letters.drawing(name, np.random.default_rng(4)))
    walker.window.panel.canvas.show_sketch(Sketch(drawing, label=name))
    walker.until(walker.read, f"the answer to {name}")


def _capsule(walker: Walker) -> Faces:
    lab = walker.window.lab
    walker.turn(CAPSULE)
    walker.until(lambda: bool(lab.face.sliders) and not lab.busy, "the sliders")
    yield "sliders"
    for index, name in ((1, "sheet"), (2, "routing"), (3, "morph")):
        walker.face(lab, index)
        if index == 2:
            walker.click(lab.routing.modes[1])
        walker.until(lambda: not lab.busy, name)
        rest(500)
        yield name
    walker.click(lab.morph.keep[0])
    _draw(walker, "B")
    walker.until(lambda: not lab.busy, "B")
    walker.click(lab.morph.keep[1])
    rest(1500)
    yield "morph-walked"


def _inside(walker: Walker) -> Faces:
    tab = walker.window.inside
    walker.turn(INSIDE)
    walker.inside()
    for index, name in enumerate(("net", "filters", "maps", "heat")):
        walker.face(tab, index)
        walker.inside()
        yield f"inside-{name}"
    assert tab.anatomy is not None
    tab.open_maps(next(layer.name for layer in reversed(tab.anatomy.layers) if layer.kind == "capsules"))
    walker.inside()
    yield "inside-capsules"


def _compare(walker: Walker) -> Faces:
    tab = walker.window.compare
    walker.turn(COMPARE)
    walker.until(lambda: all(tab.curves.get(column.card.name) for column in tab.columns), "the curve")
    yield "compare"
    tab.choose("mlp", True)
    rest(2500)  # it has no class for an R, and so no curve
    yield "compare-mlp"
    tab.choose("mlp", False)


def _train(walker: Walker) -> Faces:
    tab = walker.window.train
    walker.turn(TRAIN)
    plan = presets.of("mlp")[0].recipe
    tab.form.put(replace(plan, data="synthetic-letters", limit=2000, held_out=100, epochs=4))
    walker.until(tab.start.isEnabled, "Start")
    rest(1500)
    yield "train-plan"
    tab.start.click()
    walker.until(lambda: len(tab.theatre.looks) > 2, "looks at a fit")
    for index, name in ((1, "curves"), (2, "theatre")):
        walker.face(tab, index)
        rest(700)
        yield f"train-{name}"
    if tab.fitter.busy:
        tab.stop.click()
    walker.until(lambda: not tab.fitter.busy, "the end of the fit")


def _evaluate(walker: Walker) -> Faces:
    tab = walker.window.evaluate
    walker.turn(EVALUATE)
    walker.until(lambda: tab.model.currentData() == LETTERS, "the models")
    walker.click(tab.start)
    walker.until(lambda: tab.examined is not None and not tab.examiner.busy, "the result")
    for index, name in enumerate(("result", "confusion", "mistakes", "calibration", "pairs", "sets")):
        walker.face(tab, index)
        rest(500)
        yield f"evaluate-{name}"


def _collection(walker: Walker) -> Faces:
    window = walker.window
    walker.turn(COLLECTION)
    for name in "RAB":
        _draw(walker, name)
        window.panel.its_a.said.emit(name)
        rest(500)
    walker.until(lambda: len(window.collection.listing.entries) == 3, "the letters")
    rest(1000)
    yield "collection"
    walker.face(window.collection, 1)
    walker.click(window.collection.pupils.begin)
    rest(500)
    yield "pupil"
    walker.click(window.collection.pupils.stop)
