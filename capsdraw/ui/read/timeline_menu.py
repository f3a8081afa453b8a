"""What of a timeline can be saved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from capsdraw.errors import short
from capsdraw.lab import timeline_files
from capsdraw.ui.jobs import LIMIT, Jobs
from capsdraw.ui.picture_file import save_picture
from capsdraw.ui.plain_text import tip
from capsdraw.ui.read.timeline_face import TimelineFace
from capsdraw.ui.save_dialog import ask_where

# What can be saved, under which name first, and in which form.
_PICTURE = ("Picture …", "timeline", ("Picture (*.png)",))
_CURVES = ("Curves …", "timeline", ("Table (*.csv)",))
_FILM = ("Film …", "timeline", ("Moving picture (*.gif)",))
# Seconds: a drawing of many strokes has hundreds of moments.
_LIMIT = 600.0
_MISSING = "there is no timeline yet: draw something"


class TimelineMenu(QMenu):
    """Saves what the face shows; files that take long in the background.

    Signals:
        failed(str): something could not be done; saved(str): something was saved. One line each.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, face: TimelineFace, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face, self._jobs = face, jobs
        for what, save in ((_PICTURE, self.save_picture), (_CURVES, self.save_curves), (_FILM, self.save_film)):
            self.addAction(what[0]).triggered.connect(lambda _, what=what, save=save: self._ask(what, save))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.offer)

    def offer(self) -> None:
        """Enable what there is to save; else say what is missing."""
        available = self._face.timeline is not None
        for action in self.actions():
            action.setEnabled(available)
            action.setToolTip(tip("" if available else _MISSING))

    def save_picture(self, path: Path) -> None:
        """The face as it is seen, as PNG."""
        save_picture(self._face.picture, path, self.failed.emit, self.saved.emit)

    def save_curves(self, path: Path) -> None:
        """The scores at each moment, as CSV."""
        timeline, names = self._face.timeline, self._face.names
        if timeline is not None:
            self._save(lambda: timeline_files.curves(timeline, names, path), path)

    def save_film(self, path: Path) -> None:
        """All moments as GIF."""
        timeline, names = self._face.timeline, self._face.names
        if timeline is not None:
            self._save(lambda: timeline_files.film(timeline, names, path), path, _LIMIT)

    def _ask(self, what: tuple[str, str, tuple[str, ...]], save: Callable[[Path], None]) -> None:
        title, name, forms = what
        path = ask_where(self.parentWidget(), f"Save the timeline: {title.removesuffix(' …').lower()}", name, forms)
        if path is not None:
            save(path)

    def _save(self, write: Callable[[], None], path: Path, limit: float = LIMIT) -> None:
        name = short(path.name)
        self._jobs.run(
            write, lambda _: self.saved.emit(f"Saved {name}"), lane="save", words=f"Saving {name}", limit=limit
        )
