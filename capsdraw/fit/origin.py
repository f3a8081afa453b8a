"""What a run began with, for whoever goes on with it: its first epochs are not looked at again."""

from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, snapshots
from capsdraw.fit.events import Floats
from capsdraw.fit.plan import Plan
from capsdraw.nets import families


def first_filters(plan: Plan) -> Floats | None:
    """Kernels of the first convolution before the fit's first batch, as `fit.snapshots` looks at them.

    Builds the net anew: for the thread that trains, or another that may use Keras.

    Returns:
        (F, rows, columns), mean over input channels; None where the net has no convolution, or where
        the model that it started from is gone.
    """
    try:
        model = checkpoint.begun(plan.recipe, plan.shape, plan.classes)
    except CapsDrawError:
        return None
    return snapshots.first_filters(model.get_layer("encoder") if families.is_capsule(model) else model)
