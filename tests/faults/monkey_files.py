"""What the monkey drops, pastes, opens and trains on."""

from pathlib import Path

import numpy as np
from PIL import Image

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data


def files_in(folder: Path) -> list[Path]:
    """Pictures and drawings, good and broken."""
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 255, (40, 30), np.uint8)).save(folder / "noise.png")
    digits, _ = synthetic.digits(2, 3)
    Image.fromarray(255 - digits[0]).save(folder / "digit.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (folder / "empty.png").write_bytes(b"")
    (folder / "drawing.json").write_text('{"version": 1, "strokes": [{"points": [[1, 2], [30, 40], [9, 60]]}]}')
    (folder / "broken.json").write_text('{"version": 1, "strokes": [{"points": [[1, "x"]]}]}')
    points = [[round(x, 1) for x in pair] for pair in rng.uniform(0, 392, (4000, 2)).tolist()]
    (folder / "long.json").write_text(f'{{"version": 1, "strokes": [{{"points": {points}}}]}}')
    (folder / "text.txt").write_text("nothing to see")
    return sorted(path for path in folder.iterdir() if path.is_file())


def data_in(folder: Path) -> list[Path]:
    """Data to train on, good and broken: a folder of pictures, an empty one, and files."""
    digits, labels = synthetic.digits(40, 5)
    for number, (digit, label) in enumerate(zip(digits, labels, strict=True)):
        place = folder / "pictures" / str(label) / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(digit).save(place)
    (folder / "nothing").mkdir(parents=True)
    np.savez(folder / "digits.npz", x_train=digits, y_train=labels)
    (folder / "broken.npz").write_bytes(b"PK and no more")
    (folder / "broken.csv").write_text("label,pixel0\n1,2,3\n")
    (folder / "of classes").mkdir()
    for number in (0, 1, 2, 3):
        Image.fromarray(255 - digits[number]).save(folder / "of classes" / f"{labels[number]}_{number}.png")
    return sorted(folder.iterdir())


def few_digits(*_: object) -> Data:
    """What is trained on, whatever is asked for."""
    images, labels = synthetic.digits(400, 1)
    return Data("synthetic", images[:300], labels[:300], images[300:], labels[300:])
