"""Digits that share ink in a picture are told apart by masks, and read; without that net, slices do it alone."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import composed, synthetic
from capsdraw.ink import rows
from capsdraw.ink.found import Found
from capsdraw.ink.normalize import digit_from_raster
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards, digit_masks
from capsdraw.nets.digit_masks import DigitMasks
from capsdraw.nets.light import Light
from capsdraw.nets.side_by_side import NumberReader, WrittenNumber
from capsdraw.nets.verdict import verdict_of


@pytest.fixture(scope="module")
def masks() -> DigitMasks:
    net = digit_masks.bundled()
    assert net is not None
    return net


@pytest.fixture(scope="module")
def net() -> Light:
    return Light.open(cards.find("efficient-capsnet"))


@pytest.fixture
def without_masks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """No net of masks is bundled; one may be put there."""
    monkeypatch.setattr(digit_masks, "resource", lambda _: tmp_path)
    digit_masks.bundled.cache_clear()
    yield tmp_path / digit_masks.FILE
    digit_masks.bundled.cache_clear()


def touching(digits: str, seed: int) -> Drawing:
    random = np.random.default_rng((77, seed))
    drawings = [synthetic.drawing(int(digit), random) for digit in digits]
    return composed.composed(drawings, digits, random, touching=True).drawing


def picture(drawing: Drawing, height: float = 70) -> Raster:
    """Its ink, so many pixels high, on a clean sheet."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    scale = height / (high - low)[1]
    lines = tuple(Stroke((stroke.points - low) * scale + 20, height / 12) for stroke in drawing.strokes)
    columns, rows_ = ((high - low) * scale + 40).round().astype(int).tolist()
    return render(Drawing(lines), (rows_, columns), height / 12)


def read(net: Light, ink: Raster) -> WrittenNumber | None:
    found = Found(ink)
    digit = digit_from_raster(found.chosen)
    return NumberReader().read(net, rows.of_found(found, ink.shape[1]), verdict_of(net.read(digit), digit, net.card))


# Middles and halves of the loops of an 8 that a 1 at 0 touches.
_LOOPS = ((28, 24, 22, 24), (31, 74, 26, 26))


def one_on_the_edge_of_an_eight() -> Drawing:
    """A 1 with its flag, on whose line both loops of an 8 lie."""
    turn = np.linspace(0, 2 * np.pi, 60)
    loops = [np.stack([x + wide * np.cos(turn), y + high * np.sin(turn)], -1) for x, y, wide, high in _LOOPS]
    one = np.array([[-22.0, 24.0], [0.0, 0.0], [0.0, 100.0]])
    return Drawing((Stroke(one, 8), *(Stroke(loop, 8) for loop in loops)))


def cropped(ink: Raster) -> Raster:
    down, across = np.flatnonzero((ink > 0.35).any(1)), np.flatnonzero((ink > 0.35).any(0))
    return ink[down[0] : down[-1] + 1, across[0] : across[-1] + 1]


@pytest.mark.parametrize("digits", ["42", "35", "709", "2026"])
def test_each_digit_has_a_mask_from_left_to_right_and_all_ink_is_somebodys(masks: DigitMasks, digits: str) -> None:
    ink = cropped(picture(touching(digits, 1)))
    found, covered = masks.found(ink)
    assert len(found) == len(digits)
    assert covered > 0.9
    middles = [each.ink.left + each.ink.ink.shape[1] / 2 for each in found]
    assert middles == sorted(middles)
    for each in found:
        rows_, columns = each.ink.ink.shape
        assert (each.ink.ink <= ink[each.ink.top :, each.ink.left :][:rows_, :columns] + 1e-6).all()
        assert 0 <= each.shared <= 1


def test_a_line_of_two_digits_is_in_both_masks(masks: DigitMasks, net: Light) -> None:
    ink = picture(one_on_the_edge_of_an_eight())
    found, _ = masks.found(cropped(ink))
    assert len(found) == 2
    assert all(each.shared > 0.1 for each in found)
    number = read(net, ink)
    assert number is not None
    assert number.text == "18"


@pytest.mark.usefixtures("without_masks")
def test_touching_numbers_are_read_more_often_with_masks(net: Light, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [(digits, picture(touching(digits, seed))) for seed in range(6) for digits in ("18", "64", "395")]
    slices = sum(number is not None and number.text == digits
                 for digits, ink in pictures for number in [read(net, ink)])  # fmt: skip
    monkeypatch.undo()
    digit_masks.bundled.cache_clear()
    masked = sum(number is not None and number.text == digits
                 for digits, ink in pictures for number in [read(net, ink)])  # fmt: skip
    assert masked > slices
    assert masked >= 0.7 * len(pictures)


def test_boxes_of_masked_digits_lie_where_the_picture_has_them(net: Light) -> None:
    drawing = one_on_the_edge_of_an_eight()
    number = read(net, picture(drawing))
    assert number is not None
    (left, _, one_ends, _), (eight_begins, _, right, _) = (digit.edges for digit in number.digits)
    assert (left, right) == pytest.approx((20, 20 + (57 + 22) * 0.7), abs=6)
    assert eight_begins < one_ends


def test_a_single_digit_has_one_mask(masks: DigitMasks) -> None:
    counts = [
        len(masks.found(cropped(picture(synthetic.drawing(label, np.random.default_rng((3, label, seed))))))[0])
        for label in range(10) for seed in range(3)
    ]  # fmt: skip
    assert counts.count(1) >= 27


def test_nothing_is_found_in_no_ink_nor_in_an_endless_row(masks: DigitMasks) -> None:
    assert masks.found(np.zeros((30, 60), np.float32)) == ([], 0.0)
    assert masks.found(np.ones((10, 1000), np.float32)) == ([], 0.0)


def test_a_mask_too_pale_to_be_read_is_no_digit(masks: DigitMasks, net: Light, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a smudge "there is no ink in the picture" was said, and the files after it were not read."""
    ink = picture(touching("42", 1))
    whole = read(net, ink)
    monkeypatch.setattr(masks, "look", lambda _: (5.0, np.full(digit_masks.WINDOW, 0.15, np.float32)))
    assert masks.found(cropped(ink)) == ([], 0.0)
    by_slices = read(net, ink)
    assert whole is not None
    assert by_slices is None or len(by_slices.digits) >= 2


@pytest.mark.parametrize("content", [None, b"", b"no net at all"], ids=["missing", "empty", "broken"])
def test_without_its_file_slices_read_alone(net: Light, without_masks: Path, content: bytes | None) -> None:
    if content is not None:
        without_masks.write_bytes(content)
    assert digit_masks.bundled() is None
    number = read(net, picture(composed.composed(
        [synthetic.drawing(digit, np.random.default_rng(5)) for digit in (4, 2)], "42", np.random.default_rng(1), False
    ).drawing))  # fmt: skip
    assert number is not None
    assert number.text == "42"


def test_another_net_is_not_taken_for_it() -> None:
    card = cards.find("tutorial-cnn")
    from capsdraw.nets import light_file

    content = light_file.fitting(light_file.beside(card), card).answers
    with pytest.raises(ValueError, match="takes"):
        DigitMasks(content)
