"""Some hundred random actions on the real window; `monkey.py` says how thousands are done."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_random_actions_break_nothing() -> None:
    """In a process of its own, as users have it: what other tests leave in memory makes Python's collector slow.

    What hangs is for the long form on a quiet machine to find; here a second and a half of processor time is.
    """
    monkey = Path(__file__).with_name("monkey.py")
    command = [sys.executable, str(monkey), "--seeds", "11", "--actions", "400", "--minutes", "1", "--hang", "1.5"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr + result.stdout
    done = re.search(r"seed 11: (\d+) actions", result.stdout)
    assert done is not None
    assert int(done[1]) > 20
