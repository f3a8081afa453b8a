"""The light half answers as the heavy one, without TensorFlow, or not at all: never another net's answers."""

import os
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, families, light_file, lighten, split, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.light_file import About, NoLightHalf
from capsdraw.nets.reading import masked
from capsdraw.nets.session import Session

from ..made import made_card


def saved(home: Path, family: str, name: str = "") -> Card:
    """A small net with random weights among the user's own models."""
    model, name = zoo.build(family, **zoo.TINY[family]), name or f"{family}-tiny"
    digest = zoo.save(model, home / "models" / f"{name}.keras")
    kind = "capsule" if families.is_capsule(model) else "classifier"
    card = made_card(name=name, title="Tiny", kind=kind, input=model.input_shape[1:], classes=10, sha256=digest)
    cards.write(card, home / "models" / f"{name}.json")
    return cards.find(name)


def some_images(card: Card, count: int = 7) -> NDArray[np.float32]:
    """(N, rows, columns) or, in colour, (N, rows, columns, 3)."""
    images = np.random.default_rng(3).random((count, *card.input), np.float32)
    return images[..., 0] if card.input[2] == 1 else images


@pytest.mark.slow
@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_both_halves_give_the_same_answers(own_home: Path, family: str) -> None:
    card = saved(own_home, family)
    light, heavy, images = lighten.ensure(card), Session.open(card), some_images(card)
    reading, wanted = light.read(images[0]), heavy.read(images[0])
    assert (reading.model, reading.kind, reading.label) == (wanted.model, wanted.kind, wanted.label)
    assert reading.scores == pytest.approx(wanted.scores, abs=1e-4)
    assert light.scores(images) == pytest.approx(heavy.scores(images), abs=1e-4)
    assert light.scores(np.rint(images * 255).astype(np.uint8)) == pytest.approx(heavy.scores(images), abs=2e-2)
    assert (light.name, light.classes, light.card, light.capsule) == (heavy.name, 10, card, heavy.capsule)
    if not light.capsule:
        assert (reading.capsules, reading.reconstruction, reading.error) == (None, None, None)
        return
    assert reading.capsules == pytest.approx(wanted.capsules, abs=1e-4)
    assert reading.reconstruction == pytest.approx(wanted.reconstruction, abs=1e-4)
    assert reading.error == pytest.approx(wanted.error, abs=1e-4)
    assert light.encode(images) == pytest.approx(heavy.encode(images), abs=1e-4)
    rows = np.stack([masked(capsules, 3) for capsules in heavy.encode(images)])
    assert light.decode(rows) == pytest.approx(heavy.decode(rows), abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["capsnet", "keras-cnn"])
def test_a_large_convolution_in_numpy_changes_no_answer(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    """CapsNet's has 21 MB, which LiteRT reads again and again; here all are large that can be."""
    monkeypatch.setattr(split, "LARGE", 1)
    card = saved(own_home, family)
    light, heavy, images = lighten.ensure(card), Session.open(card), some_images(card)
    described = light_file.read(light_file.cached(card)).about.convolution
    assert described is not None
    assert described.layer.activation == {"capsnet": "linear", "keras-cnn": "relu"}[family]
    assert light.scores(images) == pytest.approx(heavy.scores(images), abs=1e-5)
    if light.capsule:
        assert light.encode(images) == pytest.approx(heavy.encode(images), abs=1e-5)


@pytest.mark.slow
def test_of_the_bundled_nets_capsnet_alone_is_split() -> None:
    sizes = {card.name: split.split(zoo.load(card)) for card in cards.list_cards() if card.bundled}
    assert {name: parts.window for name, parts in sizes.items() if parts} == {"capsnet": (9, 9)}


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["kernel", "window", "strides", "before"])
def test_a_convolution_that_does_not_fit_is_not_used(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(split, "LARGE", 1)
    card = saved(own_home, "capsnet")
    lighten.ensure(card)
    about, answers, before = light_file.read(light_file.cached(card))
    described = about.convolution
    assert described is not None
    change: dict[str, Any] = {
        "kernel": {"layer": msgspec.structs.replace(described.layer, kernel=10**12)},
        "window": {"window": (81, 1)},
        "strides": {"strides": (1, 1)},
        "before": {"before": light_file.digest(b"net")},
    }[harm]
    altered = msgspec.structs.replace(about, convolution=msgspec.structs.replace(described, **change))
    light_file.write(light_file.cached(card), altered, answers, b"net" if harm == "before" else before)
    with pytest.raises(NoLightHalf) as refused:
        Light.open(card)
    assert not refused.value.lasting


@pytest.mark.parametrize("family", ["mlp", "capsnet"])
def test_no_images_have_no_answers(own_home: Path, family: str) -> None:
    light = lighten.ensure(saved(own_home, family))
    assert light.scores(np.empty((0, 28, 28), np.uint8)).shape == (0, 10)
    if light.capsule:
        assert light.encode(np.empty((0, 28, 28), np.uint8)).shape == (0, 10, 8)


@pytest.mark.slow
def test_an_image_is_read_alone_as_among_others(own_home: Path) -> None:
    light = lighten.ensure(saved(own_home, "efficient-capsnet"))
    images = some_images(light.card)
    assert np.array_equal(light.scores(images), np.stack([light.read(image).scores for image in images]))


@pytest.mark.slow
def test_threads_that_ask_at_once_get_their_own_answers(own_home: Path) -> None:
    light = lighten.ensure(saved(own_home, "efficient-capsnet"))
    images = some_images(light.card, 40)
    alone = [light.read(image).scores for image in images]
    wrong: list[int] = []

    def ask(first: int) -> None:
        for turn in range(400):
            number = (first + turn) % len(images)
            if not np.array_equal(light.read(images[number]).scores, alone[number]):
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(10 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def in_a_process(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout + done.stderr


def test_neither_tensorflow_nor_keras_is_imported_and_nothing_is_said(own_home: Path) -> None:
    card = saved(own_home, "capsnet")
    lighten.ensure(card)
    code = (
        "import sys, numpy as np\nfrom capsdraw.nets import cards\nfrom capsdraw.nets.light import Light\n"
        f"light = Light.open(cards.find({card.name!r}))\n"
        "reading = light.read(np.ones((28, 28), np.float32))\nlight.encode(np.ones((2, 28, 28), np.float32))\n"
        "light.decode(reading.capsules.reshape(1, -1))\n"
        "heavy = {name.split('.')[0] for name in sys.modules} & {'keras', 'tensorflow', 'h5py', 'PySide6'}\n"
        "assert not heavy, heavy"
    )
    assert in_a_process(code) == ""


def test_without_liteRT_there_is_no_light_half_and_none_is_made(  # noqa: N802 (its name)
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no wheel of it for some machines: Keras answers there."""
    card = saved(own_home, "mlp")
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(NoLightHalf, match="LiteRT cannot be used here") as refused:
        lighten.ensure(card)
    assert refused.value.lasting
    assert light_file.places(card) == []  # no file that would say so where it can be used
    monkeypatch.undo()
    monkeypatch.setenv("CAPSDRAW_HOME", str(own_home))
    assert lighten.ensure(card).name == card.name


def test_a_light_file_is_made_once(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = saved(own_home, "mlp")
    with pytest.raises(NoLightHalf, match=f"'{card.name}' has no light file"):
        Light.open(card)
    lighten.ensure(card)
    assert light_file.cached(card).is_relative_to(own_home)
    monkeypatch.setattr(lighten, "make", None)
    lighten.ensure(card)


def damaged(path: Path, how: str, other: Path) -> None:
    about, answers, _ = light_file.read(path)
    match how:
        case "cut short":
            path.write_bytes(path.read_bytes()[:-200])
        case "empty":
            path.write_bytes(b"")
        case "not a ZIP":
            path.write_text("light")
        case "another net's":
            path.write_bytes(other.read_bytes())
        case "a bit turned":
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        case "answers of another":
            light_file.write(path, about, light_file.read(other)[1])
        case "hash and answers of another":
            light_file.write(path, msgspec.structs.replace(about, answers=light_file.read(other)[0].answers),
                             light_file.read(other)[1])  # fmt: skip
        case "other classes":
            light_file.write(path, msgspec.structs.replace(about, classes=11), answers)
        case "no net":
            light_file.write(path, msgspec.structs.replace(about, answers=light_file.digest(b"net")), b"net")
        case "a decoder out of the file":
            layer = msgspec.structs.replace(about.decoder[0], kernel=10**12)
            light_file.write(path, msgspec.structs.replace(about, decoder=(layer, *about.decoder[1:])), answers)
        case "no decoder":
            light_file.write(path, msgspec.structs.replace(about, decoder=()), answers)
        case "another version":
            content = msgspec.json.encode(msgspec.structs.asdict(about) | {"version": 2})
            with zipfile.ZipFile(path, "w") as file:
                file.writestr("light.json", content)
                file.writestr("answers.tflite", answers)
        case "too large an entry":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
                file.writestr("light.json", b" " * (light_file._MOST_BYTES + 1))


HARMS = (
    "cut short", "empty", "not a ZIP", "another net's", "a bit turned", "answers of another",
    "hash and answers of another", "other classes", "no net", "a decoder out of the file", "no decoder",
    "another version", "too large an entry",
)  # fmt: skip


@pytest.fixture(scope="module")
def two_nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a capsule net and a classifier, and both light files."""
    home = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAPSDRAW_HOME", str(home))
        for family in ("efficient-capsnet", "mlp"):
            lighten.ensure(saved(home, family))
    return home


@pytest.mark.slow
@pytest.mark.parametrize("harm", HARMS)
def test_a_light_file_that_does_not_fit_is_not_used_but_made_again(
    two_nets: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setenv("CAPSDRAW_HOME", str(two_nets))
    card = cards.find("efficient-capsnet-tiny")
    image = some_images(card)[0]
    wanted = lighten.ensure(card).read(image)
    damaged(light_file.cached(card), harm, light_file.cached(cards.find("mlp-tiny")))
    with pytest.raises(NoLightHalf) as refused:
        Light.open(card)
    assert not refused.value.lasting
    assert str(refused.value).isprintable()
    reading = lighten.ensure(card).read(image)
    assert reading.scores == pytest.approx(wanted.scores, abs=1e-6)
    assert reading.reconstruction == pytest.approx(wanted.reconstruction, abs=1e-6)


@pytest.mark.slow
def test_another_keras_file_than_the_card_s_is_refused_by_both_halves(own_home: Path) -> None:
    card = saved(own_home, "efficient-capsnet")
    lighten.ensure(card)
    card.weights.write_bytes(card.weights.read_bytes()[:-1] + b"x")
    for half in (Light, Session):
        with pytest.raises(CapsDrawError, match="does not match its card") as refused:
            half.open(card)
        assert not isinstance(refused.value, NoLightHalf)
    card.weights.unlink()
    with pytest.raises(CapsDrawError, match="is missing"):
        Light.open(card)


@pytest.mark.slow
def test_halves_that_do_not_agree_are_told_apart_once(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where scores are near enough, but the largest is another."""
    for name, bent in {
        "off": lambda scores: scores + np.float32(2e-4),
        "no number": lambda scores: scores * np.float32("nan"),
        "another label": lambda scores: np.roll(scores, 1, axis=1) * np.float32(1e-9),
    }.items():
        card = saved(own_home, "mlp", name.replace(" ", "-"))
        with monkeypatch.context() as patch:
            if name == "another label":
                plain = Session.scores
                patch.setattr(Session, "scores", lambda half, shown, plain=plain: plain(half, shown) * np.float32(1e-9))
            answer = Light.answer
            patch.setattr(
                Light, "answer", lambda half, shown, bent=bent, answer=answer: (None, bent(answer(half, shown)[1]))
            )
            with pytest.raises(NoLightHalf, match="not used for this net") as refused:
                lighten.ensure(card)
        assert refused.value.lasting
        # It is not made again with each start of the app.
        with pytest.raises(NoLightHalf, match="not used for this net"):
            lighten.ensure(card)


def test_a_net_that_cannot_be_exported_is_left_to_keras(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = saved(own_home, "mlp")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such operation\nand more")

    with monkeypatch.context() as patch:
        patch.setattr("keras.Model.export", fail)
        with pytest.raises(NoLightHalf, match=r"cannot export 'mlp-tiny' for LiteRT: no such operation$") as refused:
            lighten.ensure(card)
    assert refused.value.lasting


@pytest.mark.slow
def test_what_was_not_used_for_longest_leaves_the_cache_first(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [saved(own_home, "mlp", name) for name in ("first", "second", "third")]
    for age, card in enumerate(made):
        lighten.ensure(card)
        os.utime(light_file.cached(card), (1000 + age, 1000 + age))
    Light.open(made[0])  # used again
    left = light_file.cached(made[0]).with_name(".capsdraw-abcdefgh.light")
    left.write_bytes(bytes(1000))
    os.utime(left, (10, 10))
    size = light_file.cached(made[0]).stat().st_size
    light_file.trim(2 * size + 100)
    assert [light_file.cached(card).exists() for card in made] == [True, False, True]
    assert not left.exists()
    monkeypatch.setattr(light_file, "CACHE_BYTES", 0)
    light_file.trim(0)
    assert not any(light_file.cached(card).exists() for card in made)


def test_a_file_that_another_process_takes_away_meanwhile_is_no_hindrance(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_home / "cache" / "light"
    folder.mkdir(parents=True)
    for name in (".capsdraw-abcdefgh.light", "one.light", "other.light"):
        (folder / name).write_bytes(bytes(1000))
    real = Path.stat

    def stat(path: Path, **how: Any) -> os.stat_result:
        if path.name.startswith(".capsdraw-"):
            path.unlink(missing_ok=True)
        return real(path, **how)

    monkeypatch.setattr(Path, "stat", stat)
    light_file.trim(1000)
    monkeypatch.undo()
    assert len(list(folder.iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_one_line(own_home: Path) -> None:
    card = saved(own_home, "mlp")
    (own_home / "cache").write_text("a file where the folder should be")
    with pytest.raises(CapsDrawError, match="cannot keep the light file of 'mlp-tiny': "):
        lighten.ensure(card)


def test_the_command_makes_the_light_files_of_models_at_hand(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = saved(own_home, "mlp")
    assert lighten.main([card.name, "nobody"]) == 1
    assert "unknown model 'nobody'" in capsys.readouterr().err
    assert Light.open(card).name == card.name


def test_the_same_light_file_has_the_same_bytes(tmp_path: Path) -> None:
    about = About("0" * 64, light_file.digest(b"x"), (28, 28, 1), 10, 0, (), 0.0)
    for name in ("one", "other"):
        light_file.write(tmp_path / name, about, b"x")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert light_file.read(tmp_path / "one") == (about, b"x", b"")


def test_a_card_that_changed_its_form_has_no_light_half(own_home: Path) -> None:
    card = saved(own_home, "mlp")
    lighten.ensure(card)
    for other in (replace(card, kind="capsule"), replace(card, input=(14, 56, 1)), replace(card, classes=3)):
        with pytest.raises(NoLightHalf):
            Light.open(other)
