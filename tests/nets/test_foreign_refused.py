"""What is no net of known layers is refused in one line that names the layer: nothing is run, nothing written."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from capsdraw.errors import CapsDrawError
from capsdraw.nets.foreign.opening_models import open_model

from .foreign_nets import legacy_weights

Entry = dict[str, Any]
KERNEL = ("kernel", np.ones((784, 10), np.float32))
BIAS = ("bias", np.ones(10, np.float32))


def entry(kind: str, name: str = "x", module: str = "keras.layers", **config: Any) -> Entry:
    return {"module": module, "class_name": kind, "registered_name": None, "config": {"name": name, **config}}


IMAGE = entry("InputLayer", "input", batch_shape=[None, 28, 28, 1])
FLAT, DENSE = entry("Flatten", "flat"), entry("Dense", "dense", units=10)


def sequential(*entries: Entry) -> Entry:
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "net", "layers": [IMAGE, *entries]}}


def archive(path: Path, config: Any, weights: bytes | None = None) -> Path:
    """A `.keras` file of that description."""
    if weights is None:
        held = io.BytesIO()
        with h5py.File(held, "w") as file:
            for number, (_, array) in enumerate((KERNEL, BIAS)):
                file.create_dataset(f"layers/dense/vars/{number}", data=array)
        weights = held.getvalue()
    with zipfile.ZipFile(path, "w") as archived:
        archived.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archived.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archived.writestr("model.weights.h5", weights)
    return path


NESTED = sequential(entry("Dropout", "a", rate=0.1))
LOOP = [{**FLAT, "name": "flat", "inbound_nodes": [[["dense", 0, 0, {}]]]},
        {**DENSE, "name": "dense", "inbound_nodes": [[["flat", 0, 0, {}]]]}]  # fmt: skip
TWO = {"input_layers": [["input", 0, 0]], "output_layers": [["flat", 0, 0], ["dense", 0, 0]]}

REFUSED: dict[str, tuple[Any, str]] = {
    "a Lambda": (
        sequential(entry("Lambda", "mine", function={"class_name": "__lambda__", "config": {"code": "4wEA"}})),
        "its layer 'mine' is of kind 'Lambda', which runs code that is in the file",
    ),
    "a Lambda of a private module": (
        sequential(entry("Lambda", "mine", "keras.src.layers.core.lambda_layer")),
        "its layer 'mine' is of kind 'Lambda'",
    ),
    "a Lambda of a net without weights": (
        {"class_name": "Sequential", "config": [IMAGE, FLAT, entry("Lambda", "mine")]}, "'mine' is of kind 'Lambda'"
    ),
    "os.system": (sequential(entry("system", "mine", "os")), "its layer 'mine' is of kind 'os.system'"),
    "a Dense of somebody's": (
        sequential(FLAT, {**DENSE, "registered_name": "evil>Dense"}), "its layer 'dense' is of kind 'evil>Dense'"
    ),
    "a Dense of another module": (
        sequential(FLAT, entry("Dense", "dense", "evil.layers", units=10)), "of kind 'evil.layers.Dense'"
    ),
    "a class of its author's": ({"class_name": "MyNet", "config": {}}, "is of a class of its author's own, 'MyNet'"),
    "an activation of its author's": (
        sequential(FLAT, entry("Dense", "dense", units=10, activation={"module": "os", "config": "system"})),
        "its layer 'dense' (Dense) has activation",
    ),
    "a lambda for an activation": (
        sequential(entry("Activation", "act", activation={"class_name": "__lambda__", "config": "relu;"})),
        "its layer 'act' (Activation) has activation",
    ),
    "an operation on tensors": (sequential(entry("Add", "plus", "keras.src.ops.numpy")), "'keras.src.ops.numpy.Add'"),
    "a vocabulary": (sequential(entry("StringLookup", "words", vocabulary="/etc/passwd")), "of kind 'StringLookup'"),
    "two answers": ({"class_name": "Functional", "config": {"name": "net", "layers": [IMAGE], **TWO}},
                    "the net 'net' has 1 inputs and 2 outputs"),
    "layers that read each other": (
        {"class_name": "Functional", "config": {
            "name": "net", "layers": [{**IMAGE, "name": "input"}, *LOOP], "input_layers": [["input", 0, 0]],
            "output_layers": [["dense", 0, 0]],
        }},
        "its layer 'flat' reads what no layer gives",
    ),
    "more units than weights": (
        sequential(FLAT, entry("Dense", "dense", units=130)), "'dense' (Dense) needs weights of 784 × 130, 130"
    ),
    "a layer of gigabytes": (
        sequential(FLAT, entry("Dense", "dense", units=900_000)), "more weights than the file holds"
    ),
    "a frame of gigabytes": (
        sequential(entry("ZeroPadding2D", "frame", padding=[[90_000, 90_000], [0, 0]])), "layer 'frame' makes more than"
    ),
    "billions of multiplications": (
        sequential(
            entry("Conv2D", "a", filters=900, kernel_size=1), entry("Reshape", "r", target_shape=[784, 900, 1]),
            *[entry("Conv2D", f"c{number}", filters=1, kernel_size=99, padding="same") for number in range(2)],
        ), "billion multiplications for an image",
    ),
    "no image": (
        {"class_name": "Sequential", "config": [entry("Dense", "dense", units=10, batch_input_shape=[None, 7])]},
        "it reads arrays of 7",
    ),
    "no classes": (sequential(FLAT), "it answers with 784"),
    "a number": ("3", "its description is no object"),
    "no JSON": ("{", "config.json"),
    "lists in lists": ('{"class_name":' + "[" * 100_000 + "]" * 100_000 + "}", "more than 32 deep"),
    "models in models": (
        json.dumps(NESTED).replace('"rate": 0.1', '"rate": 0.1, "x": ' + '{"x":' * 40 + "1" + "}" * 40), "deep"
    ),
    "names that are none": (sequential(entry("Rescaling", "r\x1b[31m\n", scale="1")), "(Rescaling) has scale"),
    "what a layer refuses itself": (
        sequential(entry("ReLU", "act", max_value=-1)), "its layer 'act' (ReLU) cannot be made: max_value"
    ),
    "two axes where one is": (
        sequential(entry("BatchNormalization", "norm", axis=[1, 2])), "(BatchNormalization) has axis"
    ),
    "a huge number": (sequential(FLAT, entry("Dense", "dense", units=10**17)), "has units 100000000000000000"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_description_of_something_else_is_refused(tmp_path: Path, own_home: Path, name: str) -> None:
    config, says = REFUSED[name]
    path = archive(tmp_path / "x.keras", config)
    refused_in_a_line(path, says, own_home)


def refused_in_a_line(path: Path, says: str, home: Path) -> None:
    with pytest.raises(CapsDrawError) as refused:
        open_model(path)
    line = str(refused.value)
    assert line.startswith(f"cannot open the model '{path.name}': ")
    assert says in line
    assert line.isprintable()
    assert len(line) < 400
    assert not (home / "models").exists()


def test_a_lambda_that_keras_saved_is_not_run(tmp_path: Path, own_home: Path) -> None:
    harmed = tmp_path / "harmed"
    for ending in ("keras", "h5"):
        model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(name="flat"), layers.Dense(10)])
        code = f"lambda x: (__import__('os').close(__import__('os').open({str(harmed)!r}, {os.O_CREAT})), x)[1]"
        model.add(layers.Lambda(eval(code, {}), name="mine"))
        assert harmed.exists()  # it does what it is to do
        harmed.unlink(missing_ok=True)
        model.save(tmp_path / f"net.{ending}")
        refused_in_a_line(tmp_path / f"net.{ending}", "its layer 'mine' is of kind 'Lambda'", own_home)
        assert not harmed.exists()


def in_hdf5(fill: Callable[[h5py.File], None]) -> bytes:
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file.attrs["model_config"] = json.dumps(sequential(FLAT, DENSE))
        file.create_dataset("layers/dense/vars/0", data=KERNEL[1])
        file.create_dataset("layers/dense/vars/1", data=BIAS[1])
        fill(file)
    return held.getvalue()


def _named_often(file: h5py.File) -> None:
    """One array of 31 kB under five thousand names: 150 MB, if each were read."""
    group = file.create_group("model_weights")
    group.attrs["layer_names"] = [b"dense"]
    inner = group.create_group("dense")
    inner["kernel"] = file["layers/dense/vars/0"]
    inner.attrs["weight_names"] = np.array([b"kernel"] * 5_000)


def _missing(file: h5py.File) -> None:
    group = file.create_group("model_weights")
    group.attrs["layer_names"] = [b"dense"]


STORED: dict[str, tuple[Callable[[h5py.File], None], str]] = {
    "a link to another file": (lambda f: f.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/")), "are a link"),
    "a soft link": (lambda f: f.__setitem__("layers/y", h5py.SoftLink("/layers/dense")), "are a link"),
    "bytes of another file": (
        lambda f: f.create_dataset("x", (16,), "u1", external=[("/etc/passwd", 0, 16)]), "not plain arrays"
    ),
    "a claim of 40 GB": (lambda f: f.create_dataset("x", (100_000, 100_000), "f4"), "claim more bytes"),
    "a group within itself": (lambda f: f.__setitem__("layers/dense/again", f["layers"]), "lies in it twice"),
    "one array under many names": (_named_often, "named more often than they are there"),
    "layers that are named and not there": (_missing, "lack 'dense'"),
    "a description that is no text": (lambda f: f.attrs.__setitem__("model_config", np.ones(3)), "something else"),
    "a description that is empty": (
        lambda f: f.attrs.__setitem__("model_config", h5py.Empty("S5")), "weights alone"
    ),
    "weights that are no numbers": (
        lambda f: f["layers/dense/vars/1"].write_direct(np.full(10, np.nan, np.float32)), "are not all numbers"
    ),
    "texts": (lambda f: f.create_dataset("x", data=["a", "b"]), "not plain arrays"),
}  # fmt: skip


@pytest.mark.parametrize("name", STORED)
def test_weights_that_are_something_else_are_refused(tmp_path: Path, own_home: Path, name: str) -> None:
    fill, says = STORED[name]
    (tmp_path / "x.h5").write_bytes(in_hdf5(fill))
    refused_in_a_line(tmp_path / "x.h5", says, own_home)


def test_weights_alone_and_other_files_are_refused(tmp_path: Path, own_home: Path) -> None:
    path = legacy_weights(tmp_path / "x.h5", {"dense": [KERNEL, BIAS]})
    refused_in_a_line(path, "it holds weights alone, not the net that they belong to", own_home)
    (tmp_path / "y.h5").write_bytes(b"no HDF5")
    refused_in_a_line(tmp_path / "y.h5", "not a zip file", own_home)
    with h5py.File(tmp_path / "z.h5", "w") as file:
        file["images"] = np.zeros((3, 28, 28), np.uint8)
    refused_in_a_line(tmp_path / "z.h5", "it holds no weights of a net", own_home)
    refused_in_a_line(tmp_path / "nothing.h5", "No such file", own_home)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.keras")
        refused_in_a_line(tmp_path / "pipe.keras", "it is a pipe", own_home)
