"""Every kind of file that the app reads: a whole one, what may go wrong in it, and how the app reads it."""

import gzip
import io
import json
import math
import shutil
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from PIL import Image

from capsdraw.datasets import pen_strokes, synthetic
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, recipes, runs
from capsdraw.fit.series import of_run
from capsdraw.ink import strokes
from capsdraw.ink.images import read_colours, read_image, read_pixels
from capsdraw.ink.sketch import Sketch
from capsdraw.lab.names import Names
from capsdraw.nets import cards, light_file
from capsdraw.paths import home, resource
from capsdraw.ui import last_drawing, morph_memory, settings
from capsdraw.ui.lab.kept_drawing import KeptDrawing

from .mutator import mutated, mutated_archive, mutated_bytes

OLDER = Path(__file__).parents[1] / "older_files"
RUN = "mlp-2026-11-02-101500"


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: of its file, under the home.
        make: writes a whole one, and what belongs beside it, and gives its path.
        read: all that the app reads of it.
        mutate: does something to its bytes.
        keras: whether reading it needs Keras.
    """

    name: str
    make: Callable[[], Path]
    read: Callable[[Path], Any]
    mutate: Callable[..., bytes] = mutated
    keras: bool = False


def older(name: str) -> Callable[[], Path]:
    """Writes the files of an earlier version; the one of that name."""

    def make() -> Path:
        shutil.copytree(OLDER, home(), dirs_exist_ok=True)
        shutil.copy(home() / "lock.json", home() / "runs" / RUN / "lock.json")
        shutil.copy(home() / "runs" / RUN / "config.toml", home() / "recipe.toml")
        return home() / name

    return make


def read_run(path: Path) -> None:
    """All that is read of a run folder, as the window does."""
    runs.list_runs()
    lock.held(path.parent)
    run = runs.read(path.parent)
    series = of_run(path.parent, run.title)
    for name in series.names():
        series.fine_line(name, 0.5)
    assert run.epochs_done >= 0
    assert (run.best, run.can_resume) is not None


def read_card(path: Path) -> None:
    """As the window lists models, and as a command finds one."""
    cards.survey()
    cards.read(path)


def make_card() -> Path:
    """Writes a bundled model's card among the user's own: with a rule when to doubt it, and ranges."""
    path = home() / "models" / "mine.json"
    path.parent.mkdir(parents=True)
    path.write_text(
        (resource("trained") / "capsnet.json").read_text("utf-8").replace('"capsnet"', '"mine"', 1), "utf-8"
    )
    return path


def read_rule(path: Path) -> None:
    """As `read_card`; and a drawing is weighed by the rule."""
    read_card(path)
    rule = cards.read(path).verdict
    if rule is not None:
        measured = {name: weighed.middle + 3 for name, weighed in rule.weights.items()}
        excess = rule.excess(measured)
        assert excess is None or math.isfinite(excess)


def make_settings() -> Path:
    """Writes what is kept of a session, of each part something."""
    end = KeptDrawing(
        np.full((28, 28), 0.5, np.float32), "capsnet", 3, "a 3", True, tuple(np.linspace(-1, 1, 16).tolist())
    )
    plan = tomllib.loads(recipes.to_toml(recipes.load("mlp")))
    state = settings.SessionState(
        model="capsnet", geometry="AdnQywAD", theme=settings.ThemeChoice.DARK, tab="Train", faces={"Train": "Runs"},
        pen=20.0, splitters={"drawing and views": [500]}, compared=["mlp", "capsnet"], plan=plan,
        morph=morph_memory.as_records([end, None]), recent=["/a/b.png", "/a/c.json"],
    )  # fmt: skip
    assert settings.write(state) == ""
    return home() / "settings.json"


def read_settings(_: Path) -> None:
    """As the window does at its start, with the parts that stay records until their tab is made."""
    state, wrong = settings.read()
    morph_memory.as_drawings(state.morph)
    assert isinstance(state.window, bytes)
    with suppress(CapsDrawError):  # which is said of the plan alone
        recipes.parse(state.plan, "the last plan")
    if wrong:
        raise CapsDrawError(wrong)


def make_drawing() -> Path:
    """Writes what lay on the canvas: strokes over an opened picture with its box, its doubts and its label."""
    picture = digits()[0][7].astype(np.float32) / 255
    file = io.BytesIO()
    Image.fromarray(digits()[0][7]).save(file, "PNG")
    stroke = strokes.Stroke(np.array([[10.0, 20.0], [200.5, 300.25], [390.0, 1.0]]), 20.0)
    sketch = Sketch(
        strokes.Drawing((stroke,)), picture, "7", (10.0, 10.0, 100.0, 90.5), ("it is faint",), file.getvalue()
    )
    assert last_drawing.write(sketch) == ""
    return home() / "drawing.json"


def read_drawing(_: Path) -> None:
    """As the window does at its start, and when it has lived with it."""
    sketch, said = last_drawing.take()
    if sketch is not None:
        assert sketch.render().shape
        last_drawing.settled(False)
    if said:
        raise CapsDrawError(said)


def read_names(_: Path) -> None:
    """As the Capsule tab does."""
    Names().get("capsnet", 3, 7)


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Sixty images and their labels."""
    return synthetic.digits(60, 1)


def npz(**options: Any) -> Callable[[], Path]:
    """Writes digits as an NPZ file."""

    def make() -> Path:
        images, labels = digits()
        kept = {"x_train": images, "y_train": labels, "x_test": images[:20], "y_test": labels[:20]}
        path = home() / "digits.npz"
        (np.savez_compressed if options.get("packed") else np.savez)(path, **kept, names=np.array(list("abcdefghij")))
        return path

    return make


def make_strokes_npz() -> Path:
    """Writes pen strokes of two writers."""
    path = home() / pen_strokes.FILE
    points = np.tile(np.array([[0, 0], [100, 200], [300, 400], [10, 20]], np.int16), (4, 1))
    np.savez(
        path, points=points, stroke_at=np.arange(0, 17, 4), drawing_at=np.arange(5), labels=np.arange(4),
        writers=np.array([1, 2, 26, 27]),
    )  # fmt: skip
    return path


def idx(packed: bool) -> Callable[[], Path]:
    """Writes digits as a pair of IDX files; the path of the images."""

    def make() -> Path:
        images, labels = digits()
        ending = ".gz" if packed else ""
        for name, array in ((f"train-images-idx3-ubyte{ending}", images), (f"train-labels-idx1-ubyte{ending}", labels)):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(side.to_bytes(4, "big") for side in array.shape)
            content = head + array.tobytes()
            (home() / name).write_bytes(gzip.compress(content) if packed else content)
        return home() / f"train-images-idx3-ubyte{ending}"

    return make


def make_csv() -> Path:
    """Writes digits as Kaggle does."""
    images, labels = digits()
    rows = [",".join(map(str, (label, *image.ravel()))) for image, label in zip(images, labels, strict=True)]
    head = "label," + ",".join(f"pixel{place}" for place in range(784))
    path = home() / "train.csv"
    path.write_text("\n".join([head, *rows]))
    return path


def make_folder() -> Path:
    """Writes pictures of two classes in their folders; the path of one of them."""
    images, _ = digits()
    for number in range(8):
        path = home() / "pictures" / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(images[number]).save(path)
    return home() / "pictures" / "a" / "0.png"


def picture(form: str, mode: str, **options: Any) -> Callable[[], Path]:
    """Writes a digit as a picture."""

    def make() -> Path:
        image = Image.fromarray(255 - digits()[0][7]).resize((90, 70)).convert(mode)
        path = home() / f"seven.{form}"
        image.save(path, **options)
        return path

    return make


def read_picture(path: Path) -> None:
    """In all three ways."""
    read_image(path)
    read_pixels(path, (32, 32))
    read_colours(path, 32, 32)


def make_light() -> Path:
    """Writes a bundled model's light file."""
    return Path(shutil.copy(resource("trained") / "efficient-capsnet.light", home() / "efficient-capsnet.light"))


def read_light(path: Path) -> None:
    """As the cache of nets does, before LiteRT has it: it takes what agrees with its hash."""
    light_file.fitting(path, cards.find("efficient-capsnet"))


def make_keras() -> Path:
    """Writes a bundled model."""
    return Path(shutil.copy(resource("trained") / "mlp.keras", home() / "model.keras"))


def read_keras(path: Path) -> None:
    """As every model is read."""
    from capsdraw.nets import zoo

    zoo.read(path)


def make_foreign() -> Path:
    """Writes a classifier as Keras 2 saved it."""
    dense = {"name": "dense", "units": 10, "activation": "softmax", "use_bias": True}
    flat = {"name": "flat", "batch_input_shape": [None, 28, 28, 1]}
    config = [{"class_name": "Flatten", "config": flat}, {"class_name": "Dense", "config": dense}]
    path = home() / "net.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config})
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [b"flat", b"dense"]
        for name, shapes in (("flat", ()), ("dense", ((784, 10), (10,)))):
            layer = group.create_group(name)
            layer.attrs["weight_names"] = [f"{name}/{number}".encode() for number in range(len(shapes))]
            for number, shape in enumerate(shapes):
                layer.create_dataset(f"{name}/{number}", data=np.ones(shape, np.float32))
    return path


def read_foreign(path: Path) -> None:
    """As models of others are built."""
    from capsdraw.nets.foreign import filling, graph, reader_form, stored_net

    stored = stored_net.read(path)
    if stored.config is not None:
        model, pieces = graph.build(stored.config)
        filling.fill(pieces, stored)
        reader_form.image_shape(tuple(model.input_shape[1:]))


KINDS = {
    "card": Kind("models/first.json", older("models/first.json"), read_card),
    "run": Kind("run.json", older(f"runs/{RUN}/run.json"), read_run),
    "config": Kind("config.toml", older(f"runs/{RUN}/config.toml"), read_run),
    "log": Kind("log.csv", older(f"runs/{RUN}/log.csv"), read_run),
    "events": Kind("events.jsonl", older(f"runs/{RUN}/events.jsonl"), read_run),
    "lock": Kind("lock.json", older(f"runs/{RUN}/lock.json"), read_run),
    "names": Kind("names.json", older("names.json"), read_names),
    "card with a rule": Kind("models/mine.json", make_card, read_rule),
    "settings": Kind("settings.json", make_settings, read_settings),
    "last drawing": Kind("drawing.json", make_drawing, read_drawing),
    "old settings": Kind("settings.ini", older("settings.ini"), lambda _: settings.read()),
    "recipe": Kind("recipe.toml", older("recipe.toml"), lambda path: recipes.load(str(path))),
    "strokes": Kind("strokes.json", older("strokes.json"), strokes.load),
    "npz": Kind("digits.npz", npz(), open_data, mutated_archive),
    "packed npz": Kind("digits.npz", npz(packed=True), open_data, mutated_archive),
    "pen strokes": Kind(pen_strokes.FILE, make_strokes_npz, pen_strokes.read, mutated_archive),
    "idx": Kind("train-images-idx3-ubyte", idx(False), open_data, mutated_bytes),
    "idx.gz": Kind("train-images-idx3-ubyte.gz", idx(True), open_data, mutated_bytes),
    "csv": Kind("train.csv", make_csv, open_data),
    "folder": Kind("0.png", make_folder, lambda path: open_data(path.parents[1]), mutated_bytes),
    "png": Kind("seven.png", picture("png", "L"), read_picture, mutated_bytes),
    "png with colours": Kind("seven.png", picture("png", "RGBA"), read_picture, mutated_bytes),
    "jpeg": Kind("seven.jpg", picture("jpg", "RGB"), read_picture, mutated_bytes),
    "gif": Kind("seven.gif", picture("gif", "P"), read_picture, mutated_bytes),
    "tiff": Kind("seven.tif", picture("tif", "RGB", compression="tiff_lzw"), read_picture, mutated_bytes),
    "webp": Kind("seven.webp", picture("webp", "RGBA"), read_picture, mutated_bytes),
    "bmp": Kind("seven.bmp", picture("bmp", "RGB"), read_picture, mutated_bytes),
    "light": Kind("efficient-capsnet.light", make_light, read_light, mutated_archive),
    "keras": Kind("model.keras", make_keras, read_keras, mutated_archive, keras=True),
    "model of others": Kind("net.h5", make_foreign, read_foreign, mutated_bytes, keras=True),
}


def zipped(**members: bytes) -> bytes:
    """An archive of these members, stored as Keras stores them."""
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()
