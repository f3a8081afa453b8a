"""A capsule is a vector: its length says that a thing is there, its direction how it looks. What is reckoned of one."""

from typing import Any

from keras import ops

# Inside the root: outside of it, the gradient at a zero vector is NaN. In float16 it would be 0: lengths are float32's.
EPSILON = 1e-9

Tensor = Any


def norm(s: Tensor, keepdims: bool = False) -> Tensor:
    """Length of the vectors on the last axis in float32, with a finite gradient at zero."""
    return ops.sqrt(ops.sum(ops.square(ops.cast(s, "float32")), axis=-1, keepdims=keepdims) + EPSILON)


def squash(s: Tensor) -> Tensor:
    """`‖s‖²/(1+‖s‖²) · s/‖s‖` on the last axis: direction kept, length in [0, 1) (Sabour 2017, eq. 1)."""
    x = ops.cast(s, "float32")
    length = norm(x, keepdims=True)
    return ops.cast(x * (length / (1.0 + ops.square(length))), s.dtype)


def squash_exponential(s: Tensor) -> Tensor:
    """`(1 − e^(−‖s‖)) · s/‖s‖` on the last axis: steeper near zero (Mazzia 2021, eq. 2)."""
    x = ops.cast(s, "float32")
    length = norm(x, keepdims=True)
    return ops.cast(x * (-ops.expm1(-length) / length), s.dtype)
