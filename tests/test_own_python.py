"""The app's own processes run nothing that lies in the current folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from capsdraw import own_python


def test_a_folder_s_own_modules_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("numpy", "keras", "tensorflow", "capsdraw", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    said = subprocess.run(
        own_python.command("capsdraw.nets.lighten", "no-such-model"), env=own_python.environment(),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "unknown model 'no-such-model'" in said.stderr
    assert not (tmp_path / "ran").exists()
    # Python's own way would have.
    subprocess.run([sys.executable, "-m", "numpy"], timeout=60, check=False)
    assert (tmp_path / "ran").exists()
