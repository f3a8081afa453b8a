"""Runs as files of their own: written out of the folder of all runs, and taken in from elsewhere. No Keras here.

What comes from elsewhere is read by the same typed readers as a run of one's own, and copied file by file, by names
that a run has and no others: nothing of it is executed, no link is followed, and no path leads out of its folder.
"""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from capsdraw import archives, records
from capsdraw.errors import CapsDrawError, first_line, refusal
from capsdraw.fit import lock, log, recipes, runs
from capsdraw.paths import require_place, saving, whole

# The files that a run is made of, and the bytes that each may have.
_MODEL: Final = 1 << 30
_LIMITS: Final = (
    (re.compile(r"config\.toml"), records.MOST_TOML_BYTES),
    (re.compile(r"run\.json"), records.MOST_BYTES),
    (re.compile(r"log\.csv"), 1 << 22),
    (re.compile(r"events\.jsonl"), 1 << 27),
    (re.compile(r"(model|last)\.keras"), _MODEL),
    (re.compile(r"cycle-\d{4,5}\.npz"), _MODEL),
)
# What lies beside the run of a job (`sweep.job_folders`).
JOB: Final = "job.json"
# What marks a run that is being copied: no listing takes it for one, for its recipe lies deeper.
_COMING: Final = ".coming-"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}")
# Folders within each other that are looked through for runs: a folder of jobs has a run in each job's.
_DEEP: Final = 2
_MOST_FOLDERS: Final = 20_000
_ENDING: Final = ".zip"


@dataclass(frozen=True)
class Brought:
    """What came of taking runs in.

    Attributes:
        new: folders of those that were taken in; there: names of those that were here already, the same to the bit.
        left_out: of what could not be taken, its path or name, and why.
    """

    new: tuple[Path, ...] = ()
    there: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def export(kept: Sequence[runs.Run], target: Path) -> None:
    """Write runs into one ZIP file, or as folders into a folder, by whether `target` ends in .zip.

    Raises:
        CapsDrawError: one is being trained, is there already, has another one's name or one that `bring` does not take,
            or cannot be written.
    """
    _require_names([run.folder.name for run in kept])
    busy = next((run for run in kept if run.under_way), None)
    if busy is not None:
        raise CapsDrawError(f"the run '{busy.folder.name}' is being trained: stop it first")
    if target.suffix.lower() == _ENDING:
        require_place(target)
        with (
            saving(target, _ENDING) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive,  # models are packed already
        ):
            for run in kept:
                for path in _files(run.folder):
                    archive.write(path, f"{run.folder.name}/{path.name}")
        return
    taken = next((run.folder.name for run in kept if (target / run.folder.name).exists()), None)
    if taken is not None:
        raise CapsDrawError(f"'{target / taken}' is there already: choose another folder")
    try:
        for run in kept:
            _copy(run.folder, target / run.folder.name)
    except OSError as error:
        raise CapsDrawError(f"cannot write into '{target}': {refusal(error, saving=True)}") from None


def _require_names(names: list[str]) -> None:
    """What is written out can be taken in again: each name once, and a run's; else CapsDrawError."""
    for name in names:
        if names.count(name) > 1:
            raise CapsDrawError(f"two of the runs are called '{name}': write them out one by one, or rename a folder")
        if not _NAME.fullmatch(name):
            raise CapsDrawError(
                f"the run '{name}' could not be taken in again: rename its folder, to at most 80 letters without "
                "accents, digits, dots and dashes, the first one no dot or dash"
            )


def bring(paths: Sequence[Path]) -> Brought:
    """Take runs in: run folders, folders with some in them (of jobs, say), ZIP files as `export` wrote them.

    A run that is here already is left as it is, whatever came. One that is no whole run is left out.

    Raises:
        CapsDrawError: there is no run in one of the paths, or nothing can be written here.
    """
    new: list[Path] = []
    there: list[str] = []
    left_out: list[str] = []
    for path in paths:
        with _unpacked(path) as folder:
            found = list(_runs_in(folder))
            if not found:
                raise CapsDrawError(
                    f"no run in '{path}': expected a run's folder, one with some in it, or a .zip of some"
                )
            for place in found:
                name = place.name if place != folder else whole(path).name
                try:
                    taken = _take(place, name)
                except CapsDrawError as error:
                    left_out.append(f"'{name}': {error}")
                    continue
                if taken is None:
                    there.append(name)
                else:
                    new.append(taken)
    return Brought(tuple(new), tuple(there), tuple(left_out))


def _take(place: Path, name: str) -> Path | None:
    """A run's folder here, copied; None where the same run is here already.

    Raises:
        CapsDrawError: it is no whole run, is being trained, or another one here has its name.
    """
    if not _NAME.fullmatch(name):
        raise CapsDrawError("its name is no run's: letters, digits, dots and dashes only")
    if lock.held(place):
        raise CapsDrawError("it is being trained: wait until that is done")
    _require_run(place)
    if (place.parent / JOB).is_file() and runs.read(place).can_resume:
        raise CapsDrawError("its job is not done yet: run it to its end")
    target = runs.root() / name
    if target.exists():
        if _same(place, target):
            return None
        raise CapsDrawError("another run of that name is here: delete or rename that one first")
    coming = runs.root() / f"{_COMING}{name}"
    try:
        shutil.rmtree(coming, ignore_errors=True)  # of an import that was killed
        _copy(place, coming / name)
        (coming / name).rename(target)
    except OSError as error:
        raise CapsDrawError(f"cannot be written: {refusal(error, saving=True)}") from None
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return target


def _require_run(place: Path) -> None:
    """A folder holds a run that was begun, each file of a size that a run's may have; else CapsDrawError."""
    recipes.load(str(place / runs.CONFIG))
    if not log.read_rows(place):
        raise CapsDrawError("it has no whole epoch yet")
    for path in _files(place):
        if path.stat().st_size > limit_of(path.name):
            raise CapsDrawError(f"its '{path.name}' is larger than any run's")


def _files(folder: Path) -> list[Path]:
    """The files of a run, links left out, and whatever else lies there."""
    return sorted(
        path for path in folder.iterdir() if limit_of(path.name) and path.is_file() and not path.is_symlink()
    )  # fmt: skip


def limit_of(name: str) -> int:
    """Bytes that a file of that name may have in a run; 0 where no run has such a file."""
    return next((most for pattern, most in _LIMITS if pattern.fullmatch(name)), 0)


def _copy(folder: Path, target: Path) -> None:
    """The recipe comes last: without it, it is no run."""
    target.mkdir(parents=True)
    for path in sorted(_files(folder), key=lambda path: path.name == runs.CONFIG):
        shutil.copyfile(path, target / path.name)


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same run: its recipe, and the figures of its epochs."""
    return all(_text(one / name) == _text(other / name) for name in (runs.CONFIG, log.LOG))


def _text(path: Path) -> bytes:
    try:
        return records.read_bytes(path, most=1 << 22)
    except CapsDrawError:
        return b""


def _runs_in(folder: Path) -> Iterator[Path]:
    """The run folders at and below a folder, links left out."""
    level, looked = [folder], 0
    for _ in range(_DEEP + 1):
        below: list[Path] = []
        for place in level:
            if (place / runs.CONFIG).is_file():
                yield place
                continue
            looked += 1
            if looked > _MOST_FOLDERS:
                raise CapsDrawError(f"'{folder}' has more than {_MOST_FOLDERS:,} folders: name the one with the runs")
            with os.scandir(place) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            below += [place / name for name in sorted(names, key=_numbered) if not name.startswith(".")]
        level = below


def _numbered(name: str) -> tuple[int, str]:
    return (int(name) if name.isdecimal() and len(name) < 10 else 0, name)


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The folder itself, or one with what a ZIP file holds, while it is looked through.

    Raises:
        CapsDrawError: there is nothing, or a ZIP file with something else in it than runs.
    """
    if path.is_dir():
        yield path
        return
    with archives.opened(path, "runs") as archive, TemporaryDirectory(prefix="capsdraw-", dir=_disk()) as temporary:
        members = archive.infolist()
        if sum(member.file_size for member in members) > archives.most(path.stat().st_size):
            raise CapsDrawError(f"cannot read '{path.name}': it claims to hold more than a file of its size can")
        for member in members:
            run, slash, name = member.filename.partition("/")
            # Other programs that pack a folder have an entry for the folder itself.
            if slash and not name and not member.file_size:
                continue
            if not (slash and _NAME.fullmatch(run) and member.file_size <= limit_of(name)):
                raise CapsDrawError(
                    records.one_line(f"cannot read '{path.name}': it holds '{member.filename[:60]}', which no run has")
                )
            place = Path(temporary) / run
            place.mkdir(exist_ok=True)
            try:
                with archive.open(member) as source, (place / name).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
            except OSError as error:
                raise CapsDrawError(f"cannot unpack '{path.name}': {refusal(error, saving=True)}") from None
            except Exception as error:  # a broken archive ends in any of a dozen
                raise CapsDrawError(f"cannot read '{path.name}': it is damaged: {first_line(error)}") from None
        yield Path(temporary)


def _disk() -> Path:
    """Where there is room for runs: on the disk that they come to."""
    runs.root().mkdir(parents=True, exist_ok=True)
    return runs.root()
