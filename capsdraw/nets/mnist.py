"""MNIST for training and measuring: from this machine, else through Keras' own download."""

import keras

from capsdraw.datasets.sources import Data, local_mnist_data
from capsdraw.errors import CapsDrawError


def mnist() -> Data:
    """All of MNIST, fetched and cached by Keras where it is not at hand.

    Raises:
        CapsDrawError: it is not here and cannot be fetched.
    """
    data = local_mnist_data()
    if data is not None:
        return data
    try:
        (train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras wraps every failed download in a bare Exception
        raise CapsDrawError(
            f"MNIST is not on this machine and could not be fetched ({str(error).splitlines()[0]}): "
            "set CAPSDRAW_DATA to a folder with mnist.npz"
        ) from None
    return Data("mnist", train_images, train_labels, test_images, test_labels)
