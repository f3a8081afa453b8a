"""What a fit costs: seconds for any number of epochs, and memory. No Keras here."""

from dataclasses import dataclass

from capsdraw.fit.meter import CHECK


@dataclass(frozen=True)
class Estimate:
    """What a few steps showed.

    Attributes:
        start: seconds until the first step is done: the net is built and compiled.
        step: seconds a batch takes; make: seconds that it takes to be made, beside the step before; again: in later
            epochs, when most of its pen digits are there.
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
        return self.batch / max(self.step, self.again)

    def seconds(self, epochs: int) -> float:
        """Of a whole fit of so many epochs."""
        check = self.held_out * self.check
        first, later = (-(-self.images // self.batch) * max(self.step, make) for make in (self.make, self.again))
        return self.start + first + (epochs - 1) * later + epochs * check
