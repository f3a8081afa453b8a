"""A recipe: all that decides how a net is trained."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from capsdraw.datasets.moves import Border


class RateSchedule(StrEnum):
    """What the learning rate does: falls to 0 along half a cosine, by a factor each epoch, or not at all."""

    COSINE = "cosine"
    EXPONENTIAL = "exponential"
    CONSTANT = "constant"


class Precision(StrEnum):
    """In which a fit computes, a Keras dtype policy; what it makes answers in float32."""

    FLOAT32 = "float32"
    MIXED_BFLOAT16 = "mixed_bfloat16"
    MIXED_FLOAT16 = "mixed_float16"


SCHEDULES, PRECISIONS = tuple(RateSchedule), tuple(Precision)


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far each training image is changed at random, each time it is seen.

    Attributes:
        rotation: degrees, up to, either way.
        shift: pixels, up to, either way.
        zoom: 0.1 scales by 0.9 to 1.1.
        shear: 0.1 moves a row by up to a tenth of its height.
        elastic: pixels, standard deviation of a smooth random displacement.
        thickness: pixels, up to, by which a stroke grows or thins on each side.
        erase: side in pixels of a black square laid over each image; 0 for none.
        channel_shift: of the range of a colour channel, up to, by which it is made lighter or darker.
        flip: half of the images are mirrored, left to right.
        border: what comes in from outside.
        blur: pixels, standard deviation of a Gaussian, up to.
        resampling: scaled down to so many times fewer pixels a side, up to, and back; 1 for not at all.
        contrast: so much of the ink's darkness is taken at most; 0.5 makes it half as dark.
        gamma: 0.5 takes pixels to powers from 1 / 1.5 to 1.5.
        ground: grey under the ink, of full ink, up to; even on one half of the images, else growing to one side.
        noise: standard deviation on each pixel, up to.
        softened: the share of the images that each of these six is done to, each drawn by itself.
    """

    rotation: float = 0.0
    shift: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    thickness: float = 0.0
    erase: int = 0
    channel_shift: float = 0.0
    flip: bool = False
    border: Border = Border.BLACK
    blur: float = 0.0
    resampling: float = 1.0
    contrast: float = 0.0
    gamma: float = 0.0
    ground: float = 0.0
    noise: float = 0.0
    softened: float = 0.25


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to make `trained/NAME.keras`.

    Attributes:
        name: of the model; title: as the window shows it.
        family: a name that `zoo.build` knows; options: its arguments.
        data: a set known by name, or the path of a file or folder.
        seed: decides weights, order and augmentation.
        held_out: the last so many training images are for validation, none is trained on.
        synthetic: synthetic pen digits mixed into each epoch, a fifth of them new ones each time.
        strokes: drawings of people's pen strokes mixed into each epoch (`datasets.pen_strokes`, where they are at
            hand), drawn anew with another pen or another drawing, a fifth of them each time.
        epochs, batch: of training.
        learning_rate: its peak; schedule: what it does from there.
        decay: of an exponential schedule, the factor of an epoch.
        restarts: epochs after which a run that had ended was gone on with: a cosine starts anew at each.
        average: what answers in the end is the mean of the weights at each cosine's end, and at that of the fit
            (stochastic weight averaging over cycles, Izmailov et al. 2018, arXiv:1803.05407); for nets without
            batch normalisation, whose statistics would be nobody's.
        moving_average: of the weights; the share of it that each step keeps, 0.999 for the mean of some thousand
            steps, 0 for none. What answers has the average; it learns with the weights themselves.
        precision: that it computes in.
        reconstruction: weight of the reconstruction loss, which is a sum over pixels; of capsule nets.
        start: name of the model whose weights are the first, or "" for random ones.
        limit: train on so many images only; 0 for all.
        transposed: the data's rows and columns are exchanged, which EMNIST's are as it is published.
        overlaid: two digits of different classes are laid over one another, each shifted by up to so many pixels
            on a ground that is so much wider on every side (`datasets.overlaid`); 0 for one digit alone.
        alone: the share of such images that has one digit all the same, so that a net of two learns to say one, too.
    """

    name: str
    title: str
    family: str
    options: dict[str, Any] = field(default_factory=dict)
    data: str = "mnist"
    seed: int = 1
    held_out: int = 5000
    synthetic: int = 0
    epochs: int = 10
    batch: int = 128
    learning_rate: float = 1e-3
    schedule: RateSchedule = RateSchedule.COSINE
    decay: float = 0.9
    restarts: tuple[int, ...] = ()
    average: bool = False
    precision: Precision = Precision.FLOAT32
    reconstruction: float = 0.0005
    start: str = ""
    limit: int = 0
    augmentation: Augmentation = Augmentation()
    strokes: int = 0
    moving_average: float = 0.0
    transposed: bool = False
    overlaid: int = 0
    alone: float = 0.0

    @property
    def pen_digits(self) -> int:
        """Of an epoch, synthetic ones and people's."""
        return self.synthetic + self.strokes

    @property
    def cycles(self) -> tuple[int, ...]:
        """The epochs at whose ends a cosine has come to its end, the fit's last one among them."""
        return (*self.restarts, self.epochs)
