"""The known sets: fetched once, found again, mended where they are damaged, and the same for Keras."""

import gzip
import hashlib
import inspect
import io
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.known import SETS, at_hand, data_set
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.datasets.sources import FILES, local_data
from capsdraw.errors import CapsDrawError
from tests.datasets.conftest import Server
from tests.datasets.test_cifar import NAMES, archive, batch, pickled
from tests.datasets.test_idx import packed

IMAGES, LABELS = synthetic.digits(60, 3)
FASHION = {
    "/train-labels-idx1-ubyte.gz": LABELS[:40], "/train-images-idx3-ubyte.gz": IMAGES[:40],
    "/t10k-labels-idx1-ubyte.gz": LABELS[40:], "/t10k-images-idx3-ubyte.gz": IMAGES[40:],
}  # fmt: skip


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has no data yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    return tmp_path / "keras" / "datasets"


@pytest.fixture
def published(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """MNIST and Fashion-MNIST, small, on a server of this machine."""
    assert not cache.exists()
    file = io.BytesIO()
    np.savez_compressed(file, x_train=IMAGES[:40], y_train=LABELS[:40], x_test=IMAGES[40:], y_test=LABELS[40:])
    server.files["/mnist.npz"] = file.getvalue()
    server.files |= {path: gzip.compress(packed(array)) for path, array in FASHION.items()}
    for name in ("mnist", "fashion-mnist"):
        files = []
        for one in SETS[name].files:
            path = "/" + one.url.rpartition("/")[2]
            content = server.files[path]
            digest = hashlib.sha256(content).hexdigest() if one.sha256 else None
            files.append(replace(one, url=server.url(path), size=len(content), sha256=digest))
        monkeypatch.setitem(SETS, name, replace(SETS[name], files=tuple(files), train=40, test=20))
    return server


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_a_set_is_fetched_once_and_then_at_hand(published: Server, cache: Path, name: str) -> None:
    assert not at_hand(name)
    told: list[tuple[int, int]] = []
    data = data_set(name, ReadMonitor(lambda *far: told.append(far), often=0))
    assert np.array_equal(data.train_images, IMAGES[:40])
    assert np.array_equal(data.test_labels, LABELS[40:])
    asked = len(published.asked)
    assert asked == len(SETS[name].files)
    size = sum(one.size for one in SETS[name].files)
    assert told[-1] == (size, size)
    assert {total for _, total in told} == {size}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert at_hand(name)
    again = data_set(name)
    local = local_data(name)
    assert local is not None
    for one in (again, local):
        assert np.array_equal(one.train_images, IMAGES[:40])
        assert one.labels == data.labels
    assert len(published.asked) == asked
    assert not list(cache.rglob(".*"))


def test_cifar_that_was_fetched_is_at_hand_and_not_fetched_again(
    server: Server, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """170 MB; it is kept as the archive that Keras keeps, not under the name of a file of one's own."""
    content = archive(tmp_path / "archive", {name: pickled(batch()) for name in NAMES}).read_bytes()
    server.files["/cifar.tar.gz"] = content
    remote = replace(
        SETS["cifar10"].files[0], url=server.url("/cifar.tar.gz"), size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    monkeypatch.setitem(SETS, "cifar10", replace(SETS["cifar10"], files=(remote,), train=20, test=4))
    assert not at_hand("cifar10")
    assert data_set("cifar10").labels[3] == "cat"
    assert at_hand("cifar10")
    data_set("cifar10")
    assert server.asked == ["/cifar.tar.gz"]
    (cache / remote.file).write_bytes(content[:1000])
    assert not at_hand("cifar10")


def test_a_set_of_ones_own_is_at_hand(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder that CAPSDRAW_DATA names; a file of that name in Keras' cache is none that is read."""
    cache.mkdir(parents=True)
    (cache / "cifar10-small.npz").touch()
    assert not at_hand("cifar10")
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    (tmp_path / "cifar10-small.npz").touch()
    assert at_hand("cifar10")


def test_fashion_knows_its_names(published: Server) -> None:  # noqa: ARG001
    assert data_set("fashion-mnist").labels[9] == "ankle boot"


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_half_a_file_of_a_killed_download_is_fetched_again(published: Server, cache: Path, name: str) -> None:
    """Keras' own loader leaves one; for Fashion-MNIST it would never notice."""
    data_set(name)
    half = cache / SETS[name].files[-1].file
    half.write_bytes(half.read_bytes()[:1000])
    published.asked.clear()
    assert len(data_set(name).test_labels) == 20
    assert published.asked == ["/" + half.name]


def test_a_wrong_file_is_refused_and_not_kept(published: Server, cache: Path) -> None:
    published.files["/mnist.npz"] = published.files["/mnist.npz"][:-1] + b"x"
    with pytest.raises(
        CapsDrawError, match=r"mnist is not on this machine and could not be downloaded .*SHA-256"
    ) as refused:
        data_set("mnist")
    assert "set CAPSDRAW_DATA to a folder with mnist.npz" in str(refused.value)
    assert not list(cache.iterdir())
    page = gzip.compress(b"<html>sign in</html>")
    published.files["/t10k-images-idx3-ubyte.gz"] = page
    with pytest.raises(CapsDrawError, match=r"fashion-mnist/t10k-images-idx3-ubyte\.gz': not IDX"):
        data_set("fashion-mnist")
    assert len(list((cache / "fashion-mnist").iterdir())) == 3


def test_a_set_of_another_size_is_refused(published: Server) -> None:
    published.files["/t10k-images-idx3-ubyte.gz"] = gzip.compress(packed(IMAGES[40:59]))
    published.files["/t10k-labels-idx1-ubyte.gz"] = gzip.compress(packed(LABELS[40:59]))
    with pytest.raises(CapsDrawError, match="has 40 training and 19 test images: expected 40 and 20: remove"):
        data_set("fashion-mnist")


def test_a_download_is_stopped(published: Server, cache: Path) -> None:
    published.stalled.add("/train-images-idx3-ubyte.gz")
    cancel = threading.Event()

    def tell(done: int, _: int) -> None:
        if done > len(published.files["/train-labels-idx1-ubyte.gz"]):
            cancel.set()

    with pytest.raises(Cancelled):
        data_set("fashion-mnist", ReadMonitor(tell, cancel, often=0))
    published.go.set()
    assert [one.name for one in (cache / "fashion-mnist").iterdir()] == ["train-labels-idx1-ubyte.gz"]


@pytest.mark.parametrize("name", list(SETS))
def test_without_a_network_it_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    files = tuple(replace(one, url="http://127.0.0.1:1/file") for one in SETS[name].files)
    monkeypatch.setitem(SETS, name, replace(SETS[name], files=files))
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(CapsDrawError) as refused:
        data_set(name)
    assert str(refused.value) == (
        f"{name} is not on this machine and could not be downloaded (127.0.0.1: Connection refused): set CAPSDRAW_DATA "
        f"to a folder with {FILES[name]}, or use 'synthetic' digits, which need no network"
    )
    assert not list(cache.rglob("*.*"))


def test_the_user_s_own_file_is_read_and_never_replaced(
    published: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    np.savez(tmp_path / "mnist.npz", x_train=IMAGES[:5], y_train=LABELS[:5], x_test=IMAGES[5:9], y_test=LABELS[5:9])
    assert len(data_set("mnist").test_labels) == 4
    (tmp_path / "mnist.npz").write_text("damaged")
    with pytest.raises(CapsDrawError, match=r"mnist\.npz"):
        data_set("mnist")
    assert (tmp_path / "mnist.npz").read_text() == "damaged"
    assert published.asked == []


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(CapsDrawError, match="unknown data set 'nobody': available are mnist, fashion-mnist, cifar10"):
        data_set("nobody")


def test_addresses_and_hashes_are_those_of_keras() -> None:
    """When Keras moves a set, this says so before a user's download does."""
    from keras import datasets

    for name, loader in (
        ("mnist", datasets.mnist), ("fashion-mnist", datasets.fashion_mnist), ("cifar10", datasets.cifar10),
    ):  # fmt: skip
        source = inspect.getsource(loader.load_data)
        for one in SETS[name].files:
            folder, _, file = one.url.rpartition("/")
            assert folder in source
            assert file in source
            assert one.sha256 is None or one.sha256 in source
            assert Path(one.file).name.removesuffix("_archive") in source


@pytest.mark.slow
@pytest.mark.usefixtures("published")
def test_keras_own_loader_finds_what_was_fetched(cache: Path) -> None:
    data = data_set("fashion-mnist")
    code = (
        "import keras, numpy; (x, y), (u, v) = keras.datasets.fashion_mnist.load_data()\n"
        "print(x.astype(int).sum(), y.tolist(), u.astype(int).sum(), v.tolist())"
    )
    environment = {**os.environ, "KERAS_HOME": str(cache.parent)}
    out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    expected = (
        data.train_images.astype(int).sum(), data.train_labels.tolist(), data.test_images.astype(int).sum(),
        data.test_labels.tolist(),
    )  # fmt: skip
    assert out.stdout.strip() == " ".join(map(str, expected))
