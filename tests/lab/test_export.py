"""What is exported is read back, and says what was held."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.lab import contact_sheet, export
from capsdraw.lab.export import CapsuleNumbers
from capsdraw.lab.perturbation import Sheet, steps

HELD = CapsuleNumbers("net", 7, "g", ["slant", "", 'ü, "x"'], [0.1, -0.2, 0.3], [0.0, 0.05, -0.25])
RANDOM = np.random.default_rng(0)


def test_a_picture_is_enlarged_pixel_for_pixel(tmp_path: Path) -> None:
    pixels = RANDOM.random((28, 28), np.float32)
    export.picture(pixels, tmp_path / "p.png")
    with Image.open(tmp_path / "p.png") as image:
        back = np.asarray(image, np.float32) / 255
    assert back.shape == (280, 280)
    assert back[5::10, 5::10] == pytest.approx(pixels, abs=1 / 500)


def test_a_morph_goes_to_and_fro(tmp_path: Path) -> None:
    frames = np.stack([np.full((28, 28), value, np.float32) for value in np.linspace(0, 1, 5)])
    export.morph(frames, tmp_path / "m.gif")
    with Image.open(tmp_path / "m.gif") as image:
        greys = []
        for frame in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(frame)
            greys.append(np.asarray(image.convert("L")).mean() / 255)
        assert image.info["loop"] == 0
        assert image.info["duration"] == 50
    assert greys == pytest.approx([0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25], abs=0.01)


def test_the_sheet_is_written(tmp_path: Path) -> None:
    found = Sheet(3, steps(), RANDOM.random((4, 11, 28, 28), np.float32))
    export.sheet(found, ["slant", "", "", ""], tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as image:
        assert image.height < image.width


def test_a_row_is_named_in_letters_and_not_in_boxes() -> None:
    """What Pillow's own typeface does not have, is taken from another."""
    found = Sheet(3, steps(), np.zeros((1, 11, 28, 28), np.float32))
    named = {name: contact_sheet.image(found, [name]).tobytes() for name in ("é", "ß", "Ж", "λ", "\U0010ffff")}
    assert len(set(named.values())) == len(named)


def test_numbers_as_json_and_csv_say_the_same(tmp_path: Path) -> None:
    export.numbers(HELD, tmp_path / "n.json")
    document = json.loads((tmp_path / "n.json").read_text())
    assert (document["version"], document["model"]) == (1, "net")
    assert (document["class"], document["class_name"]) == (7, "g")
    assert [one["value"] for one in document["numbers"]] == pytest.approx([0.1, -0.15, 0.05])
    export.numbers(HELD, tmp_path / "n.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "n.csv").read_text(encoding="utf-8"))))
    assert [row["name"] for row in rows] == list(HELD.names)
    assert [float(row["value"]) for row in rows] == pytest.approx([0.1, -0.15, 0.05])
    assert rows[1]["number"] == "2"
    assert (rows[1]["class"], rows[1]["class_name"]) == ("7", "g")


def test_a_wrong_ending_or_place_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    old = tmp_path / "n.txt"
    old.write_text("old")
    with pytest.raises(CapsDrawError, match=r"cannot save 'n\.txt': its name must end in \.json"):
        export.numbers(HELD, old)
    assert old.read_text() == "old"
    with pytest.raises(CapsDrawError, match=r"cannot save 'p\.png'"):
        export.picture(np.zeros((28, 28), np.float32), old / "p.png")
    assert [one.name for one in tmp_path.iterdir()] == ["n.txt"]
