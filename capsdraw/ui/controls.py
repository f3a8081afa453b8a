"""Buttons and rows as every view has them."""

from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from capsdraw.ui import plain_text, theme


def button(text: str, tip: str) -> QToolButton:
    """A quiet button with words on it."""
    tool_button = QToolButton()
    tool_button.setText(text)
    tool_button.setToolTip(plain_text.tip(tip))
    tool_button.setAutoRaise(True)
    return tool_button


def one_of(*buttons: QToolButton, first: bool = False) -> list[QToolButton]:
    """Buttons that choose among views, tools or forms: one of them is down, at the start the first or none."""
    group = QButtonGroup(buttons[0])
    for tool_button in buttons:
        tool_button.setCheckable(True)
        group.addButton(tool_button)
    buttons[0].setChecked(first)
    return list(buttons)


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is room that gives."""
    layout = QHBoxLayout()
    layout.setSpacing(theme.GRID)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout


def stacked(view: QWidget, *widgets: QWidget) -> None:
    """Fill a view with widgets one beneath the other, the last with all the room that is left."""
    layout = QVBoxLayout(view)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.GRID)
    for widget in widgets[:-1]:
        layout.addWidget(widget)
    layout.addWidget(widgets[-1], 1)


def combo(name: str, tip: str = "", letters: int = 14) -> QComboBox:
    """A choice whose width does not depend on what is in it."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    box.setAccessibleName(name)
    box.setToolTip(plain_text.tip(tip))
    return box
