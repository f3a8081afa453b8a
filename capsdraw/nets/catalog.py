"""The families of nets and what can be chosen of each, for forms and checks. No Keras here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """A whole number that a family's builder takes.

    Attributes:
        name: of the argument; words: for people.
        default, least, most: values; multiple: it must be one of this.
        shapes: whether the weights' shapes depend on it.
    """

    name: str
    words: str
    default: int
    least: int
    most: int
    multiple: int = 1
    shapes: bool = True


@dataclass(frozen=True)
class Family:
    """A kind of net.

    Attributes:
        title: for people; kind: "capsule" or "classifier".
        options: in the order of a form.
        least: rows and columns of the smallest image it reads.
        others: names of further arguments, which no form shows.
    """

    title: str
    kind: str
    options: tuple[Option, ...]
    least: int = 1
    others: tuple[str, ...] = ("shape", "classes")

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((one for one in self.options if one.name == name), None)


_SIZE = Option("size", "Capsule size", 16, 2, 64)

FAMILIES: dict[str, Family] = {
    "efficient-capsnet": Family(
        "Efficient-CapsNet", "capsule", (Option("channels", "Channels", 32, 2, 128, 2), _SIZE), 11,
        ("shape", "classes", "momentum"),
    ),
    "capsnet": Family(
        "CapsNet", "capsule",
        (
            Option("channels", "Channels", 256, 8, 512, 8), _SIZE,
            Option("iterations", "Routing iterations", 3, 1, 10, shapes=False),
        ),
        17,
    ),
    "keras-cnn": Family("Keras CNN", "classifier", (Option("channels", "Channels", 32, 1, 512),), 6),
    "tutorial-cnn": Family("Tutorial CNN", "classifier", (Option("channels", "Channels", 25, 1, 512),), 28),
    "deep-convnet": Family("Deep ConvNet", "classifier", (Option("channels", "Channels", 16, 1, 256),), 4),
    "mlp": Family("MLP", "classifier", (Option("hidden", "Hidden units", 50, 1, 8192),)),
    "cifar-cnn": Family(
        "CIFAR CNN", "classifier",
        (
            Option("channels", "Channels", 32, 1, 256), Option("kernel", "Kernel side", 3, 1, 11),
            Option("convolutions", "Convolutions", 5, 4, 5), Option("whitening", "Whitened directions", 0, 0, 3072),
        ),
        14,
    ),
}  # fmt: skip
