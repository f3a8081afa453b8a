"""The row of tools beneath the canvas."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from capsdraw.ui import canvas as canvas_module
from capsdraw.ui import plain_text, theme
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.controls import one_of
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label


class Tools(Guarded, QWidget):
    """Pen, eraser, size, undo, redo and clear, for one canvas.

    Attributes:
        pen, eraser, second, undo, redo, clear: the buttons; `second` is there for nets of two digits only.
        thickness: the slider of the pen's width, canvas units.
        keys: the action behind each button, by its text; enabled as the button is.
    """

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.keys: dict[str, QAction] = {}
        self.pen = self._button("Pen", "P", "Draw")
        self.eraser = self._button("Eraser", "E", "Erase what it touches; a tablet pen's other end does too")
        one_of(self.pen, self.eraser)
        self.pen.setChecked(True)
        self.second = QToolButton()
        self.second.setText("2nd digit")
        self.second.setToolTip("Draw the second digit over the first, in its own ink (Space, with the canvas chosen)")
        self.second.setCheckable(True)
        self.second.setAutoRaise(True)
        self.second.hide()
        self.thickness = QSlider(Qt.Orientation.Horizontal)
        self.undo = self._button("Undo", QKeySequence.StandardKey.Undo, "Undo the last step")
        self.redo = self._button("Redo", QKeySequence.StandardKey.Redo, "Redo the last step")
        self.clear = self._button("Clear", "Ctrl+Backspace", "Clear the canvas; Undo brings it back")
        self._lay_out()
        self._connect()
        self._refresh()

    def _button(self, text: str, key: str | QKeySequence.StandardKey, tip: str) -> QToolButton:
        button = QToolButton()
        action = self.keys[text] = QAction(text, button)
        # All keys that the system has for it: Redo has two.
        action.setShortcuts([QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key))
        button.setText(text)
        # The button's own click stays; the action carries the key wherever the focus is.
        action.triggered.connect(button.click)
        self.addAction(action)
        button.setToolTip(
            plain_text.tip(f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        )
        button.setAutoRaise(True)
        return button

    def _lay_out(self) -> None:
        self.thickness.setRange(round(canvas_module.MIN_PEN), round(canvas_module.MAX_PEN))
        self.thickness.setValue(round(self._canvas.pen_width))
        self.thickness.setMinimumWidth(6 * theme.GRID)
        self.thickness.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tell_width(seen=False)
        self.thickness.setAccessibleName("Pen width")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        for widget in (self.pen, self.eraser, self.second):
            layout.addWidget(widget)
        layout.addSpacing(theme.GRID)
        self._size = Label("Size")
        layout.addWidget(self._size)
        layout.addWidget(self.thickness, 1)
        layout.addSpacing(theme.GRID)
        for widget in (self.undo, self.redo, self.clear):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.pen.toggled.connect(self._choose)
        self.thickness.valueChanged.connect(lambda value: self._canvas.set_pen_width(float(value)))
        self._canvas.pen_changed.connect(lambda width: self.thickness.setValue(round(width)))
        self.second.toggled.connect(lambda on: self._canvas.set_ink(int(on)))
        self._canvas.ink_changed.connect(lambda ink: self.second.setChecked(bool(ink)))
        self.undo.clicked.connect(self._canvas.undo)
        self.redo.clicked.connect(self._canvas.redo)
        self.clear.clicked.connect(self._canvas.clear)
        self._canvas.edited.connect(self._refresh)
        for key, step in (("[", -canvas_module.STEP), ("]", canvas_module.STEP)):
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _=False, by=step: self._canvas.set_pen_width(self._canvas.pen_width + by))
            self.addAction(action)

    def tell_width(self, seen: bool) -> None:
        """Whether the pen's width is seen by the net: by one that reads all pixels it is."""
        seen_so = "This net sees it" if seen else "The net always sees MNIST's own stroke width"
        self.thickness.setToolTip(plain_text.tip(f"Width of pen and eraser ([ and ]). {seen_so}"))

    def offer_inks(self, two: bool) -> None:
        """Whether there is a second digit to draw over the first; the slider gives it room."""
        self.second.setVisible(two)
        self._size.setVisible(not two)
        self._canvas.offer_inks(two)

    def _choose(self, pen: bool) -> None:
        self._canvas.erasing = not pen
        self._canvas.update()

    def _refresh(self) -> None:
        self.undo.setEnabled(self._canvas.can_undo)
        self.redo.setEnabled(self._canvas.can_redo)
        self.clear.setEnabled(bool(self._canvas.sketch))
        for button in (self.undo, self.redo, self.clear):
            self.keys[button.text()].setEnabled(button.isEnabled())

    def sizeHint(self) -> QSize:
        return QSize(392, 4 * theme.GRID)
