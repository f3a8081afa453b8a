"""A line of small importance, at the foot of the window: it takes the room that is left, and no more."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui.plain_text import Label, tip


class QuietLine(Label):
    """Says the first of some lines, and how many more there are; its tool tip has all of them.

    Args:
        lines: to say; empty ones are passed over.
    """

    def __init__(self, lines: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(lines)

    def say(self, lines: Sequence[str]) -> None:
        """Say these lines, and no others any more."""
        first, *more = [line for line in lines if line] or [""]
        self.setText(f"{first} (and {len(more)} more)" if more else first)
        self.setToolTip(tip("\n".join(line for line in (first, *more) if line)))
