"""Ways through all faces of the window, each with real content: what `every_face.py` takes pictures of."""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from first_minutes import Newcomer, rest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget
from rendered_photographs import photographs

from capsdraw.fit import presets
from capsdraw.ink.raster import Raster
from capsdraw.ui.inside.tab import InsideTab
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import CAPSULE, COMPARE, EVALUATE, INSIDE, READ, TRAIN
from capsdraw.ui.train.tab import TrainTab

PHOTOGRAPHS: Final = "cifar-cnn"

Faces = Iterator[str]


class Walker(Newcomer):
    """A newcomer who goes everywhere."""

    def face(self, tab: QWidget, index: int) -> None:
        """Click one of a tab's buttons."""
        self.click(tab.faces[index])  # type: ignore[attr-defined]
        rest(300)

    def use(self, model: str) -> None:
        """Let that model read."""
        self.window.use_model(model)
        self.until(self.read, f"{model}'s answer")

    def read(self) -> bool:
        """Whether what lies on the canvas was read by the model that is chosen."""
        last = self.window.answers.last
        return last is not None and last.reading.model == self.window.reader.model

    def begin(self, model: str = "efficient-capsnet", label: int = 7) -> None:
        """A digit, and the model that reads it."""
        self.window.use_model(model)
        self.draw(label)
        self.until(self.read, "the answer")

    def test(self, words: str) -> None:
        """Press that button, and wait until what it brings was read."""
        before = self.window.panel.canvas.sketch
        self.press(words)
        self.until(lambda: self.window.panel.canvas.sketch is not before and self.read(), words)

    def photograph(self) -> None:
        """A net of photographs, and a picture that it reads."""
        self.window.use_model(PHOTOGRAPHS)
        self.turn(INSIDE)
        self.until(lambda: self.window.inside.anatomy is not None, "the photographs' net")
        self.test("Test image")

    def inside(self) -> None:
        """Wait until the face of Inside that is shown has what it shows."""
        self.until(lambda: self.window.inside.anatomy is not None and not self.window.inside.busy, "the net's inside")
        rest(500)


def read_faces(walker: Walker) -> Faces:
    """Read: a digit, doubt, nothing, a classifier, a photograph; and what lies over the window."""
    window = walker.window
    walker.turn(READ)
    walker.begin()
    yield "digit"
    for words, name in (("42", "forty-two"), ("A letter", "letter"), ("A scribble", "scribble")):
        walker.press(words)
        walker.until(walker.read, words)
        yield name
    walker.test("Test digit")
    yield "test-digit"
    walker.begin("keras-cnn", 4)
    yield "classifier"
    walker.click(window.panel.tools.clear)
    yield "empty"
    window.use_model(PHOTOGRAPHS)
    rest(500)
    yield "photograph-empty"
    walker.test("Test image")
    yield "photograph"
    walker.click(window.panel.tools.clear)


def doubtful_faces(walker: Walker) -> Faces:
    """A photograph of paper whose digit is in doubt, and a picture that cannot be read."""
    window = walker.window
    walker.begin()
    walker.turn(READ)
    folder = Path(tempfile.mkdtemp())
    picture, broken = folder / "two.png", folder / "broken.png"
    save(picture, papers())
    window.files.open(picture)
    walker.until(lambda: bool(window.panel.canvas.sketch.doubts) and walker.read(), "a doubtful picture")
    yield "picture"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n")
    window.files.open(broken)
    walker.until(window.message.isVisible, "why it cannot be read")
    yield "error"
    window.message.hide()
    for number in range(7):
        save(folder / f"{number}-drawn.png", papers(number))
    window.files.several_taken.emit(sorted(folder.glob("*-drawn.png")))
    rest(1500)
    yield "several-dropped"
    window.dropped.hide()
    window.files.data_taken.emit(folder)
    rest(500)
    yield "data-dropped"
    window.dropped.hide()
    window.mnist.offer()
    yield "mnist-offered"
    window.mnist.hide()


def capsule_faces(walker: Walker) -> Faces:
    """Capsule: its four faces, of both capsule nets and of a classifier, and with nothing drawn."""
    window, lab = walker.window, walker.window.lab
    walker.begin()
    walker.turn(CAPSULE)
    walker.face(lab, 0)
    walker.until(lambda: any(slider.name for slider in lab.face.sliders) and not lab.busy, "the sliders' names")
    yield "sliders"
    lab.set_offsets((0.12, -0.1, 0.2, *lab.face.offsets()[3:]))
    walker.until(lambda: not lab.busy, "the redrawn digit")
    yield "sliders-moved"
    for fold in lab.face.list.more.values():
        walker.click(fold)
    yield "sliders-unfolded"
    walker.face(lab, 1)
    walker.until(lambda: not lab.busy, "the sheet")
    yield "sheet"
    walker.face(lab, 2)
    walker.click(lab.routing.modes[0])
    yield "routing-example"
    walker.click(lab.routing.modes[1])
    walker.until(lambda: lab.routing.lengths.scores is not None, "the routing in one step")
    yield "routing-one-step"
    walker.face(lab, 3)
    yield "morph-empty"
    walker.click(lab.morph.keep[0])
    walker.draw(2)
    walker.until(lambda: walker.read() and lab.label == 2, "the answer to a 2")
    walker.click(lab.morph.keep[1])
    walker.until(lambda: lab.morph.frames is not None, "the walk")
    lab.morph.place.setValue(17)
    yield "morph"
    walker.click(window.panel.tools.clear)
    for index, name in enumerate(("sliders", "sheet", "routing", "morph")):
        walker.face(lab, index)
        yield f"empty-{name}"
    walker.begin("keras-cnn")
    yield "classifier"


def routing_faces(walker: Walker) -> Faces:
    """Routing of CapsNet as a film: before and after, of one place, of a doubtful drawing."""
    lab = walker.window.lab
    walker.begin("capsnet")
    walker.turn(CAPSULE)
    walker.face(lab, 2)
    walker.click(lab.routing.modes[1])
    walker.until(lambda: lab.routing.lengths.scores is not None, "the routing")
    lab.routing.step.setValue(0)
    yield "before"
    lab.routing.step.setValue(lab.routing.step.maximum())
    yield "after"
    lab.routing.map.picked.emit((2, 3))
    yield "place"
    walker.click(lab.routing.strongest)
    walker.press("A scribble")
    walker.until(lambda: walker.read() and not lab.busy, "the scribble")
    yield "scribble"


def inside_faces(walker: Walker) -> Faces:
    """Inside: its four faces, of a capsule net, a classifier and a net of photographs."""
    tab = walker.window.inside
    walker.begin()
    walker.turn(INSIDE)
    for model in ("efficient-capsnet", "keras-cnn"):
        walker.use(model)
        yield from _inside(walker, tab, model)
    walker.use("efficient-capsnet")
    walker.inside()
    tab.open_maps(next(layer.name for layer in tab.anatomy.layers if layer.kind == "capsules"))  # type: ignore[union-attr]
    walker.inside()
    yield "maps-capsules"
    walker.click(walker.window.panel.tools.clear)
    for index, name in enumerate(("net", "filters", "maps", "heat")):
        walker.face(tab, index)
        walker.inside()
        yield f"empty-{name}"
    walker.photograph()
    yield from _inside(walker, tab, PHOTOGRAPHS)
    walker.click(walker.window.panel.tools.clear)
    yield "photographs-empty"


def _inside(walker: Walker, tab: InsideTab, model: str) -> Faces:
    for index, name in enumerate(("net", "filters", "maps", "heat")):
        walker.face(tab, index)
        walker.inside()
        yield f"{model}-{name}"
    walker.face(tab, 2)
    walker.inside()
    tab.maps.open_value(0, None)
    walker.until(tab.maps.sum.isVisible, "how a value comes about")
    yield f"{model}-value"
    tab.maps.close_value()


def compare_faces(walker: Walker) -> Faces:
    """Compare: two models, five, nothing drawn."""
    window = walker.window
    walker.begin()
    walker.turn(COMPARE)
    tab = window.compare

    def drawn() -> bool:
        return all(tab.curves.get(column.card.name) for column in tab.columns)

    walker.until(drawn, "the curves")
    yield "two"
    for name in ("capsnet", "mlp", "tutorial-cnn"):
        tab.choose(name, True)
    walker.click(tab.dials[3])
    walker.until(drawn, "five curves")
    tab.slider.setValue(tab.slider.maximum() - 2)
    rest(1500)
    yield "five"
    walker.click(window.panel.tools.clear)
    yield "empty"
    for name in ("capsnet", "mlp", "tutorial-cnn"):
        tab.choose(name, False)


def train_faces(walker: Walker) -> Faces:
    """Train: plans, Details, a wrong field, a fit under way in all faces, its end, the runs."""
    window = walker.window
    walker.begin()
    walker.turn(TRAIN)
    tab = window.train
    walker.until(lambda: all(card.start.isEnabled() for card in tab.form.cards), "the plans")
    walker.until(lambda: all("Timing" not in card.time.text() for card in tab.form.cards), "the plans' times")
    yield "cards"
    walker.click(tab.form.details)
    yield "details"
    tab.form.fields["epochs"].put(0)
    tab.form.fields["epochs"].changed.emit()
    yield "wrong"
    tab.form.fields["epochs"].put(3)
    tab.form.fields["epochs"].changed.emit()
    walker.click(tab.form.details)
    _fit(walker, tab, "mlp", epochs=4)
    walker.until(lambda: not tab.fitter.busy, "the end of a fit")
    _fit(walker, tab, "efficient-capsnet", epochs=40)
    walker.until(lambda: len(tab.theatre.looks) > 8, "looks at a fit")
    walker.face(tab, 3)
    for line in range(tab.runs.table.topLevelItemCount()):
        item = tab.runs.table.topLevelItem(line)
        assert item is not None
        item.setCheckState(0, Qt.CheckState.Checked)
    for index, name in enumerate(("plan", "curves", "theatre", "runs")):
        walker.face(tab, index)
        rest(1000)
        yield f"running-{name}"
    walker.turn(READ)
    yield "running-read"
    walker.turn(TRAIN)
    walker.click(tab.pause)
    rest(1500)
    yield "paused"
    walker.click(tab.pause)
    walker.click(tab.stop)
    walker.until(lambda: not tab.fitter.busy and tab.start.isEnabled(), "the end of the fit")
    for index, name in enumerate(("plan", "curves", "theatre", "runs")):
        walker.face(tab, index)
        rest(500)
        yield f"ended-{name}"


def _fit(walker: Walker, tab: TrainTab, family: str, epochs: int) -> None:
    tab.form.put(replace(presets.of(family)[0].recipe, data="synthetic", limit=2000, epochs=epochs))
    walker.until(tab.start.isEnabled, "Start")
    tab.start.click()
    walker.until(lambda: tab.fitter.busy, "the fit")


def evaluate_faces(walker: Walker) -> Faces:
    """Evaluate: nothing yet, the six faces of a capsule net, photographs, several models on many sets."""
    window = walker.window
    walker.begin()
    walker.turn(EVALUATE)
    tab = window.evaluate
    walker.until(lambda: tab.model.count() > 0, "the models")
    yield "nothing"
    walker.click(tab.start)
    walker.until(lambda: tab.examiner.busy and tab.bar.maximum() > 0, "the measurement")
    yield "measuring"
    walker.until(lambda: tab.examined is not None and not tab.examiner.busy, "the result")
    names = ("result", "confusion", "mistakes", "calibration", "pairs", "sets")
    for index, name in enumerate(names):
        walker.face(tab, index)
        rest(500)
        yield name
    models = tab.sets.models
    for line in range(models.count()):
        if models.item(line).text() in ("MLP", "Tutorial CNN", "Keras CNN"):
            models.item(line).setCheckState(Qt.CheckState.Checked)
    walker.click(tab.start)
    walker.until(lambda: tab.compared is not None and not tab.examiner.busy, "the comparison")
    tab.sets.picked.emit(int(tab.sets.makers.first_only[0]))  # type: ignore[union-attr]
    rest(4000)
    yield "sets-compared"
    walker.click(tab.sets.explain)
    yield "sets-explained"
    walker.face(tab, 0)
    window.use_model(PHOTOGRAPHS)
    rest(1000)
    walker.click(tab.start)
    walker.until(lambda: tab.examined is not None and tab.examined.card.name == PHOTOGRAPHS, "the photographs' result")
    for index, name in enumerate(names[:5]):
        walker.face(tab, index)
        rest(500)
        yield f"photographs-{name}"


def help_faces(walker: Walker) -> Faces:
    """The invitation, "?" of every tab, the glossary, the tour, menus and small windows."""
    window, teaching = walker.window, walker.window.teaching
    walker.begin()
    walker.turn(READ)
    teaching.invitation.show()
    yield "invitation"
    teaching.invitation.hide()
    walker.click(teaching.question_mark)
    for index, name in ((READ, "read"), (CAPSULE, "capsule"), (INSIDE, "inside"), (COMPARE, "compare"),
                        (TRAIN, "train"), (EVALUATE, "evaluate")):  # fmt: skip
        walker.turn(index)
        rest(1200)
        yield f"explained-{name}"
    walker.turn(READ)
    teaching.teacher.panel.shut()
    teaching.teacher.open_glossary("routing")
    yield "glossary"
    teaching.teacher.glossary.close()
    teaching.teacher.start_tour()
    tour = teaching.teacher.tour
    for number in range(5):
        tour.go(number)
        rest(2500)
        yield f"tour-{number + 1}"
    tour.end()
    walker.turn(READ)
    menus = window.commands.menus
    for menu in (menus.file, menus.edit, menus.view, menus.theme, menus.model, menus.help):
        yield from _dropped(window, menu)
    window.picker.showPopup()
    yield "picker"
    window.picker.hidePopup()
    for show, name in ((menus.show_shortcuts, "shortcuts"), (menus.show_about, "about")):
        dialog = show()
        yield name
        dialog.close()


def _dropped(window: MainWindow, menu: QMenu) -> Faces:
    menu.popup(window.mapToGlobal(QPoint(8, 24)))
    yield f"menu-{menu.title().replace('&', '').lower()}"
    menu.close()


def papers(seed: int | None = None) -> Raster:
    """A made-up photograph: digits in pen on uneven paper; two where no seed is given."""
    shots = [
        np.asarray(Image.open(io.BytesIO(shot.jpeg)).convert("L"), np.float32) / 255
        for shot in photographs(7 if seed is None else seed, 2)
    ]
    return np.concatenate(shots, 1) if seed is None else shots[0]


def save(path: Path, picture: Raster) -> None:
    """A grey picture as a file."""
    Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(path)
