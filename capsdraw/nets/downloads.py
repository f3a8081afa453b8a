"""The data sets known by name: from this machine, else through Keras' own download."""

import keras
import numpy as np

from capsdraw.datasets.sources import FILES, Data, local_data
from capsdraw.errors import CapsDrawError


def data_set(name: str) -> Data:
    """All of "mnist" or "cifar10", fetched and cached by Keras where it is not at hand.

    Raises:
        CapsDrawError: no such name, or it is not here and cannot be fetched.
    """
    if name not in FILES:
        raise CapsDrawError(f"unknown data set '{name}': known are {', '.join(FILES)}")
    data = local_data(name)
    if data is not None:
        return data
    try:
        # Keras names its modules as we name the sets.
        (train_images, train_labels), (test_images, test_labels) = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras wraps every failed download in a bare Exception
        raise CapsDrawError(
            f"{name} is not on this machine and could not be fetched ({str(error).splitlines()[0]}): "
            f"set CAPSDRAW_DATA to a folder with {FILES[name]}"
        ) from None
    # CIFAR-10 comes with its labels in a column.
    return Data(name, train_images, np.ravel(train_labels), test_images, np.ravel(test_labels))
