"""Which models answer best as one? `python -m training.experiments.ensembles`.

Every choice of bundled digit models is measured on the training images that all recipes hold
out, so that `evaluate.ensemble.MEMBERS` is chosen without the test set; these, chosen, are then
measured on the test digits.
"""

from itertools import combinations
from typing import Any

import numpy as np

from capsdraw.datasets.known import data_set
from capsdraw.evaluate.ensemble import MEMBERS, Ensemble, find, voice
from capsdraw.evaluate.error import evaluate
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from training.experiments import store

HELD_OUT = 5000


def main() -> None:
    """Measure and keep all choices, the best first."""
    data = data_set("mnist")
    images, labels = data.train_images[-HELD_OUT:], data.train_labels[-HELD_OUT:]
    digit_cards = [card for card in cards.list_cards() if card.bundled and card.reads_digits]
    voices = {card.name: voice(Session.open(card).scores(images)) for card in digit_cards}
    rows: list[dict[str, Any]] = []
    for size in range(1, len(voices) + 1):
        for members in combinations(voices, size):
            together = np.mean([voices[name] for name in members], axis=0)
            rank = together[np.arange(HELD_OUT), labels]
            wrong = int((together.argmax(1) != labels).sum())
            rows.append({"members": members, "errors": wrong, "mean_voice_of_truth": round(float(rank.mean()), 5)})
    rows.sort(key=lambda row: (row["errors"], len(row["members"])))
    for row in rows[:12]:
        print(f"{row['errors']:>3} of {HELD_OUT}  {'+'.join(row['members'])}")
    chosen = Ensemble(cards.ENSEMBLE, [Session.open(card) for card in find(cards.ENSEMBLE)])
    tested = evaluate(chosen, data.test_images, data.test_labels, data.name)
    print(f"{'+'.join(MEMBERS)}: {tested.errors} of {tested.images} test digits wrong")
    store.write("ensembles", {
        "models": {card.name: card.sha256 for card in digit_cards}, "images": HELD_OUT, "choices": rows,
        "chosen": {"members": MEMBERS, "test_error_percent": tested.error_percent},
    })  # fmt: skip


if __name__ == "__main__":
    main()
