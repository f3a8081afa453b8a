"""A start, in a process of its own: from its beginning to the window, to its parts, and to the first answer.

python -m capsdraw.bench.starting bare|light|heavy

"bare" is a window of PySide6 with one label; "heavy" has Keras answer, as it would without light files.
"""

import sys
from typing import Any

from capsdraw.bench.children import answer, since_start


def main() -> int:
    """Start, and print what it took."""
    kind = sys.argv[1]
    return answer(_bare if kind == "bare" else lambda: _app(kind == "heavy"))


def _bare() -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("CapsDraw"))
    window.resize(1280, 800)
    window.show()
    window.repaint()
    shown = since_start()
    from capsdraw.bench.machine import memory

    del application
    return {"window_ms": shown, "memory_window": memory()}


def _app(heavy: bool) -> dict[str, Any]:
    if heavy:
        sys.modules["ai_edge_litert"] = None  # type: ignore[assignment]
    from capsdraw.bench.driven import DrivenWindow

    at_window: list[float] = []

    class _Started(DrivenWindow):
        def on_first_picture(self) -> None:
            at_window.append(since_start())

    shown = _Started()
    at_parts = since_start()
    from capsdraw.bench.machine import memory

    resting = memory()
    shown.until(lambda: shown.answered, "the first answer", 120)
    at_answer, loaded = since_start(), memory()
    used = "tensorflow" in sys.modules
    shown.close()
    if used != heavy:
        raise SystemExit("the first answer was not the half's that was asked for: make the light file first")
    return {
        "window_ms": at_window[0], "parts_ms": at_parts, "answer_ms": at_answer,
        "memory_window": resting, "memory_answer": loaded,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
