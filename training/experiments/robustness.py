"""Each digit model on disturbed test digits: `python -m training.experiments.robustness`."""

from dataclasses import asdict

from capsdraw.datasets.known import data_set
from capsdraw.evaluate.robustness import Point, measure
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from training.experiments import store

SEED = 1


def main() -> None:
    """Measure all bundled digit models on MNIST's 10,000 test digits."""
    data = data_set("mnist")
    sessions = [Session.open(card) for card in cards.list_cards() if card.bundled and card.reads_digits]
    points = measure(sessions, data.test_images, data.test_labels, SEED, _tell)
    models = {one.name: one.card.sha256 for one in sessions}
    store.write("robustness", {"seed": SEED, "models": models, "points": [asdict(point) for point in points]})


def _tell(point: Point) -> None:
    print(f"{point.disturbance} {point.amount:g}  {point.model}  {point.error_percent:.2f}%", flush=True)


if __name__ == "__main__":
    main()
