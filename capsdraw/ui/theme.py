"""Colours and sizes: one meaning for one colour, everywhere."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

# All distances are multiples of it.
GRID: Final = 8
# Of curves beside one another, in turn; told apart by name, dashes or both, too.
SERIES: Final = ("#2f6fe0", "#d06a1e", "#2e9b5f", "#9a5fd0", "#c9473f", "#1593a0", "#a3832a", "#d8579b")


@dataclass(frozen=True)
class Theme:
    """Colours of the light or the dark form.

    Attributes:
        window, paper, ink, text: of the ground, the canvas, its strokes, and words.
        quiet: words and bars that are not the point; line: thin rules and frames; track: an empty bar.
        says: what the net says (blue); changed: what the user changed (orange); right: true (green);
        wrong: what went wrong (red).
    """

    window: QColor
    paper: QColor
    ink: QColor
    text: QColor
    quiet: QColor
    line: QColor
    track: QColor
    says: QColor
    changed: QColor
    right: QColor
    wrong: QColor


LIGHT: Final = Theme(
    window=QColor("#f4f5f7"), paper=QColor("#ffffff"), ink=QColor("#1c2430"), text=QColor("#1c2430"),
    quiet=QColor("#667080"), line=QColor("#d3d8df"), track=QColor("#e6e9ee"), says=QColor("#2563d9"),
    changed=QColor("#c2570a"), right=QColor("#1a7f37"), wrong=QColor("#b3261e"),
)  # fmt: skip
DARK: Final = Theme(
    window=QColor("#1b1f26"), paper=QColor("#262c36"), ink=QColor("#eef1f5"), text=QColor("#eef1f5"),
    quiet=QColor("#9aa5b4"), line=QColor("#3a424e"), track=QColor("#2d343f"), says=QColor("#6ea2ff"),
    changed=QColor("#ffa657"), right=QColor("#5fd38d"), wrong=QColor("#ff8a80"),
)  # fmt: skip


def of(widget: QWidget) -> Theme:
    """The theme that fits the widget's palette."""
    return DARK if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def apply(application: QApplication, dark: bool) -> None:
    """Give the whole application the light or the dark palette, on Qt's Fusion style."""
    theme = DARK if dark else LIGHT
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.paper, role.Text: theme.text,
        role.AlternateBase: theme.track, role.Button: theme.window, role.ButtonText: theme.text,
        role.ToolTipBase: theme.paper, role.ToolTipText: theme.text, role.Highlight: theme.says,
        role.HighlightedText: theme.paper, role.PlaceholderText: theme.quiet, role.Mid: theme.line,
        role.Accent: theme.says,
    }  # fmt: skip
    for role_of_colour, colour in colours.items():
        palette.setColor(role_of_colour, colour)
    for role_of_colour in (role.WindowText, role.ButtonText, role.Text):
        palette.setColor(QPalette.ColorGroup.Disabled, role_of_colour, theme.line if dark else QColor("#a7b0bc"))
    application.setStyle("Fusion")
    application.setPalette(palette)
    # A widget with a style sheet of its own keeps the palette that it was first shown with.
    for widget in application.allWidgets():
        sheet = widget.styleSheet()
        if sheet:
            widget.setStyleSheet("")
            widget.setStyleSheet(sheet)


def small(widget: QWidget) -> QFont:
    """The smallest of the three sizes: captions and ticks."""
    return _sized(widget, 0.88)


def large(widget: QWidget) -> QFont:
    """The largest of the three: a view's sentence."""
    return _sized(widget, 1.25)


def _sized(widget: QWidget, factor: float) -> QFont:
    font = QFont(QApplication.font(widget))
    if font.pixelSize() > 0:
        font.setPixelSize(round(font.pixelSize() * factor))
    else:
        font.setPointSizeF(font.pointSizeF() * factor)
    return font


def tabular(font: QFont) -> QFont:
    """The font with figures of one width, so that changing numbers stand still."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
