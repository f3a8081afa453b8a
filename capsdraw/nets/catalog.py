"""The families of nets and what can be chosen of each, for forms, checks and builders. No Keras here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from reprlib import repr as short_repr
from typing import Any, TypeGuard

from capsdraw.datasets.data import MAX_CLASSES


class NetKind(StrEnum):
    """What a net's scores are: lengths of capsules, or probabilities of a softmax."""

    CAPSULE = "capsule"
    CLASSIFIER = "classifier"


@dataclass(frozen=True)
class Option:
    """A whole number that a family's builder takes.

    Attributes:
        name: of the argument; words: for people.
        default, least, most: values; multiple: it must be one of this.
        shapes: whether the weights' shapes depend on it.
        grows: rows and columns that the smallest image has more with each one more of it.
        tiny: its value in the family's smallest net, for tests and for a look in a minute; None for the default.
    """

    name: str
    words: str
    default: int
    least: int
    most: int
    multiple: int = 1
    shapes: bool = True
    grows: int = 0
    tiny: int | None = None

    def problem(self, value: object) -> str:
        """Why it cannot be `value`; "" where it can."""
        if _is_whole(value) and self.least <= value <= self.most and value % self.multiple == 0:
            return ""
        of = f", a multiple of {self.multiple}" if self.multiple > 1 else ""
        return f"{short_repr(value)} is not a whole number from {self.least} to {self.most}{of}"


@dataclass(frozen=True)
class Family:
    """A kind of net.

    Attributes:
        title: for people; kind: of its scores.
        options: in the order of a form.
        least: rows and columns of the smallest image it reads as its options are by default.
        others: names of further arguments, which no form shows.
    """

    title: str
    kind: NetKind
    options: tuple[Option, ...]
    least: int = 1
    others: tuple[str, ...] = ("shape", "classes")

    @property
    def tiny(self) -> dict[str, Any]:
        """The options of its smallest net."""
        return {option.name: option.tiny for option in self.options if option.tiny is not None}

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((option for option in self.options if option.name == name), None)

    def problems(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Why each argument of the family's builder cannot be what it is: {name: reason}; {} where all can."""
        wrong = {name: reason for name, value in options.items() if (reason := self._problem(name, value))}
        if not wrong and "shape" in options and min(options["shape"][:2]) < self.least_for(options):
            wrong["shape"] = f"{short_repr(options['shape'])} is too small: {self.reads(options)}"
        return wrong

    def least_for(self, options: Mapping[str, Any]) -> int:
        """Rows and columns of the smallest image that a net of these options, which have no problems, reads."""
        return self.least + sum(
            option.grows * (options.get(option.name, option.default) - option.default) for option in self.options
        )

    def reads(self, options: Mapping[str, Any]) -> str:
        """`least_for` in words, with the options that it comes from."""
        least, grown = (
            self.least_for(options),
            [option.name for option in self.options if option.grows and option.name in options],
        )
        own = f" with {' and '.join(f'{name} {options[name]}' for name in grown)}" if grown else ""
        return f"{self.title}{own} reads images of at least {least} × {least}"

    def _problem(self, name: str, value: object) -> str:
        option = self.option(name)
        if option is not None:
            return option.problem(value)
        if name in self.others:
            return _OTHERS[name](value)
        return f"{self.title} has no such option: it has {', '.join(other.name for other in self.options)}"


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _shape_problem(value: object) -> str:
    sides = value if isinstance(value, list | tuple) else ()
    if len(sides) == 3 and all(_is_whole(side) and side > 0 for side in sides) and sides[2] in (1, 3):
        return ""
    return f"{short_repr(value)} is not [rows, columns, channels]: whole numbers of at least 1, and 1 or 3 channels"


def _momentum_problem(value: object) -> str:
    return "" if isinstance(value, float) and 0 < value < 1 else f"{short_repr(value)} is not a number between 0 and 1"


def _choice_problem(value: object) -> str:
    return "" if isinstance(value, bool) else f"{short_repr(value)} is neither true nor false"


# Why an argument that no form shows cannot be what it is. Labels are bytes: so many classes at most.
_OTHERS: dict[str, Callable[[object], str]] = {
    "shape": _shape_problem,
    "classes": Option("classes", "Classes", 10, 1, MAX_CLASSES).problem,
    "momentum": _momentum_problem,
    "stop_gradients": _choice_problem,
    "bias": _choice_problem,
}

_SIZE = Option("size", "Capsule size", 16, 2, 64, tiny=8)

FAMILIES: dict[str, Family] = {
    "efficient-capsnet": Family(
        "Efficient-CapsNet", NetKind.CAPSULE,
        (
            Option("channels", "Channels", 32, 2, 128, 2, tiny=8), _SIZE,
            Option("halvings", "Strides of 2", 1, 1, 2, grows=2),
            Option("primary", "Primary kernel", 0, 0, 16, grows=4),
        ),
        11, ("shape", "classes", "momentum"),
    ),
    "capsnet": Family(
        "CapsNet", NetKind.CAPSULE,
        (
            Option("channels", "Channels", 256, 8, 512, 8, tiny=16), _SIZE,
            Option("iterations", "Routing iterations", 3, 1, 10, shapes=False),
        ),
        17, ("shape", "classes", "stop_gradients", "bias"),
    ),
    "keras-cnn": Family("Keras CNN", NetKind.CLASSIFIER, (Option("channels", "Channels", 32, 1, 512, tiny=4),), 6),
    "tutorial-cnn": Family(
        "Tutorial CNN", NetKind.CLASSIFIER, (Option("channels", "Channels", 25, 1, 512, tiny=4),), 28
    ),
    "deep-convnet": Family(
        "Deep ConvNet", NetKind.CLASSIFIER, (Option("channels", "Channels", 16, 1, 256, tiny=4),), 4
    ),
    "multi-cnn": Family(
        "Pair CNN", NetKind.CLASSIFIER, (Option("channels", "Channels", 32, 1, 256, tiny=4),), 13,
        ("shape", "classes", "momentum"),
    ),
    "mlp": Family("MLP", NetKind.CLASSIFIER, (Option("hidden", "Hidden units", 50, 1, 8192, tiny=8),)),
    "cifar-cnn": Family(
        "CIFAR CNN", NetKind.CLASSIFIER,
        (
            Option("channels", "Channels", 32, 1, 256, tiny=4), Option("kernel", "Kernel side", 3, 1, 11, grows=1),
            Option("convolutions", "Convolutions", 5, 4, 5, grows=4),
            Option("whitening", "Whitened directions", 0, 0, 3072),
        ),
        14,
    ),
}  # fmt: skip


def reads_pairs(family: str) -> bool:
    """Whether a net of that family can say of two classes that both are there: its scores do not share one whole."""
    return family == "multi-cnn" or (family in FAMILIES and FAMILIES[family].kind == NetKind.CAPSULE)
