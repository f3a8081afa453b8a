"""A net in LiteRT's form, ready to be run on one thread at a time. No Keras here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from capsdraw.nets.reading import Floats

Shape = tuple[int, ...]


class LiteRT:
    """What an export of Keras computes of one array.

    Attributes:
        takes: the shape of its input, without the batch of one.
        gives: those of its outputs, in the order of their names.
    """

    def __init__(self, content: bytes) -> None:
        """Load it.

        Raises:
            ImportError, OSError: LiteRT cannot be used here.
            ValueError, RuntimeError, KeyError: LiteRT cannot load this net.
        """
        from ai_edge_litert.interpreter import Interpreter

        with _quiet():
            # One thread: two are hardly faster, and spin while they wait for each other beside a fit.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        signature: dict[str, Any] = self._interpreter._get_full_signature_list()["serving_default"]
        (self._input,) = signature["inputs"].values()
        self._outputs = [signature["outputs"][name] for name in sorted(signature["outputs"])]
        details = {entry["index"]: entry for entry in self._interpreter.get_tensor_details()}
        shapes = {index: tuple(int(n) for n in entry["shape"][1:]) for index, entry in details.items()}
        self.takes: Shape = shapes[self._input]
        self.gives: list[Shape] = [shapes[output] for output in self._outputs]

    def run(self, values: Floats) -> list[Floats]:
        """Its outputs, (1, …) each, of `values` (1, …)."""
        self._interpreter.set_tensor(self._input, values)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(output) for output in self._outputs]


@contextmanager
def _quiet() -> Iterator[None]:
    """LiteRT tells the terminal, by no setting to be stopped, that it makes a delegate: that is no news to a user."""
    kept = None
    with suppress(OSError):  # a process without a stderr of its own has nothing to keep quiet
        kept = os.dup(2)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        os.close(silence)
    try:
        yield
    finally:
        if kept is not None:
            os.dup2(kept, 2)
            os.close(kept)
