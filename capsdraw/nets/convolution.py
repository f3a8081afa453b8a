"""A strided convolution trained by the convolution theorem: the same numbers, a third of the time.

CapsNet's 9 × 9 × 256 × 256 convolution is nearly all of its work. Taken apart into its s × s
phases, a stride of s becomes a convolution of stride 1 with s² times the channels and a
kernel s times smaller on each side; that is a product of Fourier coefficients, and a complex
product takes three real ones (Gauss). For 20 × 20 → 6 × 6 that makes 148 products of channel
matrices in place of 36 · 81 / 4 = 729, each a plain matrix product.
"""

from functools import lru_cache
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

Tensor = Any
Matrix = NDArray[np.float32]


@lru_cache
def transforms(rows: int, columns: int, kernel: tuple[int, int]) -> tuple[Matrix, Matrix, Matrix]:
    """The three matrices of a valid correlation as `back @ ((image @ x) · (weights @ w))`.

    Args:
        rows, columns: of the plane.
        kernel: rows and columns of the kernel, of stride 1.

    Returns:
        image (M, rows · columns), weights (M, kernel rows · columns) and back (output rows ·
        columns, M), where M is the number of real products, about 1.5 · rows · columns.
    """
    down, across = (np.exp(-2j * np.pi * np.outer(np.arange(n), np.arange(n)) / n) for n in (rows, columns))
    fourier = np.einsum("up,vq->uvpq", down, across)  # frequency (u, v) of a one at (p, q)
    high, wide = rows - kernel[0] + 1, columns - kernel[1] + 1
    back_full = fourier.conj().transpose(2, 3, 0, 1)[:high, :wide] / (rows * columns)
    image, weights, back = [], [], []
    for u in range(rows):
        for v in range(columns):
            opposite = (-u % rows, -v % columns)
            if opposite < (u, v):
                continue  # of a real image: the conjugate of one that was done
            x, y = fourier[u, v].ravel(), back_full[:, :, u, v].ravel()
            w = fourier[u, v, : kernel[0], : kernel[1]].conj().ravel()  # a correlation, so conjugate
            if opposite == (u, v):
                image += [x.real]
                weights += [w.real]
                back += [y.real]
            else:  # Gauss: one = w.re (x.re + x.im), two = x.re (w.im - w.re), three = x.im (w.re + w.im);
                # the product is (one - three) + i (one + two), and counts for its conjugate too
                image += [x.real + x.imag, x.real, x.imag]
                weights += [w.real, w.imag - w.real, w.real + w.imag]
                back += [2 * (y.real - y.imag), -2 * y.imag, -2 * y.real]
    return np.array(image, np.float32), np.array(weights, np.float32), np.array(back, np.float32).T


@keras.saving.register_keras_serializable("capsdraw")
class FourierConv2D(keras.layers.Conv2D):  # type: ignore[misc]
    """A valid `Conv2D` of stride s, computed in training by `transforms`, else directly.

    For one image the direct way is the quicker: the kernel's transform is only worth its
    time when a batch shares it. Weights, shapes and results are those of `Conv2D`, up to
    rounding.

    Raises:
        ValueError: padding, groups, dilation or channels first, which it does not do.
    """

    def __init__(self, filters: int, kernel_size: int | tuple[int, int], **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, **kwargs)
        received = (self.padding, self.groups, set(self.dilation_rate), self.data_format)
        if received != ("valid", 1, {1}, "channels_last"):
            raise ValueError(f"valid padding, one group, no dilation, channels last only. Received: {kwargs}")

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        if not training:
            return super().call(inputs)
        outputs = fourier_convolution(inputs, self.kernel, self.strides)
        if self.use_bias:
            outputs = outputs + self.bias
        return self.activation(outputs)


def fourier_convolution(images: Tensor, kernel: Tensor, strides: tuple[int, int]) -> Tensor:
    """What `ops.conv(images, kernel, strides, "valid")` gives.

    Args:
        images: (B, rows, columns, C).
        kernel: (kernel rows, kernel columns, C, F), no larger than the image.
        strides: down and across.
    """
    _, rows, columns, below = images.shape
    tall, broad, _, above = kernel.shape
    s, t = strides
    high, wide = (rows - tall) // s + 1, (columns - broad) // t + 1
    k, m = -(-tall // s), -(-broad // t)  # the kernel, in phases
    n, p = high + k - 1, wide + m - 1  # the part of the image that it sees
    images = images[:, : n * s, : p * t]
    images = ops.pad(images, ((0, 0), (0, n * s - images.shape[1]), (0, p * t - images.shape[2]), (0, 0)))
    images = ops.reshape(images, (-1, n, s, p, t, below))
    images = ops.reshape(ops.transpose(images, (1, 3, 0, 2, 4, 5)), (n * p, -1))
    kernel = ops.pad(kernel, ((0, k * s - tall), (0, m * t - broad), (0, 0), (0, 0)))
    kernel = ops.reshape(kernel, (k, s, m, t, below, above))
    kernel = ops.reshape(ops.transpose(kernel, (0, 2, 1, 3, 4, 5)), (k * m, -1))
    image, weights, back = (ops.convert_to_tensor(matrix, images.dtype) for matrix in transforms(n, p, (k, m)))
    count = image.shape[0]
    x = ops.reshape(ops.matmul(image, images), (count, -1, s * t * below))
    w = ops.reshape(ops.matmul(weights, kernel), (count, s * t * below, above))
    products = ops.reshape(ops.matmul(x, w), (count, -1))  # (M, B · F)
    outputs = ops.reshape(ops.matmul(back, products), (high, wide, -1, above))
    return ops.transpose(outputs, (2, 0, 1, 3))
