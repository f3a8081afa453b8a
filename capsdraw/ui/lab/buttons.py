"""The row of buttons above the lab."""

from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from capsdraw.ui.controls import button, one_of, row


class Toolbar:
    """Buttons.

    Attributes:
        faces: which face is shown; undo, redo, reset, random, export: what can be done.
    """

    def __init__(self) -> None:
        self.faces = one_of(
            button("Sliders", "Change each number yourself"),
            button("Sheet", "Each number in steps, as in Figure 4 of the CapsNet paper"),
            button("Routing", "How the primary capsules divide themselves among the classes"),
            button("Morph", "Morph from one drawing to another"),
        )
        self.faces[0].setChecked(True)
        self.undo = button("Undo", "Undo the last change of the numbers")
        self.redo = button("Redo", "Redo the last change")
        self.reset = button("Reset all", "Set every number back to its value as read")
        self.random = button(
            "Random",
            "Set every number at random: within the class' range if that is chosen, "
            "otherwise within ±0.25 of its value as read",
        )
        self.export = button("Export", "Save or copy the selected capsule")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def set_menu(self, menu: QMenu) -> None:
        """That is what `export` offers."""
        self.export.setMenu(menu)

    def row(self) -> QHBoxLayout:
        """All of them, side by side."""
        return row(*self.faces, None, self.undo, self.redo, self.reset, self.random, self.export)
