"""Images of arrays in another size than a net reads: brought to it as pictures of files are (`ink.intake`)."""

from dataclasses import replace

import numpy as np

from capsdraw.datasets.data import Bytes, Data
from capsdraw.datasets.measured import intake_of
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.formatting import times
from capsdraw.ink.intake import Ground, Intake, Road, of_pixel_array


def can_be_brought(data: Data, shape: tuple[int, ...], intake: Intake) -> bool:
    """Whether the images can be brought to a net's form: pictures in as many colours, for a net of ink on
    one ground, for there it is not told from paper otherwise.

    Args:
        data: whose test images are looked at.
        shape: (rows, columns, channels) that the net reads.
        intake: how it reads pictures.
    """
    if data.shape[2] != shape[2] or shape[2] not in (1, 3) or not len(data.test_images):
        return False
    pictures = data.pictures or intake_of(data.test_images)
    return intake.road == Road.PIXELS or pictures.ground != Ground.ANY


def brought(data: Data, shape: tuple[int, ...], intake: Intake, watch: ReadMonitor = NO_MONITOR) -> Data:
    """The data with its test images in a net's form, and without training images, which nobody measures on.

    Args:
        data, shape, intake: as for `can_be_brought`, which said yes.
        watch: is told of images.

    Raises:
        Cancelled: stopped.
    """
    pictures = data.pictures or intake_of(data.test_images)
    sides = shape[:2] if shape[2] == 1 else shape
    images: Bytes = np.empty((len(data.test_images), *sides), np.uint8)
    for index, image in enumerate(data.test_images):
        images[index] = of_pixel_array(image, shape, intake, pictures.ground)
        watch.tell(index + 1, len(images))
    return replace(
        data, train_images=images[:0], train_labels=data.train_labels[:0], test_images=images, pictures=intake,
        notes=(*data.notes, f"the images of {times(data.shape[:2])} pixels were brought to {times(shape[:2])}"),
    )  # fmt: skip
