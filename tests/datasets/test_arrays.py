"""Arrays as people have them: channels first, other ranges, labels in words; and what is told of that, or refused."""

from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.arrays import Arrays, data_of, parts_of
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)


def read(images: Any, labels: Any = LABELS) -> Data:
    return data_of("own", None, Arrays(np.asarray(images), np.asarray(labels), "'own'"))


@pytest.mark.parametrize(
    ("images", "note"),
    [
        (IMAGES[:, None], "channels"),
        ((IMAGES / 127.5 - 1).astype(np.float32), "from -1 to 1"),
        ((IMAGES / 255 - 0.5).astype(np.float32), "from -0.5 to 0.5"),
        ((IMAGES / 127.5 - 1) * (1 + 1e-7), "from -1 to 1"),
        (IMAGES.astype(np.uint16) * 257, "16 bits"),
        (np.rint(IMAGES / 255 * 4095).astype(np.uint16), "12 bits"),
        (np.rint(IMAGES / 255 * 1023).astype(np.uint16), "10 bits"),
    ],
    ids=["channels first", "-1 to 1", "around 0", "a little more", "16 bits", "12 bits", "10 bits"],
)
def test_other_forms_give_the_same_images_and_say_so(images: np.ndarray, note: str) -> None:
    data = read(images)
    assert np.array_equal(data.test_images, IMAGES)
    assert len(data.notes) == 1
    assert note in data.notes[0]


def test_colours_that_come_first_are_put_last() -> None:
    colour = np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3)).astype(np.uint8)
    assert np.array_equal(read(colour.transpose(0, 3, 1, 2)).test_images, colour)


@pytest.mark.parametrize("most", [15, 16])
@pytest.mark.parametrize("kind", [np.uint8, np.float64])
def test_sixteen_greys_are_all_of_the_range(most: int, kind: type) -> None:
    """Case 18: scikit-learn's digits, 0 to 16, were taken for 0 to 255, and all but black."""
    few = np.rint(IMAGES / 255 * most).astype(kind)
    data = read(few)
    assert data.test_images.max() == 255
    assert np.abs(data.test_images.astype(int) - IMAGES).max() <= 9
    assert f"from 0 to {most}" in data.notes[0]


def test_a_range_that_could_be_anything_is_refused() -> None:
    with pytest.raises(CapsDrawError, match=r"from 0 to 9: expected 0 to 255, 0 to 1, -1 to 1 or 0 to 16"):
        read(np.minimum(IMAGES, 9))
    with pytest.raises(CapsDrawError, match="from -2 to "):
        read(IMAGES / 255 * 4 - 2)


def test_what_had_its_mean_taken_off_is_not_taken_for_another_range() -> None:
    """Its lowest is the mean, and paper would have been grey."""
    for moved in (IMAGES / 255 - 0.13, IMAGES / 255 - 0.3):
        with pytest.raises(CapsDrawError, match=r"its pixels go from -0\.1?3 to 0\.8?7: expected"):
            read(moved)


@pytest.mark.parametrize("most", [1, 255, 16])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_rounding_makes_no_other_range(most: int, kind: type) -> None:
    exact = (IMAGES if most == 255 else np.rint(IMAGES / 255 * most) if most == 16 else IMAGES / 255).astype(kind)
    rounded = exact.copy()
    rounded[0, 0, :2] = -1e-6, most * (1 + 2e-7)
    exact[0, 0, :2] = 0, most
    assert np.array_equal(read(rounded).test_images, read(exact).test_images)
    assert read(rounded).notes == read(exact).notes


def test_both_parts_are_brought_to_the_same_range() -> None:
    few = np.rint(IMAGES / 255 * 16)
    dim = few[40:].clip(0, 12)
    data = data_of("own", Arrays(few[:40], LABELS[:40], "'train'"), Arrays(dim, LABELS[40:], "'test'"))
    assert data.test_images.max() == round(12 * 255 / 16)


def test_usual_forms_are_not_spoken_of() -> None:
    for images in (IMAGES, IMAGES / 255, IMAGES.reshape(60, -1), IMAGES > 99):
        assert read(images).notes == ()


@pytest.mark.parametrize("words", [np.array(list("abcdefghij"))[LABELS], np.array([b"%c" % (97 + n) for n in LABELS])])
@pytest.mark.parametrize("column", [False, True])
def test_words_for_labels_are_names(words: np.ndarray, column: bool) -> None:
    data = read(IMAGES, words[:, None] if column else words)
    assert data.labels == tuple("abcdefghij")
    assert data.test_labels.tolist() == LABELS.tolist()


def test_numbers_as_text_are_numbers() -> None:
    data = read(IMAGES, LABELS.astype(str))
    assert (data.labels, data.test_labels.tolist()) == ((), LABELS.tolist())


def test_ten_times_more_images_than_labels_are_refused() -> None:
    with pytest.raises(CapsDrawError, match=r"expected 60 labels, one for each image, .* received \(6,\)"):
        read(IMAGES, LABELS[:6])
    with pytest.raises(CapsDrawError, match="300 different words: at most 256"):
        read(np.repeat(IMAGES, 5, axis=0), np.array([f"word {number}" for number in range(300)]))


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["x_train", "y_train", "x_test", "y_test"],
         {"train": ("x_train", ["y_train"]), "test": ("x_test", ["y_test"])}),
        (["train/data", "train/target"], {"train": ("train/data", ["train/target"])}),
        (["X", "y"], {"": ("X", ["y"])}),
        (["affNISTdata.image", "affNISTdata.label_int"], {"": ("affNISTdata.image", ["affNISTdata.label_int"])}),
        (["dataset.test.images", "dataset.test.labels", "dataset.mapping"],
         {"test": ("dataset.test.images", ["dataset.test.labels"])}),
        (["trainImages", "trainLabels", "valImages", "valLabels"],
         {"train": ("trainImages", ["trainLabels"]), "valid": ("valImages", ["valLabels"])}),
        (["weights"], {}),
    ],
)  # fmt: skip
def test_names_say_part_and_content(names: list[str], parts: dict[str, Any]) -> None:
    assert parts_of(names) == parts


def test_images_to_be_held_out_are_the_last_of_training() -> None:
    parts = [Arrays(IMAGES[place : place + 20], LABELS[place : place + 20], "'own'") for place in (0, 20, 40)]
    data = data_of("own", parts[0], parts[2], valid=parts[1])
    assert np.array_equal(data.train_images, IMAGES[:40])
    assert np.array_equal(data.test_images, IMAGES[40:])
