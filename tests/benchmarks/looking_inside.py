"""Looking inside: from a digit to its Grad-CAM map, to the outputs of all layers, and to the curves of a dial.

python tests/benchmarks/looking_inside.py [MODEL] [TIMES]

Without MODEL, all bundled ones and CapsNet at full size (with random weights where it is not bundled).
The first question to a layer compiles it, and is told apart.
"""

import os
import sys
import time
from collections.abc import Callable

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
from machine import report

from capsdraw.datasets import moves, synthetic
from capsdraw.lab import dial
from capsdraw.lab.gradcam import GradCam
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session


def main() -> None:
    """Ask each model in turn, a new image each time."""
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    for session in _sessions(sys.argv[1] if len(sys.argv) > 1 else None):
        images = _images(session, times + 10)
        _measure(f"reading, {session.name}", session.read, images)
        watcher, seconds = _timed(lambda session=session: LayerProbe(session))
        _measure(
            f"all {len(watcher.layers)} layers, {session.name} (compiled in {seconds:.2f} s)", watcher.look, images
        )
        if any(layer.convolves for layer in _places(session)):
            _maps(session, images)
        _measure(
            f"a dial's {dial.POSITIONS} positions, {session.name}",
            lambda image, session=session: dial.curve("", session.scores, dial.sweep(image, moves.KINDS[0]), 0),
            images[: times // 5],
        )


def _maps(session: Session, images: np.ndarray) -> None:
    cam = GradCam(session)
    for layer in cam.layers:
        asked = iter(range(len(images)))
        _, seconds = _timed(lambda layer=layer: cam.map(images[0], 0, layer))
        usual = ", the usual" if layer == cam.usual else ""
        _measure(
            f"Grad-CAM, {session.name}, {layer}{usual} (first {seconds:.2f} s)",
            lambda image, layer=layer, asked=asked: cam.map(image, next(asked) % session.classes, layer),
            images,
        )


def _measure(what: str, ask: Callable[[np.ndarray], object], images: np.ndarray) -> None:
    """The first ten warm up."""
    report(what, [1000 * _timed(lambda image=image: ask(image))[1] for image in images][min(10, len(images) // 4) :])


def _timed(work: Callable[[], object]) -> tuple:
    begun = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begun


def _places(session: Session):
    from capsdraw.lab.inside import inside

    return inside(session.model).places


def _images(session: Session, count: int) -> np.ndarray:
    if session.card.reads_digits:
        return synthetic.digits(count, 1)[0].astype(np.float32) / 255
    return np.random.default_rng(0).random((count, *session.card.input), np.float32)


def _sessions(name: str | None):
    known = [card for card in cards.list_cards() if name in (None, card.name)]
    yield from map(Session.open, known)
    if name in (None, "capsnet") and "capsnet" not in [card.name for card in known]:
        model = zoo.fresh("capsnet", 1)
        yield Session(
            model,
            Card(
                name="capsnet",
                title="",
                kind="capsule",
                input=(28, 28, 1),
                classes=10,
                parameters=0,
                recipe="",
                data="",
                epochs=0,
                seed=0,
                test_error_percent=None,
                test_images=0,
                sha256="",
            ),
        )


main()
