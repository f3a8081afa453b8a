"""Batch normalisation's statistics made anew from images as a net will read them, where a fit moved all of its own.

Every training image is turned, bent and so drawn anew from its pixels' neighbours, which softens it a little; some are
blurred, greyed and made noisy besides. What a layer gathers of them in training is not what it meets afterwards. Of
two digits over one another it cost four pairs in a hundred; other nets were not looked at.
"""

import keras
import numpy as np

from capsdraw.datasets.overlaid import pairs, together
from capsdraw.fit.plan import Plan
from capsdraw.nets import keras_private

# Pairs of training digits that it is done with, and of them at once.
PAIRS, _AT_ONCE = 10_240, 64


def steady(model: keras.Model, plan: Plan, count: int = PAIRS) -> None:
    """Have a net of pairs normalise by what it meets: training digits over one another, none of them moved.

    Args:
        model: that answers; its weights but those statistics stay as they are.
        plan: of its fit; count: of pairs, a multiple of `_AT_ONCE`.
    """
    # A classifier is one whole; of its layers after these, some leave out at random, which changes nothing here.
    encoder = next((layer for layer in model.layers if layer.name == "encoder"), model)
    layers = [layer for layer in keras_private.layers(encoder) if isinstance(layer, keras.layers.BatchNormalization)]
    both = pairs(plan.trained, count, shift=plan.recipe.overlaid)
    momenta = [layer.momentum for layer in layers]
    sums = [np.zeros((2, layer.moving_mean.shape[0])) for layer in layers]  # of each batch's means, and mean squares
    for layer in layers:
        layer.momentum = 0.0  # the statistics are then those of the last batch
    for first in range(0, count, _AT_ONCE):
        encoder(together(both.parts(slice(first, first + _AT_ONCE))), training=True)
        for layer, own in zip(layers, sums, strict=True):
            mean, variance = (keras.ops.convert_to_numpy(value) for value in (layer.moving_mean, layer.moving_variance))
            own += mean, variance + mean.astype(np.float64) ** 2
    for layer, momentum, (mean, square) in zip(layers, momenta, sums, strict=True):
        mean, square = mean / (count // _AT_ONCE), square / (count // _AT_ONCE)
        layer.momentum = momentum
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(square - mean**2)
