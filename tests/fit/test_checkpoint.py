"""What a fit is made of: the losses, as a net of any size is compiled with them."""

import keras
import numpy as np
import pytest

from capsdraw.fit import checkpoint
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import zoo


@pytest.mark.parametrize("shape", [(36, 36, 1), (28, 28, 3)])
def test_a_fit_weighs_the_sum_of_squared_errors_with_the_paper_s_weight_at_every_size(
    shape: tuple[int, int, int],
) -> None:
    """A mean in its place would let the decoder starve, or weigh more the smaller the image is."""
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"], shape=shape)
    training = checkpoint.compiled(model, Recipe(name="tiny", title="Tiny", family="efficient-capsnet"), 1)
    random = np.random.default_rng(1)
    images, labels = random.random((6, *shape), np.float32), np.eye(10, dtype=np.float32)[random.integers(0, 10, 6)]
    told = training.evaluate(
        {"image": images, "label": labels}, {"lengths": labels, "reconstruction": images}, batch_size=3, verbose=0,
        return_dict=True,
    )  # fmt: skip
    drawn = keras.ops.convert_to_numpy(training({"image": images, "label": labels})["reconstruction"])
    wanted = 0.0005 * np.mean([np.sum((one - other) ** 2) for one, other in zip(images, drawn, strict=True)])
    assert told["reconstruction_loss"] == pytest.approx(wanted, rel=1e-4)
    assert told["loss"] == pytest.approx(told["lengths_loss"] + wanted, rel=1e-4)
