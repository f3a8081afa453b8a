"""A line of small importance, at the foot of the window: it takes the room that is left, and no more."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class QuietLine(QLabel):
    """Says the first of some lines, and how many more there are; its tool tip has all of them.

    Args:
        lines: to say; empty ones are passed over.
    """

    def __init__(self, lines: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(lines)

    def say(self, lines: Sequence[str]) -> None:
        """Say these lines, and no others any more."""
        first, *more = [line for line in lines if line] or [""]
        self.setText(f"{first} (and {len(more)} more)" if more else first)
        # Always rich text: Qt would take a line with angle brackets for it.
        self.setToolTip("".join(f"<p>{escape(line, quote=False)}</p>" for line in (first, *more) if line))
