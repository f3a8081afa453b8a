"""`capsdraw classify` of digits side by side: the number, and each digit of it; one digit stays what it was."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from capsdraw.cli.main import main
from capsdraw.datasets.non_digits import several
from capsdraw.ink import strokes
from capsdraw.ink.sketch import Sketch, dark_on_white, fitted

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
ONE = sorted(path for path in EXAMPLES.glob("*.json") if path.stem != "forty-two")


def classified(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """What is said in JSON, and in words."""
    assert main(["classify", *arguments, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert main(["classify", *arguments]) == 0
    return told, capfd.readouterr().out


def test_forty_two_is_a_number_of_two_digits(capfd: pytest.CaptureFixture[str]) -> None:
    path = EXAMPLES / "forty-two.json"
    [told], words = classified(capfd, str(path))
    assert told["number"] == "42"
    assert [digit["label"] for digit in told["digits"]] == [4, 2]
    assert all(set(digit) == {"label", "score", "verdict", "box"} for digit in told["digits"])
    assert all(0 < digit["score"] < 1 for digit in told["digits"])
    drawing = strokes.load(path)
    left, top, width, height = told["digits"][1]["box"]
    (x, y), (right, bottom) = drawing.strokes[-1].points.min(0), drawing.strokes[-1].points.max(0)
    # In the file's own units, as wide as the pen drew.
    assert (left, top) == pytest.approx((x - 12, y - 12), abs=0.1)
    assert (left + width, top + height) == pytest.approx((right + 12, bottom + 12), abs=0.1)
    # What is said of all of it as one digit is said as before.
    assert told["verdict"]["kind"] == "several"
    assert len(told["scores"]) == 10
    assert words.startswith(f"{path}: 42  (0.")


@pytest.mark.parametrize("path", ONE, ids=lambda path: path.stem)
def test_one_digit_and_none_are_what_they_were(capfd: pytest.CaptureFixture[str], path: Path) -> None:
    [told], words = classified(capfd, str(path))
    assert (told["number"], told["digits"]) == (None, [])
    best = int(np.argmax(told["scores"]))
    assert told["label"] == best
    assert words.startswith(f"{path}: {best}  ({max(told['scores']):.2f})")


def test_a_number_in_a_picture_has_its_boxes_in_the_file_s_pixels(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    drawing = fitted(several(np.random.default_rng(4), digits=(3, 0, 7)))
    small = dark_on_white(Sketch(drawing).render())
    wide = Image.new("L", (1200, 800), 255)
    wide.paste(small.resize((784, 784), Image.Resampling.BICUBIC), (200, 8))
    wide.save(tmp_path / "number.png")
    [told], _ = classified(capfd, str(tmp_path / "number.png"))
    assert told["number"] == "307"
    for digit, (low, high) in zip(told["digits"], _spans(drawing, 3), strict=True):
        left, _, width, _ = digit["box"]
        # The 3 and the 0 touch: the line that both may have is in both boxes.
        assert (left, left + width) == pytest.approx((200 + 2 * low - 24, 200 + 2 * high + 24), abs=20)


def _spans(drawing: strokes.Drawing, count: int) -> list[tuple[float, float]]:
    """Where each digit's strokes begin and end across: those that overlap are one's."""
    spans = [[stroke.box[0], stroke.box[2]] for stroke in drawing.strokes]
    spans.sort()
    joined = [spans[0]]
    for low, high in spans[1:]:
        if low <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], high)
        else:
            joined.append([low, high])
    assert len(joined) == count
    return [(low, high) for low, high in joined]


def test_a_net_of_photographs_reads_no_number(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dark_on_white(Sketch(strokes.load(EXAMPLES / "forty-two.json")).render()).convert("RGB").save(tmp_path / "42.png")
    [told], _ = classified(capfd, str(tmp_path / "42.png"), "--model", "cifar-cnn")
    assert (told["number"], told["digits"]) == (None, [])
