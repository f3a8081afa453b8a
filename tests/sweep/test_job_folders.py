"""Jobs for any launcher: a folder each, with all that another machine needs."""

import os
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit.run_files import JOB
from capsdraw.sweep import job_folders

from .conftest import Write, begun


def test_each_fit_has_its_folder_and_comes_back_as_it_was(write: Write, tmp_path: Path, digits: Path) -> None:
    sweep = begun(write("seed = [1, 2, 3]"))
    job_folders.write(sweep, tmp_path / "jobs")
    assert {path.name for path in (tmp_path / "jobs").iterdir()} == {"1", "2", "3", "README.txt", "slurm.sh"}
    assert [asdict(job_folders.read(tmp_path / "jobs" / number)) for number in "123"] == list(map(asdict, sweep.fits))
    words = (tmp_path / "jobs" / "README.txt").read_text()
    assert f"{digits}: a path, which each machine needs" in words
    assert "#SBATCH --array=1-3\n" in (tmp_path / "jobs" / "slurm.sh").read_text()


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_example_for_slurm_is_a_script_that_names_its_job(write: Write, tmp_path: Path) -> None:
    job_folders.write(begun(write()), tmp_path / "jobs")
    (tmp_path / "capsdraw").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "capsdraw").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SLURM_SUBMIT_DIR": "/jobs", "SLURM_ARRAY_TASK_ID": "2"}
    said = subprocess.run(
        ["bash", str(tmp_path / "jobs" / "slurm.sh")], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "run-job /jobs/2\n"


def test_jobs_are_not_written_over_anything(write: Write, tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "mine").touch()
    with pytest.raises(CapsDrawError, match="is not empty"):
        job_folders.write(begun(write()), tmp_path / "jobs")


def test_a_job_that_leads_elsewhere_or_is_none_is_refused(write: Write, tmp_path: Path) -> None:
    sweep = begun(write())
    evil = replace(sweep, fits=(replace(sweep.fits[0], run="../../elsewhere"),))
    job_folders.write(evil, tmp_path / "jobs")
    with pytest.raises(CapsDrawError, match="run: expected a folder's name"):
        job_folders.read(tmp_path / "jobs" / "1")
    (tmp_path / "jobs" / "1" / JOB).write_text('{"run": "x"}')
    with pytest.raises(CapsDrawError, match="is missing"):
        job_folders.read(tmp_path / "jobs" / "1")
    with pytest.raises(CapsDrawError, match="no job in"):
        job_folders.read(tmp_path / "jobs" / "7")
