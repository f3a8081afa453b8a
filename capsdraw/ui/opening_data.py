"""Data as every view reads it, the user's own drawings among it: by whatever `data_field.DataField` offers."""

from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.ink.intake import Intake


def open_data(
    source: str, shape: tuple[int, ...] | None = None, test_only: bool = False,
    watch: ReadMonitor = NO_MONITOR, intake: Intake | None = None,
) -> Data:  # fmt: skip
    """As `collection.as_data.open_data`, of the user's own collection; not on the window's thread."""
    from capsdraw.collection.as_data import open_data as read  # SQLite with it, which the window does without

    return read(source, shape, test_only, watch, intake)
