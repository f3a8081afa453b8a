"""The numbers of a plan's three columns: what each is called, and a sentence on what it does."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Entry:
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
    Entry("limit", "Images (0: all)", True, "Train on so many of the images only"),
    Entry("held_out", "Held out", True, "The last so many images are not trained on: each epoch is checked by them"),
    Entry("synthetic", "Synthetic, added", True, "So many synthetic pen digits are added to each epoch"),
    Entry("strokes", "Pen strokes, added", True, "So many digits of people's pen strokes are added to each epoch"),
    Entry("seed", "Seed", True, "Decides the first weights, the order and the changes: the same seed, the same fit"),
)
HOW: Final = (
    Entry("epochs", "Epochs", True, "How often the fit goes through all images"),
    Entry("batch", "Batch", True, "Images of one step"),
    Entry("learning_rate", "Learning rate", False, "How far a step goes, at its largest"),
)
CHANGES: Final = (
    Entry("rotation", "Rotation, ± degrees", False, "Turned by up to so much either way"),
    Entry("shift", "Shift, ± pixels", False, "Moved by up to so much either way"),
    Entry("zoom", "Zoom, ± fraction", False, "0.1 makes width and height 0.9 to 1.1 times as large, each by itself"),
    Entry("shear", "Shear, ± fraction", False, "0.1 moves a row by up to a tenth of its height above the middle"),
    Entry("elastic", "Elastic, pixels", False, "Bent smoothly, by so much on the average"),
    Entry("thickness", "Thickness, ± px", False, "Strokes grow or thin by up to so much on each side"),
    Entry("erase", "Erased square, px", True, "A black square of that side lies over each image; 0 for none"),
    Entry("blur", "Blur, pixels", False, "Blurred by a Gaussian of up to that standard deviation"),
    Entry("resampling", "Coarser, up to ×", False, "Scaled down to up to so many times fewer pixels a side, and back"),
    Entry("contrast", "Paler, fraction", False, "0.5 makes ink down to half as dark"),
    Entry("gamma", "Gamma, ±", False, "0.5 takes pixels to powers from 1 / 1.5 to 1.5"),
    Entry("ground", "Grey ground", False, "Grey paper of up to so much of full ink, even or growing to one side"),
    Entry("noise", "Noise", False, "Noise of up to that standard deviation on each pixel"),
    Entry("softened", "Share of images", False, "So many of the images get each of the last six, 0.25 a quarter"),
)
