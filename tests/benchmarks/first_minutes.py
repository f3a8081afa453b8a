"""What the preset "One minute" gives here, net by net: seconds, accuracy on held-out digits, and how soon a stop ends.

python tests/benchmarks/first_minutes.py [NET…]

All through the thread that the window trains on, from a click's call to its last signal. Without a net, of all of them,
and two epochs of the good Efficient-CapsNet.
"""

import os
import sys
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CAPSDRAW_HOME"] = tempfile.mkdtemp()

from dataclasses import replace

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from capsdraw.datasets.monitor import NO_MONITOR
from capsdraw.fit import presets, runs
from capsdraw.fit.events import BatchEnded, EpochEnded
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import heavy
from capsdraw.nets.catalog import FAMILIES
from capsdraw.ui.app import prepare
from capsdraw.ui.train.fitter import Fitter
from capsdraw.ui.window_parts import read_data


def main() -> None:
    """Each net's minute, and a stop in its second one."""
    prepare()
    application = QApplication([])
    fitter = Fitter(read_data)
    names = sys.argv[1:] or list(FAMILIES)
    for name in names:
        plan, wanted = _sized(presets.of(name)[0].recipe)
        print(f"{name:18} {presets.name_for(wanted)}: {plan.limit or 'all'} images, {plan.epochs} epochs, load "
              f"{os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        seconds, best, _ = _fit(fitter, plan)
        _, _, stop = _fit(fitter, replace(plan, epochs=100), stop_after=5)
        print(f"{name:18} {seconds:5.0f} s ({wanted:.0f} expected), {100 * best:.2f}% of held-out right; "
              f"a stop ends after {1000 * stop:.0f} ms; load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    if not sys.argv[1:]:
        plan = replace(presets.of("efficient-capsnet")[1].recipe, epochs=2)
        seconds, best, _ = _fit(fitter, plan)
        print(f"efficient-capsnet, all of MNIST, two epochs: {seconds:.0f} s, {100 * best:.2f}% of held-out right")
    fitter.close()
    del application


def _sized(plan: Recipe) -> tuple[Recipe, float]:
    """The plan as the window's first card has it here, and the seconds that it says."""
    heavy.load()
    from capsdraw.fit.estimate import estimate
    from capsdraw.fit.launch import prepare

    measured = estimate(prepare(plan, lambda name, form: read_data(name, NO_MONITOR, form))[1])
    sized = presets.in_a_minute(plan, measured)
    images = min(sized.limit or measured.available, measured.available)
    return sized, replace(measured, images=images).seconds(sized.epochs)


def _fit(fitter: Fitter, plan: Recipe, stop_after: int = 0) -> tuple[float, float, float]:
    """Seconds of a fit, its best accuracy, and seconds from a stop after so many tellings to the end."""
    folder, loop = runs.create(plan), QEventLoop()
    seen, asked = [0], [0.0]

    def told(event: object) -> None:
        seen[0] += isinstance(event, BatchEnded)
        if stop_after and seen[0] == stop_after and not asked[0]:
            asked[0] = time.perf_counter()
            fitter.stop()
        if isinstance(event, EpochEnded) and not stop_after:
            print(f"  epoch {event.epoch}: {event.figures}", flush=True)

    ended = fitter.ended.connect(lambda *_: QTimer.singleShot(0, loop.quit))
    telling = fitter.reported.connect(told)
    begun = time.perf_counter()
    fitter.train(plan, folder)
    loop.exec()
    now = time.perf_counter()
    fitter.ended.disconnect(ended)
    fitter.reported.disconnect(telling)
    return now - begun, runs.read(folder).best or 0.0, now - asked[0] if asked[0] else 0.0


main()
