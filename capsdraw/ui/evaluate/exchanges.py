"""What the user said of data: whether rows and columns of its images are exchanged."""

from capsdraw.datasets import stamp


class Exchanges:
    """Answers, each kept for as long as the data is what it was when it was asked about."""

    def __init__(self) -> None:
        self._asked = "", stamp.of("")
        self._said: dict[str, tuple[bool, stamp.Stamp]] = {}

    def ask(self, source: str) -> None:
        """The user is asked about that data, as it lies there now."""
        self._asked = source, stamp.of(source)

    def say(self, transposed: bool) -> None:
        """The answer to what was asked last."""
        source, asked = self._asked
        self._said[source] = transposed, asked

    def of(self, source: str) -> bool | None:
        """What was said of that data; None where nothing was, or where other files lie there now."""
        if source not in self._said:
            return None
        transposed, asked = self._said[source]
        return transposed if asked == stamp.of(source) else None

    def forget(self, source: str) -> None:
        """That data is chosen anew, and may be asked about again."""
        self._said.pop(source, None)
