"""The faces of the Train tab in words, and how far a fit is."""

from typing import Final

from capsdraw.fit.duration import duration
from capsdraw.fit.events import BatchEnded

FACES: Final = (
    ("Plan", "What is trained, and how"),
    ("Curves", "Losses and accuracies as they grow"),
    ("Theatre", "Images, your own drawing among them, as the net in training sees them"),
    ("Runs", "All fits, finished or not"),
    ("Several fits", "Many fits side by side, with several values for what you choose"),
)
ABOUT: Final = (
    "Train a net of your own while you go on drawing. Start one of the three, or change what you like behind Details.",
    "Lines are means of the batches just trained, dots the values on held-out images after each epoch.",
    "The same images after every epoch, and now and then within one; below them, what the net makes of them.",
    "Every fit is kept with its recipe, figures and models. An interrupted fit can be resumed.",
    "Train the same thing several times with other values, and see what they change. Each fit is kept among the runs.",
)
# Of many fits that were begun.
SEVERAL_DONE: Final = (
    "Each line and each dot is a fit; a hollow dot is not finished. A bar spans fits that differ by their seed alone: "
    "by chance. Click one to choose it."
)
# Of the curves of a fit that holds no images out.
UNCHECKED: Final = (
    "Lines are means of the batches just trained. No images are held out from this fit: "
    "nothing here says how well it reads new ones."
)
# Before the window closes: a title and a question.
CLOSE: Final = (
    "A net is being trained",
    "Stop training and close? What was learnt is kept: you can resume the run in Train › Runs.",
)
CLOSE_SEVERAL: Final = (
    "Nets are being trained",
    "Stop all fits and close? What was learnt is kept: you can go on in Train › Several fits.",
)


def progress(event: BatchEnded) -> str:
    """How far a fit is, how fast, and its loss."""
    loss = f"   ·   loss {event.figures['loss']:.4f}" if "loss" in event.figures else ""
    speed = ""  # not known as long as the net is compiled
    if event.images_per_second is not None and event.seconds_left is not None:
        speed = f"   ·   {event.images_per_second:,.0f} images/s   ·   {duration(event.seconds_left)} left"
    return f"Epoch {event.epoch} of {event.epochs}{speed}{loss}"
