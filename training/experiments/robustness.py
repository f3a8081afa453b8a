"""Each digit model on disturbed test digits: `python -m training.experiments.robustness`.

Measurements are kept one by one, so that a stopped run goes on where it was. One of a model that is the same since, by
its hash, is not made again.
"""

import argparse
from dataclasses import asdict
from typing import Any

from capsdraw.datasets.known import data_set
from capsdraw.evaluate.robustness import DISTURBANCES, Point, measure
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from training.experiments import store

SEED = 1
ALL = 10_000


def main() -> None:
    """Measure what is not measured yet of the models named, or of all bundled digit models."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.robustness", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="MODEL")
    parser.add_argument("--images", type=int, default=ALL, metavar="N", help="the first N test digits")
    names = [disturbance.name for disturbance in DISTURBANCES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="WAY", help=", ".join(names))
    chosen = parser.parse_args()
    data = data_set("mnist")
    hashes = {card.name: card.sha256 for card in cards.list_cards() if card.bundled and card.reads_digits}
    points = still_true(store.read("robustness"), hashes)

    def keep(point: Point) -> None:
        print(f"{point.disturbance} {point.amount:g}  {point.model}  {point.error_percent:.2f}%", flush=True)
        points.append({**asdict(point), "images": len(labels)})
        store.write("robustness", {"seed": SEED, "models": hashes, "points": sorted(points, key=_place)})

    images, labels = data.test_images[: chosen.images], data.test_labels[: chosen.images]
    sessions = [Session.open(cards.find(name)) for name in chosen.names or hashes]
    known = {(point["model"], point["disturbance"], point["amount"]) for point in points}
    wanted = [disturbance for disturbance in DISTURBANCES if disturbance.name in chosen.only]
    measure(sessions, images, labels, SEED, keep, known, wanted)


def still_true(before: dict[str, Any] | None, hashes: dict[str, str]) -> list[dict[str, Any]]:
    """The points measured `before` of models whose files have these hashes still, with the same seed."""
    if before is None or before["seed"] != SEED:
        return []
    same = {name for name, sha256 in before["models"].items() if hashes.get(name) == sha256}
    return [{"images": ALL, **point} for point in before["points"] if point["model"] in same]


def _place(point: dict[str, Any]) -> tuple[int, float, str]:
    """Where a point stands among all: by disturbance, amount, model."""
    names = [disturbance.name for disturbance in DISTURBANCES]
    return names.index(point["disturbance"]), point["amount"], point["model"]


if __name__ == "__main__":
    main()
