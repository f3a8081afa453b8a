"""Makes the bundled models: `python -m training NAME…`."""
