"""Files with something wrong in them, small ones that claim to be large, and those that want something done.

What is here is quick, or marked slow; README.md says how to run thousands.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError

from .bombs import BOMBS
from .bombs_of_data import BOMBS_OF_DATA
from .fuzz import HERE, all_kinds, in_a_process
from .malicious import MODELS, OTHERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited in another way there")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, kind in all_kinds().items() if not kind.keras])
def test_a_damaged_file_is_one_line_and_nothing_else(name: str, tmp_path: Path) -> None:
    assert in_a_process(name, 2, 60, tmp_path)["faults"] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, kind in all_kinds().items() if kind.keras])
def test_a_damaged_model_is_one_line_and_nothing_else(name: str, tmp_path: Path) -> None:
    assert in_a_process(name, 2, 60, tmp_path)["faults"] == []


BOMB = """
import json, sys, time
from pathlib import Path
from tests.faults.bombs import BOMBS
from tests.faults.bombs_of_data import BOMBS_OF_DATA
from tests.faults.guarded import limit_memory, peak, quietly
from PIL import Image
import numpy, h5py, resource, scipy.io
folder = Path(sys.argv[2])
limit_memory()
begun = time.process_time()
said = quietly(lambda: {**BOMBS, **BOMBS_OF_DATA}[sys.argv[1]](folder))
print(json.dumps([said, peak(), time.process_time() - begun]))
"""


def run(script: str, home: Path, *arguments: str) -> object:
    environment = {**os.environ, "CAPSDRAW_HOME": str(home), "TMPDIR": str(home)}
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BOMBS, *BOMBS_OF_DATA])
def test_a_bomb_takes_neither_memory_nor_time(name: str, tmp_path: Path) -> None:
    said, peak, seconds = run(BOMB, tmp_path, name, str(tmp_path))  # type: ignore[misc]
    assert peak < 1 << 30
    assert seconds < 10
    assert "memory is free" not in said
    assert "enough memory" not in said
    assert len(said.splitlines()) <= 1
    # Of logs and events what can be read is read; class names are text, and read as far as sizes allow.
    assert said or name.startswith(("log", "events", "npz of class names"))


@pytest.mark.parametrize("name", [
    "hdf5 of a large chunk", "hdf5 of a chunk that lies", "mat of many cells", "mat of a cell without end",
    "csv in a zip", "parquet of one picture", "npy that claims",
])  # fmt: skip
def test_what_says_itself_how_large_it_becomes_is_refused_at_once(name: str, tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError) as refused:
        BOMBS_OF_DATA[name](tmp_path)
    assert "memory" not in str(refused.value)


MALICIOUS = """
import json, sys
from pathlib import Path
from tests.faults import malicious
from tests.faults.guarded import watched
folder = Path(sys.argv[1])
record = watched(folder)
print(json.dumps([malicious.all_of_them(folder), record, sorted(path.name for path in Path.cwd().glob("harmed*"))]))
"""


def test_what_files_want_done_is_not_done(tmp_path: Path) -> None:
    """Audited by Python itself: nothing was started, unpickled, asked of the network, or written outside."""
    said, record, harmed = run(MALICIOUS, tmp_path, str(tmp_path))  # type: ignore[misc]
    assert record == []
    assert harmed == []
    assert set(said) == set(MODELS) | set(OTHERS)
    for name, line in said.items():
        assert line, f"{name} was read"
        assert len(line.splitlines()) == 1


def test_the_audit_hears_of_what_it_is_to_hear(tmp_path: Path) -> None:
    script = (
        "import json, os, pickle, subprocess, sys; from pathlib import Path; from tests.faults.guarded import watched; "
        "from tests.faults.malicious import Harm; record = watched(Path(sys.argv[1])); "
        "subprocess.run(['true']); pickle.loads(pickle.dumps(Harm)); open(sys.argv[1] + '-beside', 'a').close(); "
        "print(json.dumps(record))"
    )
    record = run(script, tmp_path, str(tmp_path))
    assert isinstance(record, list)
    for event in ("subprocess.Popen", "pickle.find_class", f"open {tmp_path}-beside to write"):
        assert any(line.startswith(event) for line in record), (event, record)
