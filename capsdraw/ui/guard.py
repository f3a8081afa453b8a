"""No exception leaves an overridden Qt event: under PySide6 some of them end the process (docs/decisions/0041).

Qt calls `paintEvent`, `sizeHint` and their like from C++. Of an error that C code raised in them (`1 / 0`,
`int(nan)`, an index out of range), PySide6 makes a segmentation fault. So every class that overrides such a
function derives from `Guarded`, which wraps it; a test finds those that do not.
"""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainterPath
from shiboken6 import Shiboken

# What Qt is answered where an overridden function fails: of events nothing, of these a value, made from the arguments.
ANSWERS: Final[dict[str, Callable[..., Any]]] = {
    "event": lambda *_: False, "eventFilter": lambda *_: False, "sceneEvent": lambda *_: False,
    "viewportEvent": lambda *_: False, "sceneEventFilter": lambda *_: False, "focusNextPrevChild": lambda *_: False,
    "sizeHint": lambda *_: QSize(), "minimumSizeHint": lambda *_: QSize(), "viewportSizeHint": lambda *_: QSize(),
    "heightForWidth": lambda *_: -1, "hasHeightForWidth": lambda *_: False,
    "boundingRect": lambda *_: QRectF(), "shape": lambda *_: QPainterPath(),
    # Of an item of a scene: the value that was to be set.
    "itemChange": lambda *arguments: arguments[-1],
    "run": lambda *_: None, "paint": lambda *_: None,
}  # fmt: skip
_MARK: Final = "__capsdraw_guarded__"


def _nothing(*_: object) -> None:
    """What most events are answered with."""


def is_guarded(function: object) -> bool:
    """Whether nothing that it raises leaves it."""
    return hasattr(function, _MARK)


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function; what it raises goes to `sys.excepthook`, and Qt is answered all the same."""
    answer = ANSWERS.get(function.__name__, _nothing)

    @wraps(function)
    def tried(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
            # A painter among its variables must have ended before Qt goes on.
            traceback.clear_frames(error.__traceback__)
        return answer(*arguments)

    setattr(tried, _MARK, True)
    return tried


class Guarded:
    """First base of a class that overrides functions which Qt calls: each of them is guarded."""

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        guard(cls)


def guard(cls: type) -> None:
    """Guard all functions of a class that Qt calls; those of its bases stay as they are."""
    for name, function in list(vars(cls).items()):
        if isinstance(function, FunctionType) and not is_guarded(function) and is_qts(cls, name):
            setattr(cls, name, guarded(function))


def guard_library(name: str) -> None:
    """Guard the classes of a library that derives from Qt's and is imported by now, pyqtgraph say."""
    for module in [module for called, module in list(sys.modules.items()) if called.split(".")[0] == name]:
        for cls in list(vars(module).values()):
            if isinstance(cls, type) and issubclass(cls, Shiboken.Object) and cls.__module__.split(".")[0] == name:
                guard(cls)


def is_qts(cls: type, name: str) -> bool:
    """Whether Qt may call that function of the class: it is an event, or answers a question of Qt's."""
    if not name.endswith("Event") and name not in ANSWERS:
        return False
    return any(name in vars(base) and base.__module__.startswith("PySide6.") for base in cls.__mro__)
