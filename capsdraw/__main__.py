"""`python -m capsdraw`."""

import sys

from capsdraw.cli.main import main

sys.exit(main())
