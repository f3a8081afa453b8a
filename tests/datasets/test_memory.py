"""Data is read with little more memory than its arrays need, whatever its form: there may be no room for them twice."""

import gzip
import pickle
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.io

from capsdraw.datasets.synthetic import digits
from tests.datasets.test_formats import encoded
from tests.datasets.test_idx import packed

# Images of 28 × 28 in each file: their arrays are larger than what is put in order by copying.
_COUNT = 240_000
# Times what the arrays need.
_MOST = 1.5

_MEASURE = """
import sys
from capsdraw.datasets import opening
from capsdraw.datasets.opening import open_data

def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

open_data(sys.argv[2])
before = peak()
data = open_data(sys.argv[1])
print(peak() - before, len(data.train_labels) + len(data.test_labels))
"""


def images() -> tuple[np.ndarray, np.ndarray]:
    few, labels = digits(240, 1)
    return np.tile(few, (_COUNT // 240, 1, 1)), np.tile(labels, _COUNT // 240)


def write(folder: Path, form: str, pixels: np.ndarray, labels: np.ndarray) -> tuple[Path, int]:
    """The path of that data, and the bytes that its arrays need."""
    need = pixels.nbytes
    match form:
        case "npz":
            np.savez(folder / "own.npz", x=pixels, y=labels)
            return folder / "own.npz", need
        case "npz of two parts":
            order = np.argsort(labels, kind="stable")
            np.savez_compressed(
                folder / "own.npz", x_train=pixels[order], y_train=labels[order], x_test=pixels[:9], y_test=labels[:9]
            )
            return folder / "own.npz", need
        case "idx":
            (folder / "own-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed(pixels), 1))
            (folder / "own-labels-idx1-ubyte").write_bytes(packed(labels))
            return folder / "own-images-idx3-ubyte.gz", need
        case "csv":
            line = [
                ",".join(map(str, [label, *image.ravel()])) + "\n"
                for image, label in zip(pixels[:240], labels, strict=False)
            ]
            with (folder / "own.csv").open("w") as file:
                for _ in range(len(pixels) // 240):
                    file.writelines(line)
            return folder / "own.csv", need
        case "hdf5":
            with h5py.File(folder / "own.h5", "w") as file:
                file["x"], file["y"] = pixels, labels
            return folder / "own.h5", need
        case "npy":
            for label in range(10):
                np.save(folder / f"class {label}.npy", pixels[labels == label])
            return folder, need
        case "mat":
            scipy.io.savemat(folder / "own.mat", {"images": pixels.reshape(len(pixels), -1), "labels": labels[:, None]})
            return folder / "own.mat", need
        case "cifar":
            side = pixels[: len(pixels) // 16 * 4, :24, :24].repeat(2, 1).repeat(2, 2)[:, 8:40, 8:40]
            rows = np.stack([side, side, 255 - side], 1).reshape(-1, 5 + 1, 3072)
            for part in range(6):
                name = f"data_batch_{part + 1}.bin" if part < 5 else "test_batch.bin"
                each = labels[: len(rows), None].astype(np.uint8)
                (folder / name).write_bytes(np.concatenate([each, rows[:, part]], 1).tobytes())
            return folder, rows.nbytes
        case "parquet":
            few = [{"bytes": encoded(image.repeat(2, 0).repeat(2, 1)), "path": None} for image in pixels[:240]]
            pictures = few * (len(pixels) // 960)
            pq.write_table(pa.table({"image": pictures, "label": labels[: len(pictures)]}), folder / "own.parquet")
            return folder / "own.parquet", need
        case _:
            floats = (pixels[: len(pixels) // 3] / np.float32(255)).astype(np.float32)
            part = floats, labels[: len(floats)].astype(np.int64)
            with gzip.open(folder / "own.pkl.gz", "wb", 1) as file:
                pickle.dump((part, (part[0][:9], part[1][:9])), file, protocol=4)
            return folder / "own.pkl.gz", floats.nbytes


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
@pytest.mark.parametrize(
    "form", ["npz", "npz of two parts", "idx", "csv", "hdf5", "npy", "pickle", "mat", "cifar", "parquet"]
)
def test_data_is_in_memory_hardly_more_than_once(tmp_path: Path, form: str) -> None:
    pixels, labels = images()
    (tmp_path / "small").mkdir()
    (tmp_path / "large").mkdir()
    small, _ = write(tmp_path / "small", form, pixels[:9600], labels[:9600])
    large, need = write(tmp_path / "large", form, pixels, labels)
    command = [sys.executable, "-c", _MEASURE, str(large), str(small)]
    peak, count = map(int, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert count >= 1_000
    print(f"{form}: {peak / need:.2f} times {need / 1e6:.0f} MB")
    assert peak <= _MOST * need
