"""Kinds of files that data sets are published in, beyond those of `kinds.py`: a whole one, and how the app reads it."""

import gzip
import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from capsdraw.datasets.opening import open_data
from capsdraw.paths import home
from tests.datasets.test_formats import affnist, emnist_mat, hugging_face, matlab_73, mnist_pickle, named_npy, usps

from .kinds import Kind, digits, make_csv, make_folder
from .mutator import mutated, mutated_archive, mutated_bytes, mutated_packed


def written(write: Callable[[Path], Path], name: str = "") -> Callable[[], Path]:
    """Has it written into a folder of its own; the path of the file, or of the one of that name."""

    def make() -> Path:
        folder = home() / "data"
        folder.mkdir(parents=True, exist_ok=True)
        path = write(folder)
        return folder / name if name else path

    return make


def make_pickle() -> Path:
    """Writes digits as `mnist.pkl`, not packed."""
    path = mnist_pickle(home())
    plain = path.with_name("mnist.pkl")
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    path.unlink()
    return plain


def make_cifar() -> Path:
    """Writes twenty photographs as CIFAR-10's archive for Python."""
    path = home() / "cifar-10-python.tar.gz"
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    batch = {b"data": np.zeros((20, 3072), np.uint8), b"labels": [number % 10 for number in range(20)]}
    contents = {name: pickle.dumps(batch, protocol=2) for name in names}
    contents["batches.meta"] = pickle.dumps({b"label_names": [b"a", b"b"] * 5}, protocol=2)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def make_packed_csv() -> Path:
    """Writes digits as a packed table."""
    path = make_csv()
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


def make_zipped_csv() -> Path:
    """Writes digits as Kaggle hands its tables out."""
    path = make_csv()
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "train.csv")
    path.unlink()
    return path.with_suffix(".zip")


def make_label_table() -> Path:
    """Writes pictures, and a table that says their classes."""
    pictures = make_folder().parents[1]
    names = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
    path = pictures / "labels.csv"
    path.write_text("filename,label\n" + "\n".join(f"{name},{name[0]}" for name in names) + "\n")
    return path


def make_spread() -> Path:
    """Writes digits as a table with words for labels."""
    images, labels = digits()
    path = home() / "words.tsv"
    head = "\t".join([*(f"pixel{place}" for place in range(784)), "label"])
    rows = [
        "\t".join(map(str, (*image.ravel(), f"class {label}"))) for image, label in zip(images, labels, strict=True)
    ]
    path.write_text("\n".join([head, *rows]))
    return path


KINDS_OF_DATA = {
    "mat": Kind("affnist.mat", written(affnist), open_data, mutated_bytes),
    "mat of structures": Kind("emnist-digits.mat", written(emnist_mat), open_data, mutated_bytes),
    "mat of version 7.3": Kind("own.mat", written(matlab_73), open_data, mutated_bytes),
    "hdf5": Kind("usps.h5", written(usps), open_data, mutated_bytes),
    "npy": Kind("x_train.npy", written(named_npy, "x_train.npy"), lambda path: open_data(path.parent), mutated_bytes),
    "parquet": Kind(
        "train-00000-of-00001.parquet", written(hugging_face, "train-00000-of-00001.parquet"), open_data, mutated_bytes
    ),
    "pickle": Kind("mnist.pkl", make_pickle, open_data, mutated_bytes),
    "pickle.gz": Kind("mnist.pkl.gz", written(mnist_pickle), open_data, mutated_packed),
    "cifar": Kind("cifar-10-python.tar.gz", make_cifar, open_data, mutated_packed),
    "csv.gz": Kind("train.csv.gz", make_packed_csv, open_data, mutated_packed),
    "csv in a zip": Kind("train.zip", make_zipped_csv, open_data, mutated_archive),
    "tsv of words": Kind("words.tsv", make_spread, open_data, mutated),
    "table of labels": Kind("labels.csv", make_label_table, lambda path: open_data(path.parent), mutated),
}
