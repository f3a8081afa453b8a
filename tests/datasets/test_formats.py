"""Files in the forms in which data sets are published, written here by the libraries that others write them with."""

import builtins
import gzip
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.io
from PIL import Image

from capsdraw.datasets import stamp, synthetic
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError
from tests.datasets.test_idx import packed

IMAGES, LABELS = synthetic.digits(60, 3)
COLOUR = np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3)).astype(np.uint8)
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def encoded(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def affnist(folder: Path) -> Path:
    big = np.pad(IMAGES, ((0, 0), (6, 6), (6, 6)))
    content = {
        "image": big.reshape(60, 1600).T,
        "label_int": LABELS[None].astype(float),
        "label_one_of_n": np.eye(10)[LABELS].T,
    }
    scipy.io.savemat(folder / "affnist.mat", {"affNISTdata": content}, do_compression=True)
    return folder / "affnist.mat"


def emnist_mat(folder: Path) -> Path:
    part = {"images": IMAGES.reshape(60, -1), "labels": LABELS[:, None]}
    mapping = np.array([[label, 48 + label] for label in range(10)])
    scipy.io.savemat(folder / "emnist-digits.mat", {"dataset": {"train": part, "test": part, "mapping": mapping}})
    return folder / "emnist-digits.mat"


def svhn(folder: Path) -> Path:
    labels = np.where(LABELS == 0, 10, LABELS)[:, None]
    for name in ("train_32x32.mat", "test_32x32.mat"):
        scipy.io.savemat(folder / name, {"X": COLOUR.transpose(1, 2, 3, 0), "y": labels})
    return folder


def usps(folder: Path) -> Path:
    with h5py.File(folder / "usps.h5", "w") as file:
        for part in ("train", "test"):
            file[f"{part}/data"] = (IMAGES.reshape(60, -1) / 255).astype(np.float32)
            file.create_dataset(f"{part}/target", data=LABELS.astype(np.int64), compression="gzip")
    return folder / "usps.h5"


def matlab_73(folder: Path) -> Path:
    """As MATLAB writes it: HDF5 behind 512 bytes, axes in its own order."""
    with h5py.File(folder / "own.mat", "w", userblock_size=512) as file:
        file["images"] = IMAGES.reshape(60, -1).T
        file["labels"] = LABELS[None]
    return folder / "own.mat"


def quickdraw(folder: Path) -> Path:
    for label, name in enumerate(NAMES):
        np.save(folder / f"full_numpy_bitmap_{name}.npy", IMAGES[label == LABELS].reshape(-1, 784))
    return folder


def named_npy(folder: Path) -> Path:
    for name, array in (("x_train", IMAGES), ("y_train", LABELS), ("x_test", IMAGES), ("y_test", LABELS)):
        np.save(folder / f"{name}.npy", array)
    return folder


def hugging_face(folder: Path) -> Path:
    about = b'{"info": {"features": {"label": {"names": ["%s"], "_type": "ClassLabel"}}}}' % b'", "'.join(
        n.encode() for n in NAMES
    )
    pictures = [{"bytes": encoded(image), "path": None} for image in IMAGES]
    table = pa.table({"image": pictures, "label": LABELS.tolist()}).replace_schema_metadata({b"huggingface": about})
    for part in ("train", "test"):
        pq.write_table(table, folder / f"{part}-00000-of-00001.parquet")
    return folder


def mnist_pickle(folder: Path) -> Path:
    part = ((IMAGES.reshape(60, -1) / 255).astype(np.float32), LABELS.astype(np.int64))
    with gzip.open(folder / "mnist.pkl.gz", "wb") as file:
        pickle.dump((part, part, part), file, protocol=2)
    return folder / "mnist.pkl.gz"


def emnist_folder(folder: Path) -> Path:
    for name, labels in (("emnist-digits", LABELS), ("emnist-letters", LABELS + 1)):
        for part in ("train", "test"):
            (folder / f"{name}-{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed(IMAGES)))
            (folder / f"{name}-{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(packed(labels)))
    (folder / "emnist-digits-mapping.txt").write_text("\n".join(f"{label} {48 + label}" for label in range(10)))
    return folder / "emnist-digits"


# What makes it, how many images of training and test it has, and what its classes are called.
FORMATS: dict[str, tuple[Callable[[Path], Path], int, int, tuple[str, ...]]] = {
    "affnist": (affnist, 50, 10, ()),
    "emnist.mat": (emnist_mat, 60, 60, tuple("0123456789")),
    "svhn": (svhn, 60, 60, ()),
    "usps": (usps, 60, 60, ()),
    "matlab 7.3": (matlab_73, 50, 10, ()),
    "quickdraw": (quickdraw, 50, 10, tuple(sorted(NAMES))),
    "npy": (named_npy, 60, 60, ()),
    "parquet": (hugging_face, 60, 60, NAMES),
    "mnist.pkl.gz": (mnist_pickle, 120, 60, ()),
    "emnist folder": (emnist_folder, 60, 60, tuple("0123456789")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_arrays_and_names(tmp_path: Path, name: str) -> None:
    make, train, test, labels = FORMATS[name]
    data = open_data(make(tmp_path))
    assert (len(data.train_labels), len(data.test_labels), data.labels) == (train, test, labels)
    whole = COLOUR if name == "svhn" else np.pad(IMAGES, ((0, 0), (6, 6), (6, 6))) if name == "affnist" else IMAGES
    known = {image.tobytes(): NAMES[label] for image, label in zip(whole, LABELS, strict=True)}
    for images, numbers in ((data.train_images, data.train_labels), (data.test_images, data.test_labels)):
        called = (
            [data.label(label) for label in numbers]
            if labels and labels != tuple("0123456789")
            else [NAMES[n] for n in numbers]
        )
        assert [known.get(np.ascontiguousarray(image).tobytes()) for image in images] == called
    assert data.notes == ()
    assert stamp.of(str(make(tmp_path)))


FILES = [name for name, (make, *_) in FORMATS.items() if make in (affnist, emnist_mat, usps, matlab_73, mnist_pickle)]


@pytest.mark.parametrize("name", [*FILES, "parquet", "npy", "quickdraw"])
def test_what_is_cut_off_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    path = FORMATS[name][0](tmp_path)
    largest = max((file for file in tmp_path.iterdir()), key=lambda file: file.stat().st_size)
    content = largest.read_bytes()
    for share in (0.0, 0.1, 0.5, 0.9, 0.99):
        largest.write_bytes(content[: int(share * len(content))])
        with pytest.raises(CapsDrawError) as refused:
            open_data(path)
        assert "\n" not in str(refused.value)
        assert largest.name in str(refused.value) or tmp_path.name in str(refused.value)


@pytest.mark.parametrize("ending", [".mat", ".h5", ".npy", ".parquet", ".pkl.gz", ".pkl", ".csv.gz", ".tar.gz"])
@pytest.mark.parametrize("content", [b"", b"text of another kind\n" * 30, encoded(IMAGES[0])])
def test_what_is_called_otherwise_than_it_is_is_refused_in_one_line(
    tmp_path: Path, ending: str, content: bytes
) -> None:
    path = tmp_path / f"own{ending}"
    path.write_bytes(content)
    with pytest.raises(CapsDrawError, match="own") as refused:
        open_data(path)
    assert "\n" not in str(refused.value)


def test_damage_anywhere_is_data_or_one_line(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    for name in [*FILES, "parquet"]:
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        path = FORMATS[name][0](folder)
        damaged = next(file for file in sorted(folder.iterdir()))
        content = damaged.read_bytes()
        for _ in range(12):
            changed = bytearray(content)
            for place in (random.integers(0, min(600, len(content)), 2), random.integers(0, len(content), 2)):
                changed[place[0]] = random.integers(0, 256)
            damaged.write_bytes(changed)
            data, message = None, ""
            try:
                data = open_data(path)
            except CapsDrawError as error:
                message = str(error)
            assert "\n" not in message
            assert data is None or data.shape[0] == data.shape[1]


def test_arrays_that_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    """An HDF5 file may point to others, and claim what is not there."""
    (tmp_path / "secret").write_bytes(bytes(60 * 784))
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file["y"] = LABELS
        file.create_dataset("x", (60, 784), np.uint8, external=[(str(tmp_path / "secret"), 0, 60 * 784)])
    with pytest.raises(CapsDrawError, match=r"x of 'own\.h5': it lies in another file"):
        open_data(tmp_path / "own.h5")
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file["y"] = LABELS
        file.create_dataset("x", (2**40, 784), np.uint8, chunks=(1, 784))
    with pytest.raises(CapsDrawError, match=r"x of 'own\.h5'"):
        open_data(tmp_path / "own.h5")
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file["x"] = h5py.ExternalLink("other.h5", "x")
        file["y"] = LABELS
    with pytest.raises(CapsDrawError, match=r"'own\.h5': it holds y: expected images and labels"):
        open_data(tmp_path / "own.h5")


def test_a_pickled_npy_is_not_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], object), allow_pickle=True)
    np.save(tmp_path / "b.npy", IMAGES)
    with pytest.raises(CapsDrawError, match=r"'a\.npy'"):
        open_data(tmp_path)


def test_classes_of_other_types_are_not_cast(tmp_path: Path) -> None:
    """Digits from 0 to 1 became black, and numbers beyond 255 others."""
    np.save(tmp_path / "a.npy", IMAGES)
    for other in ((IMAGES / 255).astype(np.float32), IMAGES.astype(np.int16) * 2):
        np.save(tmp_path / "b.npy", other)
        with pytest.raises(CapsDrawError, match=rf"'a\.npy' holds uint8 and 'b\.npy' {other.dtype}: expected"):
            open_data(tmp_path)
    for name, kind in (("a", "<f4"), ("b", ">f8")):
        np.save(tmp_path / f"{name}.npy", (IMAGES / 255).astype(kind))
    assert open_data(tmp_path).train_images.max() == 255


def test_one_class_alone_is_refused_with_what_to_do(tmp_path: Path) -> None:
    np.save(tmp_path / "circle.npy", IMAGES)
    with pytest.raises(CapsDrawError, match="images of one class, and no labels lie beside it: choose its folder"):
        open_data(tmp_path / "circle.npy")


def test_a_folder_of_several_sets_asks_which(tmp_path: Path) -> None:
    """Case 10."""
    emnist_folder(tmp_path)
    with pytest.raises(
        CapsDrawError, match=r"it holds several sets \('emnist-digits', 'emnist-letters'\): say which, as '"
    ):
        open_data(tmp_path)
    letters = open_data(tmp_path / "emnist-letters")
    assert (letters.name, letters.classes) == ("emnist-letters", 11)


@pytest.mark.parametrize(
    ("name", "library", "package"), [("emnist.mat", "scipy", "scipy"), ("parquet", "pyarrow", "pyarrow")]
)
def test_a_library_that_is_missing_is_named_with_its_command(
    tmp_path: Path, name: str, library: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = FORMATS[name][0](tmp_path)
    found = builtins.__import__

    def missing(module: str, *rest: Any) -> Any:
        if module.partition(".")[0] == library:
            raise ImportError(module)
        return found(module, *rest)

    def import_module(module: str, _: str | None = None) -> Any:
        return missing(module)

    monkeypatch.setattr("importlib.import_module", import_module)
    with pytest.raises(CapsDrawError, match=f"which is not installed: run 'python -m pip install {package}'"):
        open_data(path)


def test_pictures_that_are_no_pictures_are_named(tmp_path: Path) -> None:
    pictures = [{"bytes": b"no picture", "path": None}, {"bytes": encoded(IMAGES[0]), "path": None}]
    pq.write_table(pa.table({"image": pictures, "label": [0, 1]}), tmp_path / "own.parquet")
    with pytest.raises(CapsDrawError, match=r"cannot read '0/row 0 of own\.parquet': not an image"):
        open_data(tmp_path / "own.parquet")
    pq.write_table(pa.table({"pixels": [[1, 2]], "label": [0]}), tmp_path / "own.parquet")
    with pytest.raises(CapsDrawError, match="its columns are pixels, label: expected 'image' and 'label'"):
        open_data(tmp_path / "own.parquet")


@pytest.mark.parametrize(("place", "value"), [(8, 99), (0, 99), (4, 9), (16, 99), (40, 200)])
def test_a_matlab_array_whose_kind_there_is_not_never_reaches_scipy(tmp_path: Path, place: int, value: int) -> None:
    """SciPy looks it up in a table without asking how long that is: the process ended with a bus error."""
    path = emnist_mat(tmp_path)
    content = bytearray(path.read_bytes())
    flags = content.index(b"\x06\0\0\0\x08\0\0\0", content.index(b"images\0"))  # of the first array of pixels
    content[flags + place] = value
    path.write_bytes(content)
    with pytest.raises(CapsDrawError, match=r"cannot read 'emnist-digits\.mat': an array in it"):
        open_data(path)
