"""Figures as all faces write them."""


def signed(value: float) -> str:
    """Two places, and a minus as wide as a plus: "−0.31"."""
    return f"{value:.2f}".replace("-", "−")
