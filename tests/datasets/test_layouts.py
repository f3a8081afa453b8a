"""Where labelled pictures lie: parts, classes and archives in each other; tables and lists; labels in file names."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import file_names, layouts, synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.folders import read_folder
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError

IMAGES, LABELS = synthetic.digits(60, 3)
KNOWN = {image.tobytes(): int(label) for image, label in zip(IMAGES, LABELS, strict=True)}


def save(path: Path, number: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(IMAGES[number]).save(path)
    return path.name


def is_right(data: Data, count: int = 60) -> bool:
    """Whether all digits are there, each with its label."""
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    return [KNOWN.get(image.tobytes()) for image in images] == labels.tolist() and len(labels) == count


def of_names(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        save(folder / f"{label}_{number:03}.png", number)


def of_last_words(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        save(folder / f"scan-{number:03}-{label}.png", number)


def of_numbered_words(folder: Path) -> None:
    """As Chars74K has them."""
    for number, label in enumerate(LABELS):
        save(folder / f"img{label:03}-{number:05}.png", number)


def of_windows(folder: Path) -> None:
    """As Explorer numbers the files of one name."""
    for number, label in enumerate(LABELS):
        save(folder / f"{label} ({np.count_nonzero(LABELS[: number + 1] == label)}).png", number)


def of_middle_words(folder: Path) -> None:
    """Counted anew for each digit, and beyond 9."""
    for number, label in enumerate(LABELS):
        save(folder / f"digit_{label}_{np.count_nonzero(LABELS[: number + 1] == label) + 6:02}.png", number)


def in_one_folder(folder: Path) -> None:
    of_names(folder / "images")


def in_archive_s_folder(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        save(folder / "digits" / "digits" / "train" / str(label) / f"{number}.png", number)


def class_and_part(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        part = "test" if number >= 50 else "train"
        save(folder / str(label) / part / f"{number}.png", number)


def names_in_parts(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        save(folder / ("test" if number >= 40 else "train") / f"{label}_{number}.png", number)


def folder_in_parts(folder: Path) -> None:
    for number, label in enumerate(LABELS):
        save(folder / ("test" if number >= 40 else "train") / "images" / f"{label}_{number}.png", number)


def table_beside_parts(folder: Path) -> None:
    """Case 13: the second source's own data."""
    rows = [f"{save(folder / 'Images' / 'train' / f'{number}.png', number)},{LABELS[number]}" for number in range(60)]
    save(folder / "Images" / "test" / "70.png", 0)
    (folder / "train.csv").write_text("\n".join(["filename,label", *rows]) + "\n")
    (folder / "test.csv").write_text("filename\n70.png\n")
    (folder / "Sample_Submission.csv").write_text("filename,label\n70.png,0\n")


def table_without_endings(folder: Path) -> None:
    rows = [f"{save(folder / 'train' / f'{number}.png', number)[:-4]};{LABELS[number]}" for number in range(60)]
    (folder / "train_labels.csv").write_text("\n".join(["image_id;label", *rows]) + "\n")


def table_with_parts(folder: Path) -> None:
    rows = []
    for number, label in enumerate(LABELS):
        name = save(folder / "pictures" / f"{number}.png", number)
        rows.append(f"{number},{'test' if number >= 50 else 'train'},{label}.0,{name}")
    (folder / "about.csv").write_text("\n".join(["id,split,class,file", *rows]) + "\n")


def list_of_paths(folder: Path) -> None:
    """Case 14."""
    rows = [f"images/{save(folder / 'images' / f'{number}.png', number)} {LABELS[number]}" for number in range(60)]
    (folder / "train.txt").write_text("\n".join(rows) + "\n")


LAYOUTS = [
    of_names, of_last_words, of_numbered_words, of_windows, of_middle_words, in_one_folder, in_archive_s_folder,
    class_and_part, names_in_parts, folder_in_parts, table_beside_parts, table_without_endings, table_with_parts,
    list_of_paths,
]  # fmt: skip


@pytest.mark.parametrize("make", LAYOUTS)
def test_every_layout_gives_each_picture_its_class(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path)
    data = open_data(tmp_path)
    assert is_right(data)
    assert data.labels == ()
    assert len(data.test_labels) == (20 if make in (names_in_parts, folder_in_parts) else 10)


def test_a_table_can_be_chosen_itself(tmp_path: Path) -> None:
    table_beside_parts(tmp_path)
    assert is_right(open_data(tmp_path / "train.csv"))


def test_pictures_to_be_held_out_are_the_last_of_training(tmp_path: Path) -> None:
    """A fit holds out the last: here those that their makers meant for it, whatever their order."""
    for number, label in enumerate(LABELS):
        part = "test" if number >= 50 else "valid" if number >= 30 else "train"
        save(tmp_path / part / str(label) / f"{number}.png", number)
    data = read_folder(tmp_path, "own")
    assert is_right(data)
    valid = {IMAGES[number].tobytes() for number in range(30, 50)}
    assert {image.tobytes() for image in data.train_images[-20:]} == valid
    assert len(set(data.train_labels[-5:].tolist())) > 1


def test_ten_files_called_by_their_digits_are_tested_on(tmp_path: Path) -> None:
    for label in range(10):
        save(tmp_path / f"{label}.png", LABELS.tolist().index(label))
    data = read_folder(tmp_path, "own")
    assert (len(data.train_labels), data.test_labels.tolist()) == (0, list(range(10)))


def test_words_in_file_names_are_names(tmp_path: Path) -> None:
    for number in range(12):
        save(tmp_path / f"{'cat' if number % 2 else 'dog'}.{number}.png", number)
    assert read_folder(tmp_path, "own").labels == ("cat", "dog")


@pytest.mark.parametrize(
    ("stems", "says"),
    [
        (["1_1", "1_2", "2_1", "2_2"], r"both the first words \(1, 2\) and the last ones \(1, 2\)"),
        (["one", "two_1"], "'one' has one word only"),
        (["one", "one (1)", "two", "two (1)"], "'one' has one word only"),
        (["a_1_1", "a_1_2", "a_2_1", "a_2_2"], r"the words in the middle \(1, 2\) and the last ones \(1, 2\)"),
        (["a_x_1", "a_x_2", "a_y_1", "a_y_2"], r"the words in the middle \(x, y\) and the last ones \(1, 2\)"),
        (["a_1", "b_2", "c_3"], "neither the first nor the last words, as in 'a_1'"),
    ],
)
def test_names_that_leave_it_open_are_refused(stems: list[str], says: str) -> None:
    with pytest.raises(CapsDrawError, match=says):
        file_names.classes(stems, "own")


@pytest.mark.parametrize(
    ("name", "classes"),
    [("{0} ({1})", 10), ("cat{0} ({1})", 10), ("({0}) {2}", 10), ("my {0} ({1})", 10), ("a_{1:02}_{0}", 10),
     ("a_{2}_{0}", 10), ("a_{0}_{1}", 10), ("a_{0:02}_{1:02}", 4), ("train_b_{2}_{0}", 3)],
)  # fmt: skip
def test_what_counts_is_no_class(name: str, classes: int) -> None:
    """{0} is the class, {1} counts the files of each, {2} all files."""
    of_all = [(label, number + 1, 20 * label + number) for label in range(classes) for number in range(12)]
    found = file_names.classes([name.format(*each) for each in of_all], "own")
    assert list(map(int, found)) == [label for label, _, _ in of_all]


def test_a_single_folder_is_no_class(tmp_path: Path) -> None:
    """Case 14: all pictures were taken for one class, called images."""
    for number in range(6):
        save(tmp_path / "images" / f"{number}{number}.png", number)
    with pytest.raises(
        CapsDrawError, match="'images' is the only folder in it, and one class is nothing to tell apart"
    ):
        open_data(tmp_path)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("77.png,3", r"line 62 names '77\.png': expected the name of one picture"),
        ("7.png", "line 62 has 1 values: expected 2"),
    ],
)
def test_a_wrong_row_of_a_table_is_named(tmp_path: Path, row: str, says: str) -> None:
    table_beside_parts(tmp_path)
    with (tmp_path / "train.csv").open("a") as file:
        file.write(f"{row}\n")
    with pytest.raises(CapsDrawError, match=rf"'train\.csv': {says}") as refused:
        open_data(tmp_path)
    assert "\n" not in str(refused.value)


def test_a_table_that_leaves_the_label_open_is_refused(tmp_path: Path) -> None:
    rows = [f"{save(tmp_path / 'all' / f'{number}.png', number)},{LABELS[number]},{number}" for number in range(60)]
    (tmp_path / "own.csv").write_text("\n".join(["file,what,weight", *rows]) + "\n")
    with pytest.raises(
        CapsDrawError, match=r"which column of 'own\.csv' is the label \('what', 'weight'\): call it 'label'"
    ):
        open_data(tmp_path)


@pytest.mark.parametrize(
    ("name", "part"),
    [("latest.mat", "train"), ("latest_labels.csv", "train"), ("contest.parquet", "train"), ("test_batch", "test"),
     ("x_test.npy", "test"), ("X-test", "test"), ("test1.mat", "test"), ("mnistTestImages.mat", "test"),
     ("t10k-labels", "test"), ("testing.csv", "test"), ("usps_testset.mat", "test"), ("train_test.csv", "train"),
     ("strain_test.csv", "test"), ("test-00000-of-00001.parquet", "test"), ("invalid.csv", "train"),
     ("pixel_values.parquet", "train"), ("validation-0.parquet", "valid"), ("x_val.csv", "valid")],
)  # fmt: skip
def test_a_file_s_part_is_a_whole_word_of_its_name(name: str, part: str) -> None:
    assert layouts.part_in(name) == part


def test_a_table_s_part_is_a_whole_word_of_folders(tmp_path: Path) -> None:
    """Pictures of the same names lie in a folder called latest, too."""
    rows = [f"{save(tmp_path / 'test' / f'{number}.png', number)},{LABELS[number]}" for number in range(60)]
    for number in range(10):
        save(tmp_path / "latest" / f"{number}.png", 0)
    (tmp_path / "test.csv").write_text("\n".join(["filename,label", *rows]) + "\n")
    data = open_data(tmp_path)
    assert is_right(data)
    assert len(data.test_labels) == 60


def test_a_table_that_names_few_of_the_pictures_is_left_aside(tmp_path: Path) -> None:
    for number, label in enumerate(LABELS):
        save(tmp_path / str(label) / f"{number}.png", number)
    (tmp_path / "favourites.csv").write_text("filename,label\n3.png,9\n5.png,9\n")
    assert is_right(open_data(tmp_path))
    for label in range(10):
        shutil.rmtree(tmp_path / str(label))
    with pytest.raises(CapsDrawError):
        open_data(tmp_path)


def table_of_all(folder: Path, rows: Callable[[list[str]], list[str]], encoding: str = "utf-8") -> Path:
    """All digits in a folder, and a table of what `rows` makes of its rows."""
    lines = [f"{save(folder / 'all' / f'{number}.png', number)},{label}" for number, label in enumerate(LABELS)]
    (folder / "labels.csv").write_bytes("\n".join(["filename,label", *rows(lines)]).encode(encoding))
    return folder


@pytest.mark.parametrize("place", [3, 40])
def test_a_quotation_mark_that_nothing_closes_is_named_with_its_line(tmp_path: Path, place: int) -> None:
    """All that followed was one cell: the table was passed over, or its rows were lost."""

    def rows(lines: list[str]) -> list[str]:
        return [*lines[:place], f'"{lines[place]}', *lines[place + 1 :]]

    with pytest.raises(CapsDrawError, match=rf"'labels\.csv': line {place + 2} names '\"{place}\.png'"):
        open_data(table_of_all(tmp_path, rows))


def test_rows_after_a_quotation_mark_are_not_lost(tmp_path: Path) -> None:
    data = open_data(table_of_all(tmp_path, lambda lines: [*lines[:40], lines[40].replace(",", ',"'), *lines[41:]]))
    assert len(data.train_labels) + len(data.test_labels) == 60
    assert len(data.labels) == 11  # one is called so


def test_a_long_text_after_a_quotation_mark_is_no_traceback(tmp_path: Path) -> None:
    folder = table_of_all(tmp_path, lambda lines: [*lines, '"', *["x" * 200 + ",1"] * 1000])
    with pytest.raises(CapsDrawError, match=r"'labels\.csv': line 62 has 1 values"):
        open_data(folder)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_a_table_may_be_saved_as_any_spreadsheet_does(tmp_path: Path, encoding: str) -> None:
    def rows(lines: list[str]) -> list[str]:
        return [line.replace(",7", ",sieben").replace(",5", ",fünf") for line in lines]

    assert {"fünf", "sieben"} < set(open_data(table_of_all(tmp_path, rows, encoding)).labels)


def test_a_row_without_a_label_is_named(tmp_path: Path) -> None:
    """It was a class called ""."""
    folder = table_of_all(tmp_path, lambda lines: ["0.png,", *lines[1:]])
    with pytest.raises(CapsDrawError, match=r"'labels\.csv': line 2 has no label"):
        open_data(folder)


def test_a_picture_that_is_named_twice_is_there_once(tmp_path: Path) -> None:
    """It was learnt from and tested on."""
    assert is_right(open_data(table_of_all(tmp_path, lambda lines: lines * 2)))
    (tmp_path / "test.csv").write_text("\n".join(["filename,label", f"3.png,{LABELS[3]}", f"8.png,{LABELS[8]}"]))
    data = open_data(tmp_path)
    assert is_right(data)
    assert len(data.test_labels) == 2


def test_a_picture_of_two_classes_is_refused(tmp_path: Path) -> None:
    folder = table_of_all(tmp_path, lambda lines: [*lines, f"3.png,{(LABELS[3] + 1) % 10}"])
    with pytest.raises(CapsDrawError, match=r"'labels\.csv': '3\.png' is in class '\d' and in class '\d'"):
        open_data(folder)
