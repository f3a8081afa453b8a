"""Start-up: from the start of the process to the window on screen, and to the first answer.

python tests/benchmarks/start_up.py [TIMES]
"""

import os
import subprocess
import sys

from machine import report

CHILD = """
import os, time
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
# Linux: when this process was started, in seconds of the clock that runs since boot.
ticks = int(open('/proc/self/stat').read().rsplit(')', 1)[1].split()[19])
begun = ticks / os.sysconf('SC_CLK_TCK')
since = lambda: 1000 * (time.clock_gettime(time.CLOCK_BOOTTIME) - begun)
application = QApplication([])
theme.apply(application, False)
window = MainWindow()
window.show()
window.repaint()
print(since(), flush=True)
def painted(_):
    print(since(), flush=True)
    QTimer.singleShot(0, window.close)
window.readout.bars.painted.connect(painted, Qt.ConnectionType.SingleShotConnection)
application.exec()
"""


def main() -> None:
    """Start the app anew each time, in a process of its own."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    runs = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, check=True
        )
        runs.append([float(line) for line in done.stdout.split()[:2]])
    report("start to window", [run[0] for run in runs])
    report("start to first answer", [run[1] for run in runs])


main()
