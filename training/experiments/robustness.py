"""Each digit model on disturbed test digits: `python -m training.experiments.robustness`.

A model that was measured before in all ways and is the same since, by its hash, is not measured again.
"""

from dataclasses import asdict

from capsdraw.datasets.known import data_set
from capsdraw.evaluate.robustness import DISTURBANCES, Point, measure
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from training.experiments import store

SEED = 1


def main() -> None:
    """Measure all bundled digit models on MNIST's 10,000 test digits."""
    data = data_set("mnist")
    before = store.read("robustness") or {"seed": SEED, "models": {}, "points": []}
    digit_cards = {card.name: card for card in cards.list_cards() if card.bundled and card.reads_digits}
    same = before["models"] if before["seed"] == SEED else {}
    whole = sum(len(how.amounts) for how in DISTURBANCES)
    unchanged = {
        name
        for name, card in digit_cards.items()
        if same.get(name) == card.sha256 and sum(point["model"] == name for point in before["points"]) == whole
    }
    sessions = [Session.open(card) for name, card in digit_cards.items() if name not in unchanged]
    points = [point for point in before["points"] if point["model"] in unchanged]
    points += [asdict(point) for point in measure(sessions, data.test_images, data.test_labels, SEED, _tell)]
    models = {name: card.sha256 for name, card in digit_cards.items()}
    store.write("robustness", {"seed": SEED, "models": models, "points": points})


def _tell(point: Point) -> None:
    print(f"{point.disturbance} {point.amount:g}  {point.model}  {point.error_percent:.2f}%", flush=True)


if __name__ == "__main__":
    main()
