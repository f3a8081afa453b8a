"""Pen to answer: from a mouse move on the canvas until the bars are repainted.

python tests/benchmarks/pen_to_answer.py [MODEL] [MOVES] [busy|fit]

With "busy", beside a process of ordinary priority for each core; with "fit", beside a CapsNet fit in the same window.
"""

import sys

from by_hand import main

sys.exit(main("pen", "pen to answer"))
