"""Files that want something done: code run, a program started, another file read or written."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from capsdraw.datasets.opening import open_data
from capsdraw.ink import strokes
from capsdraw.ink.images import read_image
from capsdraw.nets import keras_file, light_file
from capsdraw.paths import home
from capsdraw.ui import settings

from .bombs import ABOUT
from .kinds import zipped


class Harm:
    """What runs a program when it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        import os

        return os.system, ("touch harmed",)


def weights(fill: Callable[[h5py.File], None] = lambda _: None) -> bytes:
    """An HDF5 file."""
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file.create_dataset("layers/dense/vars/0", data=np.zeros((3, 3), "f4"))
        fill(file)
    return held.getvalue()


def model(part: dict[str, Any] | None = None, inside: bytes | None = None, **more: bytes) -> bytes:
    """A `.keras` file, of which a layer is that part."""
    config = {
        "module": "keras", "class_name": "Sequential", "registered_name": None,
        "config": {"name": "s", "layers": [] if part is None else [part]},
    }  # fmt: skip
    members = {"metadata.json": ABOUT, "config.json": json.dumps(config).encode()}
    return zipped(**members, **{"model.weights.h5": inside or weights()}, **more)


def part(module: str | None, name: str, /, **config: Any) -> dict[str, Any]:
    """A layer as Keras describes it."""
    return {"module": module, "class_name": name, "config": {"name": "x", **config}, "registered_name": name}


MODELS: dict[str, Callable[[], bytes]] = {
    "Lambda": lambda: model(
        part("keras.layers", "Lambda", function={"class_name": "__lambda__", "config": {"code": "4w"}})
    ),
    "lambda as an activation": lambda: model(part("keras.layers", "Dense", activation={"class_name": "__lambda__"})),
    "os.system": lambda: model(part("os", "system")),
    "builtins.exec": lambda: model(part("builtins", "exec")),
    "a function of builtins": lambda: model(
        part("keras.layers", "Dense", activation={"module": "builtins", "class_name": "function", "config": "exec"})
    ),
    "subprocess": lambda: model(part("subprocess", "Popen", args=["touch", "harmed"])),
    "a module of its own": lambda: model(part("harm", "Layer")),
    "a private module of Keras": lambda: model(part("keras.src.utils.file_utils", "get_file", origin="http://127.0.0.1:9/")),
    "a saved model elsewhere": lambda: model(part("keras.layers", "TFSMLayer", filepath="/nowhere")),
    "a Torch module": lambda: model(part("keras.layers", "TorchModuleWrapper", module="gA==")),
    "a vocabulary elsewhere": lambda: model(part("keras.layers", "StringLookup", vocabulary="/etc/passwd")),
    "a member outside": lambda: model(**{"../../harmed": b"x"}),
    "a member at the root": lambda: model(**{"/tmp/harmed": b"x"}),
    "assets": lambda: model(**{"assets/vocabulary.txt": b"x"}),
    "a link to another file": lambda: model(inside=weights(
        lambda file: file.__setitem__("elsewhere", h5py.ExternalLink("/etc/passwd", "/")))),
    "a soft link": lambda: model(inside=weights(lambda file: file.__setitem__("soft", h5py.SoftLink("/layers")))),
    "bytes of another file": lambda: model(inside=weights(
        lambda file: file.create_dataset("x", (16,), "u1", external=[("/etc/passwd", 0, 16)]))),
    "pickled weights": lambda: model(inside=weights(
        lambda file: file.create_dataset("x", data=np.void(pickle.dumps(Harm()))))),
    "texts for weights": lambda: model(inside=weights(lambda file: file.create_dataset("x", data=["a", "b"]))),
    "a pickle for weights": lambda: model(inside=pickle.dumps(Harm())),
    "nothing but a pickle": lambda: pickle.dumps(Harm()),
}  # fmt: skip


def objects() -> bytes:
    """Arrays of Python objects."""
    held = io.BytesIO()
    np.savez(held, x=np.array([Harm()] * 10, object), y=np.arange(10))
    return held.getvalue()


def _link() -> bytes:
    """An archive that holds a symbolic link."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("x.npy")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("y.npy", b"x")
    return held.getvalue()


OTHERS: dict[str, tuple[str, Callable[[], bytes], Callable[[Path], Any]]] = {
    "an array of objects": ("x.npz", objects, open_data),
    "a pickle for an array": ("x.npz", lambda: zipped(**{"x.npy": pickle.dumps(Harm()), "y.npy": b""}), open_data),
    "a pickle for data": ("x.npz", lambda: pickle.dumps(Harm()), open_data),
    "a link in an archive": ("x.npz", _link, open_data),
    "a member of data outside": ("x.npz", lambda: zipped(**{"../../x.npy": b"x", "../y.npy": b"x"}), open_data),
    "a pickle for strokes": ("x.json", lambda: pickle.dumps(Harm()), strokes.load),
    "a pickle for a light file": ("x.light", lambda: pickle.dumps(Harm()), light_file.read),
    **{
        f"PostScript called {ending}": (
            f"x.{ending}",
            lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{} loop\n",
            read_image,
        )
        for ending in ("png", "eps", "ps", "jpg")
    },
    "a PDF called png": ("x.png", lambda: b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n", read_image),
}  # fmt: skip


def all_of_them(folder: Path) -> dict[str, str]:
    """What the app says to each: the line of its error, or "" where it has read it."""
    from .guarded import quietly

    said = {}
    for name, content in MODELS.items():
        path = folder / "x.keras"
        path.write_bytes(content())
        said[name] = quietly(lambda path=path: keras_file.require_sound(path))
    for name, (file, make, read) in OTHERS.items():
        path = folder / file
        path.write_bytes(make())
        said[name] = quietly(lambda path=path, read=read: read(path))
    for name in ("model", "geometry"):
        value = "".join(f"\\x{byte:02x}" for byte in pickle.dumps(Harm()))
        (home() / "settings.ini").write_text(
            f'[General]\n{name}="@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\tPyObject{value})"\n'
        )
        remembered, _ = settings.read()
        assert (remembered.model, remembered.geometry) == ("", "")
    return said
