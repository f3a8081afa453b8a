"""Words that more than one tab says."""

from capsdraw.nets.cards import Card


def test_image(card: Card, index: int, label: int) -> str:
    """A test image and its class: "Test image 1,234, labelled cat"."""
    return f"Test image {index:,}, labelled {card.label(label)}"
