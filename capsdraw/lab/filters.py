"""The kernels of a layer, as they were before training, as they are, and as pictures. NumPy only."""

from dataclasses import dataclass

import numpy as np

from capsdraw.nets.reading import Floats


@dataclass(frozen=True)
class LayerKernels:
    """All kernels of one layer.

    Attributes:
        layer: its name.
        weights: (F, C, rows, columns) float32: what filter F does with channel C. A depthwise convolution's
            filters see one channel each, so C is 1. A dense layer's units see the whole image at once.
        bias: (F,) float32, or None without.
    """

    layer: str
    weights: Floats
    bias: Floats | None


@dataclass(frozen=True)
class Learning:
    """One convolution before and after training.

    Attributes:
        before: what the fit started from, made again from the recipe's seed; None where that is not known.
        after: as it is now.
    """

    before: LayerKernels | None
    after: LayerKernels

    @property
    def change(self) -> LayerKernels | None:
        """What training added, or None where it is not known what it started from."""
        if self.before is None:
            return None
        biases = self.before.bias, self.after.bias
        bias = None if biases[0] is None or biases[1] is None else biases[1] - biases[0]
        return LayerKernels(self.after.layer, self.after.weights - self.before.weights, bias)

    @property
    def moved(self) -> Floats | None:
        """(F,) how far each filter went, in lengths of what it was: 0 learnt nothing; or None as for `change`."""
        if self.before is None:
            return None
        went, was = (
            np.sqrt((weights**2).sum((1, 2, 3)))
            for weights in (self.after.weights - self.before.weights, self.before.weights)
        )  # fmt: skip
        return went / np.maximum(was, np.float32(1e-12))


def peaks(weights: Floats) -> Floats:
    """(…) the largest amount, of either sign, in each picture of (…, rows, columns)."""
    return np.abs(weights).max((-2, -1))


def grey(weights: Floats, peak: Floats | float | None = None) -> Floats:
    """Weights as grey pictures, symmetric about zero: 0 is mid grey, `peak` white and −`peak` black.

    Args:
        weights: (…, rows, columns).
        peak: what is white, of the shape (…) or one for all: give the same for kernels to be compared.
            Each picture's own where not given, so that every one shows all of its contrast.

    Returns:
        The same shape, float32 in [0, 1]; a picture of zeros is mid grey.
    """
    most = np.asarray(peaks(weights) if peak is None else peak, np.float32)[..., None, None]
    safe = np.where(most > 0, most, np.float32(1))
    return np.clip(np.float32(0.5) + np.float32(0.5) * (weights / safe), 0, 1).astype(np.float32)
