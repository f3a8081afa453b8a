"""Adam, without what a single machine does not need and would never let go of."""

import keras

from capsdraw.nets.keras_private import OneReplica


@keras.saving.register_keras_serializable("capsdraw")
class Adam(OneReplica, keras.optimizers.Adam):  # type: ignore[misc]
    """Keras' Adam for one replica."""
