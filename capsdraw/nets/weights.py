"""The `.keras` file of a card, held against the card's hash before anything is read from it. No Keras here."""

from pathlib import Path

from capsdraw.errors import CapsDrawError
from capsdraw.nets.cards import Card, sha256


def checked(card: Card) -> Path:
    """The file that holds the card's model.

    Raises:
        CapsDrawError: no such file, or another hash than the card's.
    """
    path = card.weights
    if not path.is_file() and not path.is_dir():  # of a folder the system says better what it is
        raise CapsDrawError(f"model '{card.name}': its file '{path.name}' is missing; reinstall or train it again")
    digest = sha256(path)
    if digest != card.sha256:
        raise CapsDrawError(
            f"model '{card.name}': '{path.name}' does not match its card "
            f"(SHA-256 {digest[:12]}…, expected {card.sha256[:12]}…); reinstall or train it again"
        )
    return path
