"""Where files live: bundled resources, the user's folder, the data folder."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from capsdraw.errors import CapsDrawError, refusal

PACKAGE = Path(__file__).resolve().parent
# What in the environment names the folder of data sets.
DATA_FOLDER = "CAPSDRAW_DATA"

# What the names of temporary files begin with; eight characters and the ending follow.
_BESIDE = ".capsdraw-"
# Those that are being written now.
_under_way: set[Path] = set()


def resource(name: str) -> Path:
    """Folder `name` ("assets", "trained", "recipes") that travels with the app.

    An installed wheel holds them inside the package; a checkout has them at its
    top level ("recipes" under `training`).
    """
    inside = PACKAGE / name
    if inside.is_dir():
        return inside
    top = PACKAGE.parent
    return top / "training" / "recipes" if name == "recipes" else top / name


def home() -> Path:
    """The user's models, runs, drawings and settings: `CAPSDRAW_HOME`, else the platform's place.

    Raises:
        CapsDrawError: the system knows of no folder that is the user's.
    """
    named = os.environ.get("CAPSDRAW_HOME")
    return expanded(named) if named else _place("data")


def cache() -> Path:
    """What can be made again: in the user's folder where `CAPSDRAW_HOME` names one, else the platform's place."""
    if os.environ.get("CAPSDRAW_HOME"):
        return home() / "cache"
    return _place("cache")


def _place(kind: str) -> Path:
    """A folder of the platform's, if there is one: a user without a home, or without an entry, has none."""
    import platformdirs

    find = platformdirs.user_data_path if kind == "data" else platformdirs.user_cache_path
    try:
        path = find("capsdraw", appauthor=False)
    except (RuntimeError, KeyError):
        path = Path("~")
    if not path.is_absolute():
        raise CapsDrawError("this user has no home folder: set CAPSDRAW_HOME to a folder where models and runs can lie")
    return path


def data_folder() -> Path | None:
    """The folder that `CAPSDRAW_DATA` names, looked into first for data sets; None when unset."""
    named = os.environ.get(DATA_FOLDER)
    return expanded(named) if named else None


def expanded(path: str | Path) -> Path:
    """The path with the home that a `~` at its beginning stands for; as it is where that is nobody's."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def whole(path: str | Path) -> Path:
    """The path from the root on, links followed; what leads to itself stays as it is, where `resolve` raises."""
    return Path(os.path.realpath(path))


@contextmanager
def replacing(target: Path, make_folder: bool = True) -> Iterator[Path]:
    """A temporary path beside `target` that takes its place when the block ends well.

    Its folder is made where there is none, or, without `make_folder`, FileNotFoundError raised.

    A reader sees the old file or the new one, never a half-written one; when the
    block raises, the old file stays and the temporary one is removed.
    """
    import tempfile

    # A link that leads to itself is replaced like any file.
    target = whole(target)
    if make_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode if target.exists() else 0o644
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=_BESIDE, suffix=target.suffix)
        os.close(handle)
        temporary = Path(name)
        _under_way.add(temporary)
        yield temporary
        temporary.chmod(mode)
        _settle(temporary)
        _replace(temporary, target)
        _settle(target.parent)
    except OSError as error:
        _name(error, target)
        raise
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
            _under_way.discard(temporary)


def forsake() -> None:
    """Remove what `replacing` is writing: the process ends, and nobody will bring it to its end."""
    for temporary in list(_under_way):
        with suppress(OSError):
            temporary.unlink()


def sweep(folder: Path, *endings: str) -> None:
    """Remove what `replacing` left in `folder` where its process was killed, of files with these endings.

    Only for one who knows that nobody else replaces such files there now.
    """
    for ending in endings:
        for path in folder.glob(f"{_BESIDE}{'[a-z0-9_]' * 8}{ending}"):
            path.unlink(missing_ok=True)


@contextmanager
def saving(target: Path, ending: str) -> Iterator[Path]:
    """As `replacing`, for a file that the user named; `ending` is what its name must end in, ".png" say.

    Raises:
        CapsDrawError: another ending, or it cannot be written; one line that names the file.
    """
    require_ending(target, ending)
    try:
        with replacing(target) as temporary:
            yield temporary
    except OSError as error:
        raise _unsaved(target, error) from None


def require_place(target: Path) -> None:
    """A file can be made where `target` is to be, asked before long work for it; its folder is made.

    Raises:
        CapsDrawError: as `saving` would.
    """
    import tempfile

    try:
        folder = whole(target).parent
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=_BESIDE):
            pass
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    except OSError as error:
        raise _unsaved(target, error) from None


def require_ending(target: Path, ending: str) -> None:
    """What is to be saved has the ending of its kind; else CapsDrawError."""
    if target.suffix.lower() != ending:
        raise CapsDrawError(f"cannot save '{target.name}': its name must end in {ending}")


def require_other(target: Path, read: Path, what: str) -> None:
    """What is to be saved takes the place of no file that is read, nor of one in a folder that is.

    Raises:
        CapsDrawError: it would; `what` that file is, for the message.
    """
    # As `Path.exists`, which raises where a name is too long for the system.
    if not (os.path.exists(target) and os.path.exists(read)):  # noqa: PTH110
        return
    inside = whole(read) in whole(target).parents
    if inside or target.samefile(read):
        raise CapsDrawError(f"cannot save '{target.name}': {what}")


def _unsaved(target: Path, error: OSError) -> CapsDrawError:
    return CapsDrawError(f"cannot save '{target.name}': {refusal(error, saving=True)}")


def _name(error: OSError, target: Path) -> None:
    """Have the error name the user's file, not the temporary one, nor none, as where the disk is full."""
    name = error.filename
    is_the_users = isinstance(name, str | bytes) and not Path(os.fsdecode(name)).name.startswith(_BESIDE)
    if error.errno is not None and not is_the_users:
        error.filename, error.filename2 = str(target), None


def _settle(path: Path) -> None:
    """Have a file, or a folder's list of files, on the disk itself: a power cut may come."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(temporary: Path, target: Path) -> None:
    """Windows refuses while somebody reads the old file: that is soon over."""
    for _ in range(20):
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if os.name == "posix":
                raise
            time.sleep(0.05)
    temporary.replace(target)
