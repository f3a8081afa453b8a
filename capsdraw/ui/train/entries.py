"""The numbers of a plan's three columns: what each is called, and a sentence on what it does."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class NumberEntry:
    """A number of a recipe, as the form has it.

    Attributes:
        name: in the recipe; words: beside its field; whole: whether it is a whole number.
        sentence: what it does.
    """

    name: str
    words: str
    whole: bool
    sentence: str


DATA: Final = (
    NumberEntry("limit", "Images (0: all)", True, "Train on so many of the images only."),
    NumberEntry("held_out", "Held out", True, "So many images are kept back: each epoch is checked by them."),
    NumberEntry("synthetic", "Synthetic, added", True, "So many digits that the app draws itself join each epoch."),
    NumberEntry("strokes", "Pen strokes, added", True, "So many digits from the pens of 25 people join each epoch."),
    NumberEntry(
        "overlaid",
        "Two at once, ± px",
        True,
        "Two digits over one another, each moved by up to so many pixels, 4 in the paper; 0 for one digit.",
    ),
    NumberEntry("alone", "One alone, share", False, "Where two are laid over one another: so many images have one."),
    NumberEntry("seed", "Seed", True, "Decides first weights, order and changes: the same seed, the same fit."),
)
HOW: Final = (
    NumberEntry("epochs", "Epochs", True, "How often the fit goes through all images."),
    NumberEntry("batch", "Batch", True, "After so many images the net takes one step."),
    NumberEntry("learning_rate", "Learning rate", False, "How far a step goes, at its largest."),
)
CHANGES: Final = (
    NumberEntry("rotation", "Rotation, ± degrees", False, "Turned by up to so much either way."),
    NumberEntry("shift", "Shift, ± pixels", False, "Moved by up to so much either way."),
    NumberEntry(
        "zoom", "Zoom, ± fraction", False, "0.1 makes width and height 0.9 to 1.1 times as large, each by itself."
    ),
    NumberEntry("shear", "Shear, ± fraction", False, "0.1 slants by up to a tenth of the height."),
    NumberEntry("elastic", "Elastic, pixels", False, "Bent smoothly, by so much on average."),
    NumberEntry("thickness", "Thickness, ± px", False, "Strokes grow or thin by up to so much on each side."),
    NumberEntry(
        "erase", "Erased square, px", True, "A black square of that side covers part of each image; 0 for none."
    ),
    NumberEntry("blur", "Blur, pixels", False, "Blurred, by up to so many pixels."),
    NumberEntry(
        "resampling", "Coarser, up to ×", False, "Shrunk to up to so many times fewer pixels a side, and back."
    ),
    NumberEntry("contrast", "Paler, fraction", False, "0.5 makes ink down to half as dark."),
    NumberEntry(
        "gamma", "Gamma, ±", False, "Greys get darker or lighter: 0.5 takes them to powers from 1 / 1.5 to 1.5."
    ),
    NumberEntry("ground", "Grey ground", False, "Grey paper, up to so much of full ink."),
    NumberEntry("noise", "Noise", False, "Grain on each pixel, of up to that standard deviation."),
    NumberEntry(
        "softened", "Share of images", False, "So many images get each of the six changes above; 0.25 is a quarter."
    ),
)
# What a family's own numbers do, by their names.
OPTIONS: Final = {
    "channels": "Feature maps of its first layers: more see more, and take longer.",
    "size": "Numbers of each digit capsule.",
    "halvings": "Convolutions that halve their maps; 2 for two digits at once.",
    "primary": "Side of the patch that makes primary capsules; 0 for all of the picture.",
    "iterations": "How often routing asks the capsules whether they agree.",
    "hidden": "Units between image and answer.",
    "kernel": "Side of the patch that each convolution looks at.",
    "convolutions": "How many of them follow one another.",
    "whitening": "Directions of colour patches that are made alike first; 0 for none.",
}
# Of the fields that are no numbers.
NET: Final = "The kind of net that learns."
IMAGES: Final = "What it learns from: a set, a file or a folder."
START: Final = "Begin with random weights, or go on from a model of the same form."
TRANSPOSED: Final = "For images that lie on their side, as EMNIST's do."
SCHEDULE: Final = "What becomes of the learning rate over the epochs."
DECAY: Final = "Each epoch takes the learning rate times this, where the schedule says so."
PRECISION: Final = "How finely it computes: mixed is quicker on some processors."
DECODER: Final = "How much redrawing the image counts beside naming it."
FLIP: Final = "Half of the images are turned left to right: for photographs, not for digits or letters."
