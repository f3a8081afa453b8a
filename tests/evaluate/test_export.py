"""What an evaluation leaves behind can be read again and says the same."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets.sampling import draw
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import export, sets
from capsdraw.evaluate.error import Evaluation
from capsdraw.evaluate.pairs import Pairs

NAMES = ["cat, or kitten", "dog", "never seen"]


@pytest.fixture
def result() -> Evaluation:
    random = np.random.default_rng(0)
    scores = random.random((40, 3)).astype(np.float32)
    scores[:, 2] = 0
    return Evaluation("m", "d", random.integers(0, 2, 40), scores, 0.2)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_json_says_all_and_is_json(result: Evaluation) -> None:
    told = json.loads(json.dumps(export.to_json(result), allow_nan=False))
    assert list(told)[:6] == ["model", "data", "images", "errors", "error_percent", "confusion"]
    assert told["errors"] == 40 - np.trace(told["confusion"]) == len(told["mistakes"])
    assert told["interval_percent"][0] < told["error_percent"] < told["interval_percent"][1]
    assert told["classes"][2] == {"label": 2, "count": 0, "precision": None, "recall": None, "f1": None}
    assert sum(one["count"] for one in told["calibration"]["bins"]) == 40
    assert told["seconds_per_image"] == pytest.approx(0.005)


def test_the_table_of_classes(result: Evaluation, tmp_path: Path) -> None:
    export.classes_csv(result, NAMES, tmp_path / "classes.csv")
    found = rows(tmp_path / "classes.csv")
    assert [row["class"] for row in found] == NAMES
    for row, one in zip(found, result.by_class, strict=True):
        counts = [int(row[f"read as {name}"]) for name in NAMES]
        assert counts == result.confusion[one.label].tolist()
        assert int(row["images"]) == sum(counts)
        if sum(counts):
            assert float(row["recall"]) == pytest.approx(counts[one.label] / sum(counts), abs=1e-6)
    assert found[2]["precision"] == found[2]["recall"] == ""


def test_each_image_s_answer(result: Evaluation, tmp_path: Path) -> None:
    export.answers_csv(result, NAMES, tmp_path / "answers.csv")
    found = rows(tmp_path / "answers.csv")
    assert [int(row["image"]) for row in found] == list(range(40))
    for row, true, scores in zip(found, result.labels, result.scores, strict=True):
        told = [float(row[f"score of {name}"]) for name in NAMES]
        assert told == pytest.approx(list(scores), abs=1e-6)
        assert row["read"] == NAMES[int(np.argmax(told))]
        assert row["true"] == NAMES[true]
        assert row["right"] == str(int(row["read"] == row["true"]))


def test_the_table_of_sets_has_each_pair_and_its_sets(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    labels = np.arange(200) % 2
    results = []
    for number in range(3):
        scores = np.eye(2, dtype=np.float32)[np.where(random.random(200) < 0.8, labels, 1 - labels)]
        results.append(Evaluation(f"m{number}", "d", labels, scores, 0.1))
    report = sets.find(np.stack([one.right for one in results]), labels, draw(labels, 5, 30, 1), shuffles=200, keep=2)
    export.sets_csv(report, results, tmp_path / "sets.csv")
    found = rows(tmp_path / "sets.csv")
    assert [(row["first model"], row["second model"]) for row in found[::3]] == [
        ("m0", "m1"),
        ("m0", "m2"),
        ("m1", "m2"),
    ]
    for row, pair in zip(found[::3], report.pairs, strict=True):
        both = results[pair.first].right, results[pair.second].right
        assert row["set"] == "all"
        assert int(row["difference"]) == int(both[0].sum()) - int(both[1].sum())
        assert row["images only second right"].split() == list(map(str, np.flatnonzero(both[1] & ~both[0])))
    chosen, told = report.pairs[0].top_sets[0], found[1]
    assert int(told["set"]) == chosen.number + 1
    assert (told["first right"], told["second right"]) == tuple(map(str, chosen.right))
    assert float(told["p by luck"]) == pytest.approx(chosen.same_p, rel=0.01)
    assert float(told["p by an even spread"]) == pytest.approx(chosen.even_p, rel=0.01)
    assert told["verdict"] == "no more than luck"
    assert told["images of the set"].split() == list(map(str, chosen.images))


def test_pictures_are_written_and_another_ending_is_refused(result: Evaluation, tmp_path: Path) -> None:
    export.confusion_png(result, NAMES, tmp_path / "matrix.png")
    some = np.zeros((5, 28, 28), np.float32)
    export.pairs_png(Pairs(some, some, np.arange(5)), result, tmp_path / "pairs.png")
    for name in ("matrix.png", "pairs.png"):
        with Image.open(tmp_path / name) as image:
            assert image.format == "PNG"
    with pytest.raises(CapsDrawError, match=r"cannot save 'matrix\.jpg': its name must end in \.png"):
        export.confusion_png(result, NAMES, tmp_path / "matrix.jpg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["matrix.png", "pairs.png"]
