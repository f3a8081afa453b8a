"""What the faces of Evaluate are called, and say of themselves."""

from typing import Final

FACES: Final = (
    ("Result", "The error, and each class"),
    ("Confusion", "What was read as what"),
    ("Mistakes", "All misread images"),
    ("Calibration", "Is it right as often as it is confident?"),
    ("Pairs", "Images above their reconstructions"),
    ("Sets", "Several models on many small sets"),
)
ABOUT: Final = (
    "How often a model is wrong on images that it was not trained on.",
    "Rows are true classes, columns what was read. Green is right, red is wrong: the redder, the more often.",
    "What it got wrong, the most confident mistake first. Click an image to put it on the canvas.",
    "Is the model right as often as it is confident?",
    "Real images above, and below them what the decoder draws from their longest capsules.",
    "Do the models differ? On which small sets most, and on which images?",
)
NOTHING: Final = (
    "Nothing measured yet. Choose a model and data, then press Start: it reads all test images while "
    "you go on drawing. Ten thousand images take seconds with a small net, minutes with a large one."
)
UNDER_WAY: Final = "Its result appears here. Go on drawing meanwhile, or leave this tab: it is measured all the same."
