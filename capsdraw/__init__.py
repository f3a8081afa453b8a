"""CapsDraw: draw a digit, and watch a capsule network see it."""

__version__ = "0.1.0"
