"""The bar above the window: what comes onto the canvas, and the one choice of a model."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from capsdraw.ui import plain_text
from capsdraw.ui.model_choice import ModelChoice
from capsdraw.ui.plain_text import Label


class MainToolbar(QToolBar):
    """Buttons, and at the right the models.

    Args:
        groups: of actions, each group apart from the next; what they say is on them.

    Attributes:
        picker: the choice of a model.
    """

    def __init__(self, groups: list[list[QAction]], parent: QWidget | None = None) -> None:
        super().__init__("Main", parent)
        self.setObjectName("main")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for number, group in enumerate(groups):
            if number:
                self.addSeparator()
            for action in group:
                self.addAction(action)
                button = self.widgetForAction(action)
                assert isinstance(button, QToolButton)
                # A tool bar's buttons are not reached by Tab otherwise.
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.picker = ModelChoice()
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        label = Label("Model ")
        label.setBuddy(self.picker)
        self.addWidget(label)
        self.addWidget(self.picker)


def tipped(action: QAction, tip: str) -> QAction:
    """The action, with what it does and its key as its tool tip."""
    key = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
    action.setToolTip(plain_text.tip(f"{tip} ({key})" if key else tip))
    return action
