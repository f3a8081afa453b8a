"""How fast a fit goes, and how long it has left. No Keras here."""

import time
from collections.abc import Callable

# What an image of the check costs, in images trained: forward only.
CHECK = 0.35

# Seconds after which what was measured counts half.
_HALF = 5.0


class _Pace:
    """Seconds an image takes, over the last ones; batches that something was compiled for are left out."""

    def __init__(self) -> None:
        self._sizes: set[int] = set()
        self._images = self._seconds = 0.0

    def add(self, images: int, seconds: float) -> None:
        """A batch was done."""
        if images not in self._sizes:  # the backend compiles for each size, when it comes first
            self._sizes.add(images)
            return
        fade = 0.5 ** (seconds / _HALF)
        self._images = self._images * fade + images
        self._seconds = self._seconds * fade + seconds

    @property
    def each(self) -> float | None:
        """Seconds an image, or None where nothing is known yet."""
        return self._seconds / self._images if self._images else None


class Meter:
    """Measures a fit as it goes; its clock stands still while the fit is paused.

    Args:
        images: of an epoch, pen digits included; batch: images of one.
        held_out: images of the check after each epoch; checked: of them at once.
        checks: how many such checks there are after the last epoch's own.
        clock: in seconds.
    """

    def __init__(
        self, images: int, batch: int, held_out: int, checked: int, checks: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._images, self._batch = images, batch
        self._held_out, self._checked, self._checks = held_out, checked, checks
        self._train, self._check = _Pace(), _Pace()
        self._clock, self._stood = clock, 0.0
        self._between = 0.0  # seconds of an epoch beside its batches and its check: what is kept is written
        self.begin(0)

    def begin(self, done: int) -> None:
        """An epoch begins, of which `done` batches are done."""
        self._begun = self._mark = self._last = self._now()
        self._checking, self._done = 0.0, done

    def trained(self, done: int) -> None:
        """`done` batches of the epoch are done."""
        self._train.add(self._in(done) - self._in(self._done), self._lap())
        self._done, self._last = done, self._mark

    def check(self) -> None:
        """The check begins."""
        self._mark = self._now()

    def tested(self, batch: int) -> None:
        """Batch `batch` of the check, from 0, is done."""
        seconds = self._lap()
        self._checking += seconds
        self._check.add(min(self._checked, self._held_out - batch * self._checked), seconds)

    def end(self) -> float:
        """The epoch ends, checked and kept; the seconds that it took."""
        now = self._now()
        self._between = now - self._last - self._checking
        return now - self._begun

    def paused(self, seconds: float) -> None:
        """The fit stood still for so long."""
        self._stood += seconds

    @property
    def images_per_second(self) -> float | None:
        """Trained, over the last seconds; None before two batches of a size are done."""
        each = self._train.each
        return None if not each else 1 / each

    def left(self, epochs: int, ended: bool = False) -> float | None:
        """Seconds until the fit's end; None where nothing is known yet.

        Args:
            epochs: after the one under way; ended: whether that one has ended.
        """
        each = self._train.each
        if each is None:
            return None
        images = epochs * self._images + (0 if ended else self._images - self._in(self._done))
        ends = epochs + (not ended)
        check = self._held_out * (self._check.each or CHECK * each)
        return images * each + ends * self._between + (ends + self._checks) * check

    def _in(self, batches: int) -> int:
        """Images of an epoch's first batches: its last one may be smaller."""
        return min(batches * self._batch, self._images)

    def _now(self) -> float:
        return self._clock() - self._stood

    def _lap(self) -> float:
        """Seconds since the last mark, which is now from now on."""
        before, self._mark = self._mark, self._now()
        return self._mark - before
