"""A sweep that was begun: its folder holds its file and the list of its fits; all else stands in their run folders."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit import runs
from capsdraw.paths import home, replacing
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_file import MOST_FITS, EarlyStopping, SweepPlan, require_name

FILE, FITS = "sweep.toml", "fits.json"
# Bytes of the list: those of a thousand fits are two million.
_MOST_BYTES: Final = 1 << 24


@dataclass(frozen=True, kw_only=True)
class BegunSweep:
    """A sweep as its folder keeps it.

    Attributes:
        name, title: of it.
        fits: all of them, in order.
        budget_minutes, early_stopping: as `SweepPlan` has them.
    """

    name: str
    title: str
    fits: tuple[PlannedFit, ...]
    budget_minutes: float = 0.0
    early_stopping: EarlyStopping | None = None

    @classmethod
    def of(cls, plan: SweepPlan, fits: tuple[PlannedFit, ...]) -> "BegunSweep":
        """The sweep of a plan and its fits, with no folder yet."""
        return cls(
            name=plan.name, title=plan.title, fits=fits, budget_minutes=plan.budget_minutes,
            early_stopping=plan.early_stopping,
        )  # fmt: skip

    @property
    def fields(self) -> list[str]:
        """That differ between its fits, by the names in its file."""
        return list(dict.fromkeys(name for fit in self.fits for name in fit.values))

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return root() / self.name


def root() -> Path:
    """The folder of all sweeps."""
    return home() / "sweeps"


def place_of(fit: PlannedFit) -> Path:
    """The folder of a fit's run, which is a run as any other."""
    return runs.root() / fit.run


def names() -> list[str]:
    """Of the sweeps that were begun."""
    return sorted(path.parent.name for path in root().glob(f"*/{FITS}"))


def exists(name: str) -> bool:
    """Whether a sweep of that name was begun."""
    return (root() / require_name(name) / FITS).is_file()


def keep(sweep: BegunSweep, text: str = "") -> None:
    """Write a sweep's folder; the list of one of the same name is replaced, its fits' runs stay.

    Args:
        sweep: to keep; text: of its file, for people; "" where there is none.

    Raises:
        CapsDrawError: it cannot be written.
    """
    try:
        if text:
            with replacing(sweep.folder / FILE) as temporary:
                temporary.write_text(text, encoding="utf-8")
        with replacing(sweep.folder / FITS) as temporary:
            temporary.write_text(json.dumps(asdict(sweep), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CapsDrawError(
            f"cannot write the sweep's folder '{sweep.folder}' ({error.strerror or error}): free some space, or set "
            "CAPSDRAW_HOME to another folder"
        ) from None


def load(name: str) -> BegunSweep:
    """The sweep of that name that was begun; raises CapsDrawError where there is none, or its list is damaged."""
    path = root() / require_name(name) / FITS
    try:
        sweep = records.read_json(path, BegunSweep, "sweep's list", _MOST_BYTES)
    except records.MissingFileError:
        begun = f"those that were begun are {', '.join(names())}" if names() else "none was begun"
        raise CapsDrawError(f"no sweep '{name}' to resume: {begun}") from None
    except CapsDrawError as error:
        file = path.with_name(FILE)
        advice = f"'capsdraw sweep {file} --resume' makes it anew" if file.is_file() else "delete its folder"
        raise CapsDrawError(f"sweep '{name}': {error}; {advice}") from None
    if not 1 <= len(sweep.fits) <= MOST_FITS:
        raise records.wrong(FITS, "sweep's list", "fits", f"1 to {MOST_FITS:,}", len(sweep.fits))
    for fit in sweep.fits:
        require_fit(fit, FITS)
    return sweep


def require_fit(fit: PlannedFit, file: str) -> PlannedFit:
    """The fit, if its run's name is a folder's and its entries are a recipe's; else CapsDrawError."""
    name = fit.run
    if not name or len(name) > 80 or name.startswith(".") or set(name) & set('/\\:*?"<>|\0'):
        raise records.wrong(file, "sweep's list", "run", "a folder's name", name)
    if not 1 <= fit.threads <= 256:
        raise records.wrong(file, "sweep's list", "threads", "1 to 256", fit.threads)
    _ = fit.recipe
    return fit
