"""Exit 0 where the system libraries that Qt needs are there; needs no package installed."""

import runpy
import sys
from pathlib import Path

preflight = runpy.run_path(str(Path(__file__).parents[1] / "capsdraw" / "ui" / "preflight.py"))
sys.exit(1 if preflight["missing_libraries"](x11=True) else 0)
