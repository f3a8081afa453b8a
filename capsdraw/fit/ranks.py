"""A fit that several processes share: each of them is a rank, and trains its rows of every batch.

JAX adds up what the ranks learn of a batch before any of them takes the step, so all hold the same weights, and those
that one process alone would have but for the order of sums. Every rank goes through the whole fit, in a run folder of
its own; that of the first one is the run. A rank that skipped what another does would have the others wait for ever.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.fit.plan import Plan

# Where ranks meet, and seconds until all of them must have come.
_HERE: Final = "127.0.0.1"
_GATHERING: Final = 300
# What JAX says where a rank is gone, in exceptions of several kinds.
_GONE: Final = ("gloo", "nccl", "coordination service", "coordination agent", "connection closed", "connection reset")


@dataclass(frozen=True, kw_only=True)
class RankPlace:
    """Which of the ranks this process is.

    Attributes:
        number: from 0; count: of all; port: of this machine, where they meet.
    """

    number: int = 0
    count: int = 1
    port: int = 0


class RankLost(CapsDrawError):  # noqa: N818 (nothing is wrong with the fit)
    """Another rank is gone; the fit goes on from its checkpoint, with all of them begun anew."""


class _Joined:
    """What this process has joined; alone, until it does."""

    place = RankPlace()


def join(place: RankPlace) -> None:
    """Meet the other ranks; on JAX, before anything is computed. One alone has nobody to meet.

    Raises:
        CapsDrawError: they did not come.
    """
    if place.count == 1:
        return
    import jax

    _listen_here()
    settings: Any = jax.config
    settings.update("jax_cpu_collectives_implementation", "gloo")
    meeting = f"{_HERE}:{place.port}"
    try:
        jax.distributed.initialize(
            meeting, num_processes=place.count, process_id=place.number, local_device_ids=[place.number],
            cluster_detection_method="deactivate", initialization_timeout=_GATHERING, coordinator_bind_address=meeting,
        )  # fmt: skip
    except RuntimeError as error:
        raise RankLost(f"worker {place.number} did not meet the others ({error})") from None
    if jax.process_count() != place.count:
        raise CapsDrawError(f"{jax.process_count()} of {place.count} workers came together: nothing is trained")
    _Joined.place = place


def _listen_here() -> None:
    """Ranks listen to each other on this machine alone: JAX does wherever the machine's name leads, and has no setting.

    Raises:
        CapsDrawError: a JAX that does it in another way.
    """
    import jax

    try:
        inside: Any = import_module("jax._src.lib")._jax
        inside.make_gloo_tcp_collectives = partial(inside.make_gloo_tcp_collectives, hostname=_HERE)
    except (ImportError, AttributeError):
        raise CapsDrawError(
            f"JAX {jax.__version__} is not one that --workers knows: install the version in constraints.txt"
        ) from None


def problems(plan: Plan, count: int) -> dict[str, str]:
    """Why ranks cannot share a plan alike: {entry of the recipe: reason}; empty where they can."""
    held_out, images, batch = plan.recipe.held_out, plan.images, plan.batch
    wrong = {}
    if batch % count:
        wrong["batch"] = f"{batch:,} images cannot be shared alike by {count} workers: choose {_near(batch, count)}"
    if images % count:
        fits = len(plan.trained.labels) - images % count
        advice = f"a limit of {fits} would do" if fits > 0 else "choose fewer workers"
        wrong["limit"] = f"leaves {images:,} images an epoch, which {count} workers cannot share alike: {advice}"
    if held_out % count:
        wrong["held_out"] = f"{held_out:,} cannot be shared alike by {count} workers: choose {_near(held_out, count)}"
    return wrong


def _near(amount: int, count: int) -> str:
    """The multiples of a count below and above an amount."""
    below = amount // count * count
    return f"{below} or {below + count}" if below else str(count)


@contextmanager
def together() -> Iterator[None]:
    """Nets that are built meanwhile are the ranks' common ones; one alone has its own."""
    if _Joined.place.count == 1:
        yield
        return
    # All build the same net; what is read from a checkpoint takes its place. Keras' own way would import TensorFlow.
    random.seed(1)
    with keras.distribution.DataParallel(auto_shard_dataset=False).scope():
        yield


@contextmanager
def apart() -> Iterator[None]:
    """Nets that are built meanwhile are this rank's alone, which no other waits for."""
    common = keras.distribution.distribution()
    if common is None:
        yield
        return
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(common)


def share(batches: keras.utils.PyDataset) -> keras.utils.PyDataset:
    """This rank's rows of every batch; all of them where there is one alone."""
    return batches if _Joined.place.count == 1 else _Share(batches, _Joined.place)


def share_of(arrays: Any) -> Any:
    """This rank's rows of arrays (N, …), however they are nested."""
    place = _Joined.place
    if place.count == 1:
        return arrays
    rows = slice(place.number, None, place.count)
    return keras.tree.map_structure(lambda array: np.ascontiguousarray(array[rows]), arrays)


def size(batch: int) -> int:
    """Of so many images of a batch, how many are this rank's, at most."""
    return -(-batch // _Joined.place.count)


def is_lost(error: BaseException) -> bool:
    """Whether a fit broke off because another rank is gone."""
    if _Joined.place.count == 1:
        return False
    text = str(error).lower()
    return not isinstance(error, CapsDrawError) and any(word in text for word in _GONE)


class _Share(keras.utils.PyDataset):  # type: ignore[misc]
    """A rank's rows of each batch. Each is made whole: its random numbers are one row for all of its images."""

    def __init__(self, whole: keras.utils.PyDataset, place: RankPlace) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._whole, self._place = whole, place

    def __len__(self) -> int:
        return len(self._whole)

    def __getitem__(self, index: int) -> Any:
        return keras.tree.map_structure(self._rows, self._whole[index])

    def _rows(self, array: Any) -> Any:
        each = len(array) // self._place.count
        return array[self._place.number * each : (self._place.number + 1) * each]

    def on_epoch_end(self) -> None:
        """Keras calls this after each epoch."""
        self._whole.on_epoch_end()
