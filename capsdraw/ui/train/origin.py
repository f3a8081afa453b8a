"""What a run began with, for whoever goes on with it: its first epochs are not looked at again."""

from typing import TYPE_CHECKING

from capsdraw.errors import CapsDrawError
from capsdraw.fit.events import Floats
from capsdraw.fit.recipe import Recipe

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data


def first_filters(recipe: Recipe, data: "Data") -> Floats | None:
    """Kernels of the first convolution before the fit's first batch, as `fit.watch` looks at them.

    Builds the net anew: for the thread that trains, or another that may use Keras.

    Returns:
        (F, rows, columns), mean over input channels; None where the net has no convolution, or where
        the model that it started from is gone.
    """
    from capsdraw.fit import checkpoint, watch
    from capsdraw.nets import families

    classes = int(recipe.options.get("classes", data.train_labels.max() + 1))
    try:
        model = checkpoint.begun(recipe, data.shape, classes)
    except CapsDrawError:
        return None
    return watch.first_filters(model.get_layer("encoder") if families.is_capsule(model) else model)
