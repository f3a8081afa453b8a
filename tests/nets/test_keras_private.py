"""What is used of Keras without its promise is still there, and does what it is used for."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.backend.jax.trainer import JAXTrainer
from keras.src.backend.tensorflow.trainer import TFEpochIterator

from capsdraw.fit.checkpoint import compiled
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import keras_private, zoo

ROOT = Path(__file__).parents[2]


def test_the_layers_of_the_models_in_a_model_are_among_its_layers() -> None:
    """Without them no dropout would be seeded, no memory reckoned and no batch normalisation found."""
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    told = keras_private.layers(model)
    inner = [layer for part in ("encoder", "decoder") for layer in model.get_layer(part).layers]
    assert {layer.name for layer in inner} | {layer.name for layer in model.layers} == {layer.name for layer in told}
    assert len(told) == len(inner) + len(model.layers)
    assert model not in told


def test_gradients_go_through_what_stands_in_for_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Keras calls it no more, each fit leaves its graph behind again, and nothing says so."""
    assert "_all_reduce_sum_gradients" in vars(keras.optimizers.Optimizer) or any(
        "_all_reduce_sum_gradients" in vars(base) for base in keras.optimizers.Adam.__mro__
    )
    summed: list[int] = []
    real = keras_private.OneReplica._all_reduce_sum_gradients

    def counted(self: keras_private.OneReplica, pairs: object) -> list[object]:
        summed.append(1)
        return real(self, pairs)

    monkeypatch.setattr(keras_private.OneReplica, "_all_reduce_sum_gradients", counted)
    training = compiled(zoo.build("mlp", hidden=4), Recipe(name="a", title="A", family="mlp"), 1)
    before = training.get_weights()
    training.train_on_batch(np.ones((2, 28, 28, 1), np.float32), np.eye(10, dtype=np.float32)[:2])
    assert summed
    assert any((one != other).any() for one, other in zip(before, training.get_weights(), strict=True))


def test_what_brings_weights_to_where_they_can_be_read_is_there_on_jax() -> None:
    assert callable(JAXTrainer.jax_state_sync)


class Few(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        return np.ones((2, 28, 28, 1), np.float32), np.eye(10, dtype=np.float32)[:2]


def test_nothing_tunes_how_a_fit_is_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What did was waited for by whoever collected a fit's garbage: all of Python stood still, for up to a minute."""
    fed: list[bool] = []
    real = TFEpochIterator.__init__

    def watched(self: TFEpochIterator, *given: object, **named: object) -> None:
        real(self, *given, **named)
        fed.append(self.data_adapter.get_tf_dataset().options().autotune.enabled)

    monkeypatch.setattr(TFEpochIterator, "__init__", watched)
    for _ in range(2):
        keras_private.leave_batches_untuned()
    training = compiled(zoo.build("mlp", hidden=4), Recipe(name="a", title="A", family="mlp"), 1)
    images, labels = Few()[0]
    told = training.fit(Few(), validation_data=(images, labels), verbose=0)
    assert fed == [False, False]
    assert set(told.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_no_keras_is_allowed_that_this_was_not_tested_with() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (allowed,) = [one for one in dependencies if one.startswith("keras")]
    pinned = (ROOT / "constraints.txt").read_text().split("\nkeras==")[1].split()[0]
    major, minor, *_ = map(int, pinned.split("."))
    assert allowed.endswith(f",<{major}.{minor + 1}")
    assert version("keras").split(".")[:2] == [str(major), str(minor)]


def test_no_private_name_of_keras_is_used_elsewhere() -> None:
    names = ("_flatten_layers", "_all_reduce_sum_gradients", "jax_state_sync", "keras.src")
    for folder in ("capsdraw", "training"):
        for path in (ROOT / folder).rglob("*.py"):
            # Three import none of them: they say which names a file may have.
            if path.name not in ("keras_private.py", "keras_file.py", "known_layers.py", "stored_net.py"):
                text = path.read_text(encoding="utf-8")
                assert not [name for name in names if name in text], path
