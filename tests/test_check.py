"""One command checks all: it and the machine that checks each change must not differ."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import check

ROOT = Path(__file__).parents[1]


def test_what_is_checked_of_each_change_is_what_the_one_command_checks() -> None:
    checked = re.findall(r"^\$bin/((?:ruff|mypy|lint-imports).*)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert [" ".join(command) for command in check.QUICK] == checked


def test_the_first_check_that_fails_ends_it_and_gives_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        check, "QUICK", (("pytest", "--version"), ("pytest", "no-such-file", "-n", "0"), ("mypy", "--version"))
    )
    ran: list[list[str]] = []
    run = subprocess.run

    def noted(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        ran.append(command[2:4])
        return run(command, capture_output=True)

    monkeypatch.setattr(check.subprocess, "run", noted)
    assert check.main(["--quick"]) == 4  # pytest: wrong use
    assert ran == [["pytest", "--version"], ["pytest", "no-such-file"]]


def test_tests_are_run_last_with_what_was_asked_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "QUICK", ())
    ran: list[list[str]] = []

    def noted(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(check.subprocess, "run", noted)
    assert check.main(["tests/ink", "-x"]) == 0
    assert ran == [[sys.executable, "-m", "pytest", "tests/ink", "-x"]]
