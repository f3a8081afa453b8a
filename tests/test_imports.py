"""Who may import whom, seen at run time: the window must not wait for TensorFlow."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from capsdraw.nets import cards

HEAVY = ("keras", "tensorflow", "jax", "torch")


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(name.split('.')[0] for name in sys.modules))"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


@pytest.mark.parametrize(
    "code",
    [
        "import capsdraw.ui.window_parts, capsdraw.ui.app",
        "from capsdraw.cli.main import main; main(['models'])",
        "from PySide6.QtWidgets import QApplication; a = QApplication([]);"
        "from capsdraw.ui.main_window import MainWindow; w = MainWindow(); w.furnish(); w.grab()",
    ],
    ids=["import", "models", "window"],
)
def test_no_tensorflow_before_it_is_needed(code: str) -> None:
    assert not loaded_by(code) & set(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["models"], ["models", "--json"], ["train", "--help"], ["sweep", "--help"], ["runs", "list"]],
)
def test_a_quick_command_brings_nothing_slow_in(arguments: list[str]) -> None:
    code = (
        "from contextlib import suppress\nfrom capsdraw.cli.main import main\n"
        f"with suppress(SystemExit): main({arguments!r})"
    )
    assert not loaded_by(code) & {*HEAVY, "PySide6", "rich"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "--model", "nobody"],
        ["evaluate", "--model", "mlp+cifar-cnn"],
        ["evaluate", "--model", "mlp", "--data", "nowhere"],
        ["evaluate", "--model", "mlp", "--pairs", "pairs.png"],
        ["perturb", "drawing.json", "--model", "mlp", "--out", "sheet.png"],
        ["bench", "--help"],
    ],
)
def test_what_is_refused_is_refused_at_once(arguments: list[str]) -> None:
    code = (
        "from contextlib import suppress\nfrom capsdraw.cli.main import main\n"
        f"with suppress(SystemExit): assert main({arguments!r})"
    )
    assert not loaded_by(code) & {*HEAVY, "PySide6"}


def test_a_damaged_model_is_refused_before_it_is_evaluated(own_home: Path) -> None:
    card = cards.find("mlp")
    cards.write(replace(card, name="torn"), own_home / "models" / "torn.json")
    (own_home / "models" / "torn.keras").write_bytes(b"torn")
    code = "from capsdraw.cli.main import main\nassert main(['evaluate', '--model', 'torn', '--data', 'synthetic'])"
    assert not loaded_by(code) & set(HEAVY)


def test_ink_needs_numpy_and_pillow_only() -> None:
    code = "import capsdraw.ink.sketch, capsdraw.ink.images, capsdraw.history, capsdraw.datasets.synthetic"
    assert not loaded_by(code) & {*HEAVY, "PySide6", "scipy"}


def test_the_first_picture_needs_no_numpy() -> None:
    code = "from capsdraw.ui import app; _, window = app.opened(); window.grab(); assert not window.whole"
    assert not loaded_by(code) & {*HEAVY, "numpy", "PIL", "msgspec"}


def test_the_window_does_not_wait_for_what_photographs_need() -> None:
    assert "scipy" not in loaded_by("import capsdraw.ui.window_parts, capsdraw.ui.app")


def test_tensorflow_s_import_finds_scipy_there() -> None:
    """It brings SciPy in; a thread that opens a photograph meanwhile would see half of it, or wait for ever."""
    code = (
        "import importlib.abc\nfrom contextlib import suppress\n"
        "class Watch(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name in ('keras', 'tensorflow'):\n"
        "            assert 'scipy.ndimage' in sys.modules and 'capsdraw.ink.finding' in sys.modules\n"
        "            print('looked_at')\n"
        "            raise ImportError('enough is known')\n"
        "sys.meta_path.insert(0, Watch())\n"
        "from capsdraw.errors import CapsDrawError\nfrom capsdraw.nets import gentle, heavy\n"
        "gentle._load_libraries = lambda: None\n"
        "with suppress(CapsDrawError): heavy.load()"
    )
    assert "looked_at" in loaded_by(code)


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [
        "import tensorflow\nfrom PySide6.QtWidgets import QApplication\na = QApplication([])",
        "from PySide6.QtWidgets import QApplication\na = QApplication([])\nimport tensorflow",
    ],
    ids=["TensorFlow first", "Qt first"],
)
def test_qt_and_tensorflow_live_together_in_either_order(order: str) -> None:
    """Apps have crashed or hung on one of the two; the worker's import is the second, on a thread."""
    # Without a light half it is Keras that reads.
    code = order + (
        "\nimport sys; sys.modules['ai_edge_litert'] = None"
        "\nfrom PySide6.QtCore import QEventLoop\nfrom capsdraw.ui.reader import Reader\n"
        "from capsdraw.ink.sketch import Sketch\nfrom capsdraw.ink.strokes import Drawing, stroke\n"
        "r = Reader('keras-cnn'); loop = QEventLoop(); got = []\n"
        "r.answered.connect(lambda n, x, _: (got.append(x.label), loop.quit()))\n"
        "r.start(); r.request(Sketch(Drawing((stroke([(9, 9), (9, 99)]),)))); loop.exec()\n"
        "assert got == [1] and r.close()"
    )
    assert "tensorflow" in loaded_by(code)
