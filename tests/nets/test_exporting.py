"""What is exported answers in other programs as it does here, or is not written."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, export_forms, exporting, families, keras_file, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.exporting import export
from capsdraw.nets.foreign.opening_models import open_model
from capsdraw.nets.plain_form import plain
from capsdraw.nets.whitening import Whitening

from ..made import made_card

ONNX = all(importlib.util.find_spec(name) for name in ("onnx", "tf2onnx", "onnxruntime"))
TINY = {
    **zoo.TINY,
    "capsnet": {**zoo.TINY["capsnet"], "bias": True},
    "cifar-cnn": {**zoo.TINY["cifar-cnn"], "whitening": 12},
}


def tiny(family: str) -> keras.Model:
    """A small net of random weights; its priors, biases and whitening say something."""
    model = zoo.build(family, **TINY[family])
    random = np.random.default_rng(7)
    if family == "cifar-cnn":
        layer = next(layer for layer in model.layers if isinstance(layer, Whitening))
        layer.set_weights([0.1 * random.random(weight.shape) for weight in layer.get_weights()])
    if families.is_capsule(model):
        routed = model.get_layer("encoder").layers[-1]
        routed.set_weights([0.3 * random.standard_normal(weight.shape) for weight in routed.get_weights()])
    return model


def saved(home: Path, family: str) -> Card:
    model = tiny(family)
    kind = "capsule" if families.is_capsule(model) else "classifier"
    digest = zoo.save(model, home / "models" / "tiny.keras")
    card = made_card(name="tiny", title="Tiny", kind=kind, input=model.input_shape[1:], sha256=digest)
    cards.write(card, home / "models" / "tiny.json")
    return cards.find("tiny")


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_net_in_keras_own_layers_answers_as_it_does(tmp_path: Path, family: str) -> None:
    model = tiny(family)
    images = np.random.default_rng(1).random((4, *model.input_shape[1:]), np.float32)
    same = plain(model)
    for exact, answer in zip(keras.tree.flatten(model(images)), keras.tree.flatten(same(images)), strict=True):
        assert np.asarray(answer) == pytest.approx(np.asarray(exact), abs=1e-5)
    zoo.save(same, tmp_path / "plain.keras")
    config, _ = keras_file.contents(tmp_path / "plain.keras")
    assert "capsdraw" not in json.dumps(config)


ALONE = """
import json, sys
import keras, numpy
model = keras.saving.load_model(sys.argv[1])
answers = model(numpy.load(sys.argv[2]))
numpy.savez(sys.argv[3], **{name: numpy.asarray(value) for name, value in answers.items()})
print(json.dumps([name for name in sys.modules if name.startswith("capsdraw")]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("family", ["capsnet", "efficient-capsnet"])
def test_a_program_that_knows_keras_alone_reads_it(tmp_path: Path, own_home: Path, family: str) -> None:
    card = saved(own_home, family)
    written = export(card, tmp_path / "net.keras")
    assert written.difference < 1e-5
    images = np.random.default_rng(1).random((4, *card.input), np.float32)
    np.save(tmp_path / "images.npy", images)
    files = [str(tmp_path / name) for name in ("net.keras", "images.npy", "a.npz")]
    command = [sys.executable, "-I", "-c", ALONE, *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == []
    exact, answers = zoo.load(card)(images), np.load(tmp_path / "a.npz")
    assert set(answers) == {"capsules", "lengths", "reconstruction"}
    for name, value in exact.items():
        assert answers[name] == pytest.approx(np.asarray(value), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["tflite", "onnx"])
@pytest.mark.parametrize("family", ["capsnet", "efficient-capsnet", "cifar-cnn", "mlp"])
def test_other_forms_are_read_back_and_agree(tmp_path: Path, own_home: Path, family: str, ending: str) -> None:
    if ending == "onnx" and not ONNX:
        pytest.skip("ONNX's libraries are not installed")
    written = export(saved(own_home, family), tmp_path / f"net.{ending}")
    assert written.difference <= exporting.TOLERANCE
    assert written.bytes == (tmp_path / f"net.{ending}").stat().st_size > 10_000


def test_what_answers_otherwise_is_not_written(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = saved(own_home, "mlp")
    (tmp_path / "net.keras").write_text("what was there")
    real, calls = exporting._of_model, iter((2e-4, 0.0))

    def off(model: keras.Model, pictures: Any) -> Any:
        """What is read back first is a little off what the model itself says."""
        more = next(calls)
        return [answer + more for answer in real(model, pictures)]

    monkeypatch.setattr(exporting, "_of_model", off)
    with pytest.raises(CapsDrawError, match=r"'net\.keras' was not written: read back, it answers 2\.0e-04 off"):
        export(card, tmp_path / "net.keras")
    assert (tmp_path / "net.keras").read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [tmp_path / "net.keras"]


def test_forms_that_are_none_or_need_more_are_refused_before_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CapsDrawError, match=r"its name must end in \.tflite or \.onnx or \.keras"):
        export_forms.require_form(tmp_path / "net.pb")
    monkeypatch.setattr(export_forms, "find_spec", lambda name: None if name == "tf2onnx" else name)
    with pytest.raises(CapsDrawError, match=r'ONNX needs tf2onnx: python -m pip install "capsdraw\[export\]"'):
        export_forms.require_form(tmp_path / "net.onnx")
    assert export_forms.require_form(tmp_path / "net.TFLITE") == ".tflite"


def test_no_export_takes_the_place_of_a_model(tmp_path: Path, own_home: Path) -> None:
    """It was the model itself then, and no more what its card says: it could not be loaded again."""
    card = saved(own_home, "mlp")
    (tmp_path / "link.keras").symlink_to(card.weights)
    before = card.weights.read_bytes()
    bundled = cards.find("mlp").weights
    for path in (card.weights, card.weights.parent / ".." / "models" / "tiny.keras", tmp_path / "link.keras", bundled):
        with pytest.raises(CapsDrawError, match=r"'.*\.keras': it is a model's own file: choose another name"):
            export_forms.require_form(path)
    with pytest.raises(CapsDrawError, match=r"'mine\.tflite': models lie in that folder: choose another"):
        export(card, card.weights.parent / "mine.tflite")
    assert card.weights.read_bytes() == before


def test_an_exported_capsule_net_is_not_opened_again_and_is_told_why(tmp_path: Path) -> None:
    plain(tiny("efficient-capsnet")).save(tmp_path / "net.keras")
    with pytest.raises(CapsDrawError, match=r"a capsule net that was exported: .*open the model's own .keras file"):
        open_model(tmp_path / "net.keras")
