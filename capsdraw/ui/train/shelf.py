"""The runs that are kept, and what the user asks of them; whatever is read of them is read off the GUI thread."""

import math
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFile, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, runs
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.series import Series, of_run
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.train.curves import Curves
from capsdraw.ui.train.fitter import Fitter
from capsdraw.ui.train.runs_view import RunsView, megabytes
from capsdraw.ui.worker import in_words

# Of jobs that read run folders.
_LANE: Final = "runs"


class Shelf(QObject):
    """Keeps the list of runs and the curves that are laid over each other true to the run folders.

    Args:
        view: the list; curves: of the fit and of runs beside it.
        fitter: which knows what is under way; jobs: read for it.

    Attributes:
        listed: the runs, as they were last read.
        own: folder of the run whose curves the others are laid over, or None.
        pending: what is being read because the user wants it, in words, or "".

    Signals:
        asking(): `pending` is another.
        going_on(object, object, object): a run is to go on: recipe, folder, the series that it has so far.
        using(object, str, str): a run's model is wanted among those at hand: folder, title, and what for ("draw",
            "evaluate" or "compare").
        failed(str): something could not be done; one line. done(str): something was, in words.
    """

    asking = Signal()
    going_on = Signal(object, object, object)
    using = Signal(object, str, str)
    failed = Signal(str)
    done = Signal(str)

    def __init__(self, view: RunsView, curves: Curves, fitter: Fitter, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._curves, self._fitter, self._jobs = view, curves, fitter, jobs
        self.listed: list[runs.Run] = []
        self.own: Path | None = None
        self.pending = ""
        self._ticked: list[Path] = []
        self._laid: dict[Path, Series] = {}
        view.compared.connect(self._compare)
        view.resumed.connect(self._resume)
        view.extended.connect(self._resume)
        view.used.connect(self.use)
        view.described.connect(self._describe)
        view.revealed.connect(self._reveal)
        view.deleted.connect(self._delete)
        fitter.began.connect(self._begun)

    def list_runs(self) -> None:
        """Read the run folders anew."""
        self._jobs.run(runs.survey, self._take_all, lane=_LANE)

    def list_one(self, folder: Path | None) -> None:
        """Read one run folder anew: reading all of them takes longer with each."""
        if folder is None or folder not in [run.folder for run in self.listed]:
            self.list_runs()
            return
        self._jobs.run(
            lambda: runs.read(folder),
            lambda run: self._take([run if listed_run.folder == folder else listed_run for listed_run in self.listed]),
            lane=_LANE,
        )

    def show_runs(self) -> None:
        """Show them as they were last read."""
        reading = bool(self.pending)
        self._view.show_runs(self.listed, self._fitter.busy or reading, self._fitter.adopting)

    def put_out(self, folder: Path | None, series: Series) -> None:
        """The fit that begins now is the one whose curves the others are laid over."""
        if self.own is not None and self.own != folder:
            self._view.tick(self.own, False)
        self.own = folder
        if folder is not None:
            self._laid.pop(folder, None)
        self._curves.show_series(series, list(self._laid.values()))

    def close(self) -> None:
        """Go on with nothing any more."""
        self.pending = ""

    def _begun(self, folder: Path) -> None:
        self.own = folder
        self._view.tick(folder, True)
        self._ticked.append(folder)

    def _take_all(self, surveyed: tuple[list[runs.Run], list[str]]) -> None:
        """What was read, and why some of it could not be."""
        self._view.show_unread(surveyed[1])
        self._take(surveyed[0])

    def _take(self, listed_now: list[runs.Run]) -> None:
        """What was read."""
        now = {run.folder: run for run in listed_now}
        gone = {run.folder for run in self.listed} - set(now)
        self.listed = listed_now
        self._rename(now)
        if self.own in gone and not self._fitter.busy:
            self.own = None
            self._curves.show_series(None)
        if gone & set(self._laid):
            self._lay({folder: series for folder, series in self._laid.items() if folder not in gone})
        self.show_runs()

    def _rename(self, now: dict[Path, runs.Run]) -> None:
        """The curves have the names that the runs have."""
        shown_series = dict(self._laid)
        if self.own is not None and self._curves.series is not None:
            shown_series[self.own] = self._curves.series
        other = [(series, now[folder].title) for folder, series in shown_series.items() if folder in now]
        if any(series.title != title for series, title in other):
            for series, title in other:
                series.title = title
            self._curves.draw()

    def _compare(self, folders: list[Path]) -> None:
        # Who takes the tick away from the fit that has ended has seen enough of it.
        let_go = self.own in self._ticked and self.own not in folders and not self._fitter.busy
        self._ticked = folders
        if let_go:
            self.own = None
            self._curves.show_series(None)
        titles = {run.folder: run.title for run in self.listed}
        wanted = [folder for folder in folders if folder != self.own]
        self._jobs.run(lambda: {folder: of_run(folder, titles[folder]) for folder in wanted}, self._lay, lane=_LANE)

    def _lay(self, series_by_folder: dict[Path, Series]) -> None:
        """Beside the fit under way or the last one, or by themselves."""
        self._laid = {folder: series for folder, series in series_by_folder.items() if folder != self.own}
        self._curves.show_series(self._curves.series, list(self._laid.values()))

    def _resume(self, folder: Path, more: int = 0) -> None:
        if self._fitter.busy:
            self.failed.emit("a net is being trained: stop it first")
            return
        if self.pending:
            return

        def work() -> tuple[Recipe, Series] | str:
            try:
                run = runs.read(folder)
                if run.under_way:
                    return _elsewhere(run.title)
                return runs.extended(folder, more) if more else run.recipe, of_run(folder, run.title)
            except Exception as error:  # the buttons must not stay shut
                return in_words(error)

        def done(outcome: tuple[Recipe, Series] | str) -> None:
            if not self.pending:
                return  # the window was closed
            self._ask("")
            if isinstance(outcome, str):
                self.failed.emit(outcome)
                self.list_runs()
            else:
                self.going_on.emit(outcome[0], folder, outcome[1])

        self._ask(f"Reading the run '{self._title(folder)}' …")
        self._jobs.run(work, done, lane=_LANE, limit=math.inf)  # it ends by an answer: buttons wait for it

    def _ask(self, words: str) -> None:
        self.pending = words
        self.asking.emit()

    def _title(self, folder: Path) -> str:
        return next((run.title for run in self.listed if run.folder == folder), folder.name)

    def use(self, folder: Path, what: str = "draw") -> None:
        """Have the model of a run put among those at hand."""
        if self._fitter.busy:
            self.failed.emit("a net is being trained: its model can be used when it has stopped or finished")
            return
        run = next((run for run in self.listed if run.folder == folder), None)
        try:
            run = run or runs.read(folder)
        except CapsDrawError as error:
            self.failed.emit(str(error))
            return
        stamp = time.strftime("%d %b %H:%M", time.localtime(run.begun))
        self.using.emit(folder, run.title if run.title != run.recipe.title else f"{run.title}, {stamp}", what)

    def _describe(self, folder: Path, title: str | None, note: str | None) -> None:
        try:
            runs.describe(folder, title, note)
        except CapsDrawError as error:
            self.failed.emit(str(error))
        self.list_runs()

    def _delete(self, folder: Path) -> None:
        if folder == self._fitter.folder:
            self.failed.emit("this run is being trained: stop it first")
            return
        title = self._title(folder)
        if lock.held(folder):
            self.failed.emit(_elsewhere(title))
        # Given by its answer, not by an exception.
        elif QFile.moveToTrash(str(folder)):
            self.done.emit(f"'{title}' is in the trash")
        elif folder.is_dir():
            self._ask_to_delete(folder, title)
        self.list_runs()

    def _ask_to_delete(self, folder: Path, title: str) -> None:
        """There is no trash: what goes now is gone."""
        size = next((f", {megabytes(run.size)}" for run in self.listed if run.folder == folder), "")
        box = QMessageBox(self._view)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("No trash here")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Delete the run '{title}' for good?")
        box.setInformativeText(
            f"It cannot be moved to the trash: there is none for its disk. Its figures and models{size} would be gone "
            "for ever. Models that you draw with are kept apart, and stay."
        )
        sure = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Keep it", QMessageBox.ButtonRole.RejectRole))
        box.exec()
        if box.clickedButton() is not sure:
            self.done.emit(f"'{title}' was kept")
            return
        try:
            runs.delete(folder)
        except CapsDrawError as error:
            self.failed.emit(str(error))
        else:
            self.done.emit(f"'{title}' is deleted")

    def _reveal(self, folder: Path) -> None:
        if not folder.is_dir():
            self.failed.emit(f"'{folder}' is no longer there")
            self.list_runs()
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.failed.emit(f"no program here opens folders: the run's files are in '{folder}'")


def _elsewhere(title: str) -> str:
    return f"'{title}' is being trained by another process: stop it there first"
