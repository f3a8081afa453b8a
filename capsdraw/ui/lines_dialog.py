"""A small window of lines in two columns, that can be copied: versions, keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.plain_text import Label


class LinesDialog(QDialog):
    """Shows pairs of texts, and copies all of them.

    Args:
        title: of the window.
        lines: what stands at the left and at the right.
        about: a sentence above them.

    Attributes:
        copy: the button that copies.
    """

    def __init__(self, title: str, lines: Sequence[tuple[str, str]], parent: QWidget, about: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lines = list(lines)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, theme.GRID, 0)
        grid.setHorizontalSpacing(3 * theme.GRID)
        grid.setVerticalSpacing(theme.GRID // 2)
        for row, (left, right) in enumerate(self._lines):
            name, value = Label(left), Label(right)
            name.setForegroundRole(name.palette().ColorRole.PlaceholderText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(self._lines), 1)
        area = QScrollArea()
        area.setWidget(table)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setMinimumWidth(table.sizeHint().width() + area.verticalScrollBar().sizeHint().width())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = QPushButton("Copy")
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.copy.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * theme.GRID)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        if about:
            layout.addWidget(caption(about))
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        self.resize(58 * theme.GRID, min(22 + 3 * len(self._lines), 64) * theme.GRID)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{left}: {right}" for left, right in self._lines))
