"""`python -m capsdraw`."""

import sys

from capsdraw.cli import main

sys.exit(main())
