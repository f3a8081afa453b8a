"""Run folders: each holds one fit, from its recipe to its models. No Keras here."""

import errno
import json
import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from capsdraw import records
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError, first_line, refusal, short
from capsdraw.fit import circumstances, lock, log, recipes
from capsdraw.fit.check import problems
from capsdraw.fit.events import FINISHED, RunState
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.intake import Intake
from capsdraw.paths import expanded, home, replacing

CONFIG, ABOUT = "config.toml", "run.json"
# What a run writes into its folder, what is left of it where its process was killed, and what systems put into any.
_OWN = re.compile(
    rf"{re.escape(CONFIG)}|{re.escape(ABOUT)}|log\.csv|events\.jsonl|(model|last)\.keras|cycle-\d{{4,5}}\.npz"
    r"|run\.lock|lock\.json|\.capsdraw-.*|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini"
)
# Characters of a note, or of why a fit failed, that are shown.
_LONGEST = 500
# Characters of a recipe's name that a run's folder begins with: with the time it is a name that every disk takes.
_LONGEST_STEM = 50

# States of a run besides the ways in which a fit ends.
RUNNING, PAUSED, INTERRUPTED = RunState.RUNNING, RunState.PAUSED, RunState.INTERRUPTED


@dataclass(frozen=True, kw_only=True)
class _About:
    """What is known of a run besides its recipe, as far as it is read again; all of `run.json` is kept."""

    title: str | None = None
    note: str = ""
    labels: tuple[str | int, ...] = ()
    data_sha256: str | None = None
    pictures: Intake | None = None


@dataclass(frozen=True, kw_only=True)
class _End:
    """What is read again of an `Ended` on record."""

    how: RunState
    message: str = ""


@dataclass(frozen=True)
class Run:
    """What is known of a run without loading a net.

    Attributes:
        folder: where it lies; recipe: how it is trained.
        title, note: the user's words for it.
        state: what it does now, or how it ended.
        rows: of its log, an epoch each.
        begun: seconds since 1970; message: why it failed, or "".
        labels: what its classes stand for; none where they are the digits.
        pictures: how pictures became its images; None where that was not kept.
        seconds: it has taken up to now, without pauses and without what lies between two parts of it.
        size: bytes of its files.
    """

    folder: Path
    recipe: Recipe
    title: str
    note: str
    state: RunState
    rows: tuple[dict[str, float], ...]
    begun: float
    message: str = ""
    labels: tuple[str, ...] = ()
    pictures: Intake | None = None
    seconds: float = 0.0
    size: int = 0

    @property
    def under_way(self) -> bool:
        """Whether a process that lives has it in hand: it is running, or paused."""
        return self.state in (RUNNING, PAUSED)

    @property
    def epochs_done(self) -> int:
        """Whole epochs behind it."""
        return int(self.rows[-1]["epoch"]) if self.rows else 0

    @property
    def best(self) -> float | None:
        """The best accuracy on the held-out images, in [0, 1], or None."""
        accuracies = [accuracy for accuracy in map(validation, self.rows) if accuracy is not None]
        return max(accuracies, default=None)

    @property
    def held_out_error_percent(self) -> float | None:
        """Of the held-out images, how many in a hundred its best epoch reads wrong; None where that is not known."""
        return error_percent(self.best, self.recipe.held_out)

    @property
    def can_resume(self) -> bool:
        """Whether it has epochs to go."""
        return not self.under_way and (self.state != FINISHED or self.epochs_done < self.recipe.epochs)


def validation(row: dict[str, float]) -> float | None:
    """An epoch's accuracy on the held-out images, in [0, 1], or None."""
    return next((value for name, value in row.items() if name.startswith("val_") and name.endswith("accuracy")), None)


def error_percent(accuracy: float | None, held_out: int) -> float | None:
    """The error in a hundred that goes with an accuracy in [0, 1] on so many images, a count of them; None without."""
    if accuracy is None or not held_out:
        return None
    return 100 * round((1 - accuracy) * held_out) / held_out


def root() -> Path:
    """The folder of all runs."""
    return home() / "runs"


def create(recipe: Recipe, data: Data | None = None, note: str = "", place: Path | None = None) -> Path:
    """A new run's folder, with its recipe and what is known of data, machine and versions.

    Args:
        recipe, data, note: of the run.
        place: the folder; None for one of its own among the user's runs, by the recipe's name and the time.

    Raises:
        CapsDrawError: it cannot be written, nothing of it is left then, nor is anything else touched that lies in
            `place`; or there is a run in `place`.
    """
    if place is not None and (place / CONFIG).exists():
        raise CapsDrawError(f"there is a run in '{place}' already: resume it, or choose another folder")
    about = {"title": recipe.title, "note": records.writable(note), "seed": recipe.seed, **circumstances.of_machine()}
    if data is not None:
        about |= circumstances.of_data(data)
    try:
        made = place is None or not place.exists()
        folder = _new_folder(recipe.name) if place is None else place
        folder.mkdir(parents=True, exist_ok=True)
        written = [path for path in (folder / CONFIG, folder / ABOUT) if not path.exists()]
        try:
            with replacing(folder / CONFIG, make_folder=False) as temporary:
                temporary.write_text(recipes.to_toml(recipe), encoding="utf-8")
            _write_about(folder, about)
        except OSError:
            if made:
                shutil.rmtree(folder, ignore_errors=True)
            for path in written:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
    except OSError as error:
        where = root() if place is None else place.parent
        raise CapsDrawError(
            f"cannot make a folder for the run in '{where}' ({error.strerror or error}): "
            "free some space, or set CAPSDRAW_HOME to another folder"
        ) from None
    return folder


def _new_folder(name: str) -> Path:
    """An empty folder for a run of a recipe of that name; `run_files` and the command line take what it is called."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:_LONGEST_STEM].strip("-.") or "run"
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    # A link to a disk that is not there is no folder, and yet "exists", whatever name is tried in it.
    if root().is_symlink() and not root().is_dir():
        raise FileNotFoundError(errno.ENOENT, "it is a link to a folder that is not there")
    root().mkdir(parents=True, exist_ok=True)
    attempt, folder = 1, root() / f"{stem}-{stamp}"
    while True:
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            attempt += 1
            folder = root() / f"{stem}-{stamp}-{attempt}"


def same_data(folder: Path, data: Data) -> Path:
    """The folder, if its run was begun with this data.

    Raises:
        CapsDrawError: it was begun with other images or labels: what it learnt would be mixed up; or no run there.
    """
    kept = _about(folder).data_sha256
    received = circumstances.of_data(data)["data_sha256"]
    _require(folder)  # now: it took a while until the data was read
    if kept is not None and kept != received:
        raise CapsDrawError(
            f"the data '{data.name}' is not what this run was started with: restore that data, or start a new run"
        )
    return folder


def describe(folder: Path, title: str | None = None, note: str | None = None) -> None:
    """Keep the user's words for a run, None for those that it has.

    What `read` gives may be cut: who has changed the one does not write the other.

    Raises:
        CapsDrawError: there is no run, or they cannot be written.
    """
    _require(folder)
    given = (("title", title), ("note", note))
    words = {name: records.writable(text) for name, text in given if text is not None}
    try:
        _write_about(folder, {**_all_about(folder), **words})
    except IsADirectoryError as error:  # its name is not the user's to choose
        raise CapsDrawError(f"cannot use '{folder / ABOUT}': {error.strerror}") from None
    except OSError as error:
        raise CapsDrawError(
            f"cannot write name and note into the run '{folder.name}': {refusal(error, saving=True)}"
        ) from None


def read(folder: Path) -> Run:
    """The run in `folder`; raises CapsDrawError where there is none."""
    config = _require(folder)
    recipe = recipes.load(str(config))
    about, begun = _about(folder), log.begun(folder)
    if begun is None:
        begun = config.stat().st_mtime
    state, message = _state(folder)
    return Run(
        folder, recipe, short(recipe.title if about.title is None else about.title), short(about.note, _LONGEST),
        state, tuple(log.read_rows(folder)), begun, message, tuple(short(str(label)) for label in about.labels),
        about.pictures, log.seconds(folder), _size(folder),
    )  # fmt: skip


def place_of(name: str) -> Path:
    """The folder of the run of that name or path, damaged or not; raises CapsDrawError where there is none."""
    inside = root() / name
    folder = inside if inside.is_dir() else expanded(name)
    if not (folder / CONFIG).exists():
        raise CapsDrawError(f"no run in '{name}': 'capsdraw runs list' says which are kept")
    return folder


def find(name: str) -> Run:
    """The run of that folder's name or path; raises CapsDrawError where there is none, or it cannot be read."""
    folder = place_of(name)
    try:
        return read(folder)
    except CapsDrawError as error:
        raise CapsDrawError(f"run '{folder.name or name}': {error}") from None


def list_runs() -> list[Run]:
    """All runs, the newest first; a folder that holds none, or none that can be read, is left out."""
    return survey()[0]


def survey() -> tuple[list[Run], list[str]]:
    """All runs, the newest first, and of each that cannot be read one line that says why."""
    found, faults = [], []
    for folder in sorted(root().glob("*/")) if root().is_dir() else []:
        try:
            if (folder / CONFIG).exists():
                found.append(read(folder))
        except Exception as error:  # one broken folder must not hide the others
            faults.append(f"run '{folder.name}': {first_line(error)}")
    return sorted(found, key=lambda run: run.begun, reverse=True), faults


def extended(folder: Path, more: int) -> Recipe:
    """The recipe of the run in `folder` with `more` epochs; the run takes it when it is gone on with.

    With a constant or exponential learning rate the longer run equals one that was begun for
    that many epochs; a cosine, which has come to its end, starts anew.

    Raises:
        CapsDrawError: too many epochs, or no run there.
    """
    recipe = read(folder).recipe
    restarts = (*recipe.restarts, recipe.epochs) if recipe.schedule == "cosine" else recipe.restarts
    longer = replace(recipe, epochs=recipe.epochs + more, restarts=restarts)
    for entry, reason in problems(longer).items():
        raise CapsDrawError(f"cannot add {more} epochs: {entry} {reason}")
    return longer


def delete(folder: Path) -> None:
    """Delete a run for good, with its folder; of a link to one, the link.

    Raises:
        CapsDrawError: there is none, a fit is under way there, something lies there that no run writes, or a file
            cannot be deleted: what could be, is gone.
    """
    files = require_deletable(folder)
    try:
        if folder.is_symlink():
            folder.unlink()
            return
        # Without its recipe it would be no run: that goes last.
        for path in sorted(files, key=lambda path: path.name == CONFIG):
            path.unlink()
        folder.rmdir()
    except OSError as error:
        raise CapsDrawError(f"cannot delete all of '{folder}' ({error.strerror or error}): delete it by hand") from None


def require_deletable(folder: Path) -> list[Path]:
    """The files of a run that may be deleted, none of a link to one: the user's own are not deleted with it.

    Raises:
        CapsDrawError: there is none, a fit is under way there, or something lies there that no run writes.
    """
    _require(folder)
    if lock.held(folder):
        raise CapsDrawError(f"the run in '{folder}' is being trained: stop it first")
    if folder.is_symlink():
        return []
    try:
        files = list(folder.iterdir())
    except OSError as error:
        raise CapsDrawError(f"cannot look into '{folder}' ({error.strerror or error}): delete it by hand") from None
    for path in files:
        if not _OWN.fullmatch(path.name) or (path.is_dir() and not path.is_symlink()):
            raise CapsDrawError(f"'{folder.name}' also holds '{path.name}', which is no run's: move it first")
    return files


def _require(folder: Path) -> Path:
    """The recipe of the run in `folder`; raises CapsDrawError where there is none."""
    config = folder / CONFIG
    if not config.exists():
        raise CapsDrawError(f"no run in '{folder}': it has no {CONFIG}")
    return config


def _state(folder: Path) -> tuple[RunState, str]:
    """From the lock, and the last start or end on record: what the run does now, and why it failed."""
    if lock.held(folder):
        last = log.last_event(folder, "Started", "Paused", "Resumed")
        return PAUSED if last is not None and last["event"] == "Paused" else RUNNING, ""
    last = log.last_event(folder, "Started", "Ended")
    if last is None or last["event"] == "Started":
        return INTERRUPTED, ""
    try:
        end = records.convert(last, _End, log.EVENTS)
    except CapsDrawError:  # of a newer version, or damaged
        return INTERRUPTED, ""
    return INTERRUPTED if end.how in (RUNNING, PAUSED) else end.how, short(end.message, _LONGEST)


def _size(folder: Path) -> int:
    """Bytes of all files in a run's folder; one that goes meanwhile is none."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += 0 if path.is_symlink() or path.is_dir() else path.stat().st_size
    return total


def _about(folder: Path) -> _About:
    """What is known of a run; what of it is damaged is not known: its recipe, log and models are what counts."""
    document, entries = _all_about(folder), {}
    for name in {field.name for field in fields(_About)} & set(document):
        with suppress(CapsDrawError):
            entries[name] = getattr(records.convert({name: document[name]}, _About, ABOUT), name)
    return _About(**entries)


def _all_about(folder: Path) -> dict[str, Any]:
    try:
        return records.read_json(folder / ABOUT, dict[str, Any])
    except CapsDrawError:
        return {}


def _write_about(folder: Path, about: dict[str, Any]) -> None:
    with replacing(folder / ABOUT, make_folder=False) as temporary:
        temporary.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
