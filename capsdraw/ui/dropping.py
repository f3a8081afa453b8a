"""What becomes of what is dropped beyond one picture: several in a strip, data to train and measure on, models."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from capsdraw.ink.raster import Raster
from capsdraw.ui.drop_bar import DropBar
from capsdraw.ui.files import Files
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.model_files import ModelFiles
from capsdraw.ui.sketch_of_file import thumbnail


class Dropping(QObject):
    """Stands between the files that come and the bar that offers what can be done with them.

    Args:
        files: tells what came; models: opens those; bar: offers; jobs: reads pictures.
        use: called with the name of a tab's use, "train" or "evaluate", and the data that it is to take.
    """

    def __init__(
        self, files: Files, models: ModelFiles, bar: DropBar, jobs: Jobs, use: Callable[[str, str], object]
    ) -> None:
        super().__init__(files)
        self._bar, self._jobs = bar, jobs
        files.data_taken.connect(bar.offer_data)
        files.model_taken.connect(models.open)
        models.is_data.connect(bar.offer_data)
        files.several_taken.connect(self._offer_pictures)
        bar.opened.connect(files.open)
        bar.to_train.connect(partial(use, "train"))
        bar.to_evaluate.connect(partial(use, "evaluate"))

    def _offer_pictures(self, paths: list[Path]) -> None:
        """The pictures that were dropped, in a strip, each as soon as it is read."""
        self._bar.offer_pictures(paths)
        for path in paths[: len(self._bar.pictures)]:
            self._jobs.run(partial(thumbnail, path), partial(self._show, path), lane="strip")

    def _show(self, path: Path, picture: Raster | None) -> None:
        if picture is not None:  # what cannot be read says so when it is chosen
            self._bar.show_picture(path, picture)
