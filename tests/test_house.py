"""The house's own rules: files and functions that one can read at a glance, and one name for one thing."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
FILES = [
    HERE / "check.py",
    HERE / "run.py",
    *sorted(path for room in ("capsdraw", "training", "tests") for path in (HERE / room).rglob("*.py")),
]
ROOMS = [path for path in FILES if path.relative_to(HERE).parts[0] in ("capsdraw", "training")]

MAX_LINES = 400
MAX_FUNCTION_LINES = 60

# Each room that does such a thing has a module of that name, and is read beside its sisters: a tab of the window and
# what it asks, files that are saved, curves that are drawn, robustness as it is measured and as an experiment. The
# rest are names that Python and pytest give.
REPEATED = {"tab", "asking", "export", "plots", "robustness", "__init__", "__main__", "conftest"}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def repeated(places: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: paths for name, paths in places.items() if len(paths) > 1}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_file_and_its_functions_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert not {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES}


def test_no_two_public_classes_share_a_name() -> None:
    places = defaultdict(list)
    for path in ROOMS:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(HERE)))
    assert not repeated(places)


def test_no_two_modules_share_a_name_but_those_of_one_pattern() -> None:
    places = defaultdict(list)
    for path in ROOMS:
        places[path.stem].append(str(path.relative_to(HERE)))
    assert not {name: paths for name, paths in repeated(places).items() if name not in REPEATED}
