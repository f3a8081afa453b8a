"""Folders of pictures: digits take the app's own road, other pictures are left as they are."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.folders import read_folder
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import of_file
from capsdraw.ink.sketch import Sketch, dark_on_white, fitted

DIGITS, LABELS = synthetic.digits(60, 3)


def save(path: Path, image: Image.Image | np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(path)
    return path


def digits(folder: Path, images: np.ndarray = DIGITS, ending: str = "png") -> Path:
    for number, (image, label) in enumerate(zip(images, LABELS, strict=True)):
        save(folder / str(label) / f"{number:02}.{ending}", image)
    return folder


def pictures(folder: Path, *classes: str, side: int = 32, count: int = 6) -> Path:
    random = np.random.default_rng(1)
    for name in classes:
        for number in range(count):
            save(folder / name / f"{number}.png", random.integers(0, 256, (side, side, 3)).astype(np.uint8))
    return folder


def test_digits_of_mnist_s_form_are_read_to_the_pixel(tmp_path: Path) -> None:
    data = read_folder(digits(tmp_path), "own")
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    found = {bytes(image): int(label) for image, label in zip(images, labels, strict=True)}
    assert found == {bytes(image): int(label) for image, label in zip(DIGITS, LABELS, strict=True)}
    assert (len(data.test_labels), data.labels, data.shape) == (10, (), (28, 28, 1))


def test_a_scanned_digit_is_what_the_net_sees_of_a_drawn_one(tmp_path: Path) -> None:
    """Dark on light, large, of any size and format: as it is where the same picture is dropped on the canvas."""
    for label in range(10):
        for number in range(2):
            drawn = Sketch(fitted(synthetic.drawing(label, np.random.default_rng((4, label, number)))))
            side = 300 + 10 * label + 50 * number
            picture = dark_on_white(drawn.render()).resize((side, side + 40))
            save(tmp_path / str(label) / f"{number}.{'jpg' if label % 2 else 'tif'}", picture)
    data = read_folder(tmp_path, "own")
    assert data.train_images.shape == (10, 28, 28)
    for image in (*data.train_images, *data.test_images):
        assert image[[0, -1]].max() < 40  # light ink on black, paper and all
        assert image.max() > 200
        assert 10 < image.mean() < 70  # MNIST's mean is 33


def test_light_on_dark_and_dark_on_light_give_one_digit(tmp_path: Path) -> None:
    light = read_folder(digits(tmp_path / "light"), "own")
    dark = read_folder(digits(tmp_path / "dark", 255 - DIGITS), "own")
    assert np.abs(light.train_images.astype(int) - dark.train_images).max() <= 1


def test_only_some_digits_keep_their_numbers(tmp_path: Path) -> None:
    digits(tmp_path)
    for label in "0124568":
        (tmp_path / label).rename(tmp_path / f".{label}")
    data = read_folder(tmp_path, "own")
    assert set(data.train_labels) == {3, 7, 9}


def test_named_classes_are_numbered_in_order_and_left_as_they_are(tmp_path: Path) -> None:
    data = read_folder(pictures(tmp_path, "zebra", "Ant", "bee"), "own")
    assert data.labels == ("Ant", "bee", "zebra")
    assert data.train_images.shape == (15, 32, 32, 3)
    assert sorted(data.test_labels) == [0, 1, 2]
    with Image.open(tmp_path / "bee" / "0.png") as picture:
        pixels = np.asarray(picture)
    whole = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    assert [int(label) for image, label in zip(whole, labels, strict=True) if np.array_equal(image, pixels)] == [1]


def test_grey_pictures_stay_grey_and_are_not_turned_round(tmp_path: Path) -> None:
    for name in "AB":
        for number in range(3):
            save(tmp_path / name / f"{number}.png", np.full((30, 30), 250 - number, np.uint8))
    data = read_folder(tmp_path, "own")
    assert data.shape == (30, 30, 1)
    assert data.train_images.min() >= 248
    save(tmp_path / "A" / "0.png", np.full((30, 30, 3), (200, 0, 0), np.uint8))
    assert read_folder(tmp_path, "own").shape == (30, 30, 3)


@pytest.mark.parametrize("shape", [(32, 32, 3), (32, 32, 1), (20, 20, 3)])
@pytest.mark.parametrize("classes", [("a", "b"), ("3", "7")])
def test_pictures_are_brought_to_the_form_that_is_asked_for(
    tmp_path: Path, shape: tuple[int, ...], classes: tuple[str, ...]
) -> None:
    """Classes of CIFAR-10 may be called 0 to 9, too: for a net of colour pictures they are no digits."""
    pictures(tmp_path, *classes)
    save(tmp_path / classes[0] / "wide.jpg", np.full((50, 90, 3), (10, 200, 10), np.uint8))
    data = read_folder(tmp_path, "own", shape)
    assert data.shape == shape
    assert len(data.train_labels) + len(data.test_labels) == 13


def test_train_and_test_folders_are_the_parts(tmp_path: Path) -> None:
    digits(tmp_path / "Train")
    save(tmp_path / "test" / "7" / "one.png", DIGITS[7])
    (tmp_path / "README.md").write_text("about")
    (tmp_path / ".DS_Store").touch()
    data = read_folder(tmp_path, "own")
    assert len(data.train_labels) == 60
    assert data.test_labels.tolist() == [7]
    assert np.array_equal(data.test_images[0], DIGITS[7])


def test_a_test_folder_alone_is_all_measured(tmp_path: Path) -> None:
    data = read_folder(digits(tmp_path / "test").parent, "own")
    assert (len(data.train_labels), len(data.test_labels)) == (0, 60)


def broken(folder: Path, what: str) -> None:
    match what:
        case "text":
            (folder / "3" / "notes.txt").write_text("no picture")
        case "cut":
            path = folder / "3" / "03.png"
            path.write_bytes(path.read_bytes()[:60])
        case "blank":
            save(folder / "3" / "03.png", np.full((28, 28), 255, np.uint8))
        case "huge":
            save(folder / "3" / "03.png", Image.new("1", (9000, 9000)))
        case "empty":
            (folder / "5a").mkdir()
        case "nested":
            (folder / "3" / "more").mkdir()
        case "loose":
            save(folder / "seven.png", DIGITS[7])
        case "beside":
            digits(folder / "train")
        case "twice":
            save(folder / "07" / "a.png", DIGITS[7])


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("text", r"cannot read '3/notes\.txt': not an image of a kind that is read"),
        ("cut", r"cannot read '3/03\.png': "),
        ("blank", r"cannot read '3/03\.png': the picture is blank"),
        ("huge", r"cannot read '3/03\.png': 9000 × 9000 pixels"),
        ("empty", "the class folder '5a' is empty: remove it"),
        ("nested", "the class folder '3' holds a folder, 'more': expected pictures only"),
        ("loose", r"'seven\.png' is in no class folder"),
        ("beside", "it holds both 'train' and '0': expected train and test"),
        ("twice", "class folders '07' and '7' are the same class: merge them"),
    ],
)
def test_what_does_not_belong_is_named(tmp_path: Path, what: str, says: str) -> None:
    broken(digits(tmp_path), what)
    with pytest.raises(CapsDrawError, match=says) as refused:
        read_folder(tmp_path, "own")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("sizes", "shape"),
    [
        (((40, 40), (40, 40)), (40, 40)),
        (((40, 40), (64, 48)), None),
        (((64, 48), (64, 48)), None),
        (((200, 200), (200, 200)), None),
        (((24, 24), (40, 40)), None),
    ],
)
@pytest.mark.parametrize("colour", [False, True])
def test_ordinary_pictures_can_be_trained_on_whatever_their_sizes(
    tmp_path: Path, sizes: tuple[tuple[int, int], ...], shape: tuple[int, int] | None, colour: bool
) -> None:
    """Nobody has to say a size, or to scale anything by hand."""
    random = np.random.default_rng(2)
    for name in ("leaf", "stone"):
        for number, size in enumerate(2 * sizes):
            save(tmp_path / name / f"{number}.png", random.integers(0, 256, size).astype(np.uint8))
    if colour:
        save(tmp_path / "stone" / "0.png", np.full((*sizes[0], 3), (200, 10, 10), np.uint8))
    data = read_folder(tmp_path, "own")
    side = shape or ((32, 32) if colour else (28, 28))
    assert data.shape == (*side, 3 if colour else 1)
    assert (len(data.train_labels), len(data.test_labels)) == (6, 2)
    again = read_folder(tmp_path, "own", data.shape)
    # What a net was trained on here is what it is measured on.
    assert np.array_equal(again.test_images.reshape(data.test_images.shape), data.test_images)


def test_a_picture_that_is_not_square_keeps_its_proportions(tmp_path: Path) -> None:
    wide = np.zeros((60, 120), np.uint8)
    wide[20:40, 50:70] = 255  # a square in the middle
    for name in "AB":
        for number in range(2):
            save(tmp_path / name / f"{number}.png", wide)
    rows, columns = np.nonzero(read_folder(tmp_path, "own").train_images[0] > 127)
    assert np.ptp(rows) == np.ptp(columns) == 9
    assert rows.mean() == columns.mean() == 13.5


def test_other_wrong_folders(tmp_path: Path) -> None:
    pictures(tmp_path / "small", "a", "b", side=5)
    with pytest.raises(CapsDrawError, match="'small': its images are 5 × 5, too small"):
        read_folder(tmp_path / "small", "own")
    pictures(tmp_path / "new" / "train", "a", "b")
    pictures(tmp_path / "new" / "test", "a", "c")
    with pytest.raises(CapsDrawError, match="class 'c' has test pictures but no training pictures"):
        read_folder(tmp_path / "new", "own")
    (tmp_path / "hollow" / "train").mkdir(parents=True)
    with pytest.raises(CapsDrawError, match="'train': expected a folder for each class in it, found none"):
        read_folder(tmp_path / "hollow", "own")
    for number in range(257):
        save(tmp_path / "many" / f"class {number}" / "a.png", DIGITS[0])
    with pytest.raises(CapsDrawError, match="257 class folders"):
        read_folder(tmp_path / "many", "own")


def test_reading_is_watched_and_stopped(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_folder(digits(tmp_path), "own", watch=ReadMonitor(lambda *far: told.append(far), often=0))
    assert told == [(number, 60) for number in range(1, 61)]
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        read_folder(tmp_path, "own", watch=ReadMonitor(cancel=cancel))


def deep(folder: Path, **tops: int) -> Path:
    """Pictures of 16 bits, whose lightest pixel is that of their class."""
    for name, top in tops.items():
        for number in range(6):
            picture = np.zeros((20, 20), np.uint16)
            picture[5:15, 5:15] = top - number
            save(folder / name / f"{number}.png", picture)
    return folder


def test_deep_greys_of_a_folder_share_one_white(tmp_path: Path) -> None:
    """Each had its own, and a dark class was as light as the others."""
    data = read_folder(deep(tmp_path, bright=60000, dim=900), "own")
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    assert images[labels == 0].max() == round(60000 / 65535 * 255)
    assert images[labels == 1].max() == round(900 / 65535 * 255)
    assert data.pictures is not None
    # A net that is trained on these sees a single dark picture as dark.
    assert of_file(tmp_path / "dim" / "0.png", (20, 20, 1), data.pictures).max() < 0.02
    again = read_folder(deep(tmp_path / "more", dim=900, dimmer=500), "more", (20, 20, 1), intake=data.pictures)
    assert again.train_images.max() <= 4


def test_deep_greys_of_fewer_bits_are_not_black(tmp_path: Path) -> None:
    data = read_folder(deep(tmp_path, a=4000, b=2000), "own")
    assert data.train_images.max() > 240
    assert data.pictures is not None
    assert data.pictures.white == 4095
