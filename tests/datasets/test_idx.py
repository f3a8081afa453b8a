"""IDX files, as MNIST's own: found by name, plain or compressed; damaged and hostile ones refused."""

import gzip
import shutil
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import idx, synthetic
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)


def packed(array: np.ndarray) -> bytes:
    codes = {"u1": 8, "i4": 0x0C, "f4": 0x0D}
    big = array.astype(array.dtype.newbyteorder(">"))
    return struct.pack(f">HBB{array.ndim}I", 0, codes[array.dtype.str[1:]], array.ndim, *array.shape) + big.tobytes()


def four(folder: Path, ending: str = "-ubyte", compress: bool = False) -> None:
    for kind, here in (("train", slice(0, 40)), ("t10k", slice(40, 60))):
        for what, axes, array in (("images", 3, IMAGES[here]), ("labels", 1, LABELS[here])):
            content = packed(array)
            name = f"{kind}-{what}-idx{axes}{ending}"
            (folder / (name + ".gz" if compress else name)).write_bytes(gzip.compress(content) if compress else content)


@pytest.mark.parametrize("compress", [False, True])
def test_mnist_s_four_files_are_found_by_name(tmp_path: Path, compress: bool) -> None:
    four(tmp_path, compress=compress)
    (tmp_path / "README").write_text("not data")
    data = idx.read_folder(tmp_path, "own")
    assert np.array_equal(data.train_images, IMAGES[:40])
    assert np.array_equal(data.test_images, IMAGES[40:])
    assert data.train_labels.tolist() + data.test_labels.tolist() == LABELS.tolist()


def test_what_macos_leaves_beside_the_files_is_left_aside(tmp_path: Path) -> None:
    four(tmp_path, compress=True)
    for path in list(tmp_path.iterdir()):
        path.with_name("._" + path.name).write_bytes(b"\0\5\x16\7")
    assert len(idx.read_folder(tmp_path, "own").test_labels) == 20


def test_other_spellings_and_a_file_beside_its_archive(tmp_path: Path) -> None:
    four(tmp_path)
    for path in list(tmp_path.iterdir()):
        path.rename(path.with_name("emnist-digits-" + path.name.replace("t10k", "test").replace("-idx", ".idx")))
    shutil.copy(one := next(tmp_path.iterdir()), one.with_name(one.name + ".gz"))
    assert len(idx.files_in(tmp_path)) == 4
    assert len(idx.read_folder(tmp_path, "own").test_labels) == 20


def test_a_pair_is_split_or_is_a_test_part_by_its_name(tmp_path: Path) -> None:
    four(tmp_path)
    train = idx.read_pair(tmp_path / "train-images-idx3-ubyte", "own")
    assert (len(train.train_labels), len(train.test_labels)) == (30, 10)
    test = idx.read_pair(tmp_path / "t10k-images-idx3-ubyte", "own")
    assert (len(test.train_labels), len(test.test_labels)) == (0, 20)
    (tmp_path / "mine-images.idx").write_bytes(packed(IMAGES))
    (tmp_path / "mine-labels.idx.gz").write_bytes(gzip.compress(packed(LABELS.astype(np.int32))))
    assert len(idx.read_pair(tmp_path / "mine-images.idx", "own").train_labels) == 50


def test_every_type_of_number_is_read(tmp_path: Path) -> None:
    for array in (LABELS, LABELS.astype(np.int32), (IMAGES / 255).astype(np.float32)):
        (tmp_path / "one").write_bytes(packed(array))
        assert np.array_equal(idx.read(tmp_path / "one"), array)


GOOD = packed(IMAGES)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not IDX: .* received an empty file"),
        (b"\x89PNG\r\n", "expected it to begin with 00 00 08 03 .* received 89 50 4e 47"),
        (b"\0\0\x08\x09" + GOOD[4:], "not IDX"),
        (GOOD[:10], "ends inside its header"),
        (GOOD[:-1], "47,040 bytes; the file has only 47,039"),
        (GOOD + b"x", "47,040 bytes; the file has more"),
        (gzip.compress(GOOD)[:-9], "compressed data is cut off or damaged: download it again"),
        (gzip.compress(GOOD)[:-8] + b"sums" + gzip.compress(GOOD)[-4:], "cut off or damaged"),
        (gzip.compress(GOOD[:-500]), "the file has only 46,540"),
        (b"\x1f\x8b no archive", "cut off or damaged"),
    ],
    ids=["empty", "PNG", "axes", "header", "short", "long", "cut gz", "damaged gz", "short gz", "no gz"],
)
def test_damaged_files_are_refused_by_name(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "train-images").write_bytes(content)
    with pytest.raises(CapsDrawError, match=says) as refused:
        idx.read(tmp_path / "train-images")
    assert "cannot read 'train-images'" in str(refused.value)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("count", [4_000_000_000, 4_000_000])
def test_a_header_that_claims_more_than_is_there_costs_no_memory(tmp_path: Path, count: int, compress: bool) -> None:
    content = struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28) + bytes(100_000)
    (tmp_path / "images").write_bytes(gzip.compress(content) if compress else content)
    tracemalloc.start()
    with pytest.raises(CapsDrawError, match="images"):
        idx.read(tmp_path / "images")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_what_is_missing_or_doubled_is_named(tmp_path: Path) -> None:
    four(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").rename(tmp_path / "aside")
    with pytest.raises(CapsDrawError, match="it holds 'train-images-idx3-ubyte' but no train labels file"):
        idx.read_folder(tmp_path, "own")
    with pytest.raises(CapsDrawError, match=r"'train-labels-idx1-ubyte' or 'train-labels-idx1-ubyte\.gz', are not"):
        idx.read_pair(tmp_path / "train-images-idx3-ubyte", "own")
    (tmp_path / "aside").rename(tmp_path / "train-labels-idx1-ubyte")
    shutil.copy(tmp_path / "train-labels-idx1-ubyte", tmp_path / "letters-train-labels-idx1-ubyte")
    with pytest.raises(
        CapsDrawError, match="'letters-train-labels-idx1-ubyte' and 'train-labels-idx1-ubyte' are train labels"
    ):
        idx.read_folder(tmp_path, "own")
    with pytest.raises(CapsDrawError, match=f"'{tmp_path.parent.name}': expected MNIST's IDX files in it, found none"):
        idx.read_folder(tmp_path.parent, "own")
    with pytest.raises(CapsDrawError, match="expected an IDX file of images"):
        idx.read_pair(tmp_path / "train-labels-idx1-ubyte", "own")


def test_images_with_the_labels_of_others_are_refused(tmp_path: Path) -> None:
    four(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(packed(LABELS))
    with pytest.raises(
        CapsDrawError, match="'t10k-images-idx3-ubyte' with 't10k-labels-idx1-ubyte': expected 20 labels"
    ):
        idx.read_folder(tmp_path, "own")
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(packed(IMAGES[40:]))
    with pytest.raises(CapsDrawError, match=r"'t10k-labels-idx1-ubyte': expected labels, received \(20, 28, 28\)"):
        idx.read_folder(tmp_path, "own")
