"""Words that more than one part of the window says."""

from capsdraw.nets.cards import Card


def invitation(card: Card | None) -> str:
    """What an empty canvas asks for: "Draw a digit", "Draw a letter", or what else the net reads."""
    if card is not None and card.reads_pairs:
        return "Draw two digits, one over the other"
    what = "digit" if card is None else card.noun
    if what == "image":
        return "Open a picture, or take a test image"
    return "Draw something" if what == "drawing" else f"Draw a {what}"


def of_ink(share: float) -> str:
    """How much of a drawing a redrawing misses: "84% of the ink"; one that is further away than blank paper, all."""
    return "all of the ink" if share >= 1 else f"{share:.0%} of the ink"


def test_image(index: int, name: str) -> str:
    """A test image and its class: "Test image 1,234, labelled cat"."""
    return f"Test image {index:,}, labelled {name}"
