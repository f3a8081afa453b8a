"""What pen_to_answer.py and slider_to_picture.py have in common: `capsdraw bench` measures, one part of it here."""

import sys

from capsdraw.bench import benchmark, children
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards

_BESIDE = ("alone", "busy", "fit")


def main(part: str, title: str) -> int:
    """Measure what the command line says: [MODEL] [MOVES] [busy|fit]; 1 where there is no figure, and why."""
    beside = next((word for word in sys.argv[1:] if word in _BESIDE), "alone")
    words = [word for word in sys.argv[1:] if word not in _BESIDE]
    model, moves = (*words, *("efficient-capsnet", "300")[len(words) :])[:2]
    try:
        with benchmark.own_home() as home:
            benchmark.make_light(cards.find(model), home)
            said = children.ask("hand", model, moves, "0", beside, part, seconds=240, home=home)
    except CapsDrawError as error:
        print(f"{title}, {model}: {error}", file=sys.stderr)
        return 1
    spread, unit = said[part], said["product_ms"]
    figures = ", ".join(
        f"{name} {spread[name]:.1f} ms ({spread[name] / unit:.1f})" for name in ("median", "p95", "p99")
    )
    print(f"{title}, {model}, {beside}: {figures}, of {spread['count']}; in brackets products of {unit:.2f} ms")
    return 0
