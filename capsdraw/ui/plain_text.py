"""Text from outside as the window shows it: Qt takes what looks like HTML for HTML, and that may ask for files.

An `<img src=…>` in a title is opened by whatever shows it as rich text, a pipe for ever. So labels are made here,
and every tool tip, button and action whose words are not the app's own goes through one of these functions.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from capsdraw.errors import plain

# Characters of a label: more are read by nobody, and take seconds to be laid out.
_LONGEST = 2000
# Characters of one line that there is room for in the least window.
_WIDE = 80


class Label(QLabel):
    """A label of plain text; lines are its own, other control characters are not shown."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show other words."""
        kept = readable(text)
        # Names in it may be long: their end is cut off rather than that the window grows.
        self.setMinimumWidth(1 if len(kept) > _WIDE and not self.wordWrap() else 0)
        super().setText(kept)


def readable(text: str) -> str:
    """The text in lines, of all of which a person sees what they say."""
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return "\n".join(plain(line) for line in cut.split("\n"))


def tip(text: str) -> str:
    """The text as a tool tip, that shows it as it stands."""
    kept = readable(text)
    if "<" not in kept:
        return kept
    from html import escape

    return f"<p style='white-space: pre-wrap'>{escape(kept, quote=False)}</p>"


def unmarked(text: str) -> str:
    """The text for a button or an action: there, an ampersand would mark the letter after it."""
    return plain(text).replace("&", "&&")
