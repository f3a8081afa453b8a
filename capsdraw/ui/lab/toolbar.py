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
            button("Sliders", "Turn each number yourself"),
            button("Sheet", "Each number in steps, as in Figure 4 of the CapsNet paper"),
            button("Routing", "How the primary capsules share themselves out over the classes"),
            button("Morph", "Walk from one drawing to another"),
        )
        self.faces[0].setChecked(True)
        self.undo = button("Undo", "Take the last change of the numbers back")
        self.redo = button("Redo", "Make it again")
        self.reset = button("Reset all", "Bring every number back to where it was read")
        self.random = button(
            "Random",
            "Give every number a random value: within the class' range where that is the reach, "
            "else within ±0.25 of what was read",
        )
        self.export = button("Export", "Save or copy what is held")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def set_menu(self, menu: QMenu) -> None:
        """That is what `export` offers."""
        self.export.setMenu(menu)

    def row(self) -> QHBoxLayout:
        """All of them, side by side."""
        return row(*self.faces, None, self.undo, self.redo, self.reset, self.random, self.export)
