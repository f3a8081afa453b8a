"""What the user has moved of each class' capsule, step by step."""

from capsdraw.history import History

Offsets = tuple[float, ...]


class Moves:
    """Keeps the offsets of each class that was held; one class is held at a time, or none."""

    def __init__(self) -> None:
        self._of: dict[int, History[Offsets]] = {}
        self._held: History[Offsets] = History(())

    @property
    def now(self) -> Offsets:
        """Of the held class, as they were last kept."""
        return self._held.now

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._held.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return self._held.can_redo

    def hold(self, label: int, size: int) -> None:
        """Hold that class' capsule, of `size` numbers."""
        self._held = self._of.setdefault(label, History((0.0,) * size))

    def keep(self, offsets: Offsets) -> None:
        """These are the held class' from now on: a step, unless they were."""
        if self._held.now != offsets:
            self._held.push(offsets)

    def step(self, back: bool) -> None:
        """Take the last step back, or make it again."""
        if back:
            self._held.undo()
        else:
            self._held.redo()

    def of_all(self) -> dict[int, Offsets]:
        """Of each class that was held."""
        return {label: history.now for label, history in self._of.items()}

    def clear(self) -> None:
        """Forget all steps of all classes; what is held is as it was until another is."""
        self._of.clear()
