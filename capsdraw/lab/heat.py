"""Which parts of an image spoke for a class: what `lab.gradcam` finds. NumPy only."""

from dataclasses import dataclass

from capsdraw.lab.receptive_fields import ReceptiveField, enlarged, spread
from capsdraw.nets.reading import Floats


@dataclass(frozen=True)
class Heat:
    """A Grad-CAM map (Selvaraju et al. 2017) of one image, one class and one convolution.

    Attributes:
        layer: the convolution's name; label: the class.
        score: what was asked about: the length of the class' capsule, or its logit.
        map: (rows, columns) of the image, float32: `small` laid over the image, in parts of its largest there.
        small: (r, c) float32, 0 or more: one number for each place of the convolution, in units of the score.
        peak: the largest of `small`. 0 where nothing spoke for the class: `map` is all 0 then.
        field: what each place of the convolution sees.
        before: what a logit goes through to become the answer, "softmax" say; "" where there is nothing.
    """

    layer: str
    label: int
    score: float
    map: Floats
    small: Floats
    peak: float
    field: ReceptiveField
    before: str = ""


def laid(
    layer: str,
    label: int,
    score: float,
    small: Floats,
    field: ReceptiveField | None,
    image: tuple[int, int],
    before: str = "",
) -> Heat:
    """A small map laid over an image of (rows, columns); evenly where it is not known what the places see."""
    peak = float(small.max(initial=0))
    seen = field or spread((small.shape[0], small.shape[1]), image)
    # In parts of the peak before it is enlarged: what is tiny is not lost on the way.
    large = enlarged(small / (peak or 1), seen, *image)
    # No pixel need lie on the very centre of the hottest place.
    hottest = large.max(initial=0)
    return Heat(layer, label, score, (large / (hottest or 1)).clip(0, 1), small, peak, seen, before)
