"""`capsdraw models`: what there is to ask."""

import argparse

from capsdraw.cli.terminal import add_json, print_json, say
from capsdraw.nets import cards

HELP = "list the available models"

# A contract: other programs read these.
_KEYS = ("name", "title", "kind", "input", "classes", "parameters", "test_error_percent", "sha256", "bundled")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw models` takes."""
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line for each model."""
    listed = cards.list_cards()
    if options.json:
        print_json([{key: getattr(card, key) for key in _KEYS} for card in listed])
        return 0
    for card in listed:
        error = "" if card.test_error_percent is None else f"{card.test_error_percent:.2f}% test error"
        say(f"{card.name:<20} {card.kind:<11} {card.parameters:>10,} parameters  {error}")
    return 0
