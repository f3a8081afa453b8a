"""The same file gives the same answers on another backend of Keras: JAX, where people have a GPU."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.nets import cards, families, zoo

pytest.importorskip("jax", reason="JAX is not installed")

CHILD = """
import sys
from pathlib import Path
import numpy as np
import keras
assert keras.backend.backend() == "jax"
from capsdraw.nets import families, losses, zoo
folder = Path(sys.argv[1])
for path in sorted(folder.glob("*.keras")):
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    images = np.load(folder / f"{path.stem}.npz")["images"]
    answer = model(images)
    answer = answer if isinstance(answer, dict) else {"probabilities": answer}
    np.savez(folder / f"{path.stem}-jax.npz", **{key: np.asarray(value) for key, value in answer.items()})
# It learns there too.
model = families.training_form(zoo.build("capsnet", **zoo.TINY["capsnet"]))
model.compile("adam", {"lengths": losses.MarginLoss(), "reconstruction": losses.ReconstructionLoss()})
images = np.random.default_rng(0).random((8, 28, 28, 1), np.float32)
wanted = np.eye(10, dtype=np.float32)[np.arange(8)]
fit = model.fit({"image": images, "label": wanted}, {"lengths": wanted, "reconstruction": images}, epochs=15, verbose=0)
assert fit.history["loss"][-1] < fit.history["loss"][0], fit.history["loss"]
"""


@pytest.mark.slow
def test_saved_here_loaded_on_jax_a_tiny_net_of_each_family_gives_the_same_answers(tmp_path: Path) -> None:
    models = {family: zoo.build(family, **zoo.TINY[family]) for family in zoo.FAMILIES}
    for family, model in models.items():
        zoo.save(model, tmp_path / f"{family}.keras")
    same_on_jax(models, tmp_path)


@pytest.mark.slow
@pytest.mark.long
def test_so_does_every_bundled_file(tmp_path: Path) -> None:
    """Adapted whitening and Fourier convolution with them."""
    bundled = [card for card in cards.list_cards() if card.bundled]
    assert len(bundled) == 11
    for card in bundled:
        shutil.copy(card.weights, tmp_path / f"{card.name}.keras")
    same_on_jax({card.name: zoo.load(card) for card in bundled}, tmp_path)


def same_on_jax(models: dict[str, keras.Model], folder: Path) -> None:
    """Ask each, and its file in the folder on JAX, about the same images."""
    answers = {}
    for name, model in models.items():
        images = np.random.default_rng(1).random((5, *model.input_shape[1:]), np.float32)
        np.savez(folder / f"{name}.npz", images=images)
        answer = model(images)
        named = answer if families.is_capsule(model) else {"probabilities": answer}
        answers[name] = {key: np.asarray(value) for key, value in named.items()}
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name, named in answers.items():
        there = np.load(folder / f"{name}-jax.npz")
        for key, value in named.items():
            assert there[key] == pytest.approx(value, abs=1e-5), (name, key)
