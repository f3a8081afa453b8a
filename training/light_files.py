"""`python -m training.light_files [NAME…]`: make the light files in `trained/`, of all bundled models or of some.

A model whose light file is small travels with it, so that it reads at once on every machine; the
others' are made where they are used, in the app's cache.
"""

import argparse
import sys
from typing import Final

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, light_file, lighten
from capsdraw.nets.light_file import NoLightHalf
from capsdraw.nets.session import Session

# Bytes. They stay in the project's history with each new model, and all of `trained/` in every download.
SMALL: Final = 3_000_000


def main() -> int:
    """Make the light files of the models named on the command line, or of all that are bundled."""
    parser = argparse.ArgumentParser(
        prog="python -m training.light_files", description="make the light files in trained/"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bundled model; all of them where none is named")
    names = parser.parse_args().names
    try:
        chosen = [cards.find(name) for name in names] or [card for card in cards.list_cards() if card.bundled]
        for card in chosen:
            print(f"{card.name}: {bundle(Session.open(card))}", flush=True)
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def bundle(session: Session) -> str:
    """Put the light file of a model beside its `.keras` file where it is small, or leave none there; says which.

    Raises:
        CapsDrawError: it cannot be written.
    """
    path = light_file.beside(session.card)
    try:
        about = lighten.make(session, path)
    except NoLightHalf as problem:
        path.unlink(missing_ok=True)
        return f"no light file: {problem}"
    size = path.stat().st_size
    if size > SMALL:
        path.unlink()
        return f"no light file: its {size:,} bytes are too many to travel, it is made where it is used"
    return f"light file of {size:,} bytes, its answers differ by {about.difference:.1e} at most"


if __name__ == "__main__":
    sys.exit(main())
