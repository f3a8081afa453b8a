"""All checks in one command: `python check.py`. Formatting, lint, types, import contracts, then tests.

Stops at the first check that fails, the quick ones first. Further arguments go to pytest and choose the tests:
`python check.py tests/ink -x`; `python check.py --quick` runs none.
"""

import subprocess
import sys
from collections.abc import Sequence

QUICK = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)
# Import Linter cannot be run by `python -m`: this is what its script calls.
_AS_CODE = {"lint-imports": "from importlinter.cli import lint_imports_command; lint_imports_command()"}


def main(arguments: Sequence[str]) -> int:
    """Run the checks; returns the exit status of the first that fails, else 0."""
    commands = [_command(tool, *options) for tool, *options in QUICK]
    if "--quick" not in arguments:
        commands.append(_command("pytest", *arguments))
    for command in commands:
        print("+", " ".join(command[1:]), flush=True)
        status = subprocess.run(command).returncode
        if status:
            return status
    return 0


def _command(tool: str, *options: str) -> list[str]:
    """The command that runs a tool of this environment, whichever `python` that is."""
    if tool in _AS_CODE:
        return [sys.executable, "-c", _AS_CODE[tool], *options]
    return [sys.executable, "-m", tool, *options]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
