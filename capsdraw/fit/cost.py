"""What a fit costs: seconds for any number of epochs, and memory. No Keras here."""

from dataclasses import dataclass

from capsdraw.fit.meter import CHECK


@dataclass(frozen=True)
class Estimate:
    """What a few steps showed.

    Attributes:
        start: seconds until the first step is done: the net is built and compiled.
        step: seconds a batch takes that is there; make: seconds that it takes to be made; again: in later epochs, when
            most of its pen digits are there.
        pace: seconds a batch takes in all where it is made beside the step before, by another thread: at best the
            longer of both, at worst their sum.
        batch: images of it; images: of an epoch, pen digits included; held_out: of the check after each.
        available: images of an epoch, were there no limit.
        memory: bytes that it takes at least: the data, its pen digits, the held-out images once more as the floats
            that are checked, weights, gradient and optimizer, and the images and activations of a batch. The
            backend's own are not among them: its code, its buffers, and the batches that are made ahead.
    """

    start: float
    step: float
    make: float
    again: float
    pace: float
    batch: int
    images: int
    held_out: int
    memory: int
    available: int

    @property
    def check(self) -> float:
        """Seconds that the check takes for an image that is held out."""
        return CHECK * self.step / self.batch

    @property
    def images_per_second(self) -> float:
        """Trained, from the second epoch on."""
        return self.batch / self._paces[1]

    @property
    def _paces(self) -> tuple[float, float]:
        """Seconds a batch takes in the first epoch, and in those after it, which save what pen digits take to draw."""
        first = max(self.pace, self.step)
        # Where the machine was busier while batches were made than in the stretch, the difference would be too large.
        least = first * self.again / self.make if self.make else 0.0
        return first, max(first - (self.make - self.again), least, self.step)

    def seconds(self, epochs: int) -> float:
        """Of a whole fit of so many epochs."""
        check = self.held_out * self.check
        first, later = (-(-self.images // self.batch) * pace for pace in self._paces)
        return self.start + first + (epochs - 1) * later + epochs * check
