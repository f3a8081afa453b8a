"""On which small sets do models differ most? `python -m training.experiments.evaluation_sets`.

For each data set, all bundled models that read its images, one thing at a time, answer all test images once. Then many
class-balanced sets are drawn from these, and each two models are compared on all of them:
`evaluate.sets` says what is asked, and what a large difference is worth. The models of other images, or
of other files, than measured here are not in the tables: run it again when models come or change.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.known import data_set
from capsdraw.datasets.sampling import draw
from capsdraw.evaluate.error import evaluate
from capsdraw.evaluate.sets import ModelPair, SetDifference, find
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from training.experiments import store

# Images of each class in a set; sets; what decides them; the level of each report; sets kept of each pair.
EACH, COUNT, SEED, LEVEL, KEEP = (10, 50), 2000, 1, 0.05, 3


def main() -> None:
    """Measure every data set that two bundled models or more read."""
    measured = {}
    for name in sorted({card.data_set for card in _bundled()}):
        cards_of_set = [card for card in _bundled() if card.data_set == name]
        if len(cards_of_set) > 1:
            data = data_set(name)
            measured[name] = compared(cards_of_set, data.test_images, data.test_labels)
    settings = {"sets": COUNT, "seed": SEED, "level": LEVEL}
    store.write("evaluation_sets", settings | {"data": measured})


def compared(models_compared: list[Card], images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> dict[str, Any]:
    """The models of these cards, asked all images, and compared on sets of each size of `EACH`."""
    answers = [evaluate(Session.open(card), images, labels, card.data_set) for card in models_compared]
    right = np.stack([result.right for result in answers])
    sizes = []
    for each in EACH:
        sets = draw(labels, each, COUNT, SEED)
        report = find(right, labels, sets, LEVEL, seed=SEED, keep=KEEP)
        pairs = [_pair(pair, models_compared) for pair in report.pairs]
        sizes.append({"each": each, "size": sets.shape[1], "signal": report.signal, "pairs": pairs})
    models = {card.name: {"sha256": card.sha256, "errors": result.errors}
              for card, result in zip(models_compared, answers, strict=True)}  # fmt: skip
    return {"images": len(labels), "models": models, "sizes": sizes}


def _bundled() -> list[Card]:
    return [card for card in cards.list_cards() if card.bundled and not card.reads_pairs]


def _pair(pair: ModelPair, models_compared: list[Card]) -> dict[str, Any]:
    """What is kept of two models; differences are positive where the first is better."""
    kept = {
        "first": models_compared[pair.first].name, "second": models_compared[pair.second].name,
        "first_only": len(pair.first_only), "second_only": len(pair.second_only),
        "overall_p": pair.overall_p, "differ": pair.differ,
        "expected": pair.expected, "deviation": pair.deviation, "measured_deviation": float(pair.differences.std()),
        "largest_if_same": pair.largest_if_same, "largest_if_even": pair.largest_if_even,
        "found": [_found(drawn) for drawn in pair.top_sets],
    }  # fmt: skip
    print(f"{kept['first']} and {kept['second']}: overall p {pair.overall_p:.2g}, the most on a set "
          f"{pair.top_sets[0].difference:+d} ({pair.top_sets[0].verdict})", flush=True)  # fmt: skip
    return kept


def _found(drawn: SetDifference) -> dict[str, Any]:
    """A set without its images, which its number and the seed give again."""
    kept = {key: value for key, value in asdict(drawn).items() if key != "images"}
    lists = {key: kept[key].tolist() for key in ("first_only", "second_only")}
    return kept | lists | {"difference": drawn.difference, "verdict": str(drawn.verdict)}


if __name__ == "__main__":
    main()
