"""Both halves of each bundled net on all test images: `python -m training.experiments.halves [NAME…]`.

What reads the canvas (LiteRT) and what is looked into (Keras) must be one net: the same label on every
image. Light files that are not there are made, in the app's cache. Exits with 1 where a label differs.
"""

import argparse
import sys
import time

import numpy as np

from capsdraw.datasets.known import data_set
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, lighten
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session


def main() -> int:
    """Compare the halves of the nets named on the command line, or of all that are bundled and read digits."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.halves", description="light against heavy")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bundled model; all that read digits by default")
    names = parser.parse_args().names
    digit_nets = [card for card in cards.list_cards() if card.bundled and card.reads_digits]
    try:
        chosen = [cards.find(name) for name in names] or digit_nets
        return int(sum(compared(card) for card in chosen) > 0)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1


def compared(card: Card) -> int:
    """Prints one line; returns on how many test images the halves' labels differ."""
    images = data_set(card.data_set).test_images
    heavy, light = Session.open(card), lighten.ensure(card)
    begun = time.perf_counter()
    wanted = heavy.scores(images)
    between = time.perf_counter()
    scores = light.scores(images)
    ended = time.perf_counter()
    relabelled = int((wanted.argmax(1) != scores.argmax(1)).sum())
    top = np.sort(wanted, axis=1)
    print(
        f"{card.name:<20} {len(images):,} images  labels that differ: {relabelled}  "
        f"largest difference of a score: {np.abs(wanted - scores).max():.1e}  "
        f"narrowest lead of a label: {(top[:, -1] - top[:, -2]).min():.1e}  "
        f"an image: light {1e3 * (ended - between) / len(images):.2f} ms, "
        f"heavy {1e3 * (between - begun) / len(images):.2f} ms in batches",
        flush=True,
    )
    return relabelled


if __name__ == "__main__":
    sys.exit(main())
