"""What leaves a timeline is read back, and says what was seen."""

import csv
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ink.strokes import Drawing
from capsdraw.lab import timeline_files
from capsdraw.lab.timeline import Timeline, timeline
from capsdraw.nets import cards
from capsdraw.nets.light import Light

NAMES = tuple("0123456789")


@cache
def along(name: str) -> Timeline:
    drawing = fitted(synthetic.drawing(4, np.random.default_rng((9, 4, 0))))
    return timeline(Light.open(cards.find(name)), Sketch(drawing), 6)


def test_the_table_says_where_when_what_and_how_surely(tmp_path: Path) -> None:
    line = along("efficient-capsnet")
    timeline_files.curves(line, NAMES, tmp_path / "t.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8"))))
    assert len(rows) == len(line.moments) == 6
    assert [float(row["share"]) for row in rows] == pytest.approx(line.shares, abs=1e-6)
    assert [int(row["read"]) for row in rows] == [moment.reading.label for moment in line.moments]
    scores = [[float(row[f"score of {name}"]) for name in NAMES] for row in rows]
    assert np.array(scores) == pytest.approx(line.scores, abs=1e-6)
    strokes = [int(row["stroke"]) for row in rows]
    assert strokes == [len(moment.sketch.drawing.strokes) for moment in line.moments]
    assert strokes[-1] == len(line.way.ends)


@pytest.mark.parametrize(("name", "pictures"), [("efficient-capsnet", 3), ("mlp", 2)])
def test_the_film_has_a_frame_a_moment_and_rests_on_the_whole_drawing(name: str, pictures: int, tmp_path: Path) -> None:
    line = along(name)
    timeline_files.film(line, NAMES, tmp_path / "t.gif")
    with Image.open(tmp_path / "t.gif") as film:
        assert film.n_frames == len(line.moments)  # type: ignore[attr-defined]
        assert film.width == pictures * 236 + 12
        assert film.info["loop"] == 0
        durations, inked = [], []
        for frame in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(frame)
            durations.append(film.info["duration"])
            pixels = np.asarray(film.convert("L"), np.float32) / 255
            inked.append(float(1 - pixels[12:236, 12:236].mean()))
            # What the net saw, pixel for pixel.
            seen = pixels[12:236, 248:472][4::8, 4::8]
            assert np.abs(seen - line.moments[frame].seen).mean() < 0.02
    assert durations == [80] * 5 + [2000]
    assert inked == sorted(inked)
    assert inked[-1] > 1.5 * inked[0]


def test_classes_are_named_in_letters_and_not_in_boxes() -> None:
    line = along("mlp")
    named = {name: timeline_files._frame(line, 5, (name,) * 10).tobytes() for name in ("é", "Ж", "\U0010ffff")}
    assert len(set(named.values())) == len(named)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match=r"cannot save 't\.txt': its name must end in \.gif"):
        timeline_files.film(along("mlp"), NAMES, tmp_path / "t.txt")
    assert list(tmp_path.iterdir()) == []


def test_of_two_digits_over_one_another_both_are_told() -> None:
    parts = [fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0)))) for label in (7, 0)]
    drawing = Drawing(
        tuple(replace(stroke, ink=ink) for ink, part in enumerate(parts) for stroke in part.strokes), parts[0].canvas
    )
    line = timeline(Light.open(cards.find("multi-capsnet")), Sketch(drawing), 6)
    assert line.moments[-1].says == (0, 7)
    rows = list(csv.DictReader(io.StringIO(timeline_files.to_csv(line, NAMES))))
    assert rows[-1]["read"] == "0 + 7"
    assert "a 0, 0." in timeline_files._words(line.moments[-1], NAMES)
    assert " and a 7, " in timeline_files._words(line.moments[-1], NAMES)
