"""Slider to picture: from a mouse move on a slider of Capsule until the redrawn digit is painted.

python tests/benchmarks/slider_to_picture.py [MODEL] [MOVES] [busy|fit]

With "busy", beside a process of ordinary priority for each core; with "fit", beside a CapsNet fit in the same window.
"""

import sys

from by_hand import main

sys.exit(main("slider", "slider to picture"))
