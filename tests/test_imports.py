"""Who may import whom, seen at run time: the window must not wait for TensorFlow."""

import subprocess
import sys

import pytest

HEAVY = ("keras", "tensorflow", "jax", "torch")


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(name.split('.')[0] for name in sys.modules))"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


@pytest.mark.parametrize(
    "code",
    [
        "import capsdraw.ui.main_window, capsdraw.ui.app",
        "from capsdraw.cli.main import main; main(['models'])",
        "from PySide6.QtWidgets import QApplication; a = QApplication([]);"
        "from capsdraw.ui.main_window import MainWindow; w = MainWindow(); w.grab()",
    ],
    ids=["import", "models", "window"],
)
def test_no_tensorflow_before_it_is_needed(code: str) -> None:
    assert not loaded_by(code) & set(HEAVY)


@pytest.mark.parametrize("arguments", [["--version"], ["models"], ["models", "--json"], ["train", "--help"]])
def test_a_quick_command_brings_nothing_slow_in(arguments: list[str]) -> None:
    code = (
        "from contextlib import suppress\nfrom capsdraw.cli.main import main\n"
        f"with suppress(SystemExit): main({arguments!r})"
    )
    assert not loaded_by(code) & {*HEAVY, "PySide6", "rich"}


def test_ink_needs_numpy_and_pillow_only() -> None:
    code = "import capsdraw.ink.sketch, capsdraw.ink.images, capsdraw.history, capsdraw.datasets.synthetic"
    assert not loaded_by(code) & {*HEAVY, "PySide6"}


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
