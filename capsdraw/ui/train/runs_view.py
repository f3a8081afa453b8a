"""All runs: their names and notes, and what can be done with each."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QInputDialog,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capsdraw.fit.duration import duration
from capsdraw.fit.events import RunState
from capsdraw.fit.runs import Run, root
from capsdraw.nets.catalog import FAMILIES
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.data_field import called
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip

_COLUMNS: Final = ("Name", "State", "Epochs", "Held-out", "Data", "Time", "Size", "Started", "Net", "Note")
_NAME, _STATE, _DATA, _STARTED, _NET, _NOTE = 0, 1, 4, 7, 8, 9
# From these widths on, pixels, there is room for these columns: the name says which net it is, mostly.
_WIDE: Final = {_STARTED: 680, _NET: 800}
# What states are called, and what there is to say of some.
_STATES: Final = {RunState.INTERRUPTED: "crashed"}
_CRASHED: Final = (
    "Its process ended without a word: a crash, or the power went. What it learnt up to its last whole epoch is kept: "
    "Resume goes on from there."
)
_NONE_YET: Final = "No runs yet. Every fit that you start is kept here, finished or not."
_ALL_UNREAD: Final = "No run here can be read."
_PAUSED: Final = "It holds after a batch, and goes on when Resume is pressed where it is trained."
_FOLDER: Final = Qt.ItemDataRole.UserRole


class RunsView(Guarded, QWidget):
    """A table of runs and its buttons.

    Attributes:
        table: a run a line; ticked ones are compared.
        unread: says of which folders no line is there, and why; a tool tip has all of them.
        resume, more, use, reveal, delete: the buttons.

    Signals:
        compared(object): the folders that are ticked.
        resumed(object): go on with the run in that folder.
        extended(object, int): so many more epochs.
        used(object): its model is wanted among those at hand.
        described(object, object, object): folder, the user's new name or None, new note or None.
        revealed(object), deleted(object): folder to open, or to move to the trash.
    """

    compared = Signal(object)
    resumed = Signal(object)
    extended = Signal(object, int)
    used = Signal(object)
    described = Signal(object, object, object)
    revealed = Signal(object)
    deleted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: dict[Path, Run] = {}
        self._busy = self._adopting = False
        self._to_tick: set[Path] = set()  # runs that are not listed yet
        self._to_choose: Path | None = None  # likewise
        self.table, self.unread = QTreeWidget(), caption()
        self.resume = button("Resume", "Continue from where it was stopped or interrupted")
        self.more = button("More epochs …", "Continue a finished run")
        self.use = button(
            "Draw with it",
            "Add its best epoch (its last, if no images are held out) to the models and let it read your drawing",
        )
        self.reveal = button("Open folder", "Show the run's files")
        self.delete = button("Delete", "Move the run to the trash; where there is none, you are asked")
        self._lay_out()
        self._connect()
        self.show_runs([])
        self.show_unread([])

    @property
    def chosen(self) -> Run | None:
        """The run whose line is chosen."""
        item = self.table.currentItem()
        return None if item is None else self._runs.get(item.data(_NAME, _FOLDER))

    def show_runs(self, runs: Sequence[Run], busy: bool = False, adopting: bool = False) -> None:
        """Show these runs; choice and ticks stay. While `busy`, a fit is under way; while `adopting`, a model is put
        among those at hand."""
        same = list(self._runs) == [run.folder for run in runs]
        self._runs, self._busy, self._adopting = {run.folder: run for run in runs}, busy, adopting
        with QSignalBlocker(self.table):
            if same:
                # In place: a name that is being typed and the scroll bar stay where they are.
                for line, run in enumerate(runs):
                    _fill(self.table.topLevelItem(line), run)
            else:
                self._rebuild(runs)
        self._empty.setVisible(not runs)
        self._refresh()

    def show_unread(self, faults: Sequence[str]) -> None:
        """Say why folders are not listed that cannot be read, a line of `runs.survey` for each; nothing of none."""
        more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
        self.unread.setText(f"Not listed, for it cannot be read: {faults[0]}{more}" if faults else "")
        self.unread.setToolTip(tip("\n".join([*faults, f"All runs lie in '{root()}'."]) if faults else ""))
        self.unread.setVisible(bool(faults))
        self._empty.setText(_ALL_UNREAD if faults else _NONE_YET)

    def _rebuild(self, runs: Sequence[Run]) -> None:
        item = self.table.currentItem()
        chosen, ticked = item.data(_NAME, _FOLDER) if item is not None else None, {*self.ticked(), *self._to_tick}
        # What just began is what the user means by "this".
        chosen = next((folder for folder in self._runs if folder in self._to_tick), chosen)
        if self._to_choose in self._runs:
            chosen, self._to_choose = self._to_choose, None
        self._to_tick -= set(self._runs)
        self.table.clear()
        for run in runs:
            item = QTreeWidgetItem()
            item.setData(_NAME, _FOLDER, run.folder)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_NAME, Qt.CheckState.Checked if run.folder in ticked else Qt.CheckState.Unchecked)
            _fill(item, run)
            self.table.addTopLevelItem(item)
            if run.folder == chosen:
                self.table.setCurrentItem(item)
        first = self.table.topLevelItem(0)
        if first is not None and self.table.currentItem() is None:
            self.table.setCurrentItem(first)

    def tick(self, folder: Path, on: bool) -> None:
        """Set or take away a run's tick, as soon as it is listed; nobody is told."""
        item = self._line_of(folder)
        if item is not None:
            with QSignalBlocker(self.table):
                item.setCheckState(_NAME, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.table.viewport().update()
        elif on:
            self._to_tick.add(folder)

    def choose(self, folder: Path) -> None:
        """Choose a run's line, as soon as it is listed."""
        item = self._line_of(folder)
        self._to_choose = folder if item is None else None
        if item is not None:
            self.table.setCurrentItem(item)
            self.table.scrollToItem(item)

    def ticked(self) -> list[Path]:
        """Folders of the runs to compare, in the table's order."""
        items = [self.table.topLevelItem(line) for line in range(self.table.topLevelItemCount())]
        return [item.data(_NAME, _FOLDER) for item in items if item and item.checkState(_NAME) == Qt.CheckState.Checked]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in _WIDE.items():
            self.table.setColumnHidden(column, self.width() < width)

    def _line_of(self, folder: Path) -> QTreeWidgetItem | None:
        lines = (self.table.topLevelItem(line) for line in range(self.table.topLevelItemCount()))
        return next((item for item in lines if item is not None and item.data(_NAME, _FOLDER) == folder), None)

    def _refresh(self) -> None:
        run = self.chosen
        self.resume.setEnabled(run is not None and run.can_resume and not self._busy)
        self.more.setEnabled(run is not None and run.state == "finished" and not self._busy)
        self.use.setEnabled(run is not None and (run.folder / "model.keras").exists() and not self._adopting)
        self.reveal.setEnabled(run is not None)
        self.delete.setEnabled(run is not None and not run.under_way)

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        folder = item.data(_NAME, _FOLDER)
        run = self._runs.get(folder)
        if run is None:
            return
        title, note = item.text(_NAME).strip(), item.text(_NOTE).strip()
        if (title, note) != (run.title, run.note) and column in (_NAME, _NOTE):
            # What was not changed may be cut where it is shown.
            new_title = title if title and title != run.title else None
            self.described.emit(folder, new_title, note if note != run.note else None)
        elif column == _NAME:
            self.compared.emit(self.ticked())

    def _edit(self, item: QTreeWidgetItem, column: int) -> None:
        if column in (_NAME, _NOTE):
            self.table.editItem(item, column)

    def _ask_more(self) -> None:
        run = self.chosen
        if run is None:
            return
        words = "The learning rate starts again along another cosine.\n" if run.recipe.schedule == "cosine" else ""
        count, sure = QInputDialog.getInt(self, "More epochs", f"{words}Epochs to add:", run.recipe.epochs, 1, 10_000)
        if sure:
            self.extended.emit(run.folder, count)

    def _tell(self, signal: Signal) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen.folder)  # type: ignore[attr-defined]

    def _connect(self) -> None:
        self.table.currentItemChanged.connect(lambda *_: self._refresh())
        self.table.itemChanged.connect(self._changed)
        self.table.itemDoubleClicked.connect(self._edit)
        self.more.clicked.connect(self._ask_more)
        for run_button, signal in (
            (self.resume, self.resumed), (self.use, self.used), (self.reveal, self.revealed),
            (self.delete, self.deleted),
        ):  # fmt: skip
            run_button.clicked.connect(lambda _, signal=signal: self._tell(signal))

    def _lay_out(self) -> None:
        self.table.setHeaderLabels(list(_COLUMNS))
        self.table.setRootIsDecorated(False)
        self.table.setStyleSheet(f"QTreeWidget::item {{ padding: {theme.GRID // 2}px {theme.GRID // 2}px; }}")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # The note takes what is left: as the last section it would take more than there is.
        self.table.header().setStretchLastSection(False)
        self.table.header().setSectionResizeMode(_NOTE, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName("Runs")
        self._empty = caption(_NONE_YET)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(self.use, self.resume, self.more, None, self.reveal, self.delete))
        layout.addWidget(self._empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.unread)
        layout.addWidget(caption("Tick runs to compare their curves. Double-click a name or a note to change it."))


def _fill(item: QTreeWidgetItem | None, run: Run) -> None:
    """Write what is known of a run into its line."""
    assert item is not None
    unknown = "" if run.recipe.held_out else "none"
    best = unknown if run.best is None else f"{100 * run.best:.2f}%"
    begun = time.strftime("%d %b %H:%M", time.localtime(run.begun))
    epochs = f"{run.epochs_done} of {run.recipe.epochs}"
    net, state = FAMILIES[run.recipe.family].title, _STATES.get(run.state, run.state.value)
    data = called(run.recipe.data)
    took = duration(run.seconds) if run.seconds else ""
    texts = [run.title, state, epochs, best, data, took, megabytes(run.size), begun, net, run.note]
    for column, text in enumerate(texts):
        if item.text(column) != text:
            item.setText(column, text)
    about = {RunState.INTERRUPTED: _CRASHED, RunState.PAUSED: _PAUSED}.get(run.state, run.message)
    item.setToolTip(_STATE, tip(about))
    item.setToolTip(_DATA, tip(run.recipe.data))
    item.setToolTip(_NOTE, tip(run.note))
    item.setToolTip(_NAME, tip(f"{net}, started {begun}"))


def megabytes(size: int) -> str:
    """Bytes on disk, for people: "3.2 MB"."""
    amount = size / 1e6
    return f"{amount:,.0f} MB" if amount >= 10 else f"{max(amount, 0.1):.1f} MB"
