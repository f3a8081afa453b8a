"""A folder of jobs: each is one fit of a sweep, which any launcher can have done, on any machine, in any order."""

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Final

from capsdraw import records
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.fit.run_files import JOB
from capsdraw.formatting import many
from capsdraw.paths import replacing
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_folder import BegunSweep, require_fit

_SLURM: Final = """#!/bin/bash
# An array of jobs, one for each fit:  cd {folder} && sbatch slurm.sh
# Partition, account and time are your cluster's; CapsDraw is to be installed on its nodes.
#SBATCH --job-name={name}
#SBATCH --array=1-{count}
#SBATCH --cpus-per-task={threads}
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@60
#SBATCH --requeue

# Slurm runs a copy of this file: the jobs lie where it was submitted. exec, so that its signal reaches the fit.
exec capsdraw run-job "$SLURM_SUBMIT_DIR/$SLURM_ARRAY_TASK_ID"
"""

_README: Final = """The sweep "{title}": {fits}, a folder each.

  capsdraw run-job DIR/1       trains the first; its run folder lies beside its job.json then
  capsdraw runs import DIR     takes all runs that are finished, from all folders, among yours

Any launcher may run the jobs, on any machine that can read and write its folder, in any order. A job that was
stopped or killed goes on from its last whole epoch when it is run again, one that is done does nothing, and one
that is running elsewhere is refused. Every fit computes in {threads}: the last digits of a net depend on their number.
slurm.sh is an example for Slurm. On thirty laptops: give each some of the folders, and bring them together again.

Data: {data}
"""


def write(sweep: BegunSweep, folder: Path) -> None:
    """Write a folder for each fit, from 1 on, and beside them README.txt and an example for Slurm.

    Raises:
        CapsDrawError: there is something in `folder`, or it cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CapsDrawError(f"'{folder}' is not empty: name a new folder for the jobs")
        for number, fit in enumerate(sweep.fits, start=1):
            with replacing(folder / str(number) / JOB) as temporary:
                temporary.write_text(json.dumps(asdict(fit), indent=2) + "\n", encoding="utf-8")
        threads = sweep.fits[0].threads
        words = {
            "README.txt": _README.format(
                title=sweep.title, fits=many(len(sweep.fits), "fit"), threads=many(threads, "thread"),
                data=_of_data(sweep),
            ),
            "slurm.sh": _SLURM.format(
                folder=shlex.quote(folder.name), name=sweep.name, count=len(sweep.fits), threads=threads
            ),
        }  # fmt: skip
        for name, text in words.items():
            with replacing(folder / name) as temporary:
                temporary.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CapsDrawError(f"cannot write the jobs into '{folder}': {refusal(error, saving=True)}") from None


def read(folder: Path) -> PlannedFit:
    """The fit of a job's folder; raises CapsDrawError where it is none."""
    try:
        fit = records.read_json(folder / JOB, PlannedFit, "job") if folder.is_dir() else None
    except records.MissingFileError:
        fit = None
    if fit is None:
        raise CapsDrawError(
            f"no job in '{folder}': it has no {JOB}; name one that 'capsdraw sweep --write-jobs DIR' wrote, as DIR/1"
        )
    return require_fit(fit, JOB)


def place_in(folder: Path, fit: PlannedFit) -> Path:
    """The run's folder in that of its job."""
    return folder / fit.run


def paths_of_data(sweep: BegunSweep) -> list[str]:
    """The data that are files or folders of this machine, which other machines need at the same place."""
    return sorted({data for fit in sweep.fits if Path(data := fit.recipe.data).is_absolute()})


def _of_data(sweep: BegunSweep) -> str:
    paths = paths_of_data(sweep)
    named = sorted({fit.recipe.data for fit in sweep.fits} - set(paths))
    lines = [f"{', '.join(named)}: found on each machine by name, or fetched once."] if named else []
    lines += [f"{path}: a path, which each machine needs at the same place." for path in paths]
    return "\n      ".join(lines)
