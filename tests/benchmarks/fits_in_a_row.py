"""Is anything left behind by a fit? Twenty in a row in one window: memory, threads and timers after each.

python tests/benchmarks/fits_in_a_row.py [FITS]
"""

import gc
import os
import sys
import tempfile
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CAPSDRAW_HOME"] = tempfile.mkdtemp()

from dataclasses import replace

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from window import until

from capsdraw.fit import presets
from capsdraw.ui.app import prepare
from capsdraw.ui.main_window import MainWindow


def main() -> None:
    """Fit, note, and fit again: two kinds of nets in turn."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    prepare()
    application = QApplication([])
    window = MainWindow()
    window.show()
    QTimer.singleShot(1_800_000, lambda: application.exit(1))
    until(lambda: window.answers.ready)
    tab, me = window.train, psutil.Process()
    window.tabs.setCurrentWidget(tab)
    noted = []
    for number in range(count):
        family = ("keras-cnn", "efficient-capsnet")[number % 2]
        tab.form.put(replace(presets.of(family)[0].recipe, limit=1000, epochs=1, held_out=500))
        tab.start.click()
        until(lambda: not tab.fitter.busy)
        gc.collect()
        timers = len([one for one in window.findChildren(QTimer) if one.isActive()])
        noted.append((me.memory_info().rss / 2**20, threading.active_count(), me.num_threads(), timers))
        print(f"{number + 1:2} {family:18} {noted[-1][0]:6.0f} MB, Python threads {noted[-1][1]}, all {noted[-1][2]}, "
              f"active timers {timers}", flush=True)  # fmt: skip
    table = np.array(noted)[:, 0]
    half = len(table) // 2
    slope = np.polyfit(np.arange(len(table) - half), table[half:], 1)[0]
    print(
        f"memory over the last {len(table) - half} fits: {table[half]:.0f} to {table[-1]:.0f} MB, {slope:+.1f} MB a fit"
    )
    window.close()


main()
