"""Colours and sizes: one meaning for one colour, everywhere."""

from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

# All distances are multiples of it.
GRID: Final = 8
# Of curves beside one another, in turn; told apart by name, dashes or both, too.
SERIES: Final = ("#3070e0", "#d06a1e", "#2e9b5f", "#9a5fd0", "#c94941", "#1593a0", "#a3832a", "#d8579b")


class Theme(NamedTuple):
    """Colours of the light or the dark form.

    Attributes:
        window, paper, ink, text: of the ground, the canvas, its strokes, and words.
        quiet: words and bars that are not the point; line: thin rules and frames; track: an empty bar.
        says: what the net says (blue); changed: what the user changed (orange); right: true (green);
        wrong: what went wrong (red).
        first, second: the inks of two digits over one another.
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
    first: QColor
    second: QColor


LIGHT: Final = Theme(
    window=QColor("#f4f5f7"), paper=QColor("#ffffff"), ink=QColor("#1c2430"), text=QColor("#1c2430"),
    quiet=QColor("#667080"), line=QColor("#d3d8df"), track=QColor("#e6e9ee"), says=QColor("#2563d9"),
    changed=QColor("#c2570a"), right=QColor("#1a7f37"), wrong=QColor("#b3261e"),
    first=QColor("#0b7a93"), second=QColor("#c23a6b"),
)  # fmt: skip
DARK: Final = Theme(
    window=QColor("#1b1f26"), paper=QColor("#262c36"), ink=QColor("#eef1f5"), text=QColor("#eef1f5"),
    quiet=QColor("#9aa5b4"), line=QColor("#3a424e"), track=QColor("#2d343f"), says=QColor("#6ea2ff"),
    changed=QColor("#ffa657"), right=QColor("#5fd38d"), wrong=QColor("#ff8a80"),
    first=QColor("#5ecfe6"), second=QColor("#ff86ac"),
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
        palette.setColor(QPalette.ColorGroup.Disabled, role_of_colour, QColor("#939ca8" if dark else "#5d6a7b"))
    application.setStyle("Fusion")
    application.setPalette(palette)
    # Fusion makes the frame of a box to be ticked from the ground, darker: in the dark nobody would see it.
    if dark:
        palette.setColor(role.Window, QColor("#8d98a8"))
    # Qt takes a text for the kind, whatever its stub says.
    for kind in ("QCheckBox", "QRadioButton", "QTreeView"):
        application.setPalette(palette, kind)  # type: ignore[arg-type]
    # So are the frames of a slider's handle and groove, and these from the colour of buttons, which is the ground's.
    palette.setColor(role.Window, DARK.line if dark else QColor("#7d8898"))
    if dark:
        palette.setColor(role.Button, QColor("#7b8696"))
    application.setPalette(palette, "QSlider")  # type: ignore[arg-type]
    # A widget with a style sheet of its own keeps the palette that it was first shown with.
    for widget in application.allWidgets():
        sheet = widget.styleSheet()
        if sheet:
            widget.setStyleSheet("")
            widget.setStyleSheet(sheet)
        # So do tabs that are made later than the other theme was chosen: theirs is the tab widget's.
        if isinstance(widget, QTabWidget):
            widget.setPalette(QPalette())


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
