"""What RESULTS.md tells, measured: each module is run with `python -m training.experiments.NAME`."""
