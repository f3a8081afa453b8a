"""What many rooms' tests make alike."""

from typing import Any

from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind


def made_card(**known: Any) -> Card:
    """A card of which a test says only what it is about."""
    plain: dict[str, Any] = {
        "kind": NetKind.CLASSIFIER, "input": (28, 28, 1), "classes": 10, "parameters": 1, "recipe": "", "data": "",
        "epochs": 1, "seed": 1, "test_error_percent": None, "test_images": 0, "sha256": "",
    }  # fmt: skip
    return Card(**{**plain, **known})
